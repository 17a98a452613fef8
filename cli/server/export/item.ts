import { visible } from "../../../packages/text";
import type { Values } from "../../../packages/values";
import type { Entity } from "../../../provider/lifecycle";
import type { allDefinitions } from "../../../provider/resources";
import type { Path } from "../../../provider/schema";
import type { Kind } from "../../../sdk/run";

/** Definition of any kind of resource. */
export type Definition = Entity<never, never> & { readonly kind: string };

/** Returns a definition in the form that all kinds have. */
export function anyDefinition(definition: ReturnType<typeof allDefinitions>[number]): Definition {
  return definition as unknown as Definition;
}

/** Object of the server that becomes a resource. */
export interface Item {
  readonly kind: Kind;
  readonly definition: Definition;
  readonly id: string;
  /** Inputs that differ from the defaults, with ids and secrets as the server has them. */
  readonly inputs: Values;
  readonly secrets: readonly Path[];
  /** Texts that may be secrets, such as variables. */
  readonly maybeSecrets: readonly Path[];
  /** Inputs that Dokploy never shows. */
  readonly hidden: readonly Path[];
  /** Facts that the program cannot express, as sentences. */
  readonly notes: readonly string[];
}

/** Object of the server that does not become a resource. */
export interface Skipped {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string | undefined;
  readonly reason: string;
  /** Id of the object that it belongs to. */
  readonly parent?: string | undefined;
}

/** Returns `Application web (<id>)`. */
export function labelOf({ kind, name, id }: Skipped): string {
  return `${kind} ${name === undefined ? "" : `${visible(name)} `}(${visible(id)})`;
}

/** A path as a key of a map. */
export function keyOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

/** Returns the text at a path of the inputs. */
export function textAt({ inputs }: Pick<Item, "inputs">, path: Path): string {
  return String(path.reduce<unknown>((value, step) => Object(value)[step], inputs) ?? "");
}

/** Inputs by which people know an object: its name, or what its kind has instead. */
export const namingInputs = ["name", "email", "host", "path", "username", "filePath", "mountPath"];

/** Returns the text by which people know an object; undefined when that is a secret. */
export function nameOf({ inputs, secrets }: Pick<Item, "inputs" | "secrets">): string | undefined {
  const input = namingInputs.find((name) => typeof inputs[name] === "string");
  const isSecret = secrets.some(([first, ...inner]) => first === input && inner.length === 0);
  return input === undefined || isSecret ? undefined : String(inputs[input]);
}

import { isRecord } from "../packages/values";
import type { Entity } from "../provider/lifecycle";
import {
  type IdentityInput,
  identityKey,
  identityOf,
  parseUrn,
  plainKey,
  providerKey,
} from "../provider/pulumi";
import { definitionOf } from "../provider/resources";
import type { Provider } from "../provider/runtime";
import type { Kind } from "../sdk/run";
import { outputs } from "./generated/outputs";
import { type Path, type Values, without } from "./values";

/** Entity of any kind. Its handlers check the inputs before the entity sees them. */
export type AnyEntity = Entity<never, never>;

/** Everything that a call of the engine about one resource needs. */
export interface Resource {
  readonly kind: Kind;
  readonly entity: AnyEntity;
  readonly handlers: Provider;
  /** Identity of the resource in the program. */
  readonly identity: string;
  /** Name of the resource in the program. */
  readonly name: string | undefined;
}

/** Returns the handlers of a kind; throws a UserError when this version has no such kind. */
export type HandlersOf = (kind: string) => Provider;

/** Returns the resource with a URN. */
export function resourceAt(urn: string, handlersOf: HandlersOf): Resource {
  const { kind = urn, name } = parseUrn(urn) ?? {};
  const handlers = handlersOf(kind);
  return {
    kind: kind as Kind,
    entity: definitionOf(kind) as unknown as AnyEntity,
    handlers,
    identity: identityOf(urn),
    name,
  };
}

/** Adds the identity, which the states of dynamic providers contain, to a state or to inputs. */
export function identified({ identity }: Resource, values: Values): Values {
  return { ...values, [identityKey]: identity };
}

/** Returns what only the class of a resource can say of it, in a program for Node.js. */
export function saidByProgram({ [identityKey]: said }: Values): Pick<IdentityInput, "compose" | "plain"> {
  const { compose, plain } = isRecord(said) ? said : {};
  return {
    ...(typeof compose === "string" && { compose }),
    ...(Array.isArray(plain) && { plain: plain.map(String) }),
  };
}

/** Returns inputs without those that only dynamic providers need in a state. */
export function bareInputs(values: Values): Values {
  return without(values, [identityKey, providerKey]);
}

/** Returns outputs without what the package adds to inputs. */
export function bare(values: Values): Values {
  return without(bareInputs(values), [plainKey]);
}

/**
 * Returns the outputs that a preview shows: the new inputs, the outputs that stay, and unknown values for all others.
 *
 * @param olds present outputs; empty for a new resource
 */
export function previewed({ kind }: Resource, olds: Values, news: Values, unknown: string): Values {
  const { all, stable } = outputs[kind];
  const others = all.map((name) => [name, (stable.includes(name) ? olds[name] : undefined) ?? unknown]);
  return { ...Object.fromEntries(others), ...bare(news) };
}

/** Returns the outputs of a kind that no update changes. */
export function stableOutputs({ kind }: Resource): readonly string[] {
  return outputs[kind].stable;
}

/** Returns those paths that are of outputs, not of inputs. */
export function ofOutputs({ entity }: Resource, paths: readonly Path[]): Path[] {
  return paths.filter(([name = ""]) => !(name in entity.schema.shape));
}

import { visibleLines } from "../../../packages/text";
import { listsIn } from "../../../provider/engine";
import { isRecord } from "../../../provider/pulumi";
import { asSet, put, targetOf } from "../../../provider/schema";
import { maxBytes } from "../../../sdk/files";
import { type Item, keyOf, nameOf } from "./item";
import type { Reference } from "./references";

/** Value of an input, as a program or a file writes it. */
export type Expression =
  | { readonly type: "plain"; readonly value: string | number | boolean | null }
  | { readonly type: "list"; readonly items: readonly Expression[] }
  | { readonly type: "record"; readonly entries: readonly Entry[] }
  | { readonly type: "reference"; readonly reference: Reference }
  | { readonly type: "secret"; readonly name: string }
  /** The source of a compose service whose file is in the project. */
  | { readonly type: "composeFile"; readonly text: string };
export type Entry = readonly [name: string, value: Expression];

/** Replacements for ids and secrets. */
export interface Standing {
  readonly references: ReadonlyMap<string, Reference>;
  secretName(path: readonly PropertyKey[]): string | undefined;
}

/** Returns the inputs of an item in the order of its schema. Its parts are lists, as a program gives them. */
export function expressionOf(item: Item, standing: Standing): Expression & { readonly type: "record" } {
  const { schema } = item.definition;
  const lists = listsIn(schema);
  const inputs = withHidden(item);
  const entries = Object.keys(schema.shape).flatMap((name): Entry[] => {
    const value = inputs[name];
    if (value === undefined) return [];
    if (!lists.has(name)) return [[name, expressed(value, [name])]];
    const parts = Object.entries(Object(value) as object);
    const items = parts.map(([part, own]) => expressed(own, [name, part]));
    return [[name, { type: "list", items }]];
  });
  return { type: "record", entries };

  /** True for a list of ids whose order has no meaning; the input sorts them. */
  function isSet([name = "", ...inner]: readonly string[]): boolean {
    return inner.length === 0 && schema.shape[name]?.meta()?.field?.write === asSet;
  }

  function expressed(value: unknown, path: readonly string[]): Expression {
    const reference = standing.references.get(keyOf(path));
    if (reference) return { type: "reference", reference };
    const secret = standing.secretName(path);
    if (secret !== undefined) return { type: "secret", name: secret };
    if (Array.isArray(value)) {
      const items = value.map((inner, at) => expressed(inner, [...path, String(at)]));
      return { type: "list", items: isSet(path) ? items.sort(byTarget) : items };
    }
    if (!isRecord(value)) return { type: "plain", value: value as string | number | boolean | null };
    const file =
      targetOf(item.kind) === "compose" && path.join() === "source" ? value["composeFile"] : undefined;
    const isFile = typeof file === "string" && standing.secretName([...path, "composeFile"]) === undefined;
    if (isFile && canBeFile(file)) return { type: "composeFile", text: file };
    const entries = Object.entries(value).map(
      ([name, inner]): Entry => [name, expressed(inner, [...path, name])],
    );
    return { type: "record", entries };
  }
}

/** Compares references by the names of their objects, which are the same on a server that was made again. */
function byTarget(a: Expression, b: Expression): number {
  const [one, other] = [a, b].map((each) =>
    each.type === "reference" ? nameOf(each.reference.to) : undefined,
  );
  return (one ?? "") < (other ?? "") ? -1 : 1;
}

/** Adds the inputs that Dokploy never shows, whose values are secrets. */
function withHidden({ inputs, hidden }: Item): Record<string, unknown> {
  const all = structuredClone(inputs) as Record<string, unknown>;
  for (const path of hidden) put(all, path, "");
  return all;
}

/** True for a text that is the same after a file was written and read, and in which a reader sees everything. */
function canBeFile(text: string): boolean {
  return visibleLines(text) === text.replaceAll("\r\n", "\n") && Buffer.byteLength(text) <= maxBytes;
}

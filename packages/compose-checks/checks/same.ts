import type { Node, ScalarNode } from "../yaml";
import { readDocument } from "./document";

/**
 * True when two compose files differ only in comments, blank lines, the order of keys and the like. Values that YAML
 * readers may interpret differently, such as `010` and `10`, are not equal. A file that cannot be read equals no
 * other.
 */
export function saySame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => readDocument(text.replace(/^\uFEFF/, ""), true));
  return a !== undefined && b !== undefined && "root" in a && "root" in b && isSame(a.root, b.root);
}

function isSame(a: Node, b: Node): boolean {
  if (a.tag !== b.tag) return false;
  if (a.kind === "scalar") return b.kind === "scalar" && isSameScalar(a, b);
  if (a.kind === "list") {
    if (b.kind !== "list" || a.items.length !== b.items.length) return false;
    return a.items.every((item, index) => isSame(item, b.items[index] as Node));
  }
  if (b.kind !== "map" || a.entries.size !== b.entries.size) return false;
  return [...a.entries.values()].every(({ key, tag, value }) => {
    const entry = b.entries.get(key);
    return entry !== undefined && entry.tag === tag && isSame(value, entry.value);
  });
}

/** Compares the source of scalars without quotes, because each YAML reader interprets them in its own way. */
function isSameScalar(a: ScalarNode, b: ScalarNode): boolean {
  if (isQuoted(a) !== isQuoted(b)) return false;
  return isQuoted(a) ? a.value === b.value : a.source === b.source;
}

function isQuoted({ source }: ScalarNode): boolean {
  return /^["'|>]/.test(source);
}

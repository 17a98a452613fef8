import type { Node } from "../yaml";
import { readDocument } from "./document";
import { type Expression, parseTemplate, type Segment } from "./interpolation";

/**
 * Lists the uses of a variable in a compose file, one for each `${NAME}`. Comments and `$$NAME` don't count. In a file
 * that cannot be read, which the checks report, all of its lines count.
 */
export function usesOf(file: string, name: string): Expression[] {
  if (!file.includes(name)) return [];
  const document = readDocument(file.replace(/^\uFEFF/, ""));
  return "root" in document
    ? usesIn(document.root, name)
    : file.split(/[\r\n]+/).flatMap((line) => named(parseTemplate(line), name));
}

function usesIn(node: Node, name: string): Expression[] {
  switch (node.kind) {
    case "map":
      return [...node.entries.values()].flatMap(({ value }) => usesIn(value, name));
    case "list":
      return node.items.flatMap((item) => usesIn(item, name));
    case "scalar":
      return named(parseTemplate(node.text), name);
  }
}

function named(segments: readonly Segment[], name: string): Expression[] {
  return segments.flatMap((segment) => {
    if (segment.kind !== "variable") return [];
    const nested = named(segment.operand, name);
    return segment.name === name ? [segment, ...nested] : nested;
  });
}

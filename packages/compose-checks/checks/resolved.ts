import type { MapNode, Node, ScalarNode } from "../yaml";
import { hasVariable, parseTemplate } from "./interpolation";
import type { ComposeVariables } from "./subject";

/**
 * Returns a tree as Compose reads it, which replaces the variables before it looks at anything else. A text with a
 * variable whose value is not known stays as it is, and is open.
 *
 * @param strict true for `docker stack deploy`
 */
export function resolved(root: MapNode, variables: ComposeVariables, strict: boolean): MapNode {
  return resolvedMap(root, (node) => {
    if (typeof node.value !== "string" || !node.text.includes("$")) return node;
    const segments = parseTemplate(node.text, strict);
    const text = variables.resolve(segments);
    if (text === undefined) return hasVariable(node.text) ? { ...node, isOpen: true } : node;
    const isTemplate = segments.some(({ kind }) => kind === "variable");
    return { ...node, value: text, text, ...(isTemplate ? { template: node.text } : {}) };
  });
}

type Change = (node: ScalarNode) => ScalarNode;

function resolvedNode(node: Node, change: Change): Node {
  if (node.kind === "scalar") return change(node);
  if (node.kind === "map") return resolvedMap(node, change);
  return { ...node, items: node.items.map((item) => resolvedNode(item, change)) };
}

function resolvedMap(node: MapNode, change: Change): MapNode {
  const entries = [...node.entries].map(
    ([key, entry]) => [key, { ...entry, value: resolvedNode(entry.value, change) }] as const,
  );
  return { ...node, entries: new Map(entries) };
}

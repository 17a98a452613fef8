import { visibleJson } from "../../../packages/text";
import type { Plan } from "./plan";

/** Returns the adoption file: ids by type and name of resource. */
export function adoptionsOf({ items, names }: Plan): string {
  const kinds = [...new Set(items.map(({ kind }) => kind))].sort();
  const adoptions = kinds.flatMap((kind) => {
    const ids = items
      .filter((item) => item.kind === kind)
      .map((item) => [names.get(item)?.resource ?? "", item.id] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return ids.length === 0 ? [] : [[kind, Object.fromEntries(ids)] as const];
  });
  return `${visibleJson(Object.fromEntries(adoptions), 2)}\n`;
}

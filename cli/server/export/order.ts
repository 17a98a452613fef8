import { targetOf } from "../../../provider/schema";
import type { Addresses } from "./addresses";
import { type Item, nameOf } from "./item";
import type { References } from "./references";

/** Items that belong to one project, or to the server itself. */
export interface Section {
  readonly project: Item | undefined;
  readonly items: readonly Item[];
}

/**
 * Puts each item after those that it refers to: first what belongs to the server, then each project with everything in
 * it, and last what belongs to the server and refers to projects. The order depends on names, and never on ids unless
 * the names are equal.
 */
export function ordered(references: References, addresses?: Addresses): Item[] {
  const keys = new Map(references.items.map((item) => [item, sortKey(item, references)]));
  const byKey = [...references.items].sort((a, b) => compared(keys.get(a) ?? [], keys.get(b) ?? []));
  const positions = new Map(byKey.map((item, position) => [item, position]));
  const positionOf = (item: Item) => positions.get(item) ?? 0;
  const placed = new Set<Item>();
  const place = (item: Item) => {
    if (placed.has(item)) return;
    const targets = [...new Set([...references.targets(item), ...(addresses?.targets(item) ?? [])])];
    for (const target of targets.sort((a, b) => positionOf(a) - positionOf(b))) place(target);
    placed.add(item);
  };
  for (const item of byKey) place(item);
  return [...placed];
}

/** Groups items by their projects, in their order. */
export function sectionsOf(items: readonly Item[], references: References): Section[] {
  const sections: { project: Item | undefined; items: Item[] }[] = [];
  for (const item of items) {
    const project = rootOf(item, references);
    const last = sections.at(-1);
    if (last && last.project === project) last.items.push(item);
    else sections.push({ project, items: [item] });
  }
  return sections;
}

/** Returns the project that an item belongs to, if it belongs to one. */
export function rootOf(item: Item, references: References): Item | undefined {
  const parent = references.parentOf(item);
  if (parent !== undefined) return rootOf(parent, references);
  return item.kind === "Project" ? item : undefined;
}

type Key = readonly (string | number)[];

function sortKey(item: Item, references: References): Key {
  const parent = references.parentOf(item);
  const own = [rankOf(item, references), nameOf(item) ?? "", item.kind, item.id];
  return parent === undefined ? own : [...sortKey(parent, references), ...own];
}

/** Returns the place among the items with the same parent: projects, environments, variables, services, the rest. */
function rankOf(item: Item, references: References): number {
  const target = targetOf(item.kind);
  if (target === "project") return 1;
  if (references.parentOf(item) === undefined) return needsProject(item, references) ? 2 : 0;
  if (item.definition.relation === "part") return 0;
  return target === "environment" ? 3 : target === undefined ? 1 : 2;
}

function needsProject(item: Item, references: References): boolean {
  return references.targets(item).some((target) => rootOf(target, references) !== undefined);
}

function compared(a: Key, b: Key): number {
  const at = a.findIndex((step, index) => step !== b[index]);
  const [one, other] = [a[at], b[at]];
  if (one === undefined) return a.length - b.length;
  return other === undefined || one > other ? 1 : -1;
}

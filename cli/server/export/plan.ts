import type { ServerTree } from "../../../provider/dokploy";
import type { Context } from "../../../provider/lifecycle";
import { targetOf } from "../../../provider/schema";
import { inputNames } from "../../../sdk/run";
import { Addresses, outputsIn, type Piece, type Reached, reachedIn } from "./addresses";
import { fitted } from "./fitting";
import { Held } from "./held";
import { type Item, nameOf, type Skipped } from "./item";
import { type Decided, type Names, namesOf } from "./names";
import { hasOpenReference, sharedVariables } from "./open-references";
import { ordered } from "./order";
import { withParts } from "./parts";
import { defaultEnvironments, parentIdOf, References } from "./references";
import { SecretFinder } from "./secret-finder";
import { type PlainValues, type Secrets, secretsOf } from "./secrets";
import { type Survey, survey } from "./survey";

/** Name of the file by which new resources adopt existing objects. */
export const adoptionFile = "dokploy-adopt.json";

/** Objects of a server that become resources. */
export interface Found {
  /** Settings of the stack. */
  readonly settings: ReadonlyMap<string, string>;
  /** Resources in their order in the program. */
  readonly items: readonly Item[];
  readonly references: References;
  /** Ids of the projects by those of their default environments. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly skipped: readonly Skipped[];
  readonly unread: Survey["unread"];
  readonly finder: SecretFinder;
  /** Texts by which services are reached. */
  readonly reached: readonly Reached[];
}

/** Everything that is written, before its form is chosen. */
export interface Plan extends Found {
  readonly names: ReadonlyMap<Item, Names>;
  readonly secrets: Secrets;
  readonly addresses: Addresses;
}

export interface FindOptions {
  /** True when all of the server is exported, and not only some projects with what they refer to. */
  readonly isWhole: boolean;
  /** Context in which the checks of resources run. */
  readonly context: Context;
  /** Objects that a stack already has, which are left out. */
  readonly held?: Held;
}

/** Reads a server, and leaves out what a program cannot express. */
export async function find(
  tree: ServerTree,
  { isWhole, context, held = new Held() }: FindOptions,
): Promise<Found> {
  const { items: found, unread } = await survey(tree);
  const finder = new SecretFinder(found);
  const skipped: Skipped[] = [];
  const keep = (items: readonly Item[]) =>
    items.map(finder.marked, finder).flatMap((item) => {
      const fit = fitted(item, finder, context);
      if (!("reason" in fit)) return [fit];
      skipped.push(skippedOf(item, fit.reason));
      return [];
    });
  // If a stack has the service, its new parts become separate resources.
  const isService = (item: Item) => targetOf(item.kind) !== undefined && held.nameOf(item) === undefined;
  const others = keep(found.filter((item) => !isService(item)));
  const folded = withParts([...found.filter(isService), ...others], isService);
  skipped.push(...folded.skipped);
  const fitting = [
    ...keep(folded.items.filter(isService)),
    ...folded.items.filter((item) => !isService(item)),
  ];
  const distinct = withoutOrphans(withoutDuplicates(fitting, held, skipped), skipped);
  const defaults = await defaultEnvironments(tree);
  const all = new References(distinct, defaults);
  const wanted = isWhole ? all : new References(neededBy(all), defaults);
  const references = new References(held.without(wanted), defaults);
  const items = ordered(references);
  const settings = settingsFor(items, await sharedVariables(tree));
  const reached = await reachedIn(tree, items);
  return { settings, items, references, defaults, skipped: bySortedName(skipped), unread, finder, reached };
}

/**
 * Names the resources and the secrets of a program.
 *
 * @param settings names of settings that the stack already has
 */
export function planOf(
  found: Found,
  plain: PlainValues,
  decided: Decided = {},
  settings: readonly string[] = [],
): Plan {
  const isInFiles = (item: Item) => decided.given?.has(item) === true;
  const { references, finder, reached } = found;
  const canName = (item: Item, pieces: readonly Piece[]) =>
    isInFiles(item) ? decided.refers?.(item, pieces) === true : !outputsIn(pieces).some(isInFiles);
  const addresses = new Addresses(references, reached, finder, canName);
  const items = ordered(references, addresses);
  const names = namesOf(items, references, decided);
  const secrets = secretsOf(items, names, plain, settings, finder, { isInFiles, addresses });
  return { ...found, items, names, secrets, addresses };
}

function settingsFor(
  items: readonly Item[],
  shared: Awaited<ReturnType<typeof sharedVariables>>,
): Map<string, string> {
  const isOpen = items.some((item) => hasOpenReference(item, shared));
  return new Map([
    ["dokploy:adopt", adoptionFile],
    ...(isOpen ? [["dokploy:references", "warn"] as const] : []),
  ]);
}

function skippedOf(item: Item, reason: string): Skipped {
  const { kind, id } = item;
  return { kind, id, name: nameOf(item), reason, parent: parentIdOf(item) };
}

/**
 * Leaves out objects that a program could not distinguish from others. The one that the stack has stays, or else the one
 * with the first id.
 */
function withoutDuplicates(items: readonly Item[], held: Held, skipped: Skipped[]): Item[] {
  const seen = new Set<string>();
  const rank = (item: Item) => `${held.nameOf(item) === undefined ? 1 : 0} ${item.id}`;
  return [...items]
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .filter((item) => {
      const names = inputNames[item.kind];
      if (!("key" in names)) return true;
      const keys: readonly (readonly [name: string, standard?: unknown])[] = names.key;
      const values = keys.map(([input, standard]) => item.inputs[input] ?? standard);
      const key = JSON.stringify([item.kind, "parents" in names ? parentIdOf(item) : "", values]);
      if (!seen.has(key)) return seen.add(key);
      const same = keys.map(([input]) => input).join(" and ");
      skipped.push(skippedOf(item, `another ${item.kind} has the same ${same}`));
      return false;
    });
}

/** Leaves out what belongs to objects that are left out. */
function withoutOrphans(items: readonly Item[], skipped: Skipped[]): Item[] {
  const gone = new Set(skipped.map(({ id }) => id));
  const orphans = items.filter((item) => gone.has(parentIdOf(item) ?? ""));
  if (orphans.length === 0) return [...items];
  skipped.push(...orphans.map((item) => skippedOf(item, "what it belongs to is not managed")));
  return withoutOrphans(
    items.filter((item) => !orphans.includes(item)),
    skipped,
  );
}

/** Returns the projects, what belongs to them, and everything that these refer to. */
function neededBy(references: References): Item[] {
  const needed = new Set<Item>();
  const take = (item: Item) => {
    if (needed.has(item)) return;
    needed.add(item);
    references.targets(item).forEach(take);
  };
  const isInside = (item: Item): boolean => {
    const parent = references.parentOf(item);
    return item.kind === "Project" || (parent !== undefined && isInside(parent));
  };
  references.items.filter(isInside).forEach(take);
  return [...needed];
}

function bySortedName(skipped: readonly Skipped[]): Skipped[] {
  const key = ({ kind, name, id }: Skipped) => `${kind} ${name ?? ""} ${id}`;
  return [...skipped].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

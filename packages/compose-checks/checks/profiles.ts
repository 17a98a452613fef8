import { entryAt, itemsOf, type MapNode, textAt } from "../yaml";
import type { ComposeVariables, Starts } from "./subject";

/** The profiles that are active. */
export interface Profiles {
  has(name: string): boolean;
}

/**
 * Returns the profiles that `COMPOSE_PROFILES` activates, which is in the same `.env` as all variables. Undefined when
 * its value is not known: then any profile may be active.
 */
export function activeProfiles(variables: ComposeVariables): Profiles | undefined {
  if (!variables.known) return undefined;
  if (!variables.isSet("COMPOSE_PROFILES")) return new Set<string>();
  const value = variables.value("COMPOSE_PROFILES");
  // Dokploy resolves references when it deploys.
  if (value === undefined || value.includes("${{")) return undefined;
  const names = new Set(value.split(",").map((name) => name.trim()));
  return names.has("*") ? { has: () => true } : names;
}

/**
 * Returns a function that says whether a service starts: one with profiles starts only when one of them is active.
 *
 * @param active the active profiles; undefined where they are not known
 */
export function startsWith(active: Profiles | undefined, variables: ComposeVariables): Starts {
  return (service, byName) => {
    const names = profilesOf(service, byName).map((name) => name && variables.resolveText(name));
    if (names.length === 0) return true;
    if (active === undefined) return undefined;
    if (names.some((name) => name !== undefined && active.has(name))) return true;
    return names.includes(undefined) ? undefined : false;
  };
}

/** Lists the profiles of a service and of those that it extends; undefined means that there may be others. */
function profilesOf(service: MapNode, byName: ReadonlyMap<string, MapNode>): (string | undefined)[] {
  const { nodes, isWhole } = withBases(service, byName);
  const names = nodes
    .flatMap((node) => itemsOf(entryAt(node, "profiles")?.value))
    .map((item) => (item.kind === "scalar" ? item.text : undefined));
  return isWhole ? names : [...names, undefined];
}

/** Far more than any file has. Each service is asked for its own. */
const maxBases = 100;

/** Returns a service and those that it extends, nearest first; `isWhole` is false where these are not all. */
export function withBases(
  service: MapNode,
  byName: ReadonlyMap<string, MapNode>,
): { readonly nodes: readonly MapNode[]; readonly isWhole: boolean } {
  const nodes = new Set<MapNode>();
  let at: MapNode | undefined = service;
  let isWhole = true;
  while (at !== undefined && !nodes.has(at)) {
    if (nodes.size === maxBases) return { nodes: [...nodes], isWhole: false };
    nodes.add(at);
    const base: Base | undefined = extended(at);
    if (base?.file !== undefined) isWhole = false;
    at = base?.service === undefined || base.file !== undefined ? undefined : byName.get(base.service);
  }
  return { nodes: [...nodes], isWhole };
}

interface Base {
  readonly service: string | undefined;
  readonly file: string | undefined;
}

/** Returns the service that a service extends, in this file or another. */
export function extended(service: MapNode): Base | undefined {
  const base = entryAt(service, "extends")?.value;
  if (base === undefined) return undefined;
  if (base.kind === "scalar") return { service: base.text, file: undefined };
  return { service: textAt(base, "service"), file: textAt(base, "file") };
}

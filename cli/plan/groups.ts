import { byText } from "../../packages/text";
import { parseUrn } from "../../provider/pulumi";
import type { PlannedResource } from "./model";

/** A service of the program with its parts, such as domains, as far as they change; or any other resource alone. */
export interface Group {
  readonly urn: string;
  readonly name: string;
  readonly kind: string;
  /** The resource itself, if it changes. */
  readonly head: PlannedResource | undefined;
  readonly parts: readonly PlannedResource[];
}

/** Most resources, and most rows of their tables, that are shown without folds. */
const most = { resources: 12, rows: 60 } as const;

/** True for a plan of which a person first wants to see the names alone. */
export function isFolded(resources: readonly PlannedResource[]): boolean {
  const rows = resources.reduce((sum, { variables, inputs }) => sum + variables.length + inputs.length, 0);
  return resources.length > most.resources || rows > most.rows;
}

/** True for a change that a person must not miss, in a plan with folds too. */
export function isDangerous({ operation }: PlannedResource): boolean {
  return operation === "replace" || operation === "delete";
}

/** Groups resources by the service that they are a part of, sorted by its name. */
export function groupsOf(resources: readonly PlannedResource[]): Group[] {
  const heads = new Map(resources.map((resource) => [resource.urn, resource]));
  const parts = new Map<string, PlannedResource[]>();
  for (const { urn, owner = urn } of resources) if (!parts.has(owner)) parts.set(owner, []);
  for (const resource of resources)
    if (resource.owner !== undefined) parts.get(resource.owner)?.push(resource);
  const groups = [...parts].map(([urn, own]): Group => {
    const { name = urn, kind = "" } = parseUrn(urn) ?? {};
    return { urn, name, kind, head: heads.get(urn), parts: own };
  });
  return groups.sort((a, b) => byText(a.name, b.name) || byText(a.urn, b.urn));
}

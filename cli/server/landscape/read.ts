import { literalsOf } from "../../../packages/compose-checks/checks";
import { visible } from "../../../packages/text";
import {
  addressesOf,
  type ListedService,
  SERVICES,
  type ServerTree,
  serviceKinds,
} from "../../../provider/dokploy";
import { resolveEnv, textsAround } from "../../../provider/env";
import type { Picture, PictureNode } from "../../page";
import type { StateResource } from "../../stack";
import { type Coverage, type CoveredObject, coverageOf } from "../coverage/objects";

/** A place with services: an environment of a project. */
export interface Landscape {
  readonly project: string;
  readonly environment: string;
  readonly picture: Picture;
  /** Words for each line of the picture. */
  readonly links: readonly Reference[];
}

/** A line of a picture in words. */
export interface Reference {
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

/** Everything that a page shows of a server. */
export interface ServerFacts {
  readonly landscapes: readonly Landscape[];
  readonly backups: Coverage["backups"];
  readonly withoutBackup: readonly CoveredObject[];
  readonly unread: readonly { readonly kind: string; readonly reason: string }[];
  readonly services: readonly ListedService[];
  /** False where nobody knows which stack has an object. */
  readonly knowsStacks: boolean;
}

/**
 * Reads a server, and says which of its objects the stacks have.
 *
 * @param stacks undefined where they are not known
 */
export async function readServer(
  tree: ServerTree,
  stacks: ReadonlyMap<string, readonly StateResource[]> | undefined,
): Promise<ServerFacts> {
  const [{ objects, backups, withoutBackup, unread }, services] = await Promise.all([
    coverageOf(tree, stacks ?? new Map()),
    tree.services(serviceKinds),
  ]);
  const networks = new Map(
    objects.filter(({ kind }) => kind === "Network").map(({ id, name }) => [id, name] as const),
  );
  const places = new Map<string, Service[]>();
  for (const { kind, id, row } of services) {
    const service = { kind, id, row: row as unknown as AnyRow };
    const { environment } = service.row;
    const key = JSON.stringify([environment?.project?.name ?? "", environment?.name ?? ""]);
    places.set(key, [...(places.get(key) ?? []), service]);
  }
  const landscapes = [...places].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    landscapes: landscapes.map(([key, inPlace]) => {
      const [project = "", environment = ""] = JSON.parse(key) as string[];
      return { project, environment, ...landscapeOf(inPlace, networks) };
    }),
    backups,
    withoutBackup,
    unread,
    services,
    knowsStacks: stacks !== undefined,
  };
}

/** Columns of a service that the picture needs. */
interface AnyRow {
  readonly name: string;
  readonly appName?: string;
  readonly env?: string | null;
  readonly sourceType?: string;
  readonly composeFile?: string | null;
  readonly domains?: unknown;
  readonly networkIds?: unknown;
  readonly serviceNetworks?: unknown;
  readonly environment?: {
    readonly name: string;
    readonly env: string | null;
    readonly project: { readonly name: string; readonly env: string | null };
  };
}

interface Service {
  readonly kind: ListedService["kind"];
  readonly id: string;
  readonly row: AnyRow;
}

/** Columns of the picture, from left to right. */
const columns = { domain: 0, service: 1, database: 2, network: 3 } as const;

function landscapeOf(
  services: readonly Service[],
  networks: ReadonlyMap<string, string>,
): Pick<Landscape, "picture" | "links"> {
  const nodes = new Map<string, PictureNode>();
  const links: (Reference & { readonly ids: readonly [string, string] })[] = [];
  const add = (id: string, shape: PictureNode["shape"], name: string, kind: string) => {
    nodes.set(id, { id, shape, name, kind, column: columns[shape] });
    return { id, name };
  };
  const own = services.map((service) => {
    const { kind, id, row } = service;
    const shape = kind === "application" || kind === "compose" ? "service" : "database";
    return { ...service, node: add(id, shape, row.name, SERVICES[kind].noun) };
  });
  for (const { kind, row, node } of own) {
    for (const address of addressesOf(row.domains)) {
      const domain = add(`domain ${address}`, "domain", address.replace(/^https?:\/\//, ""), "domain");
      links.push({ from: domain.name, to: node.name, by: "serves it", ids: [domain.id, node.id] });
    }
    for (const network of networksOf(row)) {
      const name = networks.get(network);
      if (name === undefined) continue;
      const { id } = add(`network ${network}`, "network", name, "network");
      links.push({ from: node.name, to: name, by: "is in it", ids: [node.id, id] });
    }
    const variables = variablesOf(kind, row);
    for (const other of own) {
      if (other.node === node) continue;
      const names = variables
        .filter(([, value]) => holdsName(value, other.row.appName))
        .map(([name]) => name);
      if (names.length > 0)
        links.push({
          from: node.name,
          to: other.node.name,
          by: [...new Set(names)].map(visible).join(", "),
          ids: [node.id, other.node.id],
        });
    }
  }
  const edges = links.map(({ ids: [from, to] }) => ({ from, to }));
  return { picture: { nodes: [...nodes.values()], edges }, links: links.map(({ ids: _, ...link }) => link) };
}

/** Variables of a service, with those that they refer to and those of a compose file; their values stay here. */
function variablesOf(kind: Service["kind"], row: AnyRow): [name: string, value: string][] {
  const dialect = kind === "compose" ? kind : "application";
  const saved = Object.entries(resolveEnv(row.env ?? "", dialect, textsAround(row.environment)).env);
  // With another source, Dokploy takes the file from there, and keeps a former one in the row.
  const file = kind === "compose" && row.sourceType === "raw" ? (row.composeFile ?? "") : "";
  return [...saved, ...literalsOf(file).map(({ key, value }): [string, string] => [key, value])];
}

/** Ids of networks in the row of a service, or of one with services of a compose file. */
function networksOf({ networkIds, serviceNetworks }: AnyRow): string[] {
  const all = [
    networkIds,
    ...Object.values(Object(serviceNetworks) as object).map((each) => Object(each).networkIds),
  ];
  return [...new Set(all.flatMap((ids) => (Array.isArray(ids) ? ids : [])))].filter(
    (id) => typeof id === "string",
  );
}

/** True when a value has the name of a service in Docker's network, as a word. */
function holdsName(value: string, appName: string | undefined): boolean {
  if (appName === undefined || appName === "") return false;
  for (let at = value.indexOf(appName); at >= 0; at = value.indexOf(appName, at + 1)) {
    const [before, after] = [value[at - 1] ?? "", value[at + appName.length] ?? ""];
    if (!/[\w-]/.test(before) && !/[\w]/.test(after)) return true;
  }
  return false;
}

import { setTimeout as sleep } from "node:timers/promises";
import { someOf } from "../../packages/text";
import {
  type Api,
  DokployError,
  dataVolumeOf,
  type Endpoint,
  ifFound,
  SERVICES,
  type ServiceKind,
  serviceKinds,
} from "../../provider/dokploy";
import { previewsFileName } from "../../sdk/repository";
import type { StateResource } from "../stack";
import type { OwnVolumes } from "./volumes";

/** A volume or an image of a preview, which Docker keeps when Dokploy deletes its service. */
export interface Kept {
  readonly what: "volume" | "image";
  /** Name of the volume; image with its tag. */
  readonly name: string;
  /** Server of its service; none for Dokploy's own. */
  readonly at: { readonly serverId?: string };
}

/** The part of a service's row that names what Docker keeps. */
interface ServiceRow {
  readonly appName: string;
  readonly serverId: string | null;
  /** Exists in applications and compose services. */
  readonly sourceType?: string;
  readonly mounts?: readonly { readonly type: string; readonly volumeName: string | null }[];
}

/** Volumes and images that Docker keeps, by their owner. */
export interface Found {
  /** Volumes and images that are surely of the preview. */
  readonly kept: readonly Kept[];
  /** Volumes with names that begin like those of the preview, and that nothing else shows to be its own. */
  readonly doubtful: readonly Kept[];
}

/**
 * Lists what Docker keeps of a preview: the volumes that its services mount or its files name, the volumes of its
 * databases, those of stacks, and images that Dokploy built for its services. Leaves out what Docker does not show to this
 * key.
 *
 * Volumes that the files name are found without their services too, on Dokploy's own server and on those of the services:
 * a removal that was killed has deleted services, and no longer knows their volumes. A name that only begins in the same
 * way proves nothing: a database `pr 12 archive` of a project `shop` has the volume `shop-pr-12-archive-<random>-data`.
 *
 * @param services services that are still there
 */
export async function keptBy(
  services: readonly Pick<StateResource, "kind" | "id">[],
  { prefix, named }: OwnVolumes,
  api: Api,
): Promise<Found> {
  const rows = (await Promise.all(services.map((service) => rowOf(service, api)))).flat();
  const servers = new Set([null, ...rows.map(({ row }) => row.serverId)]);
  const found = await Promise.all(
    [...servers].map(async (serverId) => {
      const at = serverId === null ? {} : { serverId };
      const own = rows.filter(({ row }) => row.serverId === serverId);
      const [volumes, images] = await Promise.all([
        shown(api.call("dockerVolume.getVolumes", at)),
        shown(api.call("dockerImage.getImages", at)),
      ]);
      const alike = volumes.map(({ Name }) => Name).filter((name) => isNamedAfter(name, prefix));
      const sure = new Set([
        ...alike.filter((name) => named.has(name)),
        ...own.flatMap(({ kind, row }) => [...mounted(row, prefix), ...ofStack(row, kind, volumes)]),
      ]);
      const volume = (name: string): Kept => ({ what: "volume", name, at });
      const built = new Set(own.flatMap(({ kind, row }) => builtFor(row, kind, images)));
      const image = (name: string): Kept => ({ what: "image", name, at });
      return {
        kept: [...[...sure].map(volume), ...[...built].map(image)],
        doubtful: alike.filter((name) => !sure.has(name)).map(volume),
      };
    }),
  );
  const all = (part: keyof Found) =>
    found.flatMap((one) => one[part]).filter(({ name }) => dockerName.test(name));
  return { kept: all("kept"), doubtful: all("doubtful") };
}

/**
 * True for a name that only a volume of this preview has among those of previews: `shop-pr-1-pr-2-data` may also belong to
 * preview 2 of a project `shop-pr-1`.
 */
function isNamedAfter(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/(?:^|-)pr-\d+-/.test(name.slice(prefix.length));
}

/** Docker gives no other names to volumes and images; an image without a tag has `<none>`. */
const dockerName = /^[A-Za-z0-9][\w.:/-]*$/;

async function rowOf(
  { kind: className, id }: Pick<StateResource, "kind" | "id">,
  api: Api,
): Promise<{ readonly kind: ServiceKind; readonly row: ServiceRow }[]> {
  const kind = serviceKinds.find((name) => SERVICES[name].kind === className);
  if (kind === undefined) return [];
  const row = await ifFound(api.call(`${kind}.one` as Endpoint, { [`${kind}Id`]: id } as never));
  return row === undefined ? [] : [{ kind, row: row as ServiceRow }];
}

function mounted({ appName, mounts = [] }: ServiceRow, prefix: string): string[] {
  return mounts
    .filter(({ type }) => type === "volume")
    .map(({ volumeName }) => volumeName ?? "")
    .filter((name) => name.startsWith(prefix) || name === dataVolumeOf(appName));
}

/** Dokploy removes the volumes of a compose file, and keeps those of a stack. */
function ofStack(
  { appName }: ServiceRow,
  kind: ServiceKind,
  volumes: readonly { Name: string; Labels: string }[],
): string[] {
  const label = `com.docker.stack.namespace=${appName}`;
  return kind === "compose"
    ? volumes.filter(({ Labels }) => Labels.split(",").includes(label)).map(({ Name }) => Name)
    : [];
}

/** An application's image has its name, also after that of a registry. Compose adds the name of the service in the file. */
function builtFor(
  { appName, sourceType }: ServiceRow,
  kind: ServiceKind,
  images: readonly { Repository: string; Tag: string }[],
): string[] {
  if (sourceType === undefined || sourceType === "docker") return [];
  return images
    .filter(({ Repository }) => {
      const name = Repository.slice(Repository.lastIndexOf("/") + 1);
      return kind === "compose" ? name.startsWith(`${appName}-`) : name === appName;
    })
    .map(({ Repository, Tag }) => `${Repository}:${Tag}`);
}

/** Returns a list of Docker; none where the key may not see it, or the server is older than the list. */
async function shown<T>(list: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof DokployError) return [];
    throw error;
  }
}

/** Time that containers of deleted services take to end; until then Docker refuses to delete what they use. */
const patience = { totalMs: 60_000, pauseMs: 1_000 };

/** Deletes what {@link keptBy} found. Docker itself refuses what another container uses. Returns what stays. */
export async function removeKept(
  kept: readonly Kept[],
  api: Api,
  { totalMs, pauseMs } = patience,
): Promise<Kept[]> {
  const end = Date.now() + totalMs;
  for (let left = kept; ; await sleep(pauseMs)) {
    const ends = await Promise.all(left.map((one) => removeOne(one, api)));
    left = left.filter((_, index) => ends[index] !== "gone");
    if (!ends.includes("used") || Date.now() >= end) return [...left];
  }
}

async function removeOne({ what, name, at }: Kept, api: Api): Promise<"gone" | "used" | "refused"> {
  try {
    if (what === "volume") await api.call("dockerVolume.removeVolume", { volumeName: name, ...at });
    else {
      const colon = name.lastIndexOf(":");
      const [repository, tag] = [name.slice(0, colon), name.slice(colon + 1)];
      await api.call("dockerImage.removeImage", { repository, tag, id: name, ...at });
    }
    return "gone";
  } catch (error) {
    if (!(error instanceof DokployError)) throw error;
    const { said = "", status } = error;
    if (/no such (?:volume|image)/i.test(said)) return "gone";
    // After a lost response, the next try finds out.
    return status === undefined || /in use|is using|being used/i.test(said) ? "used" : "refused";
  }
}

/** Volumes and images that a removal leaves on the server. */
export interface Staying {
  /** Volumes that the rules keep. */
  readonly wanted: readonly Kept[];
  /** Volumes and images that Dokploy could not delete. */
  readonly refused: readonly Kept[];
  /** Volumes that may belong to somebody else. */
  readonly doubtful: readonly Kept[];
  /** Ids of projects that may belong to somebody else. */
  readonly projects: readonly string[];
}

/** Says what stays on the server, and how to delete it there; undefined when nothing stays. */
export function stayText({ wanted, refused, doubtful, projects }: Staying): string | undefined {
  const lines = [
    ...(wanted.length > 0
      ? [
          `The volumes stay, since deleteVolumes in ${previewsFileName} is false. To delete them on the server: ${commandsFor(wanted)}`,
        ]
      : []),
    ...(refused.length > 0
      ? [`Dokploy could not delete everything. Delete the rest on the server: ${commandsFor(refused)}`]
      : []),
    ...(doubtful.length > 0
      ? [
          "Volumes stay that may belong to the preview or to somebody else: their names begin like those of the preview, and " +
            "neither its services nor the files here name them. Only if they are of the preview, delete them on the server: " +
            commandsFor(doubtful),
        ]
      : []),
    ...(projects.length > 0
      ? [
          `Dokploy has a project with the name of the preview's, and a killed run may have created it, or somebody else: ${someOf(projects)}. ` +
            "It stays, since it is older than the stack of the preview, or there are several. Look at it, and delete it in " +
            "Dokploy if nobody needs it.",
        ]
      : []),
  ];
  return lines.length === 0 ? undefined : lines.join("\n");
}

function commandsFor(kept: readonly Kept[]): string {
  const commands = (["volume", "image"] as const).flatMap((what) => {
    const names = kept.filter((one) => one.what === what).map(({ name }) => name);
    return names.length === 0 ? [] : [`docker ${what} rm ${names.join(" ")}`];
  });
  return commands.join("; ");
}

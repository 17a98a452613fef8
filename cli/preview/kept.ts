import { setTimeout as sleep } from "node:timers/promises";
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

/**
 * Lists what Docker keeps of a preview, and nothing else: the volumes whose names belong to it, the volumes of its databases,
 * those of stacks, and images that Dokploy built for its services. Leaves out what Docker does not show to this key.
 *
 * Volumes that have the name of the preview are found without their services too, on Dokploy's own server and on those of
 * the services: a removal that was killed has deleted services, and no longer knows their volumes.
 *
 * @param services services that are still there
 * @param prefix beginning of the names of volumes that are mounted in this preview alone
 */
export async function keptBy(
  services: readonly Pick<StateResource, "kind" | "id">[],
  prefix: string,
  api: Api,
): Promise<Kept[]> {
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
      const named = volumes.map(({ Name }) => Name).filter((name) => isNamedAfter(name, prefix));
      return [
        ...[
          ...named,
          ...own.flatMap(({ kind, row }) => [...mounted(row, prefix), ...ofStack(row, kind, volumes)]),
        ].map((name): Kept => ({ what: "volume", name, at })),
        ...own
          .flatMap(({ kind, row }) => builtFor(row, kind, images))
          .map((name): Kept => ({ what: "image", name, at })),
      ];
    }),
  );
  const names = new Map(
    found
      .flat()
      .filter(({ name }) => dockerName.test(name))
      .map((kept) => [JSON.stringify(kept), kept]),
  );
  return [...names.values()];
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
}

/** Says what stays on the server, and how to delete it there; undefined when nothing stays. */
export function stayText({ wanted, refused }: Staying): string | undefined {
  const lines = [
    ...(wanted.length > 0
      ? [
          `The volumes stay, since deleteVolumes in ${previewsFileName} is false. To delete them on the server: ${commandsFor(wanted)}`,
        ]
      : []),
    ...(refused.length > 0
      ? [`Dokploy could not delete everything. Delete the rest on the server: ${commandsFor(refused)}`]
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

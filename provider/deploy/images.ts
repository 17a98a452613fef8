import type { Api, ContainerConfig, HostContainerRow } from "../dokploy";
import type { Part } from "./judgement";
import { containersOf, inspect, isContainerOf, isSwarm, onServer, type WatchTarget } from "./watch-target";

/** Reads when a part started; undefined when Docker does not show it. Its row has words only: `About an hour ago`. */
export async function startOf(api: Api, target: WatchTarget, { id }: Part): Promise<Date | undefined> {
  const { Status, State } = (await inspect(api, target, id)) ?? {};
  const start = new Date(Status?.Timestamp ?? State?.StartedAt ?? "");
  return Number.isNaN(start.valueOf()) ? undefined : start;
}

/**
 * Returns a function that reads the different images of parts with one call for each machine; undefined where Docker shows
 * none.
 */
export function imageReader(
  api: Api,
): (target: WatchTarget, parts: readonly Part[]) => Promise<string[] | undefined> {
  const machines = new Map<string, Promise<readonly HostContainerRow[] | undefined>>();
  return async (target, parts) => {
    const where = onServer(target);
    const machine = where.serverId ?? "";
    // A key that may not read all containers still shows the rest.
    const reading = machines.get(machine) ?? api.call("docker.getContainers", where).catch(() => undefined);
    machines.set(machine, reading);
    const images = ((await reading) ?? [])
      .filter((row) => parts.some(({ id }) => row.containerId === id || isContainerOf(row, id)))
      .map(({ image }) => image);
    return images.length === 0 ? undefined : [...new Set(images)].sort();
  };
}

/** The image of a part. */
export interface PartImage {
  /** Name of the image, as the container was started with it. */
  readonly image: string;
  /** Ids of the image; undefined when the container is on another node. */
  readonly ids: readonly string[] | undefined;
}

/** Reads the image of each part; undefined for one whose image Docker does not show. */
export async function imagesOf(
  api: Api,
  target: WatchTarget,
  parts: readonly Part[],
): Promise<(PartImage | undefined)[]> {
  if (!isSwarm(target))
    return await Promise.all(parts.map(async ({ id }) => imageIn(await inspect(api, target, id))));
  const there = await containersOf(api, target);
  return await Promise.all(
    parts.map(async ({ id }) => {
      const container = there.find((row) => isContainerOf(row, id));
      const config = container && (await inspect(api, target, container.containerId));
      if (config?.Config?.Image !== undefined) return imageIn(config);
      const image = (await inspect(api, target, id))?.Spec?.ContainerSpec?.Image;
      return image === undefined ? undefined : { image, ids: undefined };
    }),
  );
}

function imageIn(config: ContainerConfig | undefined): PartImage | undefined {
  if (config === undefined) return undefined;
  const { Config, Image, ImageManifestDescriptor } = config;
  const ids = [Image, ImageManifestDescriptor?.digest].filter((id) => id !== undefined);
  return { image: Config?.Image ?? "", ids: ids.length === 0 ? undefined : ids };
}

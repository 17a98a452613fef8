import type { Api, ContainerConfig, HostContainerRow } from "../dokploy";
import { readContainer, readTask } from "./health-rows";
import { serviceOf } from "./health-swarm";
import { wentBack } from "./proof";
import { isRunning } from "./task-versions";
import {
  containersOf,
  inspect,
  isContainerOf,
  isSwarm,
  observe,
  onServer,
  type WatchTarget,
} from "./watch-target";

/** A task of Swarm, or a container, that should run. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly runs: boolean;
  /** Docker's word: `Running`, `Pending`, `exited` … */
  readonly state: string;
  readonly health: "starting" | "healthy" | "unhealthy" | undefined;
  /** Seconds in this state, as far as Docker reports it. */
  readonly ageSeconds: number | undefined;
}

/** The parts of a service, as Docker shows them now. */
export interface WhatRuns {
  readonly parts: readonly Part[];
  /** Returns true when the current version fails again and again, though one of its tasks may run right now. */
  readonly keepsFailing: () => Promise<boolean>;
}

/** Looks at a service. Its parts do not include containers that ended with code 0, such as migrations. */
export async function whatRuns(api: Api, target: WatchTarget): Promise<WhatRuns> {
  const { tasks, containers = [] } = await observe(api, target, Date.now);
  if (tasks !== undefined) {
    // A task that follows one that ended is `ready` until Swarm starts it.
    const wanted = tasks.map(readTask).filter(({ desired }) => desired === "running" || desired === "ready");
    const parts = wanted.map(({ current, ...task }) => ({
      ...task,
      state: current,
      runs: current === "Running",
      health: undefined,
    }));
    return { parts, keepsFailing: async () => !(await isRunning(api, target, tasks)) };
  }
  const parts = containers
    .map(readContainer)
    .filter(({ state, exitCode }) => state !== "exited" || exitCode !== 0);
  return {
    parts: parts.map((part) => ({ ...part, runs: part.state === "running" && part.health !== "unhealthy" })),
    keepsFailing: async () => false,
  };
}

/** Returns true when the last version failed, and Swarm went back to the one before. */
export async function hasGoneBack(api: Api, target: WatchTarget, parts: readonly Part[]): Promise<boolean> {
  const services = new Set(parts.map(({ name }) => serviceOf(name)));
  return isSwarm(target) && (await wentBack(api, target, services)) !== undefined;
}

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

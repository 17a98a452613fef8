import type { ContainerConfig, ContainerRow } from "../dokploy/docker-rows";
import type { Api } from "../dokploy/endpoints";
import type { Observation } from "./health";
import type { Snapshot } from "./health-model";
import { isFailing, isUp } from "./health-swarm";
import type { ServiceName } from "./service";

/** A service whose containers are watched. */
export interface WatchTarget extends ServiceName {
  /** The name that Docker knows it by. */
  readonly appName: string;
  /** The remote server that it runs on; null or undefined for Dokploy's own. */
  readonly serverId?: string | null | undefined;
  /** Of a compose service. Default: `docker-compose`. */
  readonly composeType?: "docker-compose" | "stack" | undefined;
}

export function isStack({ kind, composeType }: WatchTarget): boolean {
  return kind === "compose" && composeType === "stack";
}

/** Whether Swarm runs it, in tasks. */
export function isSwarm(target: WatchTarget): boolean {
  return target.kind !== "compose" || isStack(target);
}

/**
 * Whether a deployment leaves tasks as they are when nothing of them changed: those of a stack, and of libSQL, the one
 * database whose deployment does not force an update.
 */
export function keepsUnchanged(target: WatchTarget): boolean {
  return isStack(target) || target.kind === "libsql";
}

/** One look at the tasks or containers. */
export async function observe(api: Api, target: WatchTarget, now: () => number): Promise<Observation> {
  const where = { appName: target.appName, ...onServer(target) };
  if (isStack(target)) {
    const tasks = await api.call("docker.getStackContainersByAppName", where);
    return { at: now(), tasks };
  }
  if (target.kind !== "compose") {
    const tasks = await api.call("docker.getServiceContainersByAppName", where);
    return { at: now(), tasks };
  }
  const query = { ...where, appType: "docker-compose" } as const;
  const containers = await api.call("docker.getContainersByAppNameMatch", query);
  return { at: now(), containers };
}

export function snapshotOf(
  { at, tasks = [], containers = [] }: Observation,
  isRunning = isUp(tasks),
): Snapshot {
  const ids = new Set([...tasks, ...containers].map(({ containerId }) => containerId));
  return { at, ids, isFailing: isFailing(tasks), isRunning };
}

/** The containers of a Swarm service or stack that are on Dokploy's own node or on its server. */
export async function containersOf(api: Api, target: WatchTarget): Promise<readonly ContainerRow[]> {
  return api.call("docker.getContainersByAppNameMatch", { appName: target.appName, ...onServer(target) });
}

/** The id of a task's container; undefined when it runs on another node or is gone. */
export async function containerOf(api: Api, target: WatchTarget, id: string): Promise<string | undefined> {
  if (!isSwarm(target)) return id;
  return (await containersOf(api, target)).find((row) => isContainerOf(row, id))?.containerId;
}

/** Swarm names a container `<service>.<slot>.<task>`. */
export function isContainerOf({ name }: ContainerRow, taskId: string): boolean {
  return name.endsWith(`.${taskId}`);
}

/** The service of a stack's container, which is named `<stack>_<service>.<slot>.<task>`; undefined of all others. */
export function stackServiceOf(containerName: string, target: WatchTarget): string | undefined {
  const start = `${target.appName}_`;
  if (!isStack(target) || !containerName.startsWith(start)) return undefined;
  return containerName.slice(start.length).replace(/\.\w+\.\w+$/, "");
}

export function onServer({ serverId }: WatchTarget): { serverId?: string } {
  return serverId === undefined || serverId === null || serverId === "" ? {} : { serverId };
}

/** Dokploy runs `docker inspect`, which knows containers and the services of Swarm. */
export async function inspect(
  api: Api,
  target: WatchTarget,
  name: string,
): Promise<ContainerConfig | undefined> {
  const config = await api.call("docker.getConfig", { containerId: name, ...onServer(target) });
  return config ?? undefined;
}

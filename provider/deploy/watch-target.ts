import { type Api, type ContainerConfig, type ContainerRow, DokployError } from "../dokploy";
import type { Observation } from "./health";
import type { Snapshot } from "./health-model";
import { isFailing, isUp } from "./health-swarm";
import type { ServiceName } from "./service";

/** A service whose containers are watched. */
export interface WatchTarget extends ServiceName {
  /** Name of the service in Docker. */
  readonly appName: string;
  /** Remote server that it runs on; null or undefined for Dokploy's own. */
  readonly serverId?: string | null | undefined;
  /** Type of a compose service. Default: `docker-compose`. */
  readonly composeType?: "docker-compose" | "stack" | undefined;
}

/** True for a compose service that Swarm runs as a stack. */
export function isStack({ kind, composeType }: WatchTarget): boolean {
  return kind === "compose" && composeType === "stack";
}

/** True when Swarm runs it, in tasks. */
export function isSwarm(target: WatchTarget): boolean {
  return target.kind !== "compose" || isStack(target);
}

/** True when a deployment keeps unchanged tasks: of stacks, and of libSQL, whose update is not forced. */
export function keepsUnchanged(target: WatchTarget): boolean {
  return isStack(target) || target.kind === "libsql";
}

/** Looks once at the tasks or containers. */
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
  return { at: now(), containers: await containersOf(api, target) };
}

/** Converts an observation to a snapshot, for later comparison. */
export function snapshotOf(
  { at, tasks = [], containers = [] }: Observation,
  isRunning = isUp(tasks),
): Snapshot {
  const ids = new Set([...tasks, ...containers].map(({ containerId }) => containerId));
  return { at, ids, isFailing: isFailing(tasks), isRunning };
}

/** Reads the containers of a service that are on Dokploy's own node or on its server, and those that ended. */
export async function containersOf(api: Api, target: WatchTarget): Promise<readonly ContainerRow[]> {
  return api.call("docker.getContainersByAppNameMatch", {
    appName: target.appName,
    ...onServer(target),
    ...(isSwarm(target) ? {} : { appType: "docker-compose" as const }),
  });
}

/** Returns the id of a task's container; undefined when it runs on another node or no longer exists. */
export async function containerOf(api: Api, target: WatchTarget, id: string): Promise<string | undefined> {
  if (!isSwarm(target)) return id;
  return (await containersOf(api, target)).find((row) => isContainerOf(row, id))?.containerId;
}

/** True when the container belongs to the task. Swarm names a container `<service>.<slot>.<task>`. */
export function isContainerOf({ name }: ContainerRow, taskId: string): boolean {
  return name.endsWith(`.${taskId}`);
}

/** Returns the service of a stack's container, named `<stack>_<service>.<slot>.<task>`; undefined for others. */
export function stackServiceOf(containerName: string, target: WatchTarget): string | undefined {
  const start = `${target.appName}_`;
  if (!isStack(target) || !containerName.startsWith(start)) return undefined;
  return containerName.slice(start.length).replace(/\.\w+\.\w+$/, "");
}

/** Returns the input `serverId` of calls; nothing for Dokploy's own machine. */
export function onServer({ serverId }: WatchTarget): { serverId?: string } {
  return serverId === undefined || serverId === null || serverId === "" ? {} : { serverId };
}

/** Inspects a container or a service of Swarm: Dokploy runs `docker inspect`, which finds both. */
export async function inspect(
  api: Api,
  target: WatchTarget,
  name: string,
): Promise<ContainerConfig | undefined> {
  const config = await api.call("docker.getConfig", { containerId: name, ...onServer(target) });
  return config ?? undefined;
}

/** True when the key has no permission to look at containers. */
export function isForbidden(error: unknown): error is DokployError {
  return error instanceof DokployError && error.kind === "forbidden" && error.endpoint.startsWith("docker.");
}

/** Adds advice to the error about the missing permission. */
export function withAdvice(error: DokployError): DokployError {
  return new DokployError(
    `${error.message}\nwaitFor "running" looks at containers, for which the user of the API key needs the permission docker:read (access to Docker). Give it, use a key of an owner or admin, or set waitFor to "deployed".`,
    { kind: error.kind, endpoint: error.endpoint, outcome: error.outcome, status: error.status },
  );
}

import type { Api, ContainerConfig } from "../dokploy";
import {
  containersOf,
  inspect,
  isContainerOf,
  isStack,
  stackServiceOf,
  type WatchTarget,
} from "./watch-target";

/**
 * Evidence of the running containers for their version: `given` and `latest` when all of them have the variables that
 * were given, or those that others saved since; `none` when no variable was expected, or not all could be read.
 */
export type Proof = "given" | "latest" | "none";

/** Maximum number of containers whose variables are compared. */
const MAX_PROOFS = 3;

/**
 * Checks if Swarm rolled back one of these services, regardless of the rows: the new version may have failed before
 * the first look, and Swarm may keep no rows of ended tasks.
 *
 * @returns the id of the task that failed; "" when Swarm does not name it; undefined without a rollback
 */
export async function wentBack(
  api: Api,
  target: WatchTarget,
  services: Iterable<string>,
): Promise<string | undefined> {
  for (const service of services) {
    const failed = rollbackIn(await inspect(api, target, service));
    if (failed !== undefined) return failed;
  }
  return undefined;
}

/** Returns the id of the task because of which Swarm rolled a service back, like {@link wentBack}. */
export function rollbackIn(service: ContainerConfig | undefined): string | undefined {
  const { State, Message = "" } = service?.UpdateStatus ?? {};
  return State?.startsWith("rollback_") ? (/ of task (\w+)/.exec(Message)?.[1] ?? "") : undefined;
}

/** The variables of a container. */
interface Variables {
  /** Prefix of their names among the expected ones: `<service>/` for a stack. */
  readonly prefix: string;
  /** Variables as `NAME=value`. */
  readonly env: ReadonlySet<string>;
}

/**
 * Reads the variables of running containers: of some replicas, or of one container of each service of a stack. Only
 * containers on the node that Dokploy asks can be read.
 */
export async function variablesOf(
  api: Api,
  target: WatchTarget,
  taskIds: readonly string[],
): Promise<Variables[]> {
  if (taskIds.length === 0) return [];
  const rows = await containersOf(api, target);
  const running = rows.filter((row) => taskIds.some((id) => isContainerOf(row, id)));
  const found: Variables[] = [];
  for (const { containerId, name } of isStack(target) ? running : running.slice(0, MAX_PROOFS)) {
    const service = stackServiceOf(name, target);
    const prefix = service === undefined ? "" : `${service}/`;
    if (isStack(target) && found.some((other) => other.prefix === prefix)) continue;
    const env = (await inspect(api, target, containerId))?.Config?.Env;
    // Missing: on another node, or replaced at this moment.
    if (env !== undefined && env !== null) found.push({ prefix, env: new Set(env) });
  }
  return found;
}

/** Returns the names of the variables that some container does not have with this value. */
export function differing(
  expected: Readonly<Record<string, string>>,
  containers: readonly Variables[],
): string[] {
  return Object.entries(expected).flatMap(([name, value]) => {
    const concerned = containers.filter(({ prefix }) => name.startsWith(prefix));
    const isRight = concerned.every(({ prefix, env }) => env.has(`${name.slice(prefix.length)}=${value}`));
    return isRight ? [] : [name];
  });
}

/** True when a container was read for each of these variables. */
export function areSeen(
  expected: Readonly<Record<string, string>>,
  containers: readonly Variables[],
): boolean {
  return Object.keys(expected).every((name) => containers.some(({ prefix }) => name.startsWith(prefix)));
}

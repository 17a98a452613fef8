import { counted, shorten, visible } from "../../packages/text";
import type { Api, ContainerConfig, TaskRow } from "../dokploy";
import { maskSecrets, plainText } from "../env";
import { explain } from "./explain";
import { whyBad, notYet as whyContainerWaits } from "./health-compose";
import type { Failure, Snapshot } from "./health-model";
import { type Container, readContainer, readTask, type Task } from "./health-rows";
import { endOf, failedPlaces, serviceOf, notYet as whyTaskWaits } from "./health-swarm";
import { differing, rollbackIn, variablesOf } from "./proof";
import type { Expected } from "./target";
import { stillFailing, versionsOf } from "./task-versions";
import { inspect, isForbidden, isStack, observe, type WatchTarget } from "./watch-target";

/**
 * Condition of a service:
 * - `healthy`: everything that should run does
 * - `starting`: some of it does not run yet
 * - `rolled back`: the last version failed, and Swarm runs the one before
 * - `failing`: it ends again and again, its health check fails, or no part of it runs
 * - `stopped`: no part of it should run
 * - `unknown`: the key may not look at containers
 */
export type Condition = "healthy" | "starting" | "rolled back" | "failing" | "stopped" | "unknown";

/** A task of Swarm, or a container, that should run. */
export interface Part {
  readonly id: string;
  readonly name: string;
  /** False also for one that runs between two ends. */
  readonly runs: boolean;
  /** Docker's word: `Running`, `Pending`, `exited` … */
  readonly state: string;
  readonly health: Container["health"];
  /** Seconds in this state, as far as Docker reports it. */
  readonly ageSeconds: number | undefined;
}

/** State of a service now. */
export interface Judgement {
  readonly condition: Condition;
  /** Clause that says why it does not run as its settings say: `its container ended with exit code 1`. */
  readonly why?: string;
  /** Tasks and containers; undefined when the key may not see them. */
  readonly parts?: readonly Part[];
  /** Image that Swarm runs, as Dokploy gave it; undefined for a compose service. */
  readonly image?: string;
  /** Names of variables whose saved values its containers do not have; read only where Swarm does not say what it runs. */
  readonly staleVariables?: readonly string[];
}

/** A service with the containers that should run, as far as known, and the values that no message may show. */
export type JudgedTarget = WatchTarget & {
  readonly expected?: Expected;
  readonly secrets?: readonly string[];
};

/** Seconds after which a running container is not one of a series that ends again and again. */
const SETTLED_SECONDS = 120;
const MAX_WHY_LENGTH = 200;
const NONE_RUNS = "no container of it runs";

/**
 * Judges what a service does now, without knowledge of a deployment: whether it runs, why not, what it runs and since when.
 * It takes two calls for a service of Swarm, one more for each further service of a stack, and one for a compose service;
 * a failure takes some more.
 *
 * @example
 * const { condition, why, image } = await judged(api, targetToWatch("application", id, row));
 * condition; // "rolled back"
 * why; // "the last version failed, and Swarm went back to the one before: its container ended with exit code 1"
 */
export async function judged(api: Api, target: JudgedTarget): Promise<Judgement> {
  try {
    const { tasks, containers = [] } = await observe(api, target, Date.now);
    const found =
      tasks === undefined
        ? await judgedContainers(api, target, containers.map(readContainer))
        : await judgedTasks(api, target, tasks);
    return found.why === undefined ? found : { ...found, why: shown(found.why, target) };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    const why =
      "the user of the API key may not look at containers: give it the permission docker:read (access to Docker), or " +
      "use a key of an owner or admin";
    return { condition: "unknown", why };
  }
}

type Configs = readonly (ContainerConfig | undefined)[];

async function judgedTasks(api: Api, target: JudgedTarget, rows: readonly TaskRow[]): Promise<Judgement> {
  const { replicas, isJob = false } = target.expected ?? {};
  const tasks = rows.map(readTask);
  const wanted = tasks.filter(isWanted);
  if (wanted.length === 0) {
    const [last] = tasks;
    if (replicas === 0 || (isJob && last?.current === "Complete")) return { condition: "stopped", parts: [] };
    // Swarm no longer lists the tasks of a slot that it does not want.
    const service = await inspect(api, target, last ? serviceOf(last.name) : target.appName);
    return service?.Spec?.Mode?.Replicated?.Replicas === 0
      ? { condition: "stopped", parts: [], why: "somebody stopped it: Swarm is to run 0 replicas" }
      : { condition: "failing", parts: [], why: await whyEnded(api, target, rows, last?.id) };
  }
  const failing = await stillFailing(api, target, failedPlaces(rows, SETTLED_SECONDS));
  const parts = wanted.map(({ current, ...task }) => ({
    ...task,
    state: current,
    runs: current === "Running" && !failing.some(({ name }) => name === task.name),
    health: undefined,
  }));
  const configs = await Promise.all(
    [...new Set(wanted.map(({ name }) => serviceOf(name)))].map((service) => inspect(api, target, service)),
  );
  const seen = { parts, ...imageOf(target, configs) };
  const [failed] = failing;
  const late = wanted.find(({ current }) => current !== "Running");
  const waits = late && whyTaskWaits(late, subjectOf(late, wanted), []).detail;
  if (failed !== undefined)
    return { ...seen, condition: "failing", why: await whyEnded(api, target, rows, failed.failed[0]) };
  const back = await rollbackOf(api, target, rows, configs);
  if (back !== undefined)
    return waits === undefined
      ? { ...seen, condition: "rolled back", why: back }
      : { ...seen, condition: "failing", why: `${back}; ${waits}` };
  if (configs.some((config) => config?.UpdateStatus?.State === "paused"))
    return {
      ...seen,
      condition: "failing",
      why: "Swarm stopped its last update after a new task had failed",
    };
  if (waits !== undefined) return { ...seen, condition: "starting", why: waits };
  if (!isJob && replicas !== undefined && parts.length < replicas)
    return { ...seen, condition: "starting", why: `${parts.length} of its ${replicas} replicas run` };
  return { ...seen, condition: "healthy", ...(await staleIn(api, target, parts, configs)) };
}

/** True for a task that Swarm wants: the next one is `ready` until Swarm starts it; that of a job is to complete. */
function isWanted({ desired, current }: Task): boolean {
  if (desired === "complete") return !["Complete", "Failed", "Rejected", "Shutdown"].includes(current);
  return desired === "running" || desired === "ready";
}

function subjectOf({ name }: Task, tasks: readonly Task[]): string {
  const isOne = tasks.every((task) => task.name === name);
  return isOne ? "its container" : `the container of ${visible(name)}`;
}

/** The services of a stack have several images, which their containers show. */
function imageOf(target: WatchTarget, [config]: Configs): Pick<Judgement, "image"> {
  const image = isStack(target) ? undefined : config?.Spec?.TaskTemplate?.ContainerSpec?.Image;
  return image === undefined ? {} : { image };
}

/** Says that Swarm went back, and why; undefined when it did not. */
async function rollbackOf(
  api: Api,
  target: WatchTarget,
  rows: readonly TaskRow[],
  configs: Configs,
): Promise<string | undefined> {
  const [named] = configs.map(rollbackIn).filter((id) => id !== undefined);
  if (named === undefined) return undefined;
  const back = "the last version failed, and Swarm went back to the one before";
  const id = named === "" ? await failedOf(api, target, rows) : named;
  const why = id === undefined ? undefined : await detailOf(api, target, endIn(target, rows, id));
  return why === undefined ? back : `${back}: ${why}`;
}

/** Number of ended tasks whose versions are read. */
const MAX_ENDED = 3;

/** Finds the last task of the version that failed: at the end of a rollback, Swarm no longer names it. */
async function failedOf(
  api: Api,
  target: WatchTarget,
  rows: readonly TaskRow[],
): Promise<string | undefined> {
  const ended = rows.filter((row) => endIn(target, rows, row.containerId) !== undefined).slice(0, MAX_ENDED);
  const versions = await versionsOf(api, target, ended);
  return ended.find(({ containerId }) => versions.get(containerId) === "new")?.containerId;
}

async function whyEnded(api: Api, target: WatchTarget, rows: readonly TaskRow[], id = ""): Promise<string> {
  return (await detailOf(api, target, endIn(target, rows, id))) ?? NONE_RUNS;
}

/** No deployment is known, so all tasks count. */
const NEVER: Snapshot = { at: 0, ids: new Set(), isFailing: false };

function endIn(target: WatchTarget, rows: readonly TaskRow[], id: string): Failure | undefined {
  return endOf(id, { engine: "swarm", before: NEVER, at: 0, keepsUnchanged: isStack(target) }, rows);
}

async function detailOf(
  api: Api,
  target: WatchTarget,
  failure: Failure | undefined,
): Promise<string | undefined> {
  if (failure === undefined) return undefined;
  const found = await explain(api, target, failure, NEVER, async () => {});
  return found.isOutOfMemory ? `${found.failure.detail}: it ran out of memory` : found.failure.detail;
}

/**
 * Compares variables where Swarm does not say which version runs: after a change of the number of replicas, such as a stop
 * and a start, it no longer reports how the last update ended.
 */
async function staleIn(
  api: Api,
  target: JudgedTarget,
  parts: readonly Part[],
  configs: Configs,
): Promise<Pick<Judgement, "staleVariables">> {
  const { expectEnv = {} } = target.expected ?? {};
  const isUnreported = configs.some((config) => config?.PreviousSpec && !config.UpdateStatus);
  if (!isUnreported || Object.keys(expectEnv).length === 0) return {};
  const containers = await variablesOf(
    api,
    target,
    parts.map(({ id }) => id),
  );
  const staleVariables = differing(expectEnv, containers);
  return staleVariables.length === 0 ? {} : { staleVariables };
}

async function judgedContainers(
  api: Api,
  target: WatchTarget,
  all: readonly Container[],
): Promise<Judgement> {
  // One that ended with code 0, such as a migration, has done its work.
  const containers = all.filter(({ state, exitCode }) => state !== "exited" || exitCode !== 0);
  const failures = await Promise.all(
    containers.map(
      async (container) => whyBad(container)?.detail ?? (await whyYoung(api, target, container)),
    ),
  );
  const parts = containers.map((container, at) => ({
    ...container,
    runs: container.state === "running" && failures[at] === undefined,
  }));
  const why = failures.find((each) => each !== undefined);
  if (why !== undefined) return { parts, condition: "failing", why };
  if (containers.length === 0) return { parts, condition: "failing", why: NONE_RUNS };
  const late = containers.find(({ state, health }) => state !== "running" || health === "starting");
  if (late === undefined) return { parts, condition: "healthy" };
  return { parts, condition: "starting", why: whyContainerWaits(late).detail };
}

/** Says why a container that runs has run for a short time only: Docker started it again, which its row does not show. */
async function whyYoung(
  api: Api,
  target: WatchTarget,
  { id, name, state, ageSeconds }: Container,
): Promise<string | undefined> {
  if (state !== "running" || ageSeconds === undefined || ageSeconds >= SETTLED_SECONDS) return undefined;
  const { RestartCount = 0 } = (await inspect(api, target, id)) ?? {};
  if (RestartCount === 0) return undefined;
  return `the container ${visible(name)} ended and was started again, ${counted(RestartCount, "time")} so far`;
}

/** Docker's words may contain a variable of the service, or a part of its command. */
function shown(why: string, { secrets = [] }: JudgedTarget): string {
  return shorten(maskSecrets(plainText(why), secrets).replace(/\s+/g, " ").trim(), MAX_WHY_LENGTH);
}

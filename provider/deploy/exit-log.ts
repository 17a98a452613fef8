import { type Api, type ContainerRow, callDatabase, type TaskRow } from "../dokploy";
import type { Failure } from "./health-model";
import { readTask, type Task } from "./health-rows";
import { LINES_TO_READ, logTail } from "./log";
import { containerOf, containersOf, isContainerOf, type WatchTarget } from "./watch-target";

/** Dokploy puts Docker's timestamps before each line, and does not sort the lines of several containers. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?/;
/** States of a task without a process that could have printed something. */
const SILENT: ReadonlySet<string> = new Set([
  "New",
  "Allocated",
  "Pending",
  "Assigned",
  "Accepted",
  "Preparing",
  "Ready",
  "Rejected",
]);
const ENDED: ReadonlySet<string> = new Set(["Shutdown", "Failed", "Complete"]);
/** Docker rounds `since` down to a whole second, so the output may contain up to this much earlier text. */
const EARLIER_SECONDS = 1;
/** Seconds before the end of a container from which its output is of interest. */
const SLACK_SECONDS = 10;
const LIVE: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);

/** Output of a container to show. */
export interface ExitLog {
  readonly lines: readonly string[];
  /**
   * Origin of the lines: certainly the container that `failed`, or the container of the same version that was
   * started `next`. `nobody`: the output may be that of another version. `unread`: there is none, or it cannot be
   * read.
   */
  readonly of: "failed" | "next" | "nobody" | "unread";
}

/** Facts about the tasks of a service that failed. */
export interface Seen {
  /** Rows that showed the failure. */
  readonly tasks: readonly TaskRow[];
  /** Ids of tasks of the previous version. */
  readonly older: ReadonlySet<string>;
  /** True when a task that is neither old nor failed may still have the old version. */
  readonly mayBeOld: boolean;
  /** Seconds between the start of the deployment and the look. */
  readonly seconds: number;
  /** Returns the seconds since the rows were read. */
  readonly passed: () => number;
}

const UNREAD: ExitLog = { lines: [], of: "unread" };
const NOBODY: ExitLog = { lines: [], of: "nobody" };

/**
 * Reads the end of the failed container's output of the last `seconds`, with masked secrets, and no lines of
 * other containers. For an application or a database, Dokploy returns the output of any running container of that name,
 * including old versions, or of all containers when none runs. So the output is used only where the tasks leave no
 * doubt about its origin.
 *
 * @param seen facts from the last look
 */
export async function exitLog(
  api: Api,
  target: WatchTarget,
  failure: Failure,
  seen: Seen,
  secrets: Iterable<string>,
): Promise<ExitLog> {
  const { id } = failure;
  const { reason } = failure.itself ?? failure;
  if (id === undefined || ["rejected", "never-placed", "no-address"].includes(reason)) return UNREAD;
  // Swarm has gone back, and the rows no longer show the version that failed.
  if (seen.older.has(id)) return UNREAD;
  try {
    if (target.kind === "compose") return await ofContainer(api, target, id, seen, secrets);
    const tasks = seen.tasks.map(readTask);
    const isMine = newVersion(id, tasks, seen);
    const before = await liveContainers(api, target);
    const [newest] = before;
    const words = newest
      ? ofRunning(newest, target, id, isMine, seen.seconds)
      : ofAll(tasks, isMine, seen.seconds);
    if (words === undefined) return NOBODY;
    const log = await read(api, target, words.seconds + seen.passed());
    // Otherwise the output may be that of a container that ran in the meantime.
    const after = await liveContainers(api, target);
    if (idsOf(after) !== idsOf(before)) return NOBODY;
    return { lines: outputTail(log, secrets), of: words.of };
  } catch {
    // The verdict matters more than the log.
    return UNREAD;
  }
}

function idsOf(containers: readonly ContainerRow[]): string {
  return containers.map(({ containerId }) => containerId).join();
}

async function ofContainer(
  api: Api,
  target: WatchTarget,
  id: string,
  { seconds, passed }: Seen,
  secrets: Iterable<string>,
): Promise<ExitLog> {
  const containerId = await containerOf(api, target, id);
  if (containerId === undefined) return UNREAD;
  const range = { tail: LINES_TO_READ, since: `${Math.ceil(seconds + passed())}s` };
  const log = await api.call("compose.readLogs", { composeId: target.id, containerId, ...range });
  return { lines: outputTail(log, secrets), of: "failed" };
}

/** Returns a test for tasks of the version that failed: where the old one may be back, those that failed alike. */
function newVersion(
  failedId: string,
  tasks: readonly Task[],
  { older, mayBeOld }: Seen,
): (taskId: string) => boolean {
  const failed = tasks.find((task) => task.id === failedId);
  const alike = tasks.filter(({ current, error }) => current === failed?.current && error === failed?.error);
  // The version of a task without a row is unknown.
  const sure = (mayBeOld ? alike : tasks).filter(({ id }) => !older.has(id));
  return (taskId) => taskId === failedId || sure.some(({ id }) => id === taskId);
}

/** Case with a running container: Dokploy reads only the output of the newest one. */
function ofRunning(
  container: ContainerRow,
  { appName }: WatchTarget,
  failedId: string,
  isMine: (taskId: string) => boolean,
  seconds: number,
): { readonly of: "failed" | "next"; readonly seconds: number } | undefined {
  if (isContainerOf(container, failedId)) return { of: "failed", seconds };
  const taskId = container.name.slice(container.name.lastIndexOf(".") + 1);
  return container.name.startsWith(`${appName}.`) && isMine(taskId) ? { of: "next", seconds } : undefined;
}

/**
 * Case without a running container: Dokploy reads all containers. Only output after the end of every other version
 * counts, if the failed container ended later.
 */
function ofAll(
  tasks: readonly Task[],
  isMine: (taskId: string) => boolean,
  seconds: number,
): { readonly of: "failed"; readonly seconds: number } | undefined {
  const since = (ended: readonly Task[]) =>
    ended.map(({ current, ageSeconds = 0 }) => (ENDED.has(current) ? ageSeconds : 0));
  const spoke = tasks.filter(({ current }) => !SILENT.has(current));
  const others = since(spoke.filter(({ id }) => !isMine(id)));
  const ended = Math.min(...since(spoke.filter(({ id }) => isMine(id))));
  // Docker says `about a minute` for up to two.
  const whole = Math.max(seconds, 2 * ended + SLACK_SECONDS);
  const quiet = Math.min(whole, ...others.map((seconds) => seconds - EARLIER_SECONDS));
  return quiet > ended ? { of: "failed", seconds: quiet } : undefined;
}

/** Running containers that Dokploy may count to the service, newest first: it compares the beginnings of names. */
async function liveContainers(api: Api, target: WatchTarget): Promise<readonly ContainerRow[]> {
  return (await containersOf(api, target)).filter(({ state }) => LIVE.has(state));
}

async function read(api: Api, target: WatchTarget, seconds: number): Promise<string> {
  const range = { tail: LINES_TO_READ, since: `${Math.floor(seconds)}s` };
  if (target.kind === "application") {
    return await api.call("application.readLogs", { applicationId: target.id, ...range });
  }
  if (target.kind === "compose") return "";
  return await callDatabase(api, target.kind, target.id, "readLogs", range);
}

/** Returns the end of output that Dokploy read from containers: in order, without timestamps and secrets. */
export function outputTail(log: string, secrets: Iterable<string>): string[] {
  const lines = log.split("\n").map((line) => ({
    at: TIMESTAMP.exec(line)?.[1] ?? "",
    text: line.replace(TIMESTAMP, ""),
  }));
  const isStamped = lines.every(({ at, text }) => at !== "" || text === "");
  if (isStamped) lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return logTail(lines.map(({ text }) => text).join("\n"), secrets);
}

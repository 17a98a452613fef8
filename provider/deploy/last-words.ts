import type { ContainerRow, TaskRow } from "../dokploy/docker-rows";
import { type Api, callDatabase } from "../dokploy/endpoints";
import type { Failure } from "./health-model";
import { readTask, type Task } from "./health-rows";
import { LINES_TO_READ, logTail } from "./log";
import { containerOf, containersOf, isContainerOf, type WatchTarget } from "./watch-target";

/** Dokploy puts Docker's timestamps before each line, and leaves the lines of several containers in no order. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ?/;
/** A task in one of these states has no process that could have printed. */
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
/** Docker reckons `since` from a whole second on: so much of what was printed earlier may come along. */
const EARLIER_SECONDS = 1;
/** What a container printed before its end is worth asking for. */
const SLACK_SECONDS = 10;
const LIVE: ReadonlySet<string> = new Set(["running", "paused", "restarting"]);

/** What is shown of a container's output. */
export interface LastWords {
  readonly lines: readonly string[];
  /**
   * Whose they are for certain: of the container that `failed`, or of the one of the same version that was started
   * `next`. `nobody`: what Dokploy gives may be that of another version. `unread`: there is none, or it cannot be read.
   */
  readonly of: "failed" | "next" | "nobody" | "unread";
}

/** What is known of the tasks of a service that failed. */
export interface Seen {
  /** The rows that showed the failure. */
  readonly tasks: readonly TaskRow[];
  /** Ids of tasks of the version before. */
  readonly older: ReadonlySet<string>;
  /** Whether a task that is neither old nor failed may have the old version all the same. */
  readonly mayBeOld: boolean;
  /** How long ago the deployment had begun then. */
  readonly seconds: number;
  /** Seconds since the rows were read. */
  readonly passed: () => number;
}

const UNREAD: LastWords = { lines: [], of: "unread" };
const NOBODY: LastWords = { lines: [], of: "nobody" };

/**
 * The end of what the failed container printed in the last `seconds`, secrets masked; nothing that may be somebody
 * else's. Of an application or a database Dokploy gives the output of whichever container of that name runs, of old
 * versions too, and that of all when none runs. So it is taken only where the tasks leave no doubt who printed it.
 *
 * @param seen what the last look showed
 */
export async function lastWords(
  api: Api,
  target: WatchTarget,
  failure: Failure,
  seen: Seen,
  secrets: Iterable<string>,
): Promise<LastWords> {
  const { id } = failure;
  const { reason } = failure.itself ?? failure;
  if (id === undefined || reason === "rejected" || reason === "never-placed") return UNREAD;
  // Swarm has gone back, and the rows show none of the version that failed any more.
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
    // What ran meanwhile may have been read instead.
    const after = await liveContainers(api, target);
    if (
      after.map(({ containerId }) => containerId).join() !==
      before.map(({ containerId }) => containerId).join()
    )
      return NOBODY;
    return { lines: tail(log, secrets), of: words.of };
  } catch {
    // What the log would add is not worth losing the verdict for.
    return UNREAD;
  }
}

async function ofContainer(
  api: Api,
  target: WatchTarget,
  id: string,
  { seconds, passed }: Seen,
  secrets: Iterable<string>,
): Promise<LastWords> {
  const containerId = await containerOf(api, target, id);
  if (containerId === undefined) return UNREAD;
  const range = { tail: LINES_TO_READ, since: `${Math.ceil(seconds + passed())}s` };
  const log = await api.call("compose.readLogs", { composeId: target.id, containerId, ...range });
  return { lines: tail(log, secrets), of: "failed" };
}

/** Whether a task has the version that failed; where that may be the old one again, only those that failed alike. */
function newVersion(
  failedId: string,
  tasks: readonly Task[],
  { older, mayBeOld }: Seen,
): (taskId: string) => boolean {
  const failed = tasks.find((task) => task.id === failedId);
  const alike = tasks.filter(({ current, error }) => current === failed?.current && error === failed?.error);
  // Of a task that has no row yet nobody knows the version.
  const sure = (mayBeOld ? alike : tasks).filter(({ id }) => !older.has(id));
  return (taskId) => taskId === failedId || sure.some(({ id }) => id === taskId);
}

/** Dokploy reads the newest container that runs, and its output alone. */
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

/** Dokploy reads all containers: what was printed since every other version had ended, if the failed one ended later. */
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
  // Docker says `about a minute` of up to two.
  const whole = Math.max(seconds, 2 * ended + SLACK_SECONDS);
  const quiet = Math.min(whole, ...others.map((seconds) => seconds - EARLIER_SECONDS));
  return quiet > ended ? { of: "failed", seconds: quiet } : undefined;
}

/** The running containers that Dokploy may take for those of the service, newest first: it compares beginnings. */
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

function tail(log: string, secrets: Iterable<string>): string[] {
  const lines = log.split("\n").map((line) => ({
    at: TIMESTAMP.exec(line)?.[1] ?? "",
    text: line.replace(TIMESTAMP, ""),
  }));
  const isStamped = lines.every(({ at, text }) => at !== "" || text === "");
  if (isStamped) lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return logTail(lines.map(({ text }) => text).join("\n"), secrets);
}

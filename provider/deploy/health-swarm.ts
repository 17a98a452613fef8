import { visible } from "../../packages/text";
import type { TaskRow } from "../dokploy";
import {
  type Assessment,
  CHECKED_SECONDS,
  crashed,
  type Expected,
  exited,
  type Failure,
  neverHealthy,
  rolledBack,
  STABLE_SECONDS,
  unhealthy,
} from "./health-model";
import { readTask, type Task } from "./health-rows";
import { startCause } from "./start-causes";

const ENDED: ReadonlySet<string> = new Set(["Failed", "Rejected", "Complete"]);
/** Maximum number of seconds between the update of a Swarm service and the end of its deployment record. */
const UPDATE_SECONDS = 10;
/** Largest expected difference between the clocks of nodes. */
const CLOCKS_SECONDS = 10;
/** Swarm restarts a crashed task after 5 s; one that failed within this time may fail again at any moment. */
const RECENT_SECONDS = 60;
/** Swarm's default pause before it restarts an ended task. */
const RESTART_SECONDS = 5;
/** A container without a health check is `Starting` for a moment. */
const LINGERING_SECONDS = 2;

/** True when tasks of the service are failing again and again, or did so a moment ago. */
export function isFailing(rows: readonly TaskRow[]): boolean {
  return failed(rows.map(readTask)).length > 0;
}

/** True when a task runs that should. */
export function isUp(rows: readonly TaskRow[]): boolean {
  return rows.map(readTask).some(({ desired, current }) => desired === "running" && current === "Running");
}

/** A slot in which tasks failed a moment ago. */
export interface FailedPlace {
  /** Name of its tasks: `<service>.<slot>` */
  readonly name: string;
  /** Ids of the tasks that Swarm wants there. */
  readonly wanted: readonly string[];
  /** Ids of the failed tasks, newest first. */
  readonly failed: readonly string[];
}

/** Returns each slot in which tasks failed within some seconds. */
export function failedPlaces(rows: readonly TaskRow[], seconds = RECENT_SECONDS): FailedPlace[] {
  const tasks = rows.map(readTask);
  const bad = failed(tasks, seconds);
  return [...new Set(bad.map(({ name }) => name))].map((name) => {
    const here = tasks.filter((task) => task.name === name);
    const wanted = here.filter(({ desired }) => desired === "running" || desired === "ready");
    return { name, wanted: idsOf(wanted), failed: idsOf(here.filter((task) => bad.includes(task))) };
  });
}

function failed(tasks: readonly Task[], seconds = RECENT_SECONDS): Task[] {
  return tasks.filter(
    (task) => isEnded(task) && task.desired !== "complete" && (task.ageSeconds ?? 0) < seconds,
  );
}

/**
 * Returns new tasks in a slot where one has ended since the snapshot. Until its update is in place, Swarm restarts
 * the previous version, and then the new one. So each may have either version: only their specs show which.
 */
export function inDoubt({ before }: Expected, rows: readonly TaskRow[], at: number): string[] {
  if (before.ids.size === 0) return [];
  const since = (at - before.at) / 1000 + CLOCKS_SECONDS;
  const tasks = rows.map(readTask);
  const places = new Set(
    tasks.filter((task) => isEnded(task) && (task.ageSeconds ?? 0) <= since).map(({ name }) => name),
  );
  return idsOf(tasks.filter(({ id, name }) => places.has(name) && !before.ids.has(id)));
}

/**
 * Returns the tasks of the previous version, at the first look, when Docker does not say: those of the snapshot, and
 * those that were started since while the previous version crash-looped. Only the time distinguishes the latter.
 * When this is not certain, they count as older: if they are not, others will end in the same way.
 */
export function ofOldVersion(
  { before, at: endedAt }: Expected,
  rows: readonly TaskRow[],
  at: number,
): ReadonlySet<string> {
  const longest = (at - endedAt) / 1000 + UPDATE_SECONDS;
  const slots = new Set<string>();
  const older = new Set(before.ids);
  for (const task of rows.map(readTask)) {
    const isNewest = !slots.has(task.name);
    slots.add(task.name);
    const isOlder = isEnded(task)
      ? before.isFailing || (task.ageSeconds ?? 0) > longest
      : before.isFailing && !isNewest;
    if (isOlder) older.add(task.id);
  }
  return older;
}

/** Ids of tasks about which earlier looks found something. */
export interface Known {
  /** Tasks of the previous version. */
  readonly older: ReadonlySet<string>;
  /** Tasks that were starting for so long that they must be waiting for a health check. */
  readonly lingering: ReadonlySet<string>;
  /** Tasks whose health check has passed. */
  readonly healthy: ReadonlySet<string>;
}

/** Returns the tasks that wait for a health check. */
export function lingering(rows: readonly TaskRow[]): string[] {
  return rows
    .map(readTask)
    .filter(({ current, ageSeconds = 0 }) => current === "Starting" && ageSeconds >= LINGERING_SECONDS)
    .map(({ id }) => id);
}

/** Judges the tasks of a Swarm service by one look. */
export function assessTasks(
  expected: Expected,
  { older, lingering, healthy }: Known,
  rows: readonly TaskRow[],
): Assessment {
  const tasks = rows.map(readTask);
  const isNew = ({ id }: Task) => !older.has(id);
  const isJob = (task: Task) => expected.isJob === true || task.desired === "complete";
  const wanted = tasks.filter(
    (task) => task.desired === "running" || (task.desired === "complete" && isNew(task)),
  );
  const coming = tasks.filter(({ desired }) => desired === "ready");
  const old = wanted.filter((task) => !isNew(task));
  const isFine = (task: Task) => task.current === "Complete" && (isJob(task) || isOneShot(task));
  /** A service of a stack that ends with code 0 and is not restarted. */
  const isOneShot = (task: Task) =>
    expected.keepsUnchanged === true && ![...wanted, ...coming].some(({ name }) => name === task.name);
  const subject = subjectOf(expected, tasks);

  const ended = tasks.filter((task) => isNew(task) && isEnded(task) && !isFine(task));
  const [newest] = ended;
  if (newest !== undefined) {
    const times = ended.filter(({ name }) => name === newest.name).length;
    const failure = whyEnded(newest, subject(newest), times, lingering.has(newest.id));
    return {
      failure: isOldBack(expected, newest, tasks, old) ? rolledBack(failure, expected.before) : failure,
    };
  }

  const replicas = expected.replicas;
  const jobs = tasks.filter((task) => isNew(task) && isJob(task) && task.current === "Complete");
  const all = [...new Set([...wanted, ...jobs])];
  if (replicas === 0) {
    return all.length === 0 && coming.length === 0
      ? { settled: new Map() }
      : { missing: unfinished(`it should not run, but ${all.length + coming.length} of its tasks do`) };
  }
  const late = all.find((task) => task.current !== "Running" && !isFine(task));
  if (late !== undefined) return { missing: notYet(late, subject(late), old) };
  const [waiting] = coming;
  const lastEnd = tasks.find((task) => !expected.before.ids.has(task.id) && isEnded(task));
  if (all.length === 0 && lastEnd !== undefined) {
    const failure = whyEnded(lastEnd, subject(lastEnd), 1, lingering.has(lastEnd.id));
    // It ended too early to be of the new version, but nothing follows it.
    return waiting === undefined ? { fading: failure } : { missing: failure };
  }
  if (waiting !== undefined) return { missing: notYet(waiting, subject(waiting), old) };
  if (all.length === 0) return { missing: unfinished("Docker shows no task of it") };
  if (old.length > 0 && expected.keepsUnchanged !== true) {
    const none = all.length === old.length;
    if (none && lastEnd !== undefined && coming.length === 0) {
      const failure = whyEnded(lastEnd, subject(lastEnd), 1, lingering.has(lastEnd.id));
      return { missing: rolledBack(failure, expected.before) };
    }
    const state = none
      ? "no new task was started"
      : `${old.length} of its ${all.length} tasks were not replaced`;
    return { missing: unfinished(`${state}, and the old version still runs`) };
  }
  if (replicas !== undefined && all.length < replicas) {
    return { missing: unfinished(`${all.length} of its ${replicas} replicas run`) };
  }
  const secondsOf = ({ id, current }: Task) => {
    if (current === "Complete") return 0;
    return healthy.has(id) ? CHECKED_SECONDS : STABLE_SECONDS;
  };
  return { settled: new Map(all.map((task) => [task.id, secondsOf(task)])) };
}

/**
 * True when the rows show that Swarm has restored the old version: its tasks should run and do run. Or a task that
 * should run has replaced the failed one before Swarm's pause for restarts is over. A task that starts after the
 * pause may have either version.
 */
function isOldBack(expected: Expected, failed: Task, tasks: readonly Task[], old: readonly Task[]): boolean {
  const { before, keepsUnchanged, isJob } = expected;
  if (isJob) return false;
  const isOfService = ({ name }: Task) => serviceOf(name) === serviceOf(failed.name);
  if (old.some((task) => task.current === "Running" && isOfService(task))) return true;
  const hadTasks = keepsUnchanged
    ? tasks.some((task) => before.ids.has(task.id) && isOfService(task))
    : before.ids.size > 0;
  if (!hadTasks || (failed.ageSeconds ?? RESTART_SECONDS) >= RESTART_SECONDS) return false;
  return tasks.some(
    (task) =>
      task.name === failed.name && task.desired === "running" && !before.ids.has(task.id) && !isEnded(task),
  );
}

function idsOf(tasks: readonly Task[]): string[] {
  return tasks.map(({ id }) => id);
}

/** Returns the Swarm service of a task named `<service>.<slot>`. */
export function serviceOf(taskName: string): string {
  return taskName.replace(/\.[^.]+$/, "");
}

function isRunning({ current }: Task): boolean {
  return current === "Running";
}

function isEnded({ current }: Task): boolean {
  return ENDED.has(current);
}

function subjectOf(expected: Expected, tasks: readonly Task[]): (task: Task) => string {
  const isOne = expected.keepsUnchanged !== true && new Set(tasks.map(({ name }) => name)).size === 1;
  return (task) => (isOne ? "its container" : `the container of ${visible(task.name)}`);
}

/** Explains why this task ended, or the only one that did; undefined when the rows do not show it. */
export function endOf(
  taskId: string | undefined,
  expected: Expected,
  rows: readonly TaskRow[],
): Failure | undefined {
  const tasks = rows.map(readTask);
  const ended = tasks.filter(
    (task) =>
      isEnded(task) && (taskId === undefined ? !expected.before.ids.has(task.id) : task.id === taskId),
  );
  const [task, ...more] = ended;
  return task && more.length === 0 ? whyEnded(task, subjectOf(expected, tasks)(task), 1, false) : undefined;
}

function whyEnded(task: Task, subject: string, times: number, isLingering: boolean): Failure {
  return { ...reasonOfEnd(task, subject, times, isLingering), subject, service: serviceOf(task.name) };
}

function reasonOfEnd(
  { id, current, error = "" }: Task,
  subject: string,
  times: number,
  isLingering: boolean,
): Failure {
  if (current === "Complete") return isLingering ? neverHealthy(subject, id) : exited(subject, id);
  const cause = startCause(error);
  if (cause !== undefined) {
    const detail = `${subject} could not be started: ${cause.reason}`;
    return { reason: "not-started", detail, hint: cause.hint, id };
  }
  if (current === "Rejected") {
    const why = error === "" ? "" : `: ${error}`;
    return { reason: "rejected", detail: `Docker refused to start ${subject}${why}`, id };
  }
  if (/unhealthy container/.test(error)) return unhealthy(subject, id);
  const exitCode = /non-zero exit \((\d+)\)/.exec(error)?.[1];
  if (exitCode !== undefined) return crashed(subject, Number(exitCode), id, times);
  const why = /unable to start container process: (.*)/s.exec(error)?.[1] ?? error;
  return {
    reason: "not-started",
    detail: `${subject} could not be started${why === "" ? "" : `: ${why}`}`,
    id,
  };
}

/** Explains why a task that Swarm wants does not run yet. A task of the old version may not run either. */
export function notYet({ id, current, error }: Task, subject: string, old: readonly Task[]): Failure {
  const still = old.some(isRunning) ? "; the old version still runs" : "";
  switch (current) {
    // Swarm allocates addresses before it looks for a server, and says nothing about networks that are full.
    case "New":
      return {
        reason: "no-address",
        detail: `Swarm has found no network address for ${subject}, which stays in the state New${error === undefined ? "" : `: ${error}`}${still}`,
        id,
      };
    case "Pending":
    case "Allocated":
      return {
        reason: "never-placed",
        detail: `Docker has found no server for ${subject}${error === undefined ? "" : `: ${error}`}${still}`,
        id,
      };
    case "Preparing":
      return unfinished(`${subject} is still being prepared (its image is pulled)${still}`);
    case "Starting":
      return unfinished(`${subject} is still starting, or its health check has not passed yet${still}`, id);
    default:
      return unfinished(`${subject} is still in the state ${current || "unknown"}${still}`);
  }
}

function unfinished(detail: string, id?: string): Failure {
  return { reason: "unfinished", detail, ...(id === undefined ? {} : { id }) };
}

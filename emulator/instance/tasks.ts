import type { ContainerBehaviour } from "./behaviour";
import { newContainerId, newTaskId } from "./ids";

/** Configuration of a service's containers, and their behaviour. */
export interface Version {
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly behaviour: ContainerBehaviour;
  /** Swarm's `ForceUpdate`: Dokploy increases it with each update of an application or a database; otherwise 0. */
  readonly forceUpdate: number;
}

/** One run of a Swarm service's replica, or one container of a compose service. */
export interface Task {
  readonly taskId: string;
  readonly containerId: string;
  readonly slot: number;
  /** Service in a compose file; undefined for an application. */
  readonly composeService: string | undefined;
  /** True when Docker compose runs it, not Swarm. */
  readonly isCompose: boolean;
  readonly version: Version;
  readonly since: number;
  desired: "running" | "ready" | "shutdown";
  current:
    | "New"
    | "Pending"
    | "Accepted"
    | "Preparing"
    | "Ready"
    | "Starting"
    | "Running"
    | "Failed"
    | "Complete"
    | "Shutdown"
    | "Rejected"
    | "Restarting";
  changed: number;
  error: string;
  exitCode: number;
  /** Health of a container with a health check: its status, the number of failed checks in a row, and their output. */
  health: { status: "starting" | "healthy" | "unhealthy"; failingStreak: number; check?: string } | undefined;
  /** True when Docker has created its container. */
  hasContainer: boolean;
  /** Start and end of its process. */
  startedAt: number | undefined;
  finishedAt: number | undefined;
  isOutOfMemory: boolean;
  /** True when Swarm no longer wants its slot: `docker service ps` does not list it, though its container may still be stopping. */
  isRemoved: boolean;
  /** Output, with the time of each line. */
  output: { readonly at: number; readonly line: string }[];
}

export interface TaskPlace {
  readonly slot: number;
  readonly composeService: string | undefined;
  readonly isCompose: boolean;
}

/** Creates a task that Docker knows and has not started to process. */
export function newTask({ slot, composeService, isCompose }: TaskPlace, version: Version, at: number): Task {
  return {
    taskId: newTaskId(),
    containerId: newContainerId(),
    slot,
    composeService,
    isCompose,
    version,
    since: at,
    desired: "running",
    current: version.behaviour.kind === "no-address" ? "New" : "Pending",
    changed: at,
    error: "",
    exitCode: 0,
    health: undefined,
    hasContainer: false,
    startedAt: undefined,
    finishedAt: undefined,
    isOutOfMemory: false,
    isRemoved: false,
    output: [],
  };
}

export function become(task: Task, current: Task["current"], at: number): void {
  task.current = current;
  task.changed = at;
}

/** Starts its process, which prints its output. */
export function startProcess(task: Task, at: number): void {
  task.hasContainer = true;
  task.startedAt = at;
  task.finishedAt = undefined;
  const { output } = task.version.behaviour;
  for (const line of output?.split("\n") ?? []) task.output.push({ at, line });
}

/** Ends its process. */
export function endProcess(task: Task, exitCode: number, at: number): void {
  task.exitCode = exitCode;
  if (task.startedAt !== undefined) task.finishedAt = at;
  // Docker calls every container with a health check unhealthy once nothing checks it any more.
  if (task.health) task.health.status = "unhealthy";
}

/** True when its process runs; Docker also lists one that is being stopped. */
export function isAlive({ startedAt, finishedAt }: Task): boolean {
  return startedAt !== undefined && finishedAt === undefined;
}

export function isEnded({ current }: Task): boolean {
  return ["Failed", "Complete", "Shutdown", "Rejected"].includes(current);
}

/** Number of failing checks in a row after which Docker ends a container. */
export const RETRIES = 3;

/** Keeps five tasks of each slot, like Swarm: among the ended ones those that ended last. */
export function keepHistory(tasks: readonly Task[]): Task[] {
  const dropped = new Set<Task>();
  const slotOf = (task: Task) => `${task.composeService ?? ""}.${task.slot}`;
  for (const slot of new Set(tasks.map(slotOf))) {
    const here = tasks.filter((task) => !task.isCompose && slotOf(task) === slot);
    const ended = here.filter(isEnded).sort((a, b) => a.changed - b.changed);
    for (const task of ended.slice(0, Math.max(0, here.length - 5))) dropped.add(task);
  }
  return tasks.filter((task) => !dropped.has(task));
}

/**
 * Returns Dokploy's output for a Swarm service: that of the newest container that runs or is being stopped,
 * regardless of its version and of the task that failed; when none runs, that of all containers, in no order. Lines
 * have timestamps as Docker writes them.
 *
 * @param tasks newest first
 * @param since `all`, or an age: `30s`, `5m`, `2h`, `1d`
 * @param tail number of last lines of each container
 */
export function printed(tasks: readonly Task[], since: string, tail: number, now: number): string {
  const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const ago = since === "all" ? Number.POSITIVE_INFINITY : Number.parseInt(since, 10);
  // Docker rounds down to a whole second.
  const from = Math.floor((now - ago * (units[since.slice(-1)] ?? 1)) / 1000) * 1000;
  const running = [...tasks].sort((a, b) => b.since - a.since).find(isAlive);
  return (running ? [running] : tasks)
    .flatMap((task) => task.output.filter(({ at }) => at >= from).slice(-tail))
    .map(({ at, line }) => `${new Date(at).toISOString().replace("Z", "000000Z")} ${line}\n`)
    .join("");
}

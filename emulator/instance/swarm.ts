import { isDeepStrictEqual } from "node:util";
import type { ContainerBehaviour } from "./behaviour";
import type { SwarmConfig, UpdateStatus } from "./swarm-updates";
import {
  become,
  endProcess,
  isAlive,
  isEnded,
  keepHistory,
  newTask,
  RETRIES,
  startProcess,
  type Task,
  type TaskPlace,
  type Version,
} from "./tasks";

/** Common part of the services of one application, database or stack. */
export interface Stage {
  tasks: Task[];
  /** Schedules an event `ms` after `at`. */
  later(at: number, ms: number, run: (at: number) => void): void;
}

/** Times from a task's creation to its container, from there to its process, and until Swarm shows it as running. */
const PREPARE_MS = 150;
const START_MS = 250;
const RUN_MS = 450;
/** A process that ends earlier is never seen running. */
const SHORTEST_LIFE_MS = 250;
/** Time that an old container takes to stop. */
const STOP_MS = 3_000;
/** Time for which a task that is cancelled before its start keeps its state. */
const CALL_OFF_MS = 2_000;
/** Delay after which Swarm records once more that a task runs, when it stops the task. */
const NOTE_MS = 250;
/** An update has failed if its new task fails within this time of running. */
const MONITOR_MS = 5_000;
/** Duration of three failing checks. */
const UNHEALTHY_MS = 6_500;
/** Time until Swarm notices that a slot has one task too many. */
const SURPLUS_MS = 800;

type Ending = "Failed" | "Complete" | "Rejected";

/**
 * One service of Docker Swarm. The rows of its tasks follow those of a real Swarm, recorded every quarter second
 * during successful and failed updates. Where several variants were seen, or none, it behaves in the way that is
 * harder to detect.
 */
export class SwarmService {
  updateStatus: UpdateStatus | undefined;
  private previous: Version | undefined;
  /** Wanted number of replicas. */
  slots = 0;
  /** Number of the current update: steps of an older one do nothing. */
  private turn = 0;
  /** Times when tasks of the current version were first seen running. */
  private readonly ranAt = new Map<Task, number>();
  private readonly awaited = new Map<Task, (at: number) => void>();

  constructor(
    private readonly stage: Stage,
    private readonly composeService: string | undefined,
    private version: Version,
    private config: SwarmConfig,
  ) {}

  get current(): Version {
    return this.version;
  }

  /** Version before the last update, until Swarm goes back to it. */
  get before(): Version | undefined {
    return this.previous;
  }

  /** Tasks of this service, newest first. */
  get tasks(): readonly Task[] {
    return this.stage.tasks.filter((task) => task.composeService === this.composeService);
  }

  create(slots: number, at: number): void {
    this.slots = slots;
    for (let slot = 1; slot <= slots; slot += 1) this.prepare(this.add(slot, this.version, at), at);
  }

  /**
   * Updates to a new version: one slot after the other, and back to the old version when a new task fails early.
   * Tasks stay when nothing has changed.
   */
  update(next: Version, config: SwarmConfig, slots: number, at: number): void {
    const { version: old } = this;
    this.previous = old;
    this.config = config;
    this.updateStatus = undefined;
    if (!isDeepStrictEqual(next, old)) this.version = next;
    this.setSlots(slots, at);
    if (this.live().every(({ version }) => version === this.version)) return;
    const StartedAt = new Date(at).toISOString();
    this.updateStatus = { State: "updating", StartedAt, Message: "update in progress" };
    this.replace(config.updateOrder, "completed", at);
  }

  /** Changes the number of tasks: an update of its own, after which Swarm no longer says how the one before ended. */
  scale(slots: number, at: number): void {
    this.previous = this.version;
    this.updateStatus = undefined;
    this.setSlots(slots, at);
  }

  private setSlots(slots: number, at: number): void {
    this.slots = slots;
    for (const task of this.live().filter(({ slot }) => slot > slots)) {
      this.shutDown(task, at);
      task.isRemoved = true;
    }
    for (let slot = 1; slot <= slots; slot += 1) {
      if (!this.live().some((task) => task.slot === slot)) this.prepare(this.add(slot, this.version, at), at);
    }
  }

  /** Replaces all tasks with new ones of the previous version, which no row and no message shows. */
  replaceSilently(at: number): void {
    for (const task of this.live()) this.shutDown(task, at);
    for (let slot = 1; slot <= this.slots; slot += 1) this.prepare(this.add(slot, this.version, at), at);
  }

  private live(): Task[] {
    return this.tasks.filter(({ desired }) => desired !== "shutdown");
  }

  /** Replaces the tasks of other versions, slot by slot. */
  private replace(
    order: SwarmConfig["updateOrder"],
    end: "completed" | "rollback_completed",
    at: number,
  ): void {
    this.turn += 1;
    const { turn, version } = this;
    const slots = [...new Set(this.live().map(({ slot }) => slot))].sort((a, b) => a - b);
    const dirty = slots
      .map((slot) => ({ slot, tasks: this.live().filter((task) => task.slot === slot) }))
      .filter(({ tasks }) => tasks.some((task) => task.version !== version));
    const step = (now: number) => {
      if (turn !== this.turn) return;
      const next = dirty.shift();
      if (next) this.replaceSlot(next.slot, next.tasks, order, now, step);
      else this.stage.later(now, MONITOR_MS, (later) => this.finish(turn, end, later));
    };
    step(at);
  }

  private replaceSlot(
    slot: number,
    tasks: readonly Task[],
    order: SwarmConfig["updateOrder"],
    at: number,
    done: (at: number) => void,
  ): void {
    const { version } = this;
    const fitting = tasks.find((task) => task.version === version && task.desired !== "shutdown");
    const others = tasks.filter((task) => task !== fitting && task.desired !== "shutdown");
    if (fitting) {
      for (const task of others) this.shutDown(task, at);
      done(at);
      return;
    }
    const running = others.filter(isAlive);
    if (order === "start-first" || running.length === 0) {
      const task = this.add(slot, version, at);
      this.whenUp(task, (up) => {
        if (isAlive(task)) for (const other of others) this.shutDown(other, up);
        done(up);
      });
      this.prepare(task, at);
      return;
    }
    for (const task of others) this.shutDown(task, at);
    const task = this.add(slot, version, at);
    task.desired = "ready";
    this.whenUp(task, done);
    this.stage.later(at, PREPARE_MS, (then) => this.makeReady(task, then));
    this.stage.later(at, STOP_MS, (then) => this.start(task, then));
  }

  private finish(turn: number, state: "completed" | "rollback_completed", at: number): void {
    if (turn !== this.turn || !this.updateStatus) return;
    const Message = state === "completed" ? "update completed" : "rollback completed";
    const CompletedAt = new Date(at).toISOString();
    this.updateStatus = { ...this.updateStatus, State: state, CompletedAt, Message };
  }

  private whenUp(task: Task, run: (at: number) => void): void {
    this.awaited.set(task, run);
  }

  private up(task: Task, at: number): void {
    const run = this.awaited.get(task);
    this.awaited.delete(task);
    run?.(at);
  }

  private add(slot: number, version: Version, at: number): Task {
    const place: TaskPlace = { slot, composeService: this.composeService, isCompose: false };
    const task = newTask(place, version, at);
    this.stage.tasks = keepHistory([task, ...this.stage.tasks]);
    return task;
  }

  /** Emulates a node that accepts the task, gets its image, and starts it. */
  private prepare(task: Task, at: number): void {
    const { kind } = task.version.behaviour;
    if (kind === "no-address") return;
    if (kind === "never-placed") {
      this.start(task, at);
      return;
    }
    this.stage.later(at, PREPARE_MS, (then) => {
      if (!isEnded(task)) become(task, "Preparing", then);
    });
    this.stage.later(at, START_MS, (then) => this.start(task, then));
  }

  private makeReady(task: Task, at: number): void {
    const { kind } = task.version.behaviour;
    if (isEnded(task) || task.desired !== "ready") return;
    if (kind === "rejected" || kind === "never-placed" || kind === "no-address") return;
    task.hasContainer = true;
    become(task, "Ready", at);
  }

  private start(task: Task, at: number): void {
    if (isEnded(task) || task.desired === "shutdown" || isAlive(task)) return;
    task.desired = "running";
    const { behaviour } = task.version;
    if (behaviour.kind === "no-address") return;
    if (behaviour.kind === "never-placed") {
      task.error = `"${behaviour.error}"`;
      return;
    }
    const when = (ms: number, run: (at: number) => void) =>
      this.stage.later(at, ms, (then) => {
        if (isAlive(task)) run(then);
      });
    if (behaviour.kind === "rejected") {
      this.end(task, "Rejected", behaviour.error, 0, at);
      return;
    }
    startProcess(task, at);
    become(task, "Starting", at);
    switch (behaviour.kind) {
      case "slow":
        task.health = { status: "starting", failingStreak: 0 };
        when(behaviour.afterSeconds * 1000, (then) => {
          task.health = { status: "healthy", failingStreak: 0 };
          this.run(task, then);
        });
        break;
      case "unhealthy":
        task.health = { status: "starting", failingStreak: 0 };
        when(UNHEALTHY_MS, (then) => this.endUnhealthy(task, behaviour, then));
        break;
      case "crash-loop":
      case "exits":
        if (behaviour.hasHealthCheck) task.health = { status: "starting", failingStreak: 0 };
        else when(RUN_MS, (then) => this.run(task, then));
        when(Math.max(SHORTEST_LIFE_MS, (behaviour.afterSeconds ?? 0) * 1000), (then) =>
          this.crash(task, behaviour, then),
        );
        break;
      default:
        when(RUN_MS, (then) => this.run(task, then));
    }
  }

  private endUnhealthy(
    task: Task,
    { exitCode = 0, check = "" }: { readonly exitCode?: number; readonly check?: string },
    at: number,
  ): void {
    task.health = { status: "unhealthy", failingStreak: RETRIES, check };
    const error = exitCode === 0 ? "" : `task: non-zero exit (${exitCode}): dockerexec: unhealthy container`;
    this.end(task, exitCode === 0 ? "Complete" : "Failed", error, exitCode, at);
  }

  private run(task: Task, at: number): void {
    become(task, "Running", at);
    if (!this.ranAt.has(task)) this.ranAt.set(task, at);
    this.up(task, at);
    const running = () =>
      this.live().filter(({ slot, current }) => slot === task.slot && current === "Running");
    const isSurplus = () => running().filter(({ version }) => version === task.version).length > 1;
    if (!isSurplus()) return;
    this.stage.later(at, SURPLUS_MS, (then) => {
      if (isSurplus()) this.shutDown(task, then);
    });
  }

  private crash(
    task: Task,
    behaviour: ContainerBehaviour & { readonly kind: "crash-loop" | "exits" },
    at: number,
  ): void {
    const isOutOfMemory = behaviour.isOutOfMemory === true;
    task.isOutOfMemory = isOutOfMemory;
    const standard = isOutOfMemory ? 137 : behaviour.kind === "exits" ? 0 : 1;
    const exitCode = behaviour.exitCode ?? standard;
    if (exitCode === 0) this.end(task, "Complete", "", 0, at);
    else this.end(task, "Failed", `task: non-zero exit (${exitCode})`, exitCode, at);
  }

  /** Ends a task whose process exited, or could not be started. */
  private end(task: Task, how: Ending, error: string, exitCode: number, at: number): void {
    const { desired } = task;
    endProcess(task, exitCode, at);
    if (desired === "shutdown") {
      become(task, "Shutdown", at);
      return;
    }
    task.desired = "shutdown";
    // Docker quotes the text and does not change quotes within it.
    task.error = error === "" ? "" : `"${error}"`;
    become(task, how, at);
    const { behaviour } = task.version;
    const isLate = "rollback" in behaviour && behaviour.rollback === "by-restart";
    if (isLate) this.judge(task, at);
    if (behaviour.kind !== "exits" && this.config.restarts !== false) this.restartLater(task, at);
    if (!isLate) this.judge(task, at);
    this.up(task, at);
  }

  /** Decides if the update has failed with this task. */
  private judge(task: Task, at: number): void {
    const ranAt = this.ranAt.get(task);
    const isEarly = ranAt === undefined || at - ranAt <= MONITOR_MS;
    const status = this.updateStatus;
    if (!status || task.version !== this.version || !isEarly) return;
    if (status.State === "rollback_started") {
      this.turn += 1;
      this.updateStatus = {
        ...status,
        State: "rollback_paused",
        Message: `rollback paused due to failure or early termination of task ${task.taskId}`,
      };
      return;
    }
    if (status.State !== "updating" || this.config.failureAction === "continue") return;
    const why = `due to failure or early termination of task ${task.taskId}`;
    if (this.config.failureAction === "pause" || !this.previous) {
      this.turn += 1;
      this.updateStatus = { ...status, State: "paused", Message: `update paused ${why}` };
      return;
    }
    this.version = this.previous;
    this.previous = undefined;
    this.updateStatus = { ...status, State: "rollback_started", Message: `update rolled back ${why}` };
    this.replace("start-first", "rollback_completed", at);
  }

  /** Creates the next task at once, of the version that is wanted then, and starts it after a pause. */
  private restartLater({ slot }: Task, at: number): void {
    const following = this.add(slot, this.version, at);
    following.desired = "ready";
    this.stage.later(at, START_MS, (then) => this.makeReady(following, then));
    this.stage.later(at, this.config.restartDelayMs, (then) => this.start(following, then));
  }

  private shutDown(task: Task, at: number): void {
    if (task.desired === "shutdown") return;
    task.desired = "shutdown";
    if (!isAlive(task)) {
      // A node had accepted it, and gives it up.
      if (task.current === "Pending") become(task, "Accepted", at);
      this.stage.later(at, CALL_OFF_MS, (then) => isEnded(task) || become(task, "Shutdown", then));
      return;
    }
    this.stage.later(at, NOTE_MS, (then) => {
      if (isAlive(task)) task.changed = then;
    });
    this.stage.later(at, STOP_MS, (then) => {
      if (!isAlive(task)) return;
      if (task.output.length > 0) task.output.push({ at: then, line: "stopping" });
      endProcess(task, 0, then);
      become(task, "Shutdown", then);
    });
  }
}

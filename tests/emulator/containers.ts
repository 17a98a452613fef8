import type { ContainerBehaviour } from "./behaviour";
import type { Clock } from "./clock";
import { newContainerId, newTaskId } from "./ids";

/** One run of a Swarm service's replica, or one container of a compose service. */
export interface Task {
  readonly taskId: string;
  readonly containerId: string;
  readonly slot: number;
  /** The service inside a compose file; undefined for an application. */
  readonly composeService: string | undefined;
  /** Whether Docker compose runs it, not Swarm. */
  readonly isCompose: boolean;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly since: number;
  desired: "running" | "ready" | "shutdown";
  current:
    | "Pending"
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
  health: "starting" | "unhealthy" | undefined;
  isOutOfMemory: boolean;
  /** What it printed, with the time of each line. */
  output: { readonly at: number; readonly line: string }[];
}

/** What runs in Docker for one service. */
export interface Running {
  readonly appName: string;
  env: Record<string, string>;
  /** Newest first. */
  tasks: Task[];
  /** What the last update was made of, to know an unchanged compose deployment. */
  fingerprint: string;
  /** What happens by itself later on, and is played when somebody looks. */
  agenda: { readonly at: number; readonly run: (at: number) => void }[];
}

export interface TaskSpec {
  readonly slot: number;
  readonly composeService: string | undefined;
  readonly image: string;
  /** Whether Swarm runs a service of a compose file. Default: false. */
  readonly isStack?: boolean;
}

/** Swarm's pause before it starts an ended task again. */
const RESTART_MS = 5_000;
/** An update that fails within this time is rolled back. */
const MONITOR_MS = 5_000;
/** How long three failing checks take, and until Swarm ends the task. */
const UNHEALTHY_MS = 3_000;
const UNHEALTHY_END_MS = 12_000;

/** The containers of all services, by application or compose id. */
export class Containers {
  private readonly services = new Map<string, Running>();
  private readonly behaviours = new Map<string, ContainerBehaviour>();

  constructor(private readonly clock: Clock) {}

  /** Sets what the service's containers do from its next deployment on; undefined takes it back. */
  setBehaviour(serviceId: string, behaviour: ContainerBehaviour | undefined): void {
    if (behaviour) this.behaviours.set(serviceId, behaviour);
    else this.behaviours.delete(serviceId);
  }

  get(serviceId: string): Running | undefined {
    const service = this.services.get(serviceId);
    if (service) this.play(service);
    return service;
  }

  find(appName: string): Running | undefined {
    return this.all().find((service) => service.appName === appName);
  }

  all(): readonly Running[] {
    const services = [...this.services.values()];
    for (const service of services) this.play(service);
    return services;
  }

  findContainer(containerId: string): { service: Running; task: Task } | undefined {
    for (const service of this.all()) {
      const task = service.tasks.find((candidate) => candidate.containerId.startsWith(containerId));
      if (task) return { service, task };
    }
    return undefined;
  }

  /** Replaces a service's tasks by new ones; those that run well take the place of the old ones. */
  update(
    serviceId: string,
    appName: string,
    specs: readonly TaskSpec[],
    env: Record<string, string>,
    fingerprint = "",
  ): void {
    const behaviour = this.behaviours.get(serviceId) ?? { kind: "healthy" };
    const existing = this.get(serviceId);
    const service = existing ?? { appName, env, tasks: [], fingerprint, agenda: [] };
    this.services.set(serviceId, service);
    service.agenda = [];
    const before = service.tasks.filter((task) => task.desired !== "shutdown");
    const isSwarm = specs.every((spec) => spec.composeService === undefined || spec.isStack);
    const oldEnv = service.env;
    if (behaviour.kind === "rolled-back" && before.length > 0) {
      for (const task of before) this.shutDown(task);
      for (const spec of specs) this.add(service, spec, oldEnv);
      return;
    }
    const isApplication = specs.every((spec) => spec.composeService === undefined);
    if (isApplication && this.isRolledBack(behaviour, before)) {
      for (const spec of specs) this.rollBack(service, spec, env, behaviour);
      return;
    }
    const keepsOld = isSwarm && (behaviour.kind === "never-placed" || behaviour.kind === "slow");
    const stopOld = () => {
      for (const task of before) this.shutDown(task);
      service.env = env;
    };
    service.fingerprint = fingerprint;
    if (!keepsOld || before.length === 0) stopOld();
    const tasks = specs.map((spec) => this.add(service, spec, env));
    const others = service.tasks.filter((task) => !tasks.includes(task));
    service.tasks = keepHistory([...tasks, ...others.filter((task) => !task.isCompose)]);
    for (const task of tasks) {
      const isConcerned = behaviour.service === undefined || behaviour.service === task.composeService;
      if (isConcerned) this.behave(service, task, behaviour, stopOld);
    }
  }

  /** A new task that Docker refuses to start: the old one keeps running with the old variables. */
  reject(serviceId: string, appName: string, spec: TaskSpec, error: string): void {
    const service = this.get(serviceId) ?? { appName, env: {}, tasks: [], fingerprint: "", agenda: [] };
    this.services.set(serviceId, service);
    this.end(this.add(service, spec, service.env), "Rejected", error);
    service.tasks = keepHistory(service.tasks);
  }

  scale(serviceId: string, replicas: number): void {
    const service = this.get(serviceId);
    if (!service) return;
    const running = service.tasks.filter((task) => task.desired === "running");
    const model = running[0] ?? service.tasks[0];
    for (const task of running.slice(replicas)) this.shutDown(task);
    if (!model) return;
    for (let slot = running.length + 1; slot <= replicas; slot += 1)
      this.add(service, { ...model, slot }, service.env);
  }

  /** Stops or starts all containers of a compose service as they are. */
  setRunning(serviceId: string, running: boolean): void {
    for (const task of this.get(serviceId)?.tasks ?? []) {
      if (!running) this.shutDown(task);
      else {
        task.desired = "running";
        this.become(task, "Running", this.clock.now());
      }
    }
  }

  remove(serviceId: string): void {
    this.services.delete(serviceId);
  }

  /**
   * What the newest running container, or else all of them, printed, with timestamps as Docker writes them.
   *
   * @param since `all`, or how long ago: `30s`, `5m`, `2h`, `1d`
   * @param tail the last lines of each
   */
  output(tasks: readonly Task[], since: string, tail: number): string {
    const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    const ago = since === "all" ? Number.POSITIVE_INFINITY : Number.parseInt(since, 10);
    const from = this.clock.now() - ago * (units[since.slice(-1)] ?? 1);
    const running = tasks.find((task) => task.current === "Running" || task.current === "Starting");
    return (running ? [running] : tasks)
      .flatMap((task) => task.output.filter(({ at }) => at >= from).slice(-tail))
      .map(({ at, line }) => `${new Date(at).toISOString().replace("Z", "000000Z")} ${line}\n`)
      .join("");
  }

  private isRolledBack(behaviour: ContainerBehaviour, before: readonly Task[]): boolean {
    if (!before.some((task) => task.current === "Running")) return false;
    if (behaviour.kind === "rejected") return true;
    if (behaviour.kind !== "crash-loop" && behaviour.kind !== "exits") return false;
    return (behaviour.afterSeconds ?? 0) * 1000 < MONITOR_MS;
  }

  /** The new task ends at once; the old one stays, and one that was to replace the new one is called off. */
  private rollBack(
    service: Running,
    spec: TaskSpec,
    env: Record<string, string>,
    behaviour: ContainerBehaviour,
  ): void {
    const failed = this.add(service, spec, env);
    if (behaviour.kind === "rejected") this.end(failed, "Rejected", behaviour.error);
    else if (behaviour.kind === "crash-loop" || behaviour.kind === "exits") {
      print(failed, behaviour.output, this.clock.now());
      this.exit(failed, behaviour, this.clock.now());
    }
    this.shutDown(this.add(service, spec, service.env));
    service.tasks = keepHistory(service.tasks);
  }

  private behave(service: Running, task: Task, behaviour: ContainerBehaviour, stopOld: () => void): void {
    const now = task.changed;
    const later = (ms: number, run: (at: number) => void) => {
      service.agenda.push({ at: now + ms, run });
    };
    switch (behaviour.kind) {
      case "healthy":
      case "rolled-back":
        print(task, behaviour.output, now);
        return;
      case "slow":
        print(task, behaviour.output, now);
        this.become(task, "Starting", now);
        task.health = "starting";
        later(behaviour.afterSeconds * 1000, (at) => {
          task.health = undefined;
          this.become(task, "Running", at);
          stopOld();
        });
        return;
      case "never-placed":
        this.become(task, "Pending", now);
        task.error = `"${behaviour.error}"`;
        return;
      case "rejected":
        this.end(task, "Rejected", behaviour.error, now);
        this.restartLater(service, task, behaviour, now);
        return;
      case "unhealthy":
        print(task, behaviour.output, now);
        task.health = "starting";
        if (!task.isCompose) this.become(task, "Starting", now);
        later(UNHEALTHY_MS, () => {
          task.health = "unhealthy";
        });
        if (task.isCompose) return;
        later(UNHEALTHY_END_MS, (at) => {
          task.exitCode = 137;
          this.end(task, "Failed", "task: non-zero exit (137): dockerexec: unhealthy container", at);
          this.restartLater(service, task, behaviour, at);
        });
        return;
      case "crash-loop":
      case "exits":
        print(task, behaviour.output, now);
        later((behaviour.afterSeconds ?? 0) * 1000, (at) => {
          this.exit(task, behaviour, at);
          if (behaviour.kind === "exits") return;
          if (!task.isCompose) this.restartLater(service, task, behaviour, at);
          else {
            task.desired = "running";
            this.become(task, "Restarting", at);
            service.agenda.push({
              at: at + 1_000,
              run: (again) => {
                this.become(task, "Running", again);
                this.behave(service, task, behaviour, stopOld);
              },
            });
          }
        });
        return;
    }
  }

  private exit(
    task: Task,
    behaviour: ContainerBehaviour & { readonly kind: "crash-loop" | "exits" },
    at: number,
  ): void {
    const isOutOfMemory = behaviour.kind === "crash-loop" && behaviour.isOutOfMemory === true;
    const standard = behaviour.kind === "exits" ? 0 : isOutOfMemory ? 137 : 1;
    task.exitCode = behaviour.exitCode ?? standard;
    task.isOutOfMemory = isOutOfMemory;
    if (task.exitCode === 0) this.end(task, "Complete", "", at);
    else this.end(task, "Failed", `task: non-zero exit (${task.exitCode})`, at);
  }

  /** Swarm makes the next task at once and starts it after a pause. */
  private restartLater(service: Running, task: Task, behaviour: ContainerBehaviour, at: number): void {
    const { slot, composeService, image, isCompose, env } = task;
    const isStack = composeService !== undefined && !isCompose;
    const following = this.add(service, { slot, composeService, image, isStack }, env, at);
    following.desired = "ready";
    this.become(following, "Ready", at);
    service.agenda.push({
      at: at + RESTART_MS,
      run: (later) => {
        following.desired = "running";
        this.become(following, "Running", later);
        this.behave(service, following, behaviour, () => {});
      },
    });
    service.tasks = keepHistory(service.tasks);
  }

  /** Lets happen what is due. */
  private play(service: Running): void {
    for (;;) {
      const due = service.agenda.filter(({ at }) => at <= this.clock.now());
      const first = due.sort((a, b) => a.at - b.at)[0];
      if (!first) return;
      service.agenda = service.agenda.filter((entry) => entry !== first);
      first.run(first.at);
    }
  }

  private add(
    service: Running,
    spec: TaskSpec,
    env: Readonly<Record<string, string>>,
    now = this.clock.now(),
  ): Task {
    const task: Task = {
      taskId: newTaskId(),
      containerId: newContainerId(),
      slot: spec.slot,
      composeService: spec.composeService,
      isCompose: spec.composeService !== undefined && spec.isStack !== true,
      image: spec.image,
      env,
      since: now,
      desired: "running",
      current: "Running",
      changed: now,
      error: "",
      exitCode: 0,
      health: undefined,
      isOutOfMemory: false,
      output: [],
    };
    service.tasks = [task, ...service.tasks];
    return task;
  }

  private become(task: Task, current: Task["current"], at: number): void {
    task.current = current;
    task.changed = at;
  }

  private end(
    task: Task,
    current: "Failed" | "Complete" | "Rejected",
    error: string,
    at = this.clock.now(),
  ): void {
    task.desired = "shutdown";
    task.health = undefined;
    // Docker quotes the text and leaves quotes within it as they are.
    task.error = error === "" ? "" : `"${error}"`;
    this.become(task, current, at);
  }

  private shutDown(task: Task): void {
    if (task.desired === "shutdown") return;
    task.desired = "shutdown";
    this.become(task, "Shutdown", this.clock.now());
  }
}

function print(task: Task, output: string | undefined, at: number): void {
  for (const line of output?.split("\n") ?? []) task.output.push({ at, line });
}

/** Swarm keeps five tasks of each slot. */
function keepHistory(tasks: readonly Task[]): Task[] {
  const seen = new Map<string, number>();
  return tasks.filter((task) => {
    if (task.isCompose) return true;
    const slot = `${task.composeService ?? ""}.${task.slot}`;
    const count = (seen.get(slot) ?? 0) + 1;
    seen.set(slot, count);
    return count <= 5;
  });
}

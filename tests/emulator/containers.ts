import type { Clock } from "./clock";
import { newContainerId, newTaskId } from "./ids";

/** One run of a Swarm service's replica, or one container of a compose service. */
export interface Task {
  readonly taskId: string;
  readonly containerId: string;
  readonly slot: number;
  /** The service inside a compose file; undefined in Swarm. */
  readonly composeService: string | undefined;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly since: number;
  desired: "running" | "shutdown";
  current: "Running" | "Shutdown" | "Rejected";
  changed: number;
  error: string;
}

/** What runs in Docker for one service. */
export interface Running {
  readonly appName: string;
  env: Record<string, string>;
  /** Newest first. */
  tasks: Task[];
  /** What the last update was made of, to know an unchanged compose deployment. */
  fingerprint: string;
}

export interface TaskSpec {
  readonly slot: number;
  readonly composeService: string | undefined;
  readonly image: string;
}

/** The containers of all services, by application or compose id. */
export class Containers {
  private readonly services = new Map<string, Running>();

  constructor(private readonly clock: Clock) {}

  get(serviceId: string): Running | undefined {
    return this.services.get(serviceId);
  }

  find(appName: string): Running | undefined {
    return [...this.services.values()].find((service) => service.appName === appName);
  }

  findContainer(containerId: string): { service: Running; task: Task } | undefined {
    for (const service of this.services.values()) {
      const task = service.tasks.find((candidate) => candidate.containerId.startsWith(containerId));
      if (task) return { service, task };
    }
    return undefined;
  }

  /** Replaces a service's tasks by new ones that run; the old ones are shut down. */
  update(
    serviceId: string,
    appName: string,
    specs: readonly TaskSpec[],
    env: Record<string, string>,
    fingerprint = "",
  ): void {
    const before = this.services.get(serviceId)?.tasks ?? [];
    for (const task of before) this.shutDown(task);
    const tasks = specs.map((spec) => this.newTask(spec, env));
    this.services.set(serviceId, { appName, env, tasks: keepHistory([...tasks, ...before]), fingerprint });
  }

  /** A new task that Docker refuses to start: the old one keeps running with the old variables. */
  reject(serviceId: string, appName: string, spec: TaskSpec, error: string): void {
    const service = this.services.get(serviceId) ?? { appName, env: {}, tasks: [], fingerprint: "" };
    const task = this.newTask(spec, service.env);
    task.desired = "shutdown";
    task.current = "Rejected";
    task.error = JSON.stringify(error);
    service.tasks = keepHistory([task, ...service.tasks]);
    this.services.set(serviceId, service);
  }

  scale(serviceId: string, replicas: number): void {
    const service = this.services.get(serviceId);
    if (!service) return;
    const running = service.tasks.filter((task) => task.desired === "running");
    const model = running[0] ?? service.tasks[0];
    for (const task of running.slice(replicas)) this.shutDown(task);
    if (!model) return;
    for (let slot = running.length + 1; slot <= replicas; slot += 1)
      service.tasks.unshift(this.newTask({ ...model, slot }, service.env));
  }

  /** Stops or starts all containers of a compose service as they are. */
  setRunning(serviceId: string, running: boolean): void {
    for (const task of this.services.get(serviceId)?.tasks ?? []) {
      if (!running) this.shutDown(task);
      else {
        task.desired = "running";
        task.current = "Running";
        task.changed = this.clock.now();
      }
    }
  }

  remove(serviceId: string): void {
    this.services.delete(serviceId);
  }

  private newTask(spec: TaskSpec, env: Readonly<Record<string, string>>): Task {
    return {
      taskId: newTaskId(),
      containerId: newContainerId(),
      slot: spec.slot,
      composeService: spec.composeService,
      image: spec.image,
      env,
      since: this.clock.now(),
      desired: "running",
      current: "Running",
      changed: this.clock.now(),
      error: "",
    };
  }

  private shutDown(task: Task): void {
    if (task.desired === "shutdown") return;
    task.desired = "shutdown";
    task.current = "Shutdown";
    task.changed = this.clock.now();
  }
}

/** Swarm keeps five old tasks of each slot; compose keeps none. */
function keepHistory(tasks: readonly Task[]): Task[] {
  const seen = new Map<number, number>();
  return tasks.filter((task) => {
    if (task.composeService !== undefined) return task.desired === "running";
    const count = (seen.get(task.slot) ?? 0) + 1;
    seen.set(task.slot, count);
    return count <= 5;
  });
}

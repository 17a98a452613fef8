import type { ContainerBehaviour } from "./behaviour";
import type { Clock } from "./clock";
import { type Stage, SwarmService } from "./swarm";
import type { SwarmConfig } from "./swarm-updates";
import {
  become,
  endProcess,
  isAlive,
  newTask,
  printed,
  RETRIES,
  startProcess,
  type Task,
  type Version,
} from "./tasks";

export type { Task } from "./tasks";

/** Containers of one service in Docker. */
export interface Running {
  /** Id of the application, compose service or database. */
  readonly serviceId: string;
  readonly appName: string;
  /** Variables of its containers. */
  env: Readonly<Record<string, string>>;
  /** Contents of the `.env` next to a compose file. */
  file?: Readonly<Record<string, string>>;
  /** Tasks, newest first. */
  tasks: Task[];
  /** Content of the last update, to recognise an unchanged compose deployment. */
  fingerprint: string;
  /** Services of Swarm, by the name in a compose file; `""` for an application or a database. */
  readonly swarm: Map<string, SwarmService>;
}

/** Replica, or service of a compose file, that an update starts. */
export interface TaskSpec {
  readonly slot: number;
  readonly composeService: string | undefined;
  readonly image: string;
  /** True when Swarm runs a service of a compose file. Default: false. */
  readonly isStack?: boolean;
  /** Variables, where they differ from those of all. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Dokploy's defaults for applications. */
export const APPLICATION_SWARM: SwarmConfig = {
  updateOrder: "start-first",
  failureAction: "rollback",
  restartDelayMs: 5_000,
};

export interface UpdateOptions {
  readonly fingerprint?: string;
  readonly swarm?: SwarmConfig;
  /**
   * True when it increases `ForceUpdate`, so that tasks are replaced though nothing has changed. Never for a stack.
   * Default: true.
   */
  readonly isForced?: boolean;
  /** Command that replaces the image's own, with its arguments. */
  readonly command?: string | undefined;
}

/** Start of a container with a command of its own. */
export interface StartedCommand {
  readonly serviceId: string;
  /** Command with its arguments, separated by spaces. */
  readonly command: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A later event without a call, which is emulated when somebody looks. */
interface Event {
  readonly at: number;
  readonly run: (at: number) => void;
}

interface Service extends Running {
  agenda: Event[];
}

/** Duration of three failing checks of a compose container, and Docker's pause before a restart. */
const COMPOSE_UNHEALTHY_MS = 3_000;
const COMPOSE_RESTART_MS = 1_000;

/** Containers of all services, by application or compose id. */
export class Containers {
  private readonly services = new Map<string, Service>();
  private readonly behaviours = new Map<string, ContainerBehaviour>();
  private readonly commands = new Map<string, ContainerBehaviour>();
  /** Containers with a command of their own that were to start, in that order. */
  readonly started: StartedCommand[] = [];

  constructor(private readonly clock: Clock) {}

  /** Sets the behaviour of the service's containers from its next deployment on; undefined resets it. */
  setBehaviour(serviceId: string, behaviour: ContainerBehaviour | undefined): void {
    if (behaviour) this.behaviours.set(serviceId, behaviour);
    else this.behaviours.delete(serviceId);
  }

  /** Sets the behaviour of containers whose command contains a text, from their next start on; undefined resets it. */
  setCommand(text: string, behaviour: ContainerBehaviour | undefined): void {
    if (behaviour) this.commands.set(text, behaviour);
    else this.commands.delete(text);
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

  /** Replaces a service's tasks with new ones, as Swarm or Docker compose does. */
  update(
    serviceId: string,
    appName: string,
    specs: readonly TaskSpec[],
    env: Record<string, string>,
    { fingerprint = "", swarm = APPLICATION_SWARM, isForced = true, command }: UpdateOptions = {},
  ): void {
    const behaviour = this.behaviours.get(serviceId) ?? this.behaviourOf(command, swarm);
    if (command !== undefined) this.started.push({ serviceId, command, image: specs[0]?.image ?? "", env });
    const service = this.serviceOf(serviceId, appName);
    service.fingerprint = fingerprint;
    if (specs.some(({ composeService }) => composeService !== undefined)) service.file = env;
    const version = ({ image, composeService, env: own = env }: TaskSpec): Version => {
      const isConcerned = behaviour.service === undefined || behaviour.service === composeService;
      return { image, env: own, behaviour: isConcerned ? behaviour : { kind: "healthy" }, forceUpdate: 0 };
    };
    if (specs.some((spec) => spec.composeService !== undefined && spec.isStack !== true)) {
      this.replaceContainers(service, specs, env, version);
    } else {
      this.updateSwarm(service, specs, version, swarm, isForced);
    }
  }

  /** Creates a task that Docker refuses to start. */
  reject(serviceId: string, appName: string, specs: readonly TaskSpec[], error: string): void {
    const service = this.serviceOf(serviceId, appName);
    const { env } = service;
    const version = ({ image }: TaskSpec): Version => ({
      image,
      env,
      behaviour: { kind: "rejected", error },
      forceUpdate: 0,
    });
    this.updateSwarm(service, specs, version, APPLICATION_SWARM);
  }

  scale(serviceId: string, replicas: number): void {
    const service = this.services.get(serviceId);
    if (!service) return;
    this.play(service);
    for (const swarm of service.swarm.values()) swarm.scale(replicas, this.clock.now());
  }

  /** Stops or starts all containers of a compose service without changes. */
  setRunning(serviceId: string, running: boolean): void {
    const service = this.services.get(serviceId);
    if (!service) return;
    this.play(service);
    const now = this.clock.now();
    for (const swarm of service.swarm.values()) swarm.scale(running ? 1 : 0, now);
    for (const task of service.tasks) {
      if (!task.isCompose) continue;
      if (running) {
        task.desired = "running";
        startProcess(task, now);
        become(task, "Running", now);
      } else this.stop(task);
    }
  }

  remove(serviceId: string): void {
    this.services.delete(serviceId);
  }

  /** Returns the output of one container. */
  outputOf(task: Task, since: string, tail: number): string {
    return printed([task], since, tail, this.clock.now());
  }

  /**
   * Returns the output of a Swarm service. Dokploy looks for a running container whose name begins with the
   * service's, which may belong to another service with a longer name.
   */
  output(service: Running, since: string, tail: number): string {
    const named = this.all().filter(({ appName }) => appName.startsWith(service.appName));
    const running = named.flatMap(({ tasks }) => tasks).filter(isAlive);
    return printed(running.length > 0 ? running : service.tasks, since, tail, this.clock.now());
  }

  /** Returns the behaviour of a command. One that is not restarted is a program with an end; others run. */
  private behaviourOf(command: string | undefined, { restarts }: SwarmConfig): ContainerBehaviour {
    const known = [...this.commands].find(([text]) => command?.includes(text));
    if (known) return known[1];
    return command !== undefined && restarts === false
      ? { kind: "exits", afterSeconds: 1 }
      : { kind: "healthy" };
  }

  private serviceOf(serviceId: string, appName: string): Service {
    const existing = this.services.get(serviceId);
    if (existing) this.play(existing);
    const service = existing ?? {
      serviceId,
      appName,
      env: {},
      tasks: [],
      fingerprint: "",
      swarm: new Map(),
      agenda: [],
    };
    this.services.set(serviceId, service);
    return service;
  }

  private updateSwarm(
    service: Service,
    specs: readonly TaskSpec[],
    version: (spec: TaskSpec) => Version,
    config: SwarmConfig,
    isForced = true,
  ): void {
    const now = this.clock.now();
    const stage: Stage = {
      get tasks() {
        return service.tasks;
      },
      set tasks(tasks) {
        service.tasks = tasks;
      },
      later: (at, ms, run) => service.agenda.push({ at: at + ms, run }),
    };
    const names = new Set([
      ...service.swarm.keys(),
      ...specs.map(({ composeService }) => composeService ?? ""),
    ]);
    for (const name of names) {
      const mine = specs.filter(({ composeService }) => (composeService ?? "") === name);
      const [spec] = mine;
      const existing = service.swarm.get(name);
      if (spec === undefined) {
        existing?.scale(0, now);
        continue;
      }
      const made = version(spec);
      const forceUpdate =
        (existing?.current.forceUpdate ?? 0) + (isForced && spec.composeService === undefined ? 1 : 0);
      if (existing === undefined) {
        const swarm = new SwarmService(stage, spec.composeService, made, config);
        service.swarm.set(name, swarm);
        swarm.create(mine.length, now);
      } else if (made.behaviour.kind === "rolled-back") existing.replaceSilently(now);
      else existing.update({ ...made, forceUpdate }, config, mine.length, now);
    }
    service.env = [...service.swarm.values()][0]?.current.env ?? service.env;
  }

  private replaceContainers(
    service: Service,
    specs: readonly TaskSpec[],
    env: Record<string, string>,
    version: (spec: TaskSpec) => Version,
  ): void {
    const now = this.clock.now();
    for (const task of service.tasks) this.stop(task);
    service.agenda = [];
    service.env = env;
    service.tasks = specs.map((spec) =>
      newTask({ slot: 1, composeService: spec.composeService, isCompose: true }, version(spec), now),
    );
    for (const task of service.tasks) this.startContainer(service, task, now);
  }

  private startContainer(service: Service, task: Task, at: number): void {
    const { behaviour } = task.version;
    const later = (ms: number, run: (at: number) => void) => service.agenda.push({ at: at + ms, run });
    task.desired = "running";
    startProcess(task, at);
    become(task, "Running", at);
    switch (behaviour.kind) {
      case "slow":
        task.health = { status: "starting", failingStreak: 0 };
        later(behaviour.afterSeconds * 1000, () => {
          task.health = { status: "healthy", failingStreak: 0 };
        });
        return;
      case "unhealthy":
        task.health = { status: "starting", failingStreak: 0 };
        later(COMPOSE_UNHEALTHY_MS, () => {
          task.health = { status: "unhealthy", failingStreak: RETRIES, check: behaviour.check ?? "" };
        });
        return;
      case "crash-loop":
      case "exits":
        later((behaviour.afterSeconds ?? 0) * 1000, (then) => {
          const exitCode = behaviour.exitCode ?? (behaviour.kind === "exits" ? 0 : 1);
          endProcess(task, exitCode, then);
          if (behaviour.kind === "exits") {
            task.desired = "shutdown";
            return become(task, exitCode === 0 ? "Complete" : "Failed", then);
          }
          become(task, "Restarting", then);
          service.agenda.push({
            at: then + COMPOSE_RESTART_MS,
            run: (again) => this.startContainer(service, task, again),
          });
        });
        return;
    }
  }

  private stop(task: Task): void {
    if (task.desired === "shutdown") return;
    task.desired = "shutdown";
    endProcess(task, 0, this.clock.now());
    become(task, "Shutdown", this.clock.now());
  }

  /** Runs all events that are due. */
  private play(service: Service): void {
    for (;;) {
      const due = service.agenda.filter(({ at }) => at <= this.clock.now());
      const first = due.sort((a, b) => a.at - b.at)[0];
      if (!first) break;
      service.agenda = service.agenda.filter((entry) => entry !== first);
      first.run(first.at);
    }
    const [swarm] = service.swarm.values();
    if (swarm) service.env = swarm.current.env;
  }
}

/**
 * The rows of Docker's own objects, tasks, containers and nodes, as Dokploy's API hands them on.
 *
 * These shapes are those of a v0.30.2 server. Every answer is secret material: nothing here may reach a log or an error text.
 */

/** A task of a Swarm service: one run of one replica. The newest of each slot comes first. */
export interface TaskRow {
  /** The id of the task, not of its container. */
  containerId: string;
  /** `<service>.<slot>` */
  name: string;
  /** What Swarm wants it to be: `running`, `ready`, `shutdown`, `complete` (jobs). */
  state: string;
  /** What it is and since when: `Running 6 seconds ago`. */
  currentState: string;
  node: string;
  /** In quotes. `Error:` on the last row stands for none. */
  error: string;
}

/** A container, also one that has ended. */
export interface ContainerRow {
  /** The first 12 characters of its id. */
  containerId: string;
  name: string;
  /** `created`, `running`, `restarting`, `exited`, `paused`, `dead` or `removing`. */
  state: string;
  /** `Up 5 seconds (unhealthy)`, `Exited (3) 2 seconds ago`, `Restarting (3) 1 second ago`. */
  status: string;
}

/** A container of a machine, whatever it is of: `docker.getContainers`. */
export interface HostContainerRow extends ContainerRow {
  image: string;
  ports: string;
}

/** A node of a Swarm, as Docker's own API gives it: only these parts are read. */
export interface NodeRow {
  ID: string;
  Spec: {
    Labels?: Record<string, string> | null;
    Role: "manager" | "worker";
    Availability: "active" | "pause" | "drain";
  };
  Description: {
    Hostname: string;
    Platform: { Architecture: string; OS: string };
    Resources: { NanoCPUs: number; MemoryBytes: number };
    Engine: { EngineVersion: string };
  };
  Status: { State: string; Addr: string };
  /** Of managers. */
  ManagerStatus?: { Leader?: boolean };
}

/** What the tasks of a Swarm service are made of. All of it is compared, and little is read. */
export interface TaskSpec {
  ContainerSpec?: { Image?: string };
  RestartPolicy?: object;
  /** How many deployments of an application or a database made Swarm start anew; Dokploy counts it up. */
  ForceUpdate?: number;
}

/** What is read of `docker inspect`. The rest of it is as secret as the variables. */
export interface ContainerConfig {
  State?: {
    OOMKilled?: boolean;
    /** Only with a health check. `unhealthy` also when nothing checks any more, since it ended. */
    Health?: { Status?: string; FailingStreak?: number } | null;
  };
  Config?: {
    Env?: string[] | null;
    /** 0 and undefined: 3. */
    Healthcheck?: { Retries?: number } | null;
  };
  Mounts?: { Source?: string; Destination?: string }[] | null;
  /** Of a Swarm service, which is asked for by its name, and of a task, by its id, which has one of its own. */
  Spec?: {
    UpdateConfig?: { FailureAction?: string };
    /** Docker's command line fills in defaults here, and in no other spec. */
    TaskTemplate?: TaskSpec;
  } & TaskSpec;
  /** Of a Swarm service: what the last update replaced. Not there once Swarm has gone back to it. */
  PreviousSpec?: { TaskTemplate?: TaskSpec };
  /** Of a Swarm service: what became of its last update. */
  UpdateStatus?: { State?: string; Message?: string };
}

/**
 * Rows of Docker's own objects (tasks, containers and nodes), as Dokploy's API returns them.
 *
 * The types describe a v0.30.2 server. Every response is secret material: no part of it may reach a log or an error
 * text.
 */

/** Task of a Swarm service: one run of one replica. The newest of each slot comes first. */
export interface TaskRow {
  /** Id of the task, not of its container. */
  containerId: string;
  /** `<service>.<slot>` */
  name: string;
  /** State that Swarm wants: `running`, `ready`, `shutdown`, `complete` (jobs). */
  state: string;
  /** Actual state, and since when: `Running 6 seconds ago`. */
  currentState: string;
  node: string;
  /** Error in quotes. `Error:` on the last row means no error. */
  error: string;
}

/** Container, also one that has ended. */
export interface ContainerRow {
  /** First 12 characters of its id. */
  containerId: string;
  name: string;
  /** `created`, `running`, `restarting`, `exited`, `paused`, `dead` or `removing`. */
  state: string;
  /** `Up 5 seconds (unhealthy)`, `Exited (3) 2 seconds ago`, `Restarting (3) 1 second ago`. */
  status: string;
}

/** A volume of a machine: `docker volume ls`. */
export interface VolumeRow {
  Name: string;
  /** `com.docker.stack.namespace=shop,…` */
  Labels: string;
}

/** An image of a machine: `docker images`. */
export interface ImageRow {
  /** `<none>` for one without a name. */
  Repository: string;
  Tag: string;
  ID: string;
}

/** Any container of a machine: `docker.getContainers`. */
export interface HostContainerRow extends ContainerRow {
  image: string;
  ports: string;
}

/** Node of a Swarm, as Docker's own API returns it: only these parts are read. */
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
  /** Only for managers. */
  ManagerStatus?: { Leader?: boolean };
}

/** Spec of the tasks of a Swarm service. All of it is compared, and little is read. */
export interface TaskSpec {
  ContainerSpec?: { Image?: string };
  RestartPolicy?: object;
}

/** A port of a Swarm service. */
export interface PublishedPort {
  Protocol?: string;
  TargetPort?: number;
  PublishedPort?: number;
  PublishMode?: string;
}

/** Part of `docker inspect` that is read. The rest of it is as secret as the variables. */
export interface ContainerConfig {
  /** Container: id of its image, which is the digest of the image's configuration, or of its manifest. */
  Image?: string;
  /** Container: its image's manifest, with Docker's newer store of images. */
  ImageManifestDescriptor?: { digest?: string } | null;
  State?: {
    OOMKilled?: boolean;
    /** Time of its last start. */
    StartedAt?: string;
    /** Only with a health check. Also `unhealthy` when nothing is checked because the container ended. */
    Health?: {
      Status?: string;
      FailingStreak?: number;
      /** The last checks, the newest one last. */
      Log?: { ExitCode?: number; Output?: string }[] | null;
    } | null;
  };
  /** Container: how often Docker has restarted its process. */
  RestartCount?: number;
  Config?: {
    /** The image as the container was given it. */
    Image?: string;
    Env?: string[] | null;
    /** Number of failing checks until it is unhealthy. 0 and undefined mean 3. */
    Healthcheck?: { Retries?: number } | null;
  };
  Mounts?: { Source?: string; Destination?: string }[] | null;
  /** Task of Swarm: since when it has its state. */
  Status?: { Timestamp?: string };
  /** Spec of a Swarm service, which is requested by its name, or of a task, which is requested by its id. */
  Spec?: {
    UpdateConfig?: { FailureAction?: string };
    /** Docker's command line fills in defaults here, and in no other spec. */
    TaskTemplate?: TaskSpec;
    Mode?: { Replicated?: { Replicas?: number } };
    /** Ports of a Swarm service, with Docker's names. */
    EndpointSpec?: { Ports?: PublishedPort[] | null };
  } & TaskSpec;
  /** Swarm service: the spec before the last update. Missing once Swarm has gone back to it. */
  PreviousSpec?: { TaskTemplate?: TaskSpec };
  /** Swarm service: result of its last update. */
  UpdateStatus?: { State?: string; Message?: string };
}

/** Figures of a server, as far as they are read: `docker.getServerHealth`. */
export interface ServerHealth {
  readonly containers: {
    /** Number of services of the Swarm. */
    readonly serviceCount: number;
  };
  readonly dockerNetworks: {
    readonly usage: readonly {
      readonly name: string;
      /** Number of containers on this machine that are in it. */
      readonly containersInUse: number;
      /** Number of addresses in its subnet; null without one. */
      readonly capacity: number | null;
    }[];
  };
}

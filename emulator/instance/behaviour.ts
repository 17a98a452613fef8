/** Behaviour of a service's containers once they are deployed. */
export type Behaviour =
  /** Containers that run: the default. */
  | { readonly kind: "healthy" }
  /** Containers whose health check passes after this time. */
  | { readonly kind: "slow"; readonly afterSeconds: number }
  /**
   * The process ends after `afterSeconds` (default 0: before Swarm sees it run) with `exitCode` (default 1), and is
   * restarted forever. An update that fails within 5 s of running is rolled back.
   */
  | {
      readonly kind: "crash-loop";
      readonly exitCode?: number;
      readonly afterSeconds?: number;
      /** True when the kernel killed it for its memory use; exit code 137. */
      readonly isOutOfMemory?: boolean;
      /** True when it ends before its health check has passed: Swarm never sees it run. */
      readonly hasHealthCheck?: boolean;
      /**
       * Form of the rollback. `at-once` (default): a new task has the old version, and another task is cancelled.
       * `by-restart`: the task that Swarm starts 5 s later already has the old version, and its row looks like
       * another try.
       */
      readonly rollback?: "at-once" | "by-restart";
    }
  /** The process ends with `exitCode` (default 0) and is not restarted. */
  | {
      readonly kind: "exits";
      readonly exitCode?: number;
      readonly afterSeconds?: number;
      readonly isOutOfMemory?: boolean;
      readonly hasHealthCheck?: boolean;
    }
  /**
   * A health check fails: Swarm stops the task after 6.5 s and starts another one. The stopped process ends with
   * `exitCode`; default 0, which counts as success for Swarm. A process that ignores the signal is killed: 137. Each
   * failing check prints `check`; default: nothing.
   */
  | { readonly kind: "unhealthy"; readonly exitCode?: number; readonly check?: string }
  /** Docker refuses to create the container. Swarm only. */
  | { readonly kind: "rejected"; readonly error: string }
  /** No node accepts the task. Swarm only. */
  | { readonly kind: "never-placed"; readonly error: string }
  /** A network of the task has no free address: the task stays new. Swarm only. */
  | { readonly kind: "no-address" }
  /** Swarm runs the old version in new tasks, and the rows do not show it. Only for updates. */
  | { readonly kind: "rolled-back" };

/** A behaviour for one or all services of a compose file, with the output of each run. */
export type ContainerBehaviour = Behaviour & { readonly service?: string; readonly output?: string };

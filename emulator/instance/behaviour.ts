/** What the containers of a service do once they are deployed. */
export type Behaviour =
  /** They run: what happens without a behaviour. */
  | { readonly kind: "healthy" }
  /** Their health check passes after this time. */
  | { readonly kind: "slow"; readonly afterSeconds: number }
  /**
   * The process ends after `afterSeconds` (default 0: before Swarm sees it run) with `exitCode` (default 1) and is
   * started again, for ever. An update that fails within 5 s of running is rolled back.
   */
  | {
      readonly kind: "crash-loop";
      readonly exitCode?: number;
      readonly afterSeconds?: number;
      /** Whether the kernel killed it for its memory; exit code 137. */
      readonly isOutOfMemory?: boolean;
      /** Whether a health check has yet to pass when it ends: Swarm never sees it run. */
      readonly hasHealthCheck?: boolean;
      /**
       * How the old version comes back. `at-once` (default): in a new task, beside one that is called off. `by-restart`:
       * the task that Swarm starts 5 s later has it already, and nothing in the rows tells it from another try.
       */
      readonly rollback?: "at-once" | "by-restart";
    }
  /** The process ends with `exitCode` (default 0) and is not started again. */
  | {
      readonly kind: "exits";
      readonly exitCode?: number;
      readonly afterSeconds?: number;
      readonly isOutOfMemory?: boolean;
      readonly hasHealthCheck?: boolean;
    }
  /**
   * A health check fails: Swarm ends the task after 6.5 s and starts another one. The process ends with `exitCode` when
   * it is told to; default 0, which Swarm takes for a good end. One that does not listen is killed: 137.
   */
  | { readonly kind: "unhealthy"; readonly exitCode?: number }
  /** Docker refuses to make the container. Swarm only. */
  | { readonly kind: "rejected"; readonly error: string }
  /** No node takes the task. Swarm only. */
  | { readonly kind: "never-placed"; readonly error: string }
  /** Swarm runs the old version in new tasks, and no row tells of it. Only an update can. */
  | { readonly kind: "rolled-back" };

/** A behaviour, for all services of a compose file or one, and what each run prints. */
export type ContainerBehaviour = Behaviour & { readonly service?: string; readonly output?: string };

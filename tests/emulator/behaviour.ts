/** What the containers of a service do once they are deployed. */
export type Behaviour =
  /** They run: what happens without a behaviour. */
  | { readonly kind: "healthy" }
  /** They take this long until they run: a health check that passes late, or an image that is pulled. */
  | { readonly kind: "slow"; readonly afterSeconds: number }
  /**
   * The process ends after `afterSeconds` (default 0) with `exitCode` (default 1) and is started again, for ever. The
   * update of a running application that fails within 5 s is rolled back.
   */
  | {
      readonly kind: "crash-loop";
      readonly exitCode?: number;
      readonly afterSeconds?: number;
      /** Whether the kernel killed it for its memory; exit code 137. */
      readonly isOutOfMemory?: boolean;
    }
  /** The process ends with `exitCode` (default 0) and is not started again. */
  | { readonly kind: "exits"; readonly exitCode?: number; readonly afterSeconds?: number }
  /** A health check fails: Swarm ends the task after 12 s and starts another one. */
  | { readonly kind: "unhealthy" }
  /** Docker refuses to make the container. Swarm only. */
  | { readonly kind: "rejected"; readonly error: string }
  /** No node takes the task. Swarm only. */
  | { readonly kind: "never-placed"; readonly error: string }
  /** Swarm runs the old version in new tasks, and no row tells of it. Only an update can. */
  | { readonly kind: "rolled-back" };

/** A behaviour, for all services of a compose file or one, and what each run prints. */
export type ContainerBehaviour = Behaviour & { readonly service?: string; readonly output?: string };

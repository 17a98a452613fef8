/** Swarm's settings for updates of a service, in Docker's own words. */
export interface SwarmConfig {
  readonly updateOrder: "start-first" | "stop-first";
  readonly failureAction: "rollback" | "pause" | "continue";
  /** Swarm's pause before it restarts an ended task. */
  readonly restartDelayMs: number;
  /** False when Swarm leaves ended tasks as they are: the restart condition `none`. Default: true. */
  readonly restarts?: boolean;
}

/** Swarm's report on the last update: `docker service inspect`. */
export interface UpdateStatus {
  State: "updating" | "completed" | "paused" | "rollback_started" | "rollback_paused" | "rollback_completed";
  StartedAt: string;
  CompletedAt?: string;
  Message: string;
}

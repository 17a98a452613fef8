/** Seconds for which everything must run without a change to count as stable. */
export const STABLE_SECONDS = 10;
/**
 * Seconds for which a container must run after its health check has passed. Until then Swarm monitors the update and
 * may roll it back. A health check proves more about a process than five more seconds.
 */
export const CHECKED_SECONDS = 5;

/** State of a service before the deployment. */
export interface Snapshot {
  /** Time when it was taken, in milliseconds of the local clock. */
  readonly at: number;
  /** Ids of all tasks or containers, including ended ones. */
  readonly ids: ReadonlySet<string>;
  /** Swarm: true when tasks were failing again and again. */
  readonly isFailing: boolean;
  /** Swarm: true when its version ran. Default: true. */
  readonly isRunning?: boolean;
}

/** Version of a task, according to its spec. */
export type TaskVersion = "old" | "new";

/** Expected state of a service after its deployment. */
export interface Expected {
  /** `swarm`: applications and stacks; observations hold tasks. `compose`: observations hold containers. */
  readonly engine: "swarm" | "compose";
  readonly before: Snapshot;
  /** Time when the deployment was seen to have ended, in milliseconds of the local clock. */
  readonly at: number;
  /** Number of tasks that must run; 0 means none. Default: all that Swarm wants, at least one. Swarm only. */
  readonly replicas?: number;
  /** True when its tasks are meant to end (`ReplicatedJob`, `GlobalJob`). Swarm only. */
  readonly isJob?: boolean;
  /** True when a deployment does not touch unchanged parts, as for a stack. Swarm only. */
  readonly keepsUnchanged?: boolean;
}

/** Reason why a deployed service does not run. */
export type FailureReason =
  /** The process ended with an exit code other than 0. */
  | "crashed"
  /** The process ended with exit code 0, but should keep running. */
  | "exited"
  | "unhealthy"
  /** Docker cannot create the container, for example without its image. */
  | "rejected"
  /** The container exists, but its command cannot be run. */
  | "not-started"
  /** No server accepts it. */
  | "never-placed"
  /** A network that it joins has no address for it. */
  | "no-address"
  /** Task or container that was starting, and did not run in time. */
  | "unfinished"
  /** The old version exists, and the new one does not run. */
  | "rolled-back";

/** Failure of a service that was deployed and does not run. */
export interface Failure {
  readonly reason: FailureReason;
  /** Ends the sentence `… is deployed, but does not run: `. Secrets in Docker's words are not masked yet. */
  readonly detail: string;
  /** Failure of the new version, when the old one is back in its place. */
  readonly itself?: Failure;
  /** Task (Swarm) or container (compose) that shows the failure and may have printed the reason. */
  readonly id?: string;
  /** Name of that container in the sentence. */
  readonly subject?: string;
  /** Swarm service of that task. */
  readonly service?: string;
  readonly exitCode?: number;
  /** Remedy, where Docker's words say more than the reason. */
  readonly hint?: string;
}

/** Result of one look, independent of earlier looks. Exactly one of the first four fields is set. */
export interface Assessment {
  readonly failure?: Failure;
  /** No further task is expected: a failure if that does not change. */
  readonly fading?: Failure;
  readonly missing?: Failure;
  /** Everything is as it should be: each id, and for how many seconds it must stay so. */
  readonly settled?: ReadonlyMap<string, number>;
  /** Seconds that each container has run. */
  readonly ages?: ReadonlyMap<string, number>;
}

/** Exit code after a kill: by Docker, by the kernel when memory is short, or by a person. */
export const KILLED = 137;

/** Failure of a process that ended with another exit code than 0. */
export function crashed(subject: string, exitCode: number, id: string, times = 1): Failure {
  const often = times > 1 ? `, ${times} times so far` : "";
  return { reason: "crashed", detail: `${subject} ended with exit code ${exitCode}${often}`, id, exitCode };
}

/** Failure of a process that ended with exit code 0. */
export function exited(subject: string, id: string): Failure {
  return {
    reason: "exited",
    detail: `${subject} exited with code 0, and should keep running`,
    id,
    exitCode: 0,
  };
}

/** Failure of a container whose health check fails. */
export function unhealthy(subject: string, id: string): Failure {
  return { reason: "unhealthy", detail: `the health check of ${subject} fails`, id };
}

/**
 * Failure of a process that ended with code 0 before its health check had passed: Docker stopped it because the
 * check failed, or it exited.
 */
export function neverHealthy(subject: string, id: string): Failure {
  return {
    reason: "unhealthy",
    detail: `${subject} ended (exit code 0) before its health check had passed`,
    id,
    exitCode: 0,
  };
}

/** Failure of a new version that Swarm replaced with the old one. */
export function rolledBack(failure: Failure, { isRunning = true }: Snapshot): Failure {
  const old = isRunning ? "which runs with the old variables" : "which did not run either";
  return aftermath(failure, "rolled-back", `, and Swarm rolled back to the old version, ${old}`);
}

/** Adds to a failure what Swarm did about it. */
export function aftermath(failure: Failure, reason: FailureReason, what: string): Failure {
  const itself = failure.itself ?? failure;
  return { ...itself, itself, reason, detail: `${itself.detail}${what}` };
}

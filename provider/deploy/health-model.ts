/** How long everything must run without a change to count as stable. */
export const STABLE_SECONDS = 10;

/** What was there before the deployment. */
export interface Snapshot {
  /** When it was taken, milliseconds of the local clock. */
  readonly at: number;
  /** Ids of all tasks or containers, ended ones too. */
  readonly ids: ReadonlySet<string>;
  /** Swarm: whether tasks were failing again and again. */
  readonly isFailing: boolean;
}

/** What to expect of a service. */
export interface Expected {
  /** `swarm`: applications and stacks; observations hold tasks. `compose`: observations hold containers. */
  readonly engine: "swarm" | "compose";
  readonly before: Snapshot;
  /** When the deployment was seen to have ended, milliseconds of the local clock. */
  readonly at: number;
  /** How many tasks must run; 0 means none. Default: all that Swarm wants, at least one. Swarm only. */
  readonly replicas?: number;
  /** Its tasks are meant to end (`ReplicatedJob`, `GlobalJob`). Swarm only. */
  readonly isJob?: boolean;
  /** A deployment leaves what did not change as it is: true for a stack. Swarm only. */
  readonly keepsUnchanged?: boolean;
}

/** Why a service that was deployed does not run. */
export type FailureReason =
  /** Its process ended with an exit code other than 0. */
  | "crashed"
  /** Its process ended with exit code 0 and should run on. */
  | "exited"
  | "unhealthy"
  /** Docker cannot make the container, for example without its image. */
  | "rejected"
  /** The container is there, and its command cannot be run. */
  | "not-started"
  /** No server takes it. */
  | "never-placed"
  /** It is on its way, and was not there in time. */
  | "unfinished"
  /** The old version runs, and the new one does not. */
  | "rolled-back";

export interface Failure {
  readonly reason: FailureReason;
  /** Ends the sentence `… is deployed, but does not run: `. Docker's words in it are not masked yet. */
  readonly detail: string;
  /** Why the new version does not run, when the old one does in its place. */
  readonly cause?: FailureReason;
  /** The task (Swarm) or container (compose) that shows it and may have printed why. */
  readonly id?: string;
  readonly exitCode?: number;
}

/** What one look means, whatever was seen before. Exactly one of the first four is there. */
export interface Assessment {
  readonly failure?: Failure;
  /** Nothing more comes: a failure if that stays so. */
  readonly fading?: Failure;
  readonly missing?: Failure;
  /** Everything is as it should be: each id, and whether it needs no time to prove itself. */
  readonly settled?: ReadonlyMap<string, boolean>;
  /** How long each container has run, in seconds. */
  readonly ages?: ReadonlyMap<string, number>;
}

/** The exit code that a kill leaves: by Docker, by the kernel when memory is short, or by a person. */
export const KILLED = 137;

export function crashed(subject: string, exitCode: number, id: string, times = 1): Failure {
  const often = times > 1 ? `, ${times} times so far` : "";
  return { reason: "crashed", detail: `${subject} ended with exit code ${exitCode}${often}`, id, exitCode };
}

export function exited(subject: string, id: string): Failure {
  return {
    reason: "exited",
    detail: `${subject} ended by itself (exit code 0), and should keep running`,
    id,
    exitCode: 0,
  };
}

export function unhealthy(subject: string, id: string): Failure {
  return { reason: "unhealthy", detail: `the health check of ${subject} fails`, id };
}

/** How long everything must run without a change to count as stable. */
export const STABLE_SECONDS = 10;
/**
 * The same for a container whose health check has passed: until then Swarm watches over an update and may go back. A
 * health check says more of a process than five more seconds.
 */
export const CHECKED_SECONDS = 5;

/** What was there before the deployment. */
export interface Snapshot {
  /** When it was taken, milliseconds of the local clock. */
  readonly at: number;
  /** Ids of all tasks or containers, ended ones too. */
  readonly ids: ReadonlySet<string>;
  /** Swarm: whether tasks were failing again and again. */
  readonly isFailing: boolean;
  /** Swarm: whether its version ran. Default: true. */
  readonly isRunning?: boolean;
}

/** Which version a task has, by its spec. */
export type TaskVersion = "old" | "new";

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
  /** The old version is there, and the new one does not run. */
  | "rolled-back";

export interface Failure {
  readonly reason: FailureReason;
  /** Ends the sentence `… is deployed, but does not run: `. Docker's words in it are not masked yet. */
  readonly detail: string;
  /** What is wrong with the new version, when the old one is there in its place. */
  readonly itself?: Failure;
  /** The task (Swarm) or container (compose) that shows it and may have printed why. */
  readonly id?: string;
  /** How the sentence calls that container. */
  readonly subject?: string;
  /** The Swarm service of that task. */
  readonly service?: string;
  readonly exitCode?: number;
  /** What to do about it, where Docker's words tell more than the reason. */
  readonly hint?: string;
}

/** What one look means, whatever was seen before. Exactly one of the first four is there. */
export interface Assessment {
  readonly failure?: Failure;
  /** Nothing more comes: a failure if that stays so. */
  readonly fading?: Failure;
  readonly missing?: Failure;
  /** Everything is as it should be: each id, and for how many seconds it must stay so. */
  readonly settled?: ReadonlyMap<string, number>;
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

/** It ended well, and a health check had yet to pass: Docker ends it so when the check fails, or it ended by itself. */
export function neverHealthy(subject: string, id: string): Failure {
  return {
    reason: "unhealthy",
    detail: `${subject} ended (exit code 0) before its health check had passed`,
    id,
    exitCode: 0,
  };
}

/** The failure of a new version in whose place Swarm brings the old one back. */
export function rolledBack(failure: Failure, { isRunning = true }: Snapshot): Failure {
  const old = isRunning ? "which runs with the old variables" : "which did not run either";
  return aftermath(failure, "rolled-back", `, and Swarm went back to the old version, ${old}`);
}

/** The same failure, with what Swarm did about it. */
export function aftermath(failure: Failure, reason: FailureReason, what: string): Failure {
  const itself = failure.itself ?? failure;
  return { ...itself, itself, reason, detail: `${itself.detail}${what}` };
}

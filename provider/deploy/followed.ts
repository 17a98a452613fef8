import type { DeploymentRow, DokployError } from "../dokploy";
import type { Attribution, Verdict } from "./attribution";
import { interval } from "./pace";
import type { Phases } from "./phases";
import { type DeployTarget, isJobOf, type Job } from "./service";
import type { Wait } from "./wait";

/** A successful deployment. */
export interface DeploymentResult {
  readonly deploymentId: string;
  readonly status: "done";
  /** Title as it was given, without the mark that is added to find the record. */
  readonly title: string;
  /** ISO 8601, by the clock of the server. */
  readonly startedAt: string;
  /** ISO 8601, by the clock of the server. */
  readonly finishedAt: string;
  /** Duration of the build, without the time in the queue. */
  readonly durationSeconds: number;
}

/** One deployment that the provider waits for. */
export interface Followed {
  readonly target: DeployTarget;
  readonly nonce: string;
  readonly title: string;
  readonly secrets: readonly string[];
  readonly wait: Wait;
  /** Reason why the result of the deploy call is unknown. */
  readonly unanswered: DokployError | undefined;
  state: Attribution;
  readonly phases: Phases;
  /** Time when the phase last changed. */
  changedAt: number;
  recordsReadAt: number;
  /** Number of jobs before ours in the queue. */
  ahead: number;
  /** Phase that was reported last. */
  reported: "queued" | "deploying" | undefined;
  settled: boolean;
  readonly settle: (outcome: DeploymentResult | Error) => void;
}

/** Returns the record of a running or ended deployment; undefined without one. */
export function recordOf(verdict: Verdict): DeploymentRow | undefined {
  return verdict.phase === "running" || verdict.phase === "ended" ? verdict.record : undefined;
}

/** True when the records of the service may show something new. */
export function isDue(run: Followed, queue: readonly Job[] | undefined, now: number): boolean {
  if (recordOf(run.state.verdict) !== undefined) {
    return now >= dueAt(run);
  }
  if (queue === undefined) return true;
  const jobs = queue.filter((job) => isJobOf(job, run.target));
  const own = jobs.find(({ data }) => data.titleLog.includes(run.nonce));
  // Somebody else's job before ours: its record is easiest to distinguish from ours while it runs.
  return own === undefined || jobs.some(({ processedOn }) => processedOn !== undefined);
}

/** Returns the time when the record of a running deployment is read next. */
export function dueAt({ recordsReadAt, changedAt }: Followed): number {
  return recordsReadAt + interval(recordsReadAt - changedAt);
}

export function isSame(a: DeployTarget, b: DeployTarget): boolean {
  return a.kind === b.kind && a.id === b.id;
}

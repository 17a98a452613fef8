import { visible } from "../../packages/text/visible";
import { UserError } from "../errors/problem";
import { printedTail } from "./log";
import type { ServiceName } from "./service";

/**
 * How a deployment that did not succeed ended: Dokploy reported an `error`; it was `cancelled` by a restart of Dokploy;
 * it is `lost` (it left no record, or the record was removed); it was followed no longer, since the deadline passed or
 * Dokploy refuses the key (`timeout`); or its record cannot be told from others (`ambiguous`).
 */
export type DeploymentFailure = "error" | "cancelled" | "lost" | "timeout" | "ambiguous";

/** What is known of a deployment that did not succeed. Nothing in it is secret. */
export interface FailureFacts {
  readonly outcome: DeploymentFailure;
  readonly target: ServiceName;
  /** What happened: ends the sentence `Deployment of …`. */
  readonly what: string;
  /** The cause, after a colon. */
  readonly why?: string | undefined;
  readonly hint: string;
  readonly deploymentId?: string | undefined;
  /** The end of the log, secrets masked. */
  readonly log?: readonly string[] | undefined;
  /** What else a person should know, a sentence each. */
  readonly notes?: readonly string[] | undefined;
}

/**
 * A deployment that did not succeed, or of which that cannot be said. The message holds all that a person needs: what
 * failed, on which service, why, what to do, and the end of the log.
 */
export class DeploymentError extends UserError {
  override readonly name = "DeploymentError";
  readonly outcome: DeploymentFailure;
  readonly target: ServiceName;
  readonly deploymentId: string | undefined;
  readonly hint: string;
  /** The end of the log, secrets masked; empty when there is none or it could not be read. */
  readonly log: readonly string[];

  constructor(facts: FailureFacts) {
    super(message(facts));
    this.outcome = facts.outcome;
    this.target = facts.target;
    this.deploymentId = facts.deploymentId;
    this.hint = facts.hint;
    this.log = facts.log ?? [];
  }
}

/** `12 s`, `3 min 5 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function message({ target, what, why, hint, deploymentId, log = [], notes = [] }: FailureFacts): string {
  const id = deploymentId === undefined ? "" : ` (deployment ${deploymentId})`;
  return [
    `Deployment of ${target.kind} "${visible(target.name)}" ${what}${id}${why === undefined ? "" : `: ${why}`}.`,
    ...notes,
    hint,
    ...printedTail(log),
  ].join("\n");
}

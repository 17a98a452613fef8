import { visible } from "../../packages/text";
import { UserError } from "../errors";
import { printedTail } from "./log";
import type { ServiceName } from "./service";

/**
 * End of a deployment that did not succeed:
 * - `error`: Dokploy reported an error.
 * - `cancelled`: a restart of Dokploy ended it.
 * - `lost`: it left no record, or the record was removed.
 * - `timeout`: it was no longer followed, because the deadline passed, Dokploy refuses the key, or Pulumi was
 *   interrupted.
 * - `ambiguous`: its record cannot be distinguished from others.
 */
export type DeploymentFailure = "error" | "cancelled" | "lost" | "timeout" | "ambiguous";

/** Facts about a deployment that did not succeed. Nothing in it is secret. */
export interface FailureFacts {
  readonly outcome: DeploymentFailure;
  readonly target: ServiceName;
  /** Event: ends the sentence `Deployment of …`. */
  readonly what: string;
  /** The cause, after a colon. */
  readonly why?: string | undefined;
  readonly hint: string;
  readonly deploymentId?: string | undefined;
  /** End of the log, with masked secrets. */
  readonly log?: readonly string[] | undefined;
  /** Other information for the user, a sentence each. */
  readonly notes?: readonly string[] | undefined;
}

/** A failed or unknown deployment. The message has the service, failure, cause, remedy and end of the log. */
export class DeploymentError extends UserError {
  override readonly name = "DeploymentError";
  readonly outcome: DeploymentFailure;
  readonly deploymentId: string | undefined;
  readonly hint: string;
  /** End of the log, with masked secrets; empty when there is no log or it could not be read. */
  readonly log: readonly string[];

  constructor(facts: FailureFacts) {
    super(message(facts));
    this.outcome = facts.outcome;
    this.deploymentId = facts.deploymentId;
    this.hint = facts.hint;
    this.log = facts.log ?? [];
  }
}

/** Formats a duration: `12 s`, `3 min 5 s`. */
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

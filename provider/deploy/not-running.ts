import { visible } from "../../packages/text/visible";
import { UserError } from "../errors/problem";
import { SERVICE_NOUNS, type ServiceName } from "./service";

/**
 * What became of a service whose deployment succeeded: the new version does not run (`unhealthy`), the old version runs
 * in its place (`rolled-back`), or that cannot be seen (`unknown`).
 */
export type RunFailure = "unhealthy" | "rolled-back" | "unknown";

/** What is known of a service that was deployed and does not run. Nothing in it is secret. */
export interface NotRunningFacts {
  readonly outcome: RunFailure;
  readonly target: ServiceName;
  /** The cause: ends the sentence. */
  readonly why: string;
  readonly hint: string;
  /** The end of what the container printed, secrets masked. */
  readonly log?: readonly string[];
  /** Whether the log is that of the container that was started after the failed one. Default: false. */
  readonly isLogOfNext?: boolean;
  /** What else a person should know, a sentence each. */
  readonly notes?: readonly string[];
  /** Whether the service was changed in Dokploy while it was deployed, so that nobody can tell what the deployment took. */
  readonly isOvertaken?: boolean;
}

const WHAT: Readonly<Record<RunFailure, string>> = {
  unhealthy: "is deployed, but does not run",
  "rolled-back": "is deployed, but its new version does not run",
  unknown: "is deployed, but whether it runs could not be seen",
};

/** The message holds all that a person needs: which service, why, what to do, and what the container printed last. */
export class NotRunningError extends UserError {
  override readonly name = "NotRunningError";
  readonly outcome: RunFailure;
  readonly target: ServiceName;
  readonly hint: string;
  readonly isOvertaken: boolean;
  /** Empty when there is none or it could not be read. */
  readonly log: readonly string[];

  constructor(facts: NotRunningFacts) {
    super(message(facts));
    this.outcome = facts.outcome;
    this.target = facts.target;
    this.hint = facts.hint;
    this.isOvertaken = facts.isOvertaken ?? false;
    this.log = facts.log ?? [];
  }
}

function message(facts: NotRunningFacts): string {
  const { outcome, target, why, hint, log = [], isLogOfNext = false, notes = [] } = facts;
  const whose = isLogOfNext ? "What its next container has printed" : "What it printed last";
  const noun = SERVICE_NOUNS[target.kind];
  const kind = noun.charAt(0).toUpperCase() + noun.slice(1);
  return [
    `${kind} "${visible(target.name)}" ${WHAT[outcome]}: ${why}.`,
    ...notes,
    hint,
    ...(log.length === 0 ? [] : [`${whose} (${log.length} ${log.length === 1 ? "line" : "lines"}):`]),
    ...log.map((line) => `    ${line}`),
  ].join("\n");
}

import { capital, counted, visible } from "../../packages/text";
import { SERVICES } from "../dokploy";
import { UserError } from "../errors";
import type { ServiceName } from "./service";

/**
 * State of a service whose deployment succeeded: the new version does not run (`unhealthy`), the old version runs in
 * its place (`rolled-back`), or the state cannot be seen (`unknown`).
 */
export type RunFailure = "unhealthy" | "rolled-back" | "unknown";

/** Facts about a service that was deployed and does not run. Nothing in it is secret. */
export interface NotRunningFacts {
  readonly outcome: RunFailure;
  readonly target: ServiceName;
  /** The cause: ends the sentence. */
  readonly why: string;
  readonly hint: string;
  /** End of the container's output, with masked secrets. */
  readonly log?: readonly string[];
  /** True when the log is that of the container that was started after the failed one. Default: false. */
  readonly isLogOfNext?: boolean;
  /** Other information for the user, a sentence each. */
  readonly notes?: readonly string[];
  /** True when the service was changed meanwhile in Dokploy, so that the deployed configuration is unknown. */
  readonly isOvertaken?: boolean;
}

const WHAT: Readonly<Record<RunFailure, string>> = {
  unhealthy: "is deployed, but does not run",
  "rolled-back": "is deployed, but its new version does not run",
  unknown: "is deployed, but it is not known whether it runs",
};

/** A deployed service that does not run. The message has cause, remedy and the container's last lines. */
export class NotRunningError extends UserError {
  override readonly name = "NotRunningError";
  readonly outcome: RunFailure;
  readonly hint: string;
  readonly isOvertaken: boolean;
  /** End of the log; empty when there is no log or it could not be read. */
  readonly log: readonly string[];

  constructor(facts: NotRunningFacts) {
    super(message(facts));
    this.outcome = facts.outcome;
    this.hint = facts.hint;
    this.isOvertaken = facts.isOvertaken ?? false;
    this.log = facts.log ?? [];
  }
}

function message(facts: NotRunningFacts): string {
  const { outcome, target, why, hint, log = [], isLogOfNext = false, notes = [] } = facts;
  const whose = isLogOfNext ? "Output of its next container" : "Its last output";
  return [
    `${capital(SERVICES[target.kind].noun)} "${visible(target.name)}" ${WHAT[outcome]}: ${why}.`,
    ...notes,
    hint,
    ...(log.length === 0 ? [] : [`${whose} (${counted(log.length, "line")}):`]),
    ...log.map((line) => `    ${line}`),
  ].join("\n");
}

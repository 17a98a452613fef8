import { adviceFor, OLD_SETTINGS } from "./settings/table";
/** Errors of calls, with everything that a user needs to know. */

import type { Endpoint } from "./endpoints";
import { CHECK_URL, FAULTS, MAY_BE_AWAY, OTHER_FAULT, RULES } from "./error-rules";
import { DokployError, type ErrorKind } from "./errors";
import { type Answer, type CallContext, described, readFailure, saysNotTaken } from "./failure";
import { since } from "./features";
import { isGone } from "./gone";
import { redact } from "./redact";
import type { Fault } from "./retry";
import { FLOOR, FLOOR_REASON, type Version } from "./version";

/** Creates the error for a response that reports a failure. */
export function errorFromAnswer(context: CallContext, answer: Answer): DokployError {
  const failure = readFailure(context, answer);
  const rule = RULES.find((r) => r.when(failure));
  if (rule === undefined) {
    throw new TypeError("the last rule fits every response");
  }
  return build(context, rule.kind, `${rule.why(failure)} (HTTP ${answer.status})`, rule.fix(failure), {
    status: answer.status,
    acted: answer.status >= 500 && !saysNotTaken(answer) && rule.kind !== "invalid",
    ...(failure.isDokploys ? { said: failure.message, saidWithout: failure.messageWithout } : {}),
    ...(rule.kind === "not-found" ? { gone: isGone(context, failure) } : {}),
  });
}

/** Creates the error for a request that got no response. */
export function errorFromFault(context: CallContext, fault: Fault): DokployError {
  const known = FAULTS.find((f) => f.code.test(fault.code)) ?? OTHER_FAULT;
  const host = new URL(context.url).host;
  const proxy = fault.sent ? undefined : context.proxyVariable;
  const advice = adviceIn(context, known.fix);
  const fix = proxy === undefined ? advice : `${advice} ${proxy} is set: it may be the proxy.`;
  return build(context, known.kind, `${known.why(host)} (${fault.code})`, fix, {
    acted: fault.sent,
    sent: fault.sent,
  });
}

/** Creates the error for a response with status 200 whose content does not match the endpoint. */
export function errorFromOddAnswer(context: CallContext, answer: Answer): DokployError {
  const why = `${new URL(context.url).host} responded with ${described(answer)}, which is not a response of Dokploy's API`;
  return build(context, "not-dokploy", `${why} (HTTP ${answer.status})`, CHECK_URL, {
    status: answer.status,
    acted: true,
  });
}

/** Creates the error for a call that is not made because the server is older than the floor. */
export function errorForVersion(context: CallContext, version: Version): DokployError {
  const why = `the server runs Dokploy ${redact(version.text, [])}, older than ${FLOOR.text}: ${FLOOR_REASON}`;
  return build(context, "unsupported-version", why, "Update Dokploy; nothing was changed.", {
    acted: false,
    sent: false,
  });
}

/** Creates the error for a change that is not made because the server would silently drop a part of it. */
export function errorForColumn(context: CallContext, version: Version, column: string): DokployError {
  const why = `the server runs Dokploy ${redact(version.text, [])}, which has no ${column} and would drop it`;
  const fix =
    `It was added in Dokploy ${since(`${context.endpoint}.${column}`)?.text}: update the server, or ` +
    `leave ${column} out; nothing was changed.`;
  return build(context, "unsupported-version", why, fix, { acted: false, sent: false });
}

/** Creates the error for an input that cannot be sent. */
export function errorForInput(context: CallContext, field: string): DokployError {
  return build(context, "invalid", `${field} is not a finite number`, "Correct the named input.", {
    acted: false,
    sent: false,
  });
}

/** Converts an error for a call that was not made because an earlier call, which it needs, failed. */
export function notSentBecause(error: DokployError, endpoint: Endpoint): DokployError {
  const message = isOfFirstCall(error)
    ? `${error.message} Dokploy ${endpoint} was not called.`
    : `Dokploy ${endpoint} was not called: ${error.message}`;
  return new DokployError(message, { kind: error.kind, endpoint, outcome: "not-sent", status: error.status });
}

/** True when the server did not respond to the first call, on which all others wait. */
function isOfFirstCall({ endpoint, kind }: { endpoint: Endpoint; kind: ErrorKind }): boolean {
  return endpoint === "settings.getDokployVersion" && (kind === "unreachable" || kind === "timeout");
}

function build(
  context: CallContext,
  kind: ErrorKind,
  why: string,
  fix: string,
  {
    acted,
    sent,
    ...facts
  }: {
    acted: boolean;
    sent?: boolean;
    status?: number;
    gone?: boolean;
    said?: string;
    saidWithout?: (secrets: Iterable<string>) => string;
  },
): DokployError {
  const { policy, endpoint, tries } = context;
  const mutates = policy.method === "POST";
  const maybe = mutates && (acted || context.maybeDone);
  const outcome = maybe ? "unknown" : sent === false ? "not-sent" : "refused";
  const what = isOfFirstCall({ endpoint, kind })
    ? "Cannot reach Dokploy"
    : `Dokploy ${endpoint}${about(context)} failed`;
  const message = [
    `${what}${tries > 1 ? ` after ${tries} tries` : ""}: ${why}.`,
    ...(outcome === "unknown" ? ["Dokploy may have carried it out anyway."] : []),
    adviceFor(context.provider, adviceIn(context, fix)),
    ...origin(kind, context),
  ].join(" ");
  return new DokployError(message, { kind, endpoint, outcome, ...facts });
}

/** An address that has accepted the key before needs no check. */
function adviceIn({ keyWorked }: CallContext, fix: string): string {
  return keyWorked && fix.includes(CHECK_URL) ? MAY_BE_AWAY : fix;
}

/** Names the origin of the setting that may be wrong: often not the one that people expect. */
function origin(kind: ErrorKind, { origins, keyWorked }: CallContext): string[] {
  if (!origins) return [];
  if (kind === "unauthorized") return [`The key comes from ${origins.apiKey}.`];
  const isAboutAddress = ["unreachable", "timeout", "not-dokploy", "redirect"].includes(kind);
  if (!isAboutAddress || keyWorked) return [];
  const isOfStack = /configuration/.test(origins.url);
  return [`The address comes from ${origins.url}.`, ...(isOfStack ? [OLD_SETTINGS] : [])];
}

/** Names the object of the call: ` on application "abc"`. */
function about(context: CallContext): string {
  const { policy, input, apiKey, secrets } = context;
  const id = policy.about === undefined ? undefined : (input as Record<string, unknown>)[policy.about.field];
  return typeof id === "string"
    ? ` on ${policy.about?.noun} "${redact(id, [apiKey, ...(secrets?.all() ?? [])])}"`
    : "";
}

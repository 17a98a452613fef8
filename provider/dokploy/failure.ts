/** A failed call, as far as it can be read: the facts for the text of an error. */

import { objectIn } from "../../packages/text";
import type { EndpointPolicy } from "./endpoint-policy";
import type { Endpoint } from "./endpoints";
import { bounded, redact, secretsOf } from "./redact";
import type { Fault } from "./retry";
import type { Auth, Settings } from "./settings/connection";

/** Secrets of a run, as far as calls need to know them. */
export interface Secrets {
  /** Ends once all secrets are known; undefined where there is nothing to wait for. */
  learned(): Promise<void> | undefined;
  all(): readonly string[];
  /** True when the program contains a text as a plain value in a place that is not secret. */
  isOpen(text: string): boolean;
}

/** Facts about a failed call. `apiKey` and `input` are only used to remove secrets from texts. */
export interface CallContext {
  readonly endpoint: Endpoint;
  readonly policy: EndpointPolicy;
  readonly input: object;
  /** Address of the server, without `/api`. */
  readonly url: string;
  readonly auth: Auth;
  readonly apiKey: string;
  /** Secrets of the run. */
  readonly secrets?: Secrets | undefined;
  /** True when an earlier call of this client succeeded, so the key was good. */
  readonly keyWorked: boolean;
  /** Number of tries, including this one. */
  readonly tries: number;
  /** True when an earlier try of this call may have reached the server. */
  readonly maybeDone: boolean;
  /** Environment variable that sets a proxy for this server, if any. */
  readonly proxyVariable?: string | undefined;
  /** Origins of address and key. */
  readonly origins?: Settings["origins"];
  /** Name, for advice, of the provider that the program created for this server. */
  readonly provider?: string | undefined;
}

/** HTTP response, with its body as text. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string | undefined;
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
}

/** True for a response whose JSON ends too early, though its connection did not break on this side. */
export function isCutShort(answer: Answer | Fault, value: unknown): boolean {
  return "status" in answer && answer.status === 200 && value === undefined && isJson(answer.body);
}

/** Parses JSON; undefined for anything else. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for a body in JSON, whole or cut short: the pages and words of a proxy begin otherwise. */
export function isJson(body: string): boolean {
  const text = body.trim();
  return (
    /^[{["]/.test(text) || (text !== "" && ["true", "false", "null"].some((word) => word.startsWith(text)))
  );
}

/**
 * True for a response which says that the request was not accepted. A 503 in JSON may be Dokploy's own: it reports a
 * server that it cannot reach, after it may have saved what was sent.
 */
export function saysNotTaken({ status, body }: Pick<Answer, "status" | "body">): boolean {
  return status === 429 || (status === 503 && !isJson(body));
}

/** A response that reports a failure, as far as it can be read. */
export interface Failure {
  readonly status: number;
  readonly context: CallContext;
  readonly answer: Answer;
  readonly host: string;
  /** True when the body is a JSON object with a message, like all of Dokploy's errors. */
  readonly isDokploys: boolean;
  /** Message of the server, unchanged: it must not appear in texts. */
  readonly rawMessage: string;
  readonly message: string;
  /** Returns the message without further secrets. */
  readonly messageWithout: (secrets: Iterable<string>) => string;
  readonly code: string | undefined;
  /** Procedure that responded; undefined when the router has no such procedure. */
  readonly path: string | undefined;
  /** `field: reason; …` of a failed validation. */
  readonly fields: string;
}

/** Reads a response that reports a failure, and hides the secrets in its texts. */
export function readFailure(context: CallContext, answer: Answer): Failure {
  const body = objectIn(answer.body);
  const rawMessage = typeof body?.["message"] === "string" ? bounded(body["message"]).trim() : "";
  const data = asObject(body?.["data"]);
  const secrets = secretsIn(context);
  const messageWithout = (more: Iterable<string>) =>
    redact(rawMessage, [...secrets, ...more]).replace(/\.$/, "") || "no reason given";
  return {
    status: answer.status,
    context,
    answer,
    host: new URL(context.url).host,
    isDokploys: rawMessage !== "",
    rawMessage,
    message: messageWithout([]),
    messageWithout,
    code: typeof body?.["code"] === "string" ? body["code"] : undefined,
    path: typeof data?.["path"] === "string" ? data["path"] : undefined,
    fields: readFields(asObject(data?.["zodError"]), secrets),
  };
}

/** Returns the texts that no message about a call may contain: all of the request that the program does not show. */
export function secretsIn({ apiKey, input, secrets }: CallContext): string[] {
  const quoted = secretsOf(input).filter((text) => !secrets?.isOpen(text));
  return [apiKey, ...quoted, ...(secrets?.all() ?? [])];
}

function readFields(zodError: Record<string, unknown> | undefined, secrets: string[]): string {
  const fieldErrors = Object.entries(asObject(zodError?.["fieldErrors"]) ?? {}).map(
    ([field, reasons]) => `${field}: ${Array.isArray(reasons) ? reasons.join(", ") : "not valid"}`,
  );
  const formErrors = Array.isArray(zodError?.["formErrors"]) ? zodError["formErrors"].map(String) : [];
  return redact([...fieldErrors, ...formErrors].join("; "), secrets);
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** Describes the response without its text: `a body of type text/html`, `an empty body`. */
export function described(answer: Answer): string {
  if (answer.body.trim() === "") {
    return "an empty body";
  }
  const type = /^[\w.+-]{1,60}\/[\w.+-]{1,60}/.exec(answer.contentType ?? "")?.[0];
  return type === undefined ? "a body of no known type" : `a body of type ${type}`;
}

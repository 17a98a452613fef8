/** A call that failed, as far as it can be read: what the words of an error are made of. */

import type { Auth, Settings } from "../settings/connection";
import type { EndpointPolicy } from "./endpoint-policy";
import type { Endpoint } from "./endpoints";
import { bounded, redact, secretsOf } from "./redact";

/** What is secret in a run, as far as calls need to know. */
export interface Secrets {
  /** Ends once all is known; undefined where nothing has to be waited for. */
  learned(): Promise<void> | undefined;
  all(): readonly string[];
  /** Whether the program gives a text in clear where nothing is secret. */
  isOpen(text: string): boolean;
}

/** What is known of a call when it fails. `apiKey` and `input` are only used to take secrets out of texts. */
export interface CallContext {
  readonly endpoint: Endpoint;
  readonly policy: EndpointPolicy;
  readonly input: object;
  /** Address of the server, without `/api`. */
  readonly url: string;
  readonly auth: Auth;
  readonly apiKey: string;
  /** What is secret in the run. */
  readonly secrets?: Secrets;
  /** Whether a call of this client succeeded before, so the key was good. */
  readonly keyWorked: boolean;
  /** Tries made, this one included. */
  readonly tries: number;
  /** Whether an earlier try of this call may have reached the server. */
  readonly maybeDone: boolean;
  /** The environment variable that names a proxy for this server, where one does. */
  readonly proxyVariable?: string;
  /** Where address and key come from. */
  readonly origins?: Settings["origins"];
  /** How advice calls the provider that the program made for this server. */
  readonly provider?: string;
}

/** An HTTP answer, its body as text. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string | undefined;
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
}

/** An answer that is a failure, read as far as it can be. */
export interface Failure {
  readonly status: number;
  readonly context: CallContext;
  readonly answer: Answer;
  readonly host: string;
  /** Whether the body is a JSON object with a message, as all of Dokploy's errors are. */
  readonly isDokploys: boolean;
  /** As the server said it: never into a text. */
  readonly rawMessage: string;
  readonly message: string;
  /** The message without some secrets more. */
  readonly messageWithout: (secrets: Iterable<string>) => string;
  readonly code: string | undefined;
  /** The procedure that answered; a router that has no such procedure gives none. */
  readonly path: string | undefined;
  /** `field: reason; …` of a failed validation. */
  readonly fields: string;
}

export function readFailure(context: CallContext, answer: Answer): Failure {
  const body = parseObject(answer.body);
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

/** What no text about a call may show: of the request, all but what the program shows anyway. */
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

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

/** What came, without its text: `a body of type text/html`, `an empty body`. */
export function described(answer: Answer): string {
  if (answer.body.trim() === "") {
    return "an empty body";
  }
  const type = /^[\w.+-]{1,60}\/[\w.+-]{1,60}/.exec(answer.contentType ?? "")?.[0];
  return type === undefined ? "a body of no known type" : `a body of type ${type}`;
}

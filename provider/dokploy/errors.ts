import { UserError } from "../problem";
import type { EndpointPolicy } from "./endpoint-policy";
import type { Endpoint } from "./endpoints";
import { since } from "./features";
import { bounded, redact, secretsOf } from "./redact";
import { type Fault, GATEWAY_FAILURES } from "./retry";
import { type Auth, HOW_TO_SET, type Settings } from "./settings";
import { FLOOR, FLOOR_REASON, type Version } from "./version";

/** What kind of failure it is; callers branch on this and never on a status or a text. */
export type ErrorKind =
  | "not-found"
  | "unauthorized"
  | "forbidden"
  | "invalid"
  | "conflict"
  | "too-large"
  | "rate-limited"
  | "unreachable"
  | "timeout"
  | "not-dokploy"
  | "redirect"
  | "server"
  | "unsupported-version";

/**
 * Whether the server acted: `not-sent` and `refused` mean it did not; `unknown` means it may have, so read before
 * doing anything else. A query is never `unknown`.
 */
export type Outcome = "not-sent" | "refused" | "unknown";

/**
 * A call that failed. The message says what failed, on which object, why, and what to do; it holds no secret, and
 * nothing else hangs on the error (no request, no answer, no cause).
 *
 * @example
 * try {
 *   await api.call("application.one", { applicationId });
 * } catch (error) {
 *   if (isNotFound(error)) return undefined;
 *   throw error;
 * }
 */
export class DokployError extends UserError {
  override readonly name = "DokployError";
  readonly kind: ErrorKind;
  readonly endpoint: Endpoint;
  readonly outcome: Outcome;
  /** HTTP status of the last answer; missing when there was none. */
  declare readonly status?: number;
  /** What a `not-found` answer says is missing, in Dokploy's word (`Application`, `SSH Key`). */
  declare readonly missing?: string;
  /** Whether what is missing is the very object that the call is about, not another that the input refers to. */
  declare readonly gone?: boolean;
  /** What Dokploy gave as the reason, fit for a message; missing when it gave none. */
  declare readonly said?: string;

  constructor(
    message: string,
    facts: {
      kind: ErrorKind;
      endpoint: Endpoint;
      outcome: Outcome;
      status?: number;
      missing?: string;
      gone?: boolean;
      said?: string;
    },
  ) {
    super(message);
    this.kind = facts.kind;
    this.endpoint = facts.endpoint;
    this.outcome = facts.outcome;
    for (const key of ["status", "missing", "gone", "said"] as const) {
      if (facts[key] !== undefined) {
        Object.defineProperty(this, key, { value: facts[key], enumerable: true });
      }
    }
  }
}

/**
 * Whether the object that the call was about does not exist: Dokploy answered 404, or 400 `… not found`, about that
 * object. Never for 401 or 403: Dokploy gives 401 for a missing service when the key belongs to a member, and for
 * every object when the key has expired. Never for an object that the input only refers to.
 */
export function isNotFound(error: unknown): boolean {
  return error instanceof DokployError && error.kind === "not-found" && error.gone === true;
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
interface Failure {
  readonly status: number;
  readonly context: CallContext;
  readonly answer: Answer;
  readonly host: string;
  /** Whether the body is a JSON object with a message, as all of Dokploy's errors are. */
  readonly isDokploys: boolean;
  /** As the server said it: never into a text. */
  readonly rawMessage: string;
  readonly message: string;
  readonly code: string | undefined;
  /** The procedure that answered; a router that has no such procedure gives none. */
  readonly path: string | undefined;
  /** `field: reason; …` of a failed validation. */
  readonly fields: string;
}

interface Rule {
  readonly kind: ErrorKind;
  readonly when: (f: Failure) => boolean;
  readonly why: (f: Failure) => string;
  readonly fix: (f: Failure) => string;
}

const CHECK_URL = `Check the address: ${HOW_TO_SET.url}.`;
const NEW_KEY =
  "Create a key with rate limiting off in Dokploy under Settings > Profile > API/CLI Keys, " +
  `and set it with ${HOW_TO_SET.apiKey}.`;
const KEY_LIMIT =
  "Keys made through the API allow 10 checks in 24 hours unless their rate limit is switched off, and each call takes two";
/** Pulumi gives refresh and destroy the configuration that the state holds. */
const OLD_SETTINGS =
  "After a change of the settings, `pulumi refresh` and `pulumi destroy` use the former ones until a `pulumi up` has run, " +
  "unless given --run-program.";
const UNKNOWN_PROCEDURE = /^not[ _]found$/i;

/** `Port not found`, `Error updating the environment: Environment not found`; not the output of some command. */
const SOMETHING_NOT_FOUND = /^(?:Error [a-z ]{1,40}: )?([A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*) not found\.?$/;

/** The first rule that fits says what an answer means. Answers are those of Dokploy 0.30.2 and of proxies. */
const RULES: readonly Rule[] = [
  {
    kind: "redirect",
    when: (f) => f.status >= 300 && f.status < 400,
    why: (f) => `${f.host} redirects to ${redirectTarget(f)}`,
    fix: redirectFix,
  },
  {
    kind: "not-dokploy",
    when: (f) => f.status === 407,
    why: () => "the proxy on the way asks for a login",
    fix: () => "Put user and password into HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
  },
  {
    kind: "too-large",
    when: (f) => f.status === 413,
    why: () => "the request is too large (Dokploy takes 1 MB in one call)",
    fix: () =>
      "Make the environment text or the compose file smaller, for example by moving files into mounts.",
  },
  {
    kind: "rate-limited",
    when: (f) => f.status === 429,
    why: (f) => `${f.host} gets too many requests`,
    fix: () => "Run again later, or raise the limit of the proxy in front of Dokploy.",
  },
  {
    kind: "unreachable",
    when: (f) => f.status === 503 || GATEWAY_FAILURES.has(f.status),
    why: (f) => `Dokploy does not answer behind ${f.host}`,
    fix: () => "It may be down, updating or restarting: look at the server, then run again.",
  },
  {
    kind: "not-dokploy",
    when: (f) => !f.isDokploys,
    why: (f) => `${f.host} answered with ${described(f.answer)}, which is no answer of Dokploy's API`,
    fix: (f) =>
      f.status === 401 || f.status === 403
        ? `A proxy or login in front of Dokploy refused the call: let requests to /api pass. ${CHECK_URL}`
        : CHECK_URL,
  },
  {
    kind: "forbidden",
    when: (f) => f.status === 401 && f.code !== undefined && !/^unauthorized$/i.test(f.rawMessage),
    why: (f) => `the API key lacks the permission, or cannot see this object: ${f.message}`,
    fix: () => "Use a key of an owner or admin of the organisation, or give its user the permission.",
  },
  {
    // Some endpoints wrap the refusal into an error of their own, e.g. `project.create`.
    kind: "forbidden",
    when: (f) => f.status === 400 && /\bunauthorized to access\b/i.test(f.rawMessage),
    why: (f) => `the API key lacks the permission: ${f.message}`,
    fix: () => "Use a key of an owner or admin of the organisation, or give its user the permission.",
  },
  {
    kind: "unauthorized",
    when: (f) => f.status === 401 && (f.context.keyWorked || f.code !== undefined),
    why: () =>
      "the API key was good a moment ago and is refused now: rate-limited, used up, expired or deleted",
    fix: () => `${KEY_LIMIT}. ${NEW_KEY} ${OLD_SETTINGS}`,
  },
  {
    kind: "unauthorized",
    when: (f) => f.status === 401 && f.context.auth === "bearer",
    why: () => "the API key was refused",
    fix: () => `dokploy:auth is bearer, and Dokploy itself reads only x-api-key: ${HOW_TO_SET.auth}.`,
  },
  {
    kind: "unauthorized",
    when: (f) => f.status === 401,
    why: () => "the API key was refused: wrong, expired, deleted or its rate limit used up",
    fix: () => `${NEW_KEY} ${KEY_LIMIT}. ${OLD_SETTINGS}`,
  },
  {
    kind: "forbidden",
    when: (f) => f.status === 403,
    why: (f) => `the API key may not do this: ${f.message}`,
    fix: () => "Use a key of an owner or admin of the organisation, or give its user the permission.",
  },
  {
    kind: "unsupported-version",
    when: (f) =>
      f.status === 404 &&
      f.code === "NOT_FOUND" &&
      f.path === undefined &&
      UNKNOWN_PROCEDURE.test(f.rawMessage),
    why: (f) => `this Dokploy has no ${f.context.endpoint}`,
    fix: (f) => {
      const version = since(f.context.endpoint);
      return version === undefined
        ? `Update Dokploy (at least ${FLOOR.text}), or check the address: ${HOW_TO_SET.url}.`
        : `It came with Dokploy ${version.text}: update the server.`;
    },
  },
  {
    kind: "not-found",
    when: (f) => f.status === 404 && f.code === "NOT_FOUND",
    why: (f) => f.message,
    fix: () => "It was deleted, or its id is wrong: compare with Dokploy, or run `pulumi refresh`.",
  },
  {
    kind: "not-dokploy",
    when: (f) => f.status === 404,
    why: (f) => `${f.host} has no such address`,
    fix: () => CHECK_URL,
  },
  {
    kind: "not-found",
    when: (f) => f.status === 400 && SOMETHING_NOT_FOUND.test(f.rawMessage),
    why: (f) => f.message,
    fix: () => "It was deleted, or its id is wrong: compare with Dokploy, or run `pulumi refresh`.",
  },
  {
    kind: "invalid",
    when: (f) => f.status === 400 && f.rawMessage === "Error updating application",
    why: (f) => f.message,
    fix: () =>
      "Dokploy says this when no application has the id: it may have been deleted; run `pulumi refresh`.",
  },
  {
    kind: "invalid",
    when: (f) => f.fields !== "",
    why: (f) => `Dokploy refused the values: ${f.fields}`,
    fix: () => "Correct the named inputs.",
  },
  {
    kind: "invalid",
    when: (f) => /\bNo values to set$/.test(f.rawMessage),
    why: () => "the call changes nothing, which Dokploy refuses",
    fix: () => "Give at least one value to change.",
  },
  {
    kind: "conflict",
    when: (f) => f.status === 409,
    why: (f) => f.message,
    fix: () => "Take another name or port, or remove what holds it.",
  },
  {
    kind: "invalid",
    when: (f) => f.status < 500,
    why: (f) => f.message,
    fix: (f) =>
      /Failed query/.test(f.rawMessage)
        ? "An id in the inputs may name nothing (project, registry, key …), or the object exists already."
        : "Correct the inputs, or compare with what Dokploy shows.",
  },
  {
    kind: "server",
    when: () => true,
    why: (f) => f.message,
    fix: (f) =>
      /Failed query/.test(f.rawMessage)
        ? "A value may be of the wrong kind, or an id may name nothing; the server's log has the details."
        : "The server's log has the details.",
  },
];

/** Why a request got no answer, and what to do. Codes of TLS start with CERT, ERR_TLS, ERR_SSL or name a certificate. */
const FAULTS: readonly {
  readonly code: RegExp;
  readonly kind: ErrorKind;
  readonly why: (host: string) => string;
  readonly fix: string;
}[] = [
  {
    code: /^ECONNREFUSED$/,
    kind: "unreachable",
    why: (host) => `${host} refuses connections`,
    fix: `Is Dokploy running, and is the port right? ${CHECK_URL}`,
  },
  {
    code: /^(?:ENOTFOUND|EAI_AGAIN)$/,
    kind: "unreachable",
    why: (host) => `the name of ${host} cannot be resolved`,
    fix: `Is it spelt right, and does this machine's DNS know it? ${CHECK_URL}`,
  },
  {
    code: /^ETIMEDOUT$/,
    kind: "timeout",
    why: (host) => `${host} did not answer in time`,
    fix: `Is it reachable from here (firewall, VPN), and is it overloaded? ${CHECK_URL}`,
  },
  {
    code: /CERT|SIGNATURE|^ERR_TLS/,
    kind: "unreachable",
    why: (host) => `the certificate of ${host} is not trusted`,
    fix: "Give Dokploy a valid certificate, or name your own authority's in NODE_EXTRA_CA_CERTS (a PEM file).",
  },
  {
    code: /^(?:EPROTO|ERR_SSL)/,
    kind: "unreachable",
    why: (host) => `${host} does not speak TLS on that port`,
    fix: `Is it http instead of https, or another port? ${CHECK_URL}`,
  },
  {
    // The address of the server was read before, so it is the proxy's that is wrong.
    code: /^ERR_INVALID_URL$/,
    kind: "unreachable",
    why: (host) => `the address of the proxy to ${host} is not a URL`,
    fix: "Correct HTTPS_PROXY or HTTP_PROXY (http://host:port), or name the host in NO_PROXY.",
  },
  {
    code: /^ANSWER_TOO_LARGE$/,
    kind: "server",
    why: (host) => `${host} sent an answer that is too large`,
    fix: "Check what answers at this address; an answer of Dokploy stays far below the limit of 50 MB.",
  },
];

const OTHER_FAULT = {
  kind: "unreachable" as const,
  why: (host: string) => `the connection to ${host} broke`,
  fix: "Run again; if it stays so, look at the proxy and the network between here and Dokploy.",
};

/** The error for an answer that is a failure. */
export function errorFromAnswer(context: CallContext, answer: Answer): DokployError {
  const failure = readFailure(context, answer);
  const rule = RULES.find((r) => r.when(failure));
  if (rule === undefined) {
    throw new TypeError("the last rule fits every answer");
  }
  const missing = rule.kind === "not-found" ? SOMETHING_NOT_FOUND.exec(failure.rawMessage)?.[1] : undefined;
  return build(context, rule.kind, `${rule.why(failure)} (HTTP ${answer.status})`, rule.fix(failure), {
    status: answer.status,
    acted: answer.status >= 500 && answer.status !== 503 && rule.kind !== "invalid",
    ...(failure.isDokploys ? { said: failure.message } : {}),
    ...(missing === undefined ? {} : { missing }),
  });
}

/** The error for a request that got no answer. */
export function errorFromFault(context: CallContext, fault: Fault): DokployError {
  const known = FAULTS.find((f) => f.code.test(fault.code)) ?? OTHER_FAULT;
  const host = new URL(context.url).host;
  const proxy = fault.sent ? undefined : context.proxyVariable;
  const fix = proxy === undefined ? known.fix : `${known.fix} ${proxy} is set: it may be the proxy.`;
  return build(context, known.kind, `${known.why(host)} (${fault.code})`, fix, {
    acted: fault.sent,
    sent: fault.sent,
  });
}

/** The error for an answer with status 200 that is not what the endpoint gives. */
export function errorFromOddAnswer(context: CallContext, answer: Answer): DokployError {
  const why = `${new URL(context.url).host} answered with ${described(answer)}, which is no answer of Dokploy's API`;
  return build(context, "not-dokploy", `${why} (HTTP ${answer.status})`, CHECK_URL, {
    status: answer.status,
    acted: true,
  });
}

/** The error for a call that is not made because the server is older than the floor. */
export function errorForVersion(context: CallContext, version: Version): DokployError {
  const why = `the server runs Dokploy ${redact(version.text, [])}, older than ${FLOOR.text}: ${FLOOR_REASON}`;
  return build(context, "unsupported-version", why, "Update Dokploy; nothing was changed.", {
    acted: false,
    sent: false,
  });
}

/** The error for a change that is not made because the server would drop a part of it in silence. */
export function errorForColumn(context: CallContext, version: Version, column: string): DokployError {
  const why = `the server runs Dokploy ${redact(version.text, [])}, which has no ${column} and would drop it`;
  const fix = `It came with Dokploy ${since(`${context.endpoint}.${column}`)?.text}: update the server, or leave ${column} out; nothing was changed.`;
  return build(context, "unsupported-version", why, fix, { acted: false, sent: false });
}

/** The error for an input that cannot be sent as it is. */
export function errorForInput(context: CallContext, field: string): DokployError {
  return build(context, "invalid", `${field} is not a finite number`, "Correct the named input.", {
    acted: false,
    sent: false,
  });
}

/** The same error for a call that was not made because an earlier one, which it needs, failed. */
export function notSentBecause(error: DokployError, endpoint: Endpoint): DokployError {
  return new DokployError(`Dokploy ${endpoint} was not called: ${error.message}`, {
    kind: error.kind,
    endpoint,
    outcome: "not-sent",
    ...(error.status === undefined ? {} : { status: error.status }),
  });
}

function build(
  context: CallContext,
  kind: ErrorKind,
  why: string,
  fix: string,
  facts: { acted: boolean; sent?: boolean; status?: number; missing?: string; said?: string },
): DokployError {
  const { policy, endpoint, tries } = context;
  const mutates = policy.method === "POST";
  const maybe = mutates && (facts.acted || context.maybeDone);
  const outcome = maybe ? "unknown" : facts.sent === false ? "not-sent" : "refused";
  const message = [
    `Dokploy ${endpoint}${about(context)} failed${tries > 1 ? ` after ${tries} tries` : ""}: ${why}.`,
    ...(outcome === "unknown" ? ["Dokploy may have done it all the same."] : []),
    fix,
    ...origin(kind, context),
  ].join(" ");
  return new DokployError(message, {
    kind,
    endpoint,
    outcome,
    ...(facts.status === undefined ? {} : { status: facts.status }),
    ...(facts.said === undefined ? {} : { said: facts.said }),
    ...(facts.missing === undefined
      ? {}
      : { missing: facts.missing, gone: plain(facts.missing) === plain(policy.about?.noun ?? "") }),
  });
}

/** Where the setting comes from that may be wrong: often another one than people think of. */
function origin(kind: ErrorKind, { origins }: CallContext): string[] {
  if (!origins) return [];
  if (kind === "unauthorized") return [`The key comes from ${origins.apiKey}.`];
  const isAboutAddress = ["unreachable", "timeout", "not-dokploy", "redirect"].includes(kind);
  return isAboutAddress ? [`The address comes from ${origins.url}.`] : [];
}

function plain(noun: string): string {
  return noun.replaceAll(" ", "").toLowerCase();
}

/** ` on application "abc"` */
function about({ policy, input, apiKey }: CallContext): string {
  const id = policy.about === undefined ? undefined : (input as Record<string, unknown>)[policy.about.field];
  return typeof id === "string" ? ` on ${policy.about?.noun} "${redact(id, [apiKey])}"` : "";
}

function readFailure(context: CallContext, answer: Answer): Failure {
  const body = parseObject(answer.body);
  const rawMessage = typeof body?.["message"] === "string" ? bounded(body["message"]).trim() : "";
  const data = asObject(body?.["data"]);
  const secrets = [context.apiKey, ...secretsOf(context.input)];
  const message = redact(rawMessage, secrets).replace(/\.$/, "");
  return {
    status: answer.status,
    context,
    answer,
    host: new URL(context.url).host,
    isDokploys: rawMessage !== "",
    rawMessage,
    message: message === "" ? "no reason given" : message,
    code: typeof body?.["code"] === "string" ? body["code"] : undefined,
    path: typeof data?.["path"] === "string" ? data["path"] : undefined,
    fields: readFields(asObject(data?.["zodError"]), secrets),
  };
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
function described(answer: Answer): string {
  if (answer.body.trim() === "") {
    return "an empty body";
  }
  const type = /^[\w.+-]{1,60}\/[\w.+-]{1,60}/.exec(answer.contentType ?? "")?.[0];
  return type === undefined ? "a body of no known type" : `a body of type ${type}`;
}

function redirectTarget({ answer, context }: Failure): string {
  const target = targetUrl(answer, context);
  return target === undefined ? "an address that it does not name" : `${target.protocol}//${target.host}`;
}

function redirectFix({ answer, context }: Failure): string {
  const target = targetUrl(answer, context);
  const here = new URL(context.url);
  if (target !== undefined && target.hostname === here.hostname && target.protocol !== here.protocol) {
    return `Set that address: \`pulumi config set dokploy:url ${target.origin}${here.pathname.replace(/\/$/, "")}\` or DOKPLOY_URL.`;
  }
  return `A login in front of Dokploy, or another address of it: let requests to /api pass, or set the final address with ${HOW_TO_SET.url}.`;
}

function targetUrl(answer: Answer, context: CallContext): URL | undefined {
  try {
    return answer.location === undefined ? undefined : new URL(answer.location, context.url);
  } catch {
    return undefined;
  }
}

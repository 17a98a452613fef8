import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import type { Socket } from "node:net";
import type { AxiosStatic } from "axios";
import { ENDPOINT_POLICIES, type EndpointPolicy, TIMEOUTS_MS, type TimeoutClass } from "./endpoint-policy";
import type { Api, Endpoint, Input, Output } from "./endpoints";
import {
  type Answer,
  type CallContext,
  DokployError,
  errorForInput,
  errorForVersion,
  errorFromAnswer,
  errorFromFault,
  errorFromOddAnswer,
  notSentBecause,
} from "./errors";
import { modernise } from "./legacy";
import { type FailedTry, type Fault, parseRetryAfter, retryDecision } from "./retry";
import { isLoopback, type Settings } from "./settings";
import { compareVersions, type Feature, FLOOR, parseVersion, supports, type Version } from "./version";

/** All optional; tests replace the clock and the limits. */
export interface ClientOptions {
  /** Requests, and so connections, at a time. Default 8. */
  readonly concurrency?: number;
  /** Milliseconds that one try may take, by class of endpoint. */
  readonly timeoutsMs?: Partial<Record<TimeoutClass, number>>;
  /** Milliseconds until a connection must be up. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** Bytes of an answer, unpacked. Default 50 MB. */
  readonly maxAnswerBytes?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  /** A number in [0, 1). */
  readonly random?: () => number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const MAX_ANSWER_BYTES = 50_000_000;

/** Below the 5 s after which a Node server closes an idle connection: a request must not meet that close. */
const IDLE_CONNECTION_MS = 4_000;

/**
 * Dokploy's API over HTTP.
 *
 * - At most `concurrency` requests run at a time, over connections that are kept and used again.
 * - A call that failed is tried again where `retryDecision` allows it, at most five tries in all.
 * - Before the first call that changes something the server's version is read, once, and servers below the floor are
 *   refused; reading works on them.
 * - HTTPS_PROXY, HTTP_PROXY and NO_PROXY are respected, except for this machine itself. Node reads
 *   NODE_EXTRA_CA_CERTS. A redirect is an error: following one would send the key elsewhere.
 *
 * Every failure is a `DokployError`. Call `close` at the end.
 *
 * @example
 * const client = new DokployClient(readSettings(() => undefined, process.env));
 * const application = await client.call("application.one", { applicationId });
 */
export class DokployClient implements Api {
  readonly #settings: Settings;
  readonly #options: Required<Omit<ClientOptions, "concurrency" | "timeoutsMs">>;
  readonly #timeoutsMs: Readonly<Record<TimeoutClass, number>>;
  readonly #httpAgent: HttpAgent;
  readonly #httpsAgent: HttpsAgent;
  readonly #slots: Slots;
  #keyWorked = false;
  #version: Promise<Version> | undefined;

  constructor(settings: Settings, options: ClientOptions = {}) {
    const { concurrency = 8, timeoutsMs, ...rest } = options;
    this.#settings = settings;
    this.#options = {
      connectTimeoutMs: 10_000,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: Math.random,
      now: Date.now,
      ...rest,
    };
    this.#timeoutsMs = { ...TIMEOUTS_MS, ...timeoutsMs };
    const agentOptions = { keepAlive: true, maxSockets: concurrency, timeout: IDLE_CONNECTION_MS };
    this.#httpAgent = new HttpAgent(agentOptions);
    this.#httpsAgent = new HttpsAgent(agentOptions);
    this.#slots = new Slots(concurrency);
  }

  async call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    if (ENDPOINT_POLICIES[endpoint].method === "POST") {
      await this.#refuseOldServer(endpoint, input);
    }
    return this.#send(endpoint, input);
  }

  /** The server's version, read once: callers share one request, and a read that failed is made again. */
  version(): Promise<Version> {
    this.#version ??= this.#send("settings.getDokployVersion", {}).then(parseVersion);
    const reading = this.#version;
    reading.catch(() => {
      if (this.#version === reading) {
        this.#version = undefined;
      }
    });
    return reading;
  }

  /** Whether the server has the feature; its version is read once. */
  async supports(feature: Feature): Promise<boolean> {
    return supports(await this.version(), feature);
  }

  /** Closes the connections; calls that still run fail. */
  close(): void {
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }

  async #refuseOldServer(endpoint: Endpoint, input: object): Promise<void> {
    let version: Version;
    try {
      version = await this.version();
    } catch (error) {
      throw error instanceof DokployError ? notSentBecause(error, endpoint) : error;
    }
    if (compareVersions(version, FLOOR) < 0) {
      throw errorForVersion(this.#context(endpoint, input, 1, false), version);
    }
  }

  async #send<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    const policy: EndpointPolicy = ENDPOINT_POLICIES[endpoint];
    const unsendable = nonFiniteField(input);
    if (unsendable !== undefined) {
      throw errorForInput(this.#context(endpoint, input, 1, false), unsendable);
    }
    let maybeDone = false;
    for (let tryNumber = 1; ; tryNumber++) {
      const result = await this.#slots.run(() => this.#try(endpoint, policy, input));
      const context = this.#context(endpoint, input, tryNumber, maybeDone);
      if ("status" in result && result.status === 200) {
        return this.#read(context, result) as Output<E>;
      }
      const failed = this.#failedTry(result);
      const { retry, delayMs } = retryDecision(policy, tryNumber, failed, this.#options.random());
      if (!retry) {
        throw "status" in result ? errorFromAnswer(context, result) : errorFromFault(context, result);
      }
      maybeDone ||= "status" in failed ? failed.status !== 429 && failed.status !== 503 : failed.sent;
      await this.#options.sleep(delayMs);
    }
  }

  #failedTry(result: Answer | Fault): FailedTry {
    if (!("status" in result)) {
      return result;
    }
    const retryAfterMs = parseRetryAfter(result.retryAfter, this.#options.now());
    return { status: result.status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }

  /** The value of an answer with status 200. A procedure that returns nothing sends an empty body. */
  #read(context: CallContext, answer: Answer): unknown {
    let value: unknown;
    if (answer.body !== "") {
      try {
        value = modernise(context.endpoint, JSON.parse(answer.body));
      } catch {
        throw errorFromOddAnswer(context, answer);
      }
    }
    const odd = value === undefined && (answer.body !== "" || context.policy.needsAnswer);
    if (odd || (context.endpoint === "settings.getDokployVersion" && typeof value !== "string")) {
      throw errorFromOddAnswer(context, answer);
    }
    this.#keyWorked = true;
    return value;
  }

  async #try(endpoint: Endpoint, policy: EndpointPolicy, input: object): Promise<Answer | Fault> {
    const abort = new AbortController();
    let timedOut = false;
    const expire = () => {
      timedOut = true;
      abort.abort();
    };
    const connection = { up: false };
    const connectTimer = setTimeout(() => connection.up || expire(), this.#options.connectTimeoutMs);
    const timer = setTimeout(expire, this.#timeoutsMs[policy.timeout]);
    const isPost = policy.method === "POST";
    try {
      const response = await axios().request<string>({
        method: policy.method,
        url: `${this.#settings.url}/api/${endpoint}${isPost ? "" : queryString(input)}`,
        headers: this.#headers(isPost),
        ...(isPost ? { data: JSON.stringify(input) } : {}),
        transformRequest: (data: unknown) => data,
        responseType: "text",
        transformResponse: (data: unknown) => data,
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: this.#options.maxAnswerBytes,
        httpAgent: this.#httpAgent,
        httpsAgent: this.#httpsAgent,
        ...(isLoopback(new URL(this.#settings.url).hostname) ? { proxy: false as const } : {}),
        transport: watchingTransport(connection),
        signal: abort.signal,
      });
      return {
        status: response.status,
        body: response.data,
        contentType: header(response.headers, "content-type"),
        location: header(response.headers, "location"),
        retryAfter: header(response.headers, "retry-after"),
      };
    } catch (error) {
      return { code: timedOut ? "ETIMEDOUT" : faultCode(error), sent: connection.up };
    } finally {
      clearTimeout(connectTimer);
      clearTimeout(timer);
    }
  }

  #headers(isPost: boolean): Record<string, string> {
    const { apiKey, auth } = this.#settings;
    return {
      ...(auth === "bearer" ? { Authorization: `Bearer ${apiKey}` } : { "x-api-key": apiKey }),
      Accept: "application/json",
      "User-Agent": userAgent(),
      ...(isPost ? { "Content-Type": "application/json" } : {}),
    };
  }

  #context(endpoint: Endpoint, input: object, tries: number, maybeDone: boolean): CallContext {
    const { url, auth, apiKey } = this.#settings;
    const policy: EndpointPolicy = ENDPOINT_POLICIES[endpoint];
    return { endpoint, policy, input, url, auth, apiKey, keyWorked: this.#keyWorked, tries, maybeDone };
  }
}

/** Runs at most `free` jobs at a time, in order. A job that waits here has no deadline running yet. */
class Slots {
  readonly #waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.free > 0) {
      this.free--;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.free++;
      } else {
        next();
      }
    }
  }
}

/** Loaded at the first call, since it takes tens of milliseconds and many runs make none. */
function axios(): AxiosStatic {
  return require("axios") as AxiosStatic;
}

let cachedUserAgent: string | undefined;

function userAgent(): string {
  cachedUserAgent ??= `pulumi-dokploy/${(require("pulumi-dokploy/package.json") as { version: string }).version}`;
  return cachedUserAgent;
}

/**
 * Node's own transport that notes when the connection is up (TLS included). Until then nothing of the request has
 * left, whatever the error code says.
 */
function watchingTransport(connection: { up: boolean }) {
  return {
    request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
      const request = (options.protocol === "https:" ? httpsRequest : httpRequest)(options, onResponse);
      request.once("socket", (socket: Socket & { encrypted?: boolean; secureConnecting?: boolean }) => {
        const markUp = () => {
          connection.up = true;
        };
        if (socket.connecting || socket.secureConnecting === true) {
          socket.once(socket.encrypted === true ? "secureConnect" : "connect", markUp);
        } else {
          markUp();
        }
      });
      return request;
    },
  };
}

/** Never the error itself: it holds the headers with the key, and the body. */
function faultCode(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== "string") {
    return "UNKNOWN";
  }
  if (code === "ERR_BAD_RESPONSE") {
    return String(message).startsWith("maxContentLength") ? "ANSWER_TOO_LARGE" : "ECONNRESET";
  }
  return code;
}

function header(headers: object, name: string): string | undefined {
  const value = (headers as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}

/** `?a=1&b=x&b=y`; undefined values are left out, lists repeat the name. */
function queryString(input: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        query.append(name, String(item));
      }
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** The path of a number that JSON cannot hold: it would become null, and Dokploy takes null for 0. */
function nonFiniteField(value: unknown, path = ""): string | undefined {
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : path;
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  for (const [name, item] of Object.entries(value)) {
    const found = nonFiniteField(item, path === "" ? name : `${path}.${name}`);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

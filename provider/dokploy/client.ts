import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { keyedHash } from "../../packages/values";
import { Batches } from "./batches";
import {
  errorForColumn,
  errorForInput,
  errorForVersion,
  errorFromAnswer,
  errorFromFault,
  errorFromOddAnswer,
  notSentBecause,
} from "./call-errors";
import { droppedColumn, upgradeResponse } from "./compat";
import {
  type EndpointPolicy,
  policyOf,
  type Shared,
  TIMEOUTS_MS,
  type TimeoutClass,
} from "./endpoint-policy";
import type { Api, Endpoint, Input, Output } from "./endpoints";
import { DokployError, isNotFound } from "./errors";
import { type Answer, type CallContext, isCutShort, parse, type Secrets, saysNotTaken } from "./failure";
import { type Feature, supports } from "./features";
import { RateLimiter, Semaphore } from "./limits";
import { type FailedStatus, type Fault, parseRetryAfter, retryDecision } from "./retry";
import { isLoopback } from "./settings/address";
import type { Settings } from "./settings/connection";
import type { Span } from "./span";
import { type Subscribable, type Subscription, subscribe } from "./subscription";
import { traced } from "./traced";
import {
  axios,
  faultCode,
  header,
  nonFiniteField,
  proxyVariableFor,
  queryString,
  userAgent,
  watchingTransport,
} from "./transport";
import { compareVersions, FLOOR, parseVersion, type Version } from "./version";

/** Options, all optional; tests replace the clock and the limits. */
export interface ClientOptions {
  /** Limit of one try in milliseconds, by class of endpoint. */
  readonly timeoutsMs?: Partial<Record<TimeoutClass, number>>;
  /** Limit of connecting in milliseconds. Default: 10 000. */
  readonly connectTimeoutMs?: number;
  /** Largest response in bytes, unpacked. Default: 50 MB. */
  readonly maxAnswerBytes?: number;
  readonly sleep?: (ms: number) => Promise<void>;
  /** Returns a number in [0, 1). */
  readonly random?: () => number;
  /** Returns milliseconds since 1970. */
  readonly now?: () => number;
  /** Secrets of the run; errors never show them. */
  readonly secrets?: Secrets | undefined;
  /** Adds each request to the trace of the run. */
  readonly span?: Span | undefined;
  /** Called before each request; an error that it throws refuses the request. */
  readonly onRequest?: (method: "GET" | "POST") => void;
  /** Called for each failed try that is repeated. */
  readonly onRetry?: (failed: { endpoint: string; why: string; delayMs: number }) => void;
}

/** A request below `/api/`. */
interface Request {
  readonly method: EndpointPolicy["method"];
  readonly path: string;
  readonly timeout: TimeoutClass;
  /** Number of the try, from 1. */
  readonly attempt: number;
  /** Body in JSON. */
  readonly data?: string | undefined;
}

const DEFAULT_CONCURRENCY = 8;

const MAX_ANSWER_BYTES = 50_000_000;

/** Less than the 5 s after which a Node server closes an idle connection: a request must not meet that close. */
const IDLE_CONNECTION_MS = 4_000;

/** Fault for a response that is cut short. */
const CUT_SHORT: Fault = { code: "ECONNRESET", sent: true };

/**
 * Client for Dokploy's HTTP API.
 *
 * - At most `concurrency` requests run at a time, over reused connections, and at most `requestsPerMinute` in a
 *   minute. The deadline of a request starts when its turn comes.
 * - Calls that make Dokploy rewrite the same files or lists run one after the other: see `EndpointPolicy.rewrites`.
 * - A failed call is tried again where `retryDecision` allows it, at most five tries in all.
 * - Simultaneous reads share requests: see `Batches`.
 * - Before the first call that changes something, the server's version is read, once. Changes are refused on servers
 *   below the floor; reading works. A change is also refused if the server is too old for a part of it and would
 *   drop it.
 * - HTTPS_PROXY, HTTP_PROXY and NO_PROXY are respected, except for this machine itself. Node reads
 *   NODE_EXTRA_CA_CERTS. A redirect is an error: following it would send the key elsewhere.
 *
 * Every failed call rejects with a `DokployError`. Call `close` at the end.
 *
 * @example
 * const client = new DokployClient(readSettings({ stack: () => undefined, environment: process.env }));
 * const application = await client.call("application.one", { applicationId });
 */
export class DokployClient implements Api {
  readonly #settings: Settings;
  readonly #options: Required<Omit<ClientOptions, "timeoutsMs">>;
  readonly #timeoutsMs: Readonly<Record<TimeoutClass, number>>;
  readonly #httpAgent: HttpAgent;
  readonly #httpsAgent: HttpsAgent;
  readonly #slots: Semaphore;
  readonly #pace: RateLimiter | undefined;
  /** Few calls show which server they write to, so all share one queue. */
  readonly #rewriting: Readonly<Record<Shared, Semaphore>> = {
    traefik: new Semaphore(1),
    access: new Semaphore(1),
  };
  readonly #tries = new Set<AbortController>();
  readonly #batches = new Batches((path) =>
    this.#request({ method: "GET", path, timeout: "read", attempt: 1 }),
  );
  readonly #ended = new AbortController();
  #closed = false;
  #keyWorked = false;
  #outages = 0;
  #version: Promise<Version> | undefined;
  #ready: Promise<void> | undefined;

  constructor(settings: Settings, options: ClientOptions = {}) {
    const { timeoutsMs, ...rest } = options;
    const { concurrency = DEFAULT_CONCURRENCY, requestsPerMinute } = settings;
    this.#settings = settings;
    this.#options = {
      connectTimeoutMs: 10_000,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      secrets: undefined,
      span: undefined,
      onRequest: () => {},
      onRetry: () => {},
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      random: Math.random,
      // Unlike the time of day it never goes back.
      now: () => performance.timeOrigin + performance.now(),
      ...rest,
    };
    this.#timeoutsMs = { ...TIMEOUTS_MS, ...timeoutsMs };
    const agentOptions = { keepAlive: true, maxSockets: concurrency, timeout: IDLE_CONNECTION_MS };
    this.#httpAgent = new HttpAgent(agentOptions);
    this.#httpsAgent = new HttpsAgent(agentOptions);
    this.#slots = new Semaphore(concurrency);
    this.#pace = requestsPerMinute === undefined ? undefined : new RateLimiter(requestsPerMinute);
  }

  async call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    const { method, rewrites } = policyOf(endpoint);
    if (method === "POST") {
      await this.assertSupported(endpoint, input);
    }
    const end = rewrites === undefined ? undefined : await this.#rewriting[rewrites].take();
    try {
      return await this.#send(endpoint, input);
    } finally {
      end?.();
    }
  }

  /** Calls an endpoint that only reads: together with simultaneous reads, or alone where that does not work. */
  async look<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    const asked = policyOf(endpoint).method === "GET" ? await this.#batches.ask(endpoint, input) : undefined;
    const value = upgradeResponse(endpoint, asked);
    if (value === undefined) return await this.call(endpoint, input);
    this.#keyWorked = true;
    return value as Output<E>;
  }

  /** Reads the server's version once: callers share one request, and a failed read is repeated. */
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

  /** Waits for the server's first response. A server that gave none is not called again: each resource would wait. */
  ready(): Promise<void> {
    this.#ready ??= this.version().then(() => undefined);
    return this.#ready;
  }

  /** Returns how many tries of calls have not reached Dokploy, also those that were repeated. */
  outages(): number {
    return this.#outages;
  }

  /** True when the server has the feature; its version is read once. */
  async supports(feature: Feature): Promise<boolean> {
    return supports(await this.version(), feature);
  }

  sign(purpose: string, ...values: readonly unknown[]): string {
    return keyedHash(this.#settings.apiKey, purpose, ...values);
  }

  /** Subscribes over a web socket. Behind a proxy this counts as refused, because web sockets do not use it. */
  async subscribe(
    procedure: Subscribable,
    input: object,
    receive: (piece: string) => void,
  ): Promise<Subscription | undefined> {
    const { url } = this.#settings;
    if (this.#closed || proxyVariableFor(new URL(url)) !== undefined) return undefined;
    const options = { url, headers: this.#headers(false), timeoutMs: this.#options.connectTimeoutMs };
    const end = await this.#turn();
    try {
      return await subscribe(procedure, input, { ...options, signal: this.#ended.signal }, receive);
    } finally {
      end();
    }
  }

  /** Closes the connections; running and later calls fail. */
  close(): void {
    this.#closed = true;
    this.#ended.abort();
    for (const abort of this.#tries) {
      abort.abort();
    }
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }

  /** Refuses a call that this server is too old for, without sending it; its version is read once. */
  async assertSupported<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<void> {
    let version: Version;
    try {
      version = await this.version();
    } catch (error) {
      throw error instanceof DokployError ? notSentBecause(error, endpoint) : error;
    }
    if (compareVersions(version, FLOOR) < 0) {
      throw errorForVersion(this.#context(endpoint, input, 1, false), version);
    }
    const dropped = droppedColumn(endpoint, input, version);
    if (dropped !== undefined) {
      throw errorForColumn(this.#context(endpoint, input, 1, false), version, dropped);
    }
  }

  async #send<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    const policy = policyOf(endpoint);
    const unsendable = nonFiniteField(input);
    if (unsendable !== undefined) {
      throw errorForInput(this.#context(endpoint, input, 1, false), unsendable);
    }
    const { method, timeout } = policy;
    const isWrite = method === "POST";
    const path = isWrite ? endpoint : `${endpoint}${queryString(input)}`;
    const data = isWrite ? JSON.stringify(input) : undefined;
    let maybeDone = false;
    for (let tryNumber = 1; ; tryNumber++) {
      const answer = await this.#request({ method, timeout, path, data, attempt: tryNumber });
      const value = "status" in answer && answer.status === 200 ? parse(answer.body) : undefined;
      const result = isCutShort(answer, value) ? CUT_SHORT : answer;
      const context = this.#context(endpoint, input, tryNumber, maybeDone);
      if ("status" in result && result.status === 200) {
        return this.#read(context, result, value) as Output<E>;
      }
      const failed = "status" in result ? this.#failedStatus(result) : result;
      const errorNow = () =>
        "status" in result ? errorFromAnswer(context, result) : errorFromFault(context, result);
      if (errorNow().kind === "unreachable") this.#outages += 1;
      const { retry, delayMs } = retryDecision(policy, tryNumber, failed, this.#options.random());
      if (!retry || this.#closed) {
        await this.#options.secrets?.learned();
        const error = errorNow();
        if (policy.removes && maybeDone && isNotFound(error)) return undefined as Output<E>;
        throw error;
      }
      maybeDone ||= "status" in failed ? !failed.notTaken : failed.sent;
      const why = "status" in failed ? `HTTP ${failed.status}` : failed.code;
      this.#options.onRetry({ endpoint, why, delayMs });
      await this.#options.sleep(delayMs);
    }
  }

  /**
   * Waits for a turn. The slot is taken first: places in the rate limit that are assigned too early would later allow
   * bursts.
   *
   * @returns ends the turn
   */
  async #turn(): Promise<() => void> {
    const end = await this.#slots.take();
    const delayMs = this.#pace?.next(this.#options.now()) ?? 0;
    if (delayMs > 0) await this.#options.sleep(delayMs);
    return end;
  }

  #failedStatus(answer: Answer): FailedStatus {
    const { status, retryAfter } = answer;
    const retryAfterMs = parseRetryAfter(retryAfter, this.#options.now());
    const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
    return { status, notTaken: saysNotTaken(answer), ...wait };
  }

  /** Checks the value of a response with status 200. A procedure that returns nothing sends an empty body. */
  #read(context: CallContext, answer: Answer, parsed: unknown): unknown {
    const value = parsed === undefined ? undefined : upgradeResponse(context.endpoint, parsed);
    const odd = value === undefined && (answer.body !== "" || context.policy.needsAnswer);
    if (odd || (context.endpoint === "settings.getDokployVersion" && typeof value !== "string")) {
      throw errorFromOddAnswer(context, answer);
    }
    this.#keyWorked = true;
    return value;
  }

  #request(request: Request): Promise<Answer | Fault> {
    return traced(this.#options.span, request, (begun) => this.#answer(request, begun));
  }

  async #answer({ method, timeout, path, data }: Request, begun: () => void): Promise<Answer | Fault> {
    this.#options.onRequest(method);
    const end = await this.#turn();
    begun();
    if (this.#closed) {
      end();
      return { code: "CLOSED", sent: false };
    }
    const abort = new AbortController();
    this.#tries.add(abort);
    let timedOut = false;
    const expire = () => {
      timedOut = true;
      abort.abort();
    };
    const connection = { up: false };
    const connectTimer = setTimeout(() => connection.up || expire(), this.#options.connectTimeoutMs);
    const timer = setTimeout(expire, this.#timeoutsMs[timeout]);
    try {
      const response = await axios().request<string>({
        method,
        url: `${this.#settings.url}/api/${path}`,
        headers: this.#headers(method === "POST"),
        ...(data === undefined ? {} : { data }),
        transformRequest: (data: unknown) => data,
        responseType: "text",
        transformResponse: (data: unknown) => data,
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: this.#options.maxAnswerBytes,
        httpAgent: this.#httpAgent,
        httpsAgent: this.#httpsAgent,
        ...(isLoopback(new URL(this.#settings.url).hostname) ? { proxy: false as const } : {}),
        transport: watchingTransport(connection, abort.signal),
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
      this.#tries.delete(abort);
      end();
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
    const { url, auth, apiKey, origins, provider } = this.#settings;
    const { secrets } = this.#options;
    return {
      ...{ endpoint, policy: policyOf(endpoint), input, tries, maybeDone, keyWorked: this.#keyWorked },
      ...{ url, auth, apiKey, origins, provider, secrets, proxyVariable: proxyVariableFor(new URL(url)) },
    };
  }
}

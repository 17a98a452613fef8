import type { EndpointPolicy } from "./endpoint-policy";

/** A try that ended without a response. */
export interface Fault {
  /** Node's error code; `ETIMEDOUT` also for our own deadlines, `ECONNRESET` for a response cut short. */
  readonly code: string;
  /** True when the connection was established, so that the request may have reached the server. */
  readonly sent: boolean;
}

/** A response that reports a failure, as far as it matters for another try. */
export interface FailedStatus {
  readonly status: number;
  /** True when the server or a proxy says that it did not accept the request. */
  readonly notTaken: boolean;
  /** Wait from `Retry-After`. */
  readonly retryAfterMs?: number;
}

/** A failed try: a response, or none. */
export type FailedTry = FailedStatus | Fault;

/** Decision about a failed try. */
export interface RetryDecision {
  readonly retry: boolean;
  /** Milliseconds to wait before the next try; 0 without one. */
  readonly delayMs: number;
}

/** Maximum number of tries of one call, including the first one. */
export const MAX_TRIES = 5;

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;
const NO: RetryDecision = { retry: false, delayMs: 0 };

/** A proxy lost the server while it waited; 520 to 524 are Cloudflare's. */
export const GATEWAY_FAILURES: ReadonlySet<number> = new Set([502, 504, 520, 521, 522, 523, 524]);

/** Failures that may pass, of a request that may have been accepted; 503 is Dokploy's own here. */
const PASSING: ReadonlySet<number> = new Set([...GATEWAY_FAILURES, 503]);

/**
 * Temporary faults. An unknown host (ENOTFOUND) or a certificate that does not match (CERT_…) does not
 * change until somebody changes something, so these fail at once.
 */
const PASSING_FAULTS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);

/**
 * Decides if a failed try is repeated, and after which wait.
 *
 * Requests that the server did not accept (429, a proxy's 503, no connection) are repeated for every endpoint. Requests that
 * it may have accepted are repeated only when that does no harm. A `slow` call that reached its deadline is not
 * repeated: the server may still be working on it. Waits are 1, 2, 4 and 8 seconds less up to half as jitter, or
 * `Retry-After` where that is longer, at most 60 seconds each.
 *
 * @param tryNumber number of the failed try, from 1
 * @param random a number in [0, 1) for the jitter
 */
export function retryDecision(
  policy: Pick<EndpointPolicy, "idempotent" | "timeout">,
  tryNumber: number,
  failed: FailedTry,
  random = Math.random(),
): RetryDecision {
  if (tryNumber >= MAX_TRIES || !mayRepeat(policy, failed)) {
    return NO;
  }
  const backoff = FIRST_DELAY_MS * 2 ** (tryNumber - 1) * (1 - random / 2);
  const asked = ("status" in failed ? failed.retryAfterMs : undefined) ?? 0;
  return { retry: true, delayMs: Math.round(Math.min(Math.max(backoff, asked), MAX_DELAY_MS)) };
}

function mayRepeat(policy: Pick<EndpointPolicy, "idempotent" | "timeout">, failed: FailedTry): boolean {
  if ("status" in failed) {
    return failed.notTaken || (policy.idempotent && PASSING.has(failed.status));
  }
  if (!PASSING_FAULTS.has(failed.code)) {
    return false;
  }
  if (!failed.sent) {
    return true;
  }
  return policy.idempotent && !(policy.timeout === "slow" && failed.code === "ETIMEDOUT");
}

/** Converts a `Retry-After` header (seconds or a date) to milliseconds; undefined when missing or invalid. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim();
  if (text === undefined || text === "") {
    return undefined;
  }
  if (/^\d+$/.test(text)) {
    return Number(text) * 1_000;
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

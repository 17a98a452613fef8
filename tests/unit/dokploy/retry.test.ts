import * as assert from "node:assert/strict";
import { policyOf } from "../../../provider/dokploy";
import { type FailedTry, MAX_TRIES, parseRetryAfter, retryDecision } from "../../../provider/dokploy/retry";
import { ENDPOINTS, isRead, isRepeatable, isSlow } from "./verbs";

type Allowed = "all" | "repeatable" | "none";

const FAILURES: readonly (readonly [string, FailedTry, Allowed])[] = [
  ["429", { status: 429, notTaken: true }, "all"],
  ["503 of a proxy", { status: 503, notTaken: true }, "all"],
  ...[502, 503, 504, 520, 524].map(
    (status) => [String(status), { status, notTaken: false }, "repeatable"] as const,
  ),
  ...[301, 400, 401, 403, 404, 408, 409, 413, 415, 422, 500, 501, 525].map(
    (status) => [String(status), { status, notTaken: false }, "none"] as const,
  ),
  ...["ECONNREFUSED", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET", "ETIMEDOUT"].map(
    (code) => [`${code} before the connection is up`, { code, sent: false }, "all"] as const,
  ),
  ...["ENOTFOUND", "CERT_HAS_EXPIRED", "EPROTO", "UNKNOWN"].map(
    (code) => [`${code} before the connection is up`, { code, sent: false }, "none"] as const,
  ),
  ["ECONNRESET after it", { code: "ECONNRESET", sent: true }, "repeatable"],
  ["EPIPE after it", { code: "EPIPE", sent: true }, "repeatable"],
  ["ANSWER_TOO_LARGE", { code: "ANSWER_TOO_LARGE", sent: true }, "none"],
];

describe("retryDecision", () => {
  for (const endpoint of ENDPOINTS) {
    it(`knows for ${endpoint} and each failure whether a repeat is safe`, () => {
      const repeatable = isRepeatable(endpoint);
      for (const [name, failed, allowed] of FAILURES) {
        const expected = allowed === "all" || (allowed === "repeatable" && repeatable);
        assert.equal(retryDecision(policyOf(endpoint), 1, failed, 0).retry, expected, name);
      }
    });
  }

  it("repeats a call that ran into its deadline, unless it is once-only or slow", () => {
    for (const endpoint of ENDPOINTS) {
      const { retry } = retryDecision(policyOf(endpoint), 1, { code: "ETIMEDOUT", sent: true }, 0);
      assert.equal(retry, isRepeatable(endpoint) && !isSlow(endpoint), endpoint);
    }
  });

  it("reads by GET and changes by POST", () => {
    for (const endpoint of ENDPOINTS) {
      assert.equal(policyOf(endpoint).method, isRead(endpoint) ? "GET" : "POST", endpoint);
    }
  });

  const read = policyOf("project.all");
  const busy: FailedTry = { status: 503, notTaken: true };

  it("stops after five tries", () => {
    assert.equal(MAX_TRIES, 5);
    assert.equal(retryDecision(read, 4, busy, 0).retry, true);
    assert.deepEqual(retryDecision(read, 5, busy, 0), { retry: false, delayMs: 0 });
  });

  it("doubles the wait, and subtracts up to half as jitter", () => {
    const waits = (random: number) => [1, 2, 3, 4].map((n) => retryDecision(read, n, busy, random).delayMs);
    assert.deepEqual(waits(0), [1000, 2000, 4000, 8000]);
    assert.deepEqual(waits(0.5), [750, 1500, 3000, 6000]);
    assert.deepEqual(waits(1), [500, 1000, 2000, 4000]);
  });

  it("waits as long as Retry-After asks, between its own wait and 60 seconds", () => {
    const wait = (retryAfterMs: number) => retryDecision(read, 2, { ...busy, retryAfterMs }, 0).delayMs;
    assert.equal(wait(0), 2000);
    assert.equal(wait(7000), 7000);
    assert.equal(wait(86_400_000), 60_000);
  });
});

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  for (const [header, ms] of [
    ["0", 0],
    ["120", 120_000],
    [" 5 ", 5_000],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ] as const) {
    it(`reads ${JSON.stringify(header)} as ${ms} ms`, () => {
      assert.equal(parseRetryAfter(header, now), ms);
    });
  }
});

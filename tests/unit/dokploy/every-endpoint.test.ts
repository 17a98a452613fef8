import * as assert from "node:assert/strict";
import { DokployError, type Endpoint, type Input, OBJECTS, policyOf } from "../../../provider/dokploy";
import { answerWith, HOST, type Trouble, withLookup } from "./faults";
import { Fixture, json } from "./http-server";
import { ENDPOINTS, isRead, isRepeatable, isSlow } from "./verbs";

const NOW = Date.parse("2026-01-01T00:00:00Z");
/** Long enough to connect and send, also on a busy machine. */
const SHORT = { read: 4_000, write: 4_000, slow: 4_000 };
const BACKOFF = [1000, 2000, 4000, 8000];

/** What a call that meets the same trouble each time comes to. */
interface Course {
  /** Milliseconds between the tries; one less than there are tries. */
  readonly waits: readonly number[];
  readonly outcome: DokployError["outcome"];
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 413, 415, 429, 500, 502, 503, 504, 520].map((status) => [status, { status }]),
  ),
  "429 for 7 seconds": { status: 429, retryAfter: "7" },
  "429 until a date": { status: 429, retryAfter: "Thu, 01 Jan 2026 00:00:20 GMT" },
  "503 of Traefik": { status: 503, body: "no available server\n" },
  "503 of nginx": { status: 503, body: "<html>\r\n<head><title>503</title></head></html>\r\n" },
  "503 without a word": { status: 503, body: "" },
  "503 for a day": { status: 503, body: "", retryAfter: "86400" },
  "503 in half a JSON": { status: 503, body: '{"message":"Could' },
  refused: { before: { code: "ECONNREFUSED" } },
  "no name server": { before: { code: "EAI_AGAIN" } },
  "no such name": { before: { code: "ENOTFOUND" } },
  "reset before sending": { before: { code: "ECONNRESET" } },
  "no route": { before: { code: "EHOSTUNREACH" } },
  "time up while connecting": { before: "silence" },
  "an expired certificate": { before: { code: "CERT_HAS_EXPIRED" } },
  "an own certificate": { before: { code: "DEPTH_ZERO_SELF_SIGNED_CERT" } },
  "no TLS on that port": { before: { code: "EPROTO" } },
  "reset after sending": { after: "reset" },
  "an answer cut short": { after: "truncated" },
  "an answer cut short without a trace": { after: "halved" },
  "time up while waiting": { after: "silence" },
};

/** The rules of when to try again, in words of their own. */
function expected(endpoint: Endpoint, trouble: Trouble): Course {
  const never: number[] = [];
  if ("before" in trouble) {
    // Nothing was sent, so every call may be made again, where waiting can help.
    const passes =
      trouble.before === "silence" ||
      ["ECONNREFUSED", "EAI_AGAIN", "ECONNRESET", "EHOSTUNREACH"].includes(trouble.before.code);
    return { waits: passes ? BACKOFF : never, outcome: "not-sent" };
  }
  if ("after" in trouble) {
    // It may have been done: a second time must do no harm, and not meet a first that still runs.
    const mayStillRun = trouble.after === "silence" && isSlow(endpoint);
    return {
      waits: isRepeatable(endpoint) && !mayStillRun ? BACKOFF : never,
      outcome: isRead(endpoint) ? "refused" : "unknown",
    };
  }
  // Dokploy's own 503 is in JSON, and a proxy's never is.
  const isProxys = trouble.body !== undefined && !trouble.body.startsWith("{");
  switch (isProxys ? 429 : trouble.status) {
    case 429: {
      // It was not taken.
      const asked = { "7": 7000, "86400": 60_000 }[trouble.retryAfter ?? ""];
      const least = asked ?? (trouble.retryAfter === undefined ? 0 : 20_000);
      return { waits: BACKOFF.map((wait) => Math.max(wait, least)), outcome: "refused" };
    }
    case 502:
    case 503:
    case 504:
    case 520:
      // A proxy lost the server, or the server a further one: it may have been done.
      return {
        waits: isRepeatable(endpoint) ? BACKOFF : never,
        outcome: isRead(endpoint) ? "refused" : "unknown",
      };
    case 500:
      // The server failed, perhaps half-way, and would fail again.
      return { waits: never, outcome: isRead(endpoint) ? "refused" : "unknown" };
    default:
      return { waits: never, outcome: "refused" };
  }
}

/** Calls endpoints, of which each meets the same trouble with each try. */
async function meet(
  fixture: Fixture,
  trouble: Trouble,
  endpoints: readonly Endpoint[] = ENDPOINTS,
): Promise<Record<string, Course & { tries: number }>> {
  let hasBegun = false;
  const server = await fixture.server((_, response) =>
    hasBegun ? answerWith(trouble, response) : json(response, 200, "v0.30.2", { connection: "close" }),
  );
  const courses: Record<string, Course> = {};
  await withLookup(
    () => (hasBegun && "before" in trouble ? trouble.before : undefined),
    async () => {
      const calls = endpoints.map((endpoint) => {
        const waits: number[] = [];
        const client = fixture.client(`http://${HOST}:${server.port}`, {
          sleep: async (ms) => {
            waits.push(ms);
          },
          now: () => NOW,
          ...("before" in trouble && trouble.before === "silence" ? { connectTimeoutMs: SHORT.read } : {}),
          ...("after" in trouble && trouble.after === "silence" ? { timeoutsMs: SHORT } : {}),
        });
        return { endpoint, waits, client };
      });
      await Promise.all(calls.map(({ client }) => client.version()));
      server.seen.length = 0;
      for (const { waits } of calls) waits.length = 0;
      hasBegun = true;
      await Promise.all(
        calls.map(async ({ endpoint, waits, client }) => {
          const error: unknown = await client.call(endpoint, inputOf(endpoint)).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          assert.ok(error instanceof DokployError, endpoint);
          courses[endpoint] = { waits, outcome: error.outcome };
        }),
      );
    },
  );
  const tries: Record<string, number> = {};
  for (const { url } of server.seen) {
    const path = url.split("?")[0] ?? "";
    tries[path] = (tries[path] ?? 0) + 1;
  }
  return Object.fromEntries(
    Object.entries(courses).map(([endpoint, course]) => [
      endpoint,
      { ...course, tries: tries[`/api/${endpoint}`] ?? 0 },
    ]),
  );
}

function inputOf<E extends Endpoint>(endpoint: E): Input<E> {
  const field = policyOf(endpoint).about?.field;
  return (field === undefined ? {} : { [field]: "some-id" }) as unknown as Input<E>;
}

describe("every endpoint", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  for (const [name, trouble] of Object.entries(TROUBLES)) {
    it(`that meets ${name} is repeated exactly as often as is safe, after the right waits`, async function () {
      this.timeout(120_000);
      const courses = await meet(fixture, trouble);
      const rule = Object.fromEntries(
        ENDPOINTS.map((endpoint) => {
          const course = expected(endpoint, trouble);
          return [endpoint, { ...course, tries: "before" in trouble ? 0 : course.waits.length + 1 }];
        }),
      );
      assert.deepEqual(courses, rule);
    });
  }

  it("that removes an object has succeeded if a repeat no longer finds it, unlike all other calls", async () => {
    const objects = Object.entries(OBJECTS).map(
      ([router, facts]) => `${"through" in facts ? facts.through : router}.${facts.remove}`,
    );
    const removals = [...new Set([...objects, "user.deleteApiKey"])] as Endpoint[];
    const answersOf = async (endpoint: Endpoint, first: number) => {
      const { noun = "" } = policyOf(endpoint).about ?? {};
      let tries = 0;
      const server = await fixture.server((request, response) => {
        if (request.url === "/api/settings.getDokployVersion") return json(response, 200, "v0.30.2");
        tries += 1;
        if (tries === 1 && first !== 404) return answerWith({ status: first }, response);
        json(response, 404, {
          message: `${noun.charAt(0).toUpperCase()}${noun.slice(1)} not found`,
          code: "NOT_FOUND",
        });
      });
      const client = fixture.client(`http://127.0.0.1:${server.port}`, { sleep: async () => {} });
      return await client.call(endpoint, inputOf(endpoint)).then(
        (answer) => answer,
        (error: DokployError) => `${error.kind}, gone: ${error.gone}`,
      );
    };
    for (const endpoint of removals) {
      assert.equal(await answersOf(endpoint, 504), undefined, endpoint);
      assert.equal(await answersOf(endpoint, 503), undefined, `${endpoint}, Dokploy's own 503`);
      assert.equal(await answersOf(endpoint, 429), "not-found, gone: true", `${endpoint} not taken`);
      assert.equal(await answersOf(endpoint, 404), "not-found, gone: true", `${endpoint} at once`);
    }
    assert.equal(await answersOf("application.update", 504), "not-found, gone: true");
    assert.equal(await answersOf("application.one", 504), "not-found, gone: true");
  });

  /** Tries of the calls that matter most, one by one: nothing here is derived from a rule. */
  const ROWS = `
                                400 401 403 404 409 413 415 429 500 502 503 504 520 reset truncated halved
    application.one                 1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    application.create              1   1   1   1   1   1   1   5   1   1   1   1   1   1   1   1
    application.update              1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    application.saveEnvironment     1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    application.deploy              1   1   1   1   1   1   1   5   1   1   1   1   1   1   1   1
    application.delete              1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    compose.create                  1   1   1   1   1   1   1   5   1   1   1   1   1   1   1   1
    compose.update                  1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    compose.deploy                  1   1   1   1   1   1   1   5   1   1   1   1   1   1   1   1
    compose.delete                  1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    postgres.one                    1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    postgres.saveEnvironment        1   1   1   1   1   1   1   5   1   5   5   5   5   5   5   5
    postgres.deploy                 1   1   1   1   1   1   1   5   1   1   1   1   1   1   1   1`
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  const [columns = [], ...rows] = ROWS;

  columns.forEach((column, i) => {
    it(`of those that matter most is tried on ${column} as the table says`, async () => {
      const trouble: Trouble =
        column === "reset" || column === "truncated" || column === "halved"
          ? { after: column }
          : { status: Number(column) };
      const endpoints = rows.map(([endpoint]) => endpoint as Endpoint);
      const courses = await meet(fixture, trouble, endpoints);
      assert.deepEqual(
        rows.map(([endpoint]) => [endpoint, String(courses[endpoint ?? ""]?.tries)]),
        rows.map(([endpoint, ...tries]) => [endpoint, tries[i]]),
      );
    });
  });
});

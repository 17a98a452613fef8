import * as assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import * as fc from "fast-check";
import { type Emulator, startEmulator } from "../../../emulator";
import { type DokployClient, DokployError, type Settings } from "../../../provider/dokploy";
import { Batches } from "../../../provider/dokploy/batches";
import { API_KEY, cut, Fixture, failure, json, type SeenRequest, type TestServer } from "./http-server";

type Send = ConstructorParameters<typeof Batches>[0];
const IDS = ["a", "b", "c"];

const element = (value: unknown, meta?: object) => ({
  result: { data: { json: value, ...(meta ? { meta } : {}) } },
});
const errorElement = (message: string, code: string, httpStatus: number) => ({
  error: {
    json: { message, code: -32004, data: { code, httpStatus, path: "application.one", zodError: null } },
  },
});
const row = (id: string, from: string) => ({ applicationId: id, name: from, deployments: [] });

/** The ids in a batch; undefined for a request of the plain API. */
function idsOf({ url }: SeenRequest): string[] | undefined {
  const { pathname, searchParams } = new URL(url, "http://server");
  if (!pathname.includes("/api/trpc/")) return undefined;
  const inputs = JSON.parse(searchParams.get("input") ?? "") as Record<
    string,
    { json: { applicationId: string } }
  >;
  return Object.values(inputs).map((input) => input.json.applicationId);
}

describe("reads of one moment", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  const look = async (client: DokployClient, ids = IDS) =>
    await Promise.all(
      ids.map(async (applicationId) => (await client.look("application.one", { applicationId })).name),
    );

  /** A server whose plain API says `alone`, and that answers batches so. */
  async function answering(
    batch: (ids: string[], response: ServerResponse) => void,
    plain: (id: string, response: ServerResponse) => void = (id, response) =>
      json(response, 200, row(id, "alone")),
  ): Promise<TestServer> {
    return await fixture.server((request, response) => {
      const ids = idsOf(request);
      if (ids) return batch(ids, response);
      plain(new URL(request.url, "http://server").searchParams.get("applicationId") ?? "", response);
    });
  }

  const together = (ids: string[]) => ids.map((id) => element(row(id, `${id} of ${ids.length}`)));

  it("are one request, and each gets its own response", async () => {
    const server = await answering((ids, response) => json(response, 200, together(ids)));
    assert.deepEqual(await look(fixture.client(`${server.url}/sub`)), ["a of 3", "b of 3", "c of 3"]);
    const [request, ...others] = server.seen;
    assert.equal(others.length, 0);
    assert.equal(request?.method, "GET");
    assert.equal(request?.headers["x-api-key"], API_KEY);
    const { pathname, searchParams } = new URL(request?.url ?? "", server.url);
    assert.equal(pathname, "/sub/api/trpc/application.one,application.one,application.one");
    assert.deepEqual([...searchParams.keys()], ["batch", "input"]);
  });

  it("may be of several routers, and of lists", async () => {
    const server = await fixture.server((_, response) =>
      json(response, 200, [element([]), element([{ a: 1 }])]),
    );
    const client = fixture.client(server.url);
    const found = await Promise.all([client.look("project.all", {}), client.look("registry.all", {})]);
    assert.deepEqual(found, [[], [{ a: 1 }]]);
    assert.match(server.seen[0]?.url ?? "", /\/api\/trpc\/project\.all,registry\.all\?/);
  });

  it("use the plain API if there is only one", async () => {
    const server = await answering((_, response) => cut(response));
    assert.deepEqual(await look(fixture.client(server.url), ["a"]), ["alone"]);
    assert.equal(server.seen.length, 1);
  });

  it("are never calls that change something, or reads just before one", async () => {
    const server = await answering((_, response) => cut(response));
    const client = fixture.client(server.url);
    await Promise.all(IDS.map((applicationId) => client.call("application.one", { applicationId })));
    assert.equal(server.seen.filter(idsOf).length, 0);
  });

  it("go in several requests if the address would be too long for proxies", async () => {
    const server = await answering((ids, response) => json(response, 200, together(ids)));
    const ids = Array.from({ length: 40 }, (_, index) => `application-with-id-${index}`);
    const found = await look(fixture.client(server.url), ids);
    assert.deepEqual(
      found.map((name) => name.replace(/ of \d+$/, "")),
      ids,
    );
    assert.ok(server.seen.length <= 4, `${server.seen.length} requests`);
    for (const { url } of server.seen) assert.ok(url.length <= 2_020, `${url.length} characters`);
  });

  it("count the length that each read adds to the address, even of short ones", async () => {
    const server = await answering((ids, response) => json(response, 200, together(ids)));
    const ids = Array.from({ length: 90 }, (_, index) => String(index));
    await look(fixture.client(server.url), ids);
    for (const { url } of server.seen) assert.ok(url.length <= 2_020, `${url.length} characters`);
  });

  it("send one separately if its input is too long for an address", async () => {
    const server = await answering((ids, response) => json(response, 200, together(ids)));
    const long = "x".repeat(2_000);
    assert.deepEqual(await look(fixture.client(server.url), ["a", long, "b"]), ["a of 2", "alone", "b of 2"]);
  });

  it("take an error of one of them from the plain API, and of no other", async () => {
    const server = await answering(
      (ids, response) =>
        json(
          response,
          207,
          ids.map((id) =>
            id === "b" ? errorElement("Odd words", "NOT_FOUND", 404) : element(row(id, "batch")),
          ),
        ),
      (_, response) =>
        json(response, 404, failure("Application not found", "NOT_FOUND", 404, "application.one")),
    );
    const client = fixture.client(server.url);
    const found = await Promise.allSettled(
      IDS.map((applicationId) => client.look("application.one", { applicationId })),
    );
    assert.deepEqual(
      found.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    const { reason } = found[1] as PromiseRejectedResult;
    assert.ok(reason instanceof DokployError && reason.gone === true);
    const alone = await client.call("application.one", { applicationId: "b" }).catch((error) => error);
    assert.equal(reason.message, alone.message);
    assert.equal(server.seen.length, 3);
  });

  it("continue in batches after an error of one of them", async () => {
    const server = await answering((ids, response) =>
      json(
        response,
        404,
        ids.map(() => errorElement("Application not found", "NOT_FOUND", 404)),
      ),
    );
    const client = fixture.client(server.url);
    await look(client);
    await look(client);
    assert.equal(server.seen.filter(idsOf).length, 2);
  });

  const refusals: readonly (readonly [string, (ids: string[], response: ServerResponse) => void])[] = [
    ["has no such address", (_, response) => json(response, 404, failure("Not found", "NOT_FOUND", 404))],
    ["sends the page of a proxy", (_, response) => response.writeHead(403).end("<html>no</html>")],
    ["sends a redirect", (_, response) => response.writeHead(302, { location: "/login" }).end()],
    ["fails", (_, response) => json(response, 500, failure("boom", "INTERNAL_SERVER_ERROR", 500))],
    ["cuts the connection", (_, response) => cut(response)],
    ["finds the address too long", (_, response) => response.writeHead(431).end()],
    ["gives nothing", (_, response) => response.end()],
    ["gives one too few", (ids, response) => json(response, 200, together(ids).slice(1))],
    ["gives one too many", (ids, response) => json(response, 200, [...together(ids), element(1)])],
    ["gives the first alone", (ids, response) => json(response, 200, together(ids)[0])],
    [
      "gives something else",
      (ids, response) =>
        json(
          response,
          200,
          ids.map(() => "row"),
        ),
    ],
    [
      "gives objects that say neither",
      (ids, response) =>
        json(
          response,
          200,
          ids.map((id) => row(id, "batch")),
        ),
    ],
    [
      "does not take the key there",
      (ids, response) =>
        json(
          response,
          401,
          ids.map(() => errorElement("UNAUTHORIZED", "UNAUTHORIZED", 401)),
        ),
    ],
  ];
  for (const [what, batch] of refusals) {
    it(`use the plain API for the rest of the run if the server ${what}`, async () => {
      const server = await answering(batch);
      const client = fixture.client(server.url);
      assert.deepEqual(await look(client), ["alone", "alone", "alone"]);
      assert.deepEqual(await look(client), ["alone", "alone", "alone"]);
      assert.equal(server.seen.filter(idsOf).length, 1);
      assert.deepEqual(fixture.sleeps, []);
    });
  }

  it("are read one by one through the plain API if a result is missing, empty, or more than its JSON shows", async () => {
    const data = (meta?: unknown) => ({ data: { json: row("a", "batch"), meta } });
    const dates = { at: ["Date"] };
    const results = [
      ...[null, "row", {}, { data: null }, { data: {} }],
      ...[null, "Date", [], {}, { values: null }, { values: ["Date"] }].map(data),
      ...[{ values: dates, referentialEqualities: { at: ["name"] } }, { values: { at: ["Date", "x"] } }].map(
        data,
      ),
      ...[{ values: { ...dates, name: ["undefined"] } }, { values: { at: "Date" } }].map(data),
    ];
    const whole = [data(), data({ values: dates }), data({ values: dates, v: 1 }), data({ values: {} })];
    const all = [...whole, ...results];
    const server = await answering((_, response) =>
      json(
        response,
        200,
        all.map((result) => ({ result })),
      ),
    );
    const ids = all.map((_, index) => String(index));
    assert.deepEqual(await look(fixture.client(server.url), ids), [
      ...whole.map(() => "batch"),
      ...results.map(() => "alone"),
    ]);
  });

  for (const status of [429, 503]) {
    it(`try a batch again after a moment in which the server was unavailable (${status})`, async () => {
      let count = 0;
      const server = await answering((ids, response) =>
        ++count === 1 ? json(response, status, {}) : json(response, 200, together(ids)),
      );
      const client = fixture.client(server.url);
      assert.deepEqual(await look(client), ["alone", "alone", "alone"]);
      assert.deepEqual(await look(client), ["a of 3", "b of 3", "c of 3"]);
    });
  }

  const ends: readonly (readonly [string, Send, number])[] = [
    ["never left, which says nothing of batches", async () => ({ code: "ECONNREFUSED", sent: false }), 2],
    ["left, and has no answer", async () => ({ code: "ECONNRESET", sent: true }), 1],
    ["failed in a way that nobody knows", async () => Promise.reject(new Error("odd")), 1],
  ];
  for (const [what, send, requests] of ends) {
    it(`are ${requests === 1 ? "not " : ""}tried again after a batch that ${what}`, async () => {
      let count = 0;
      const batches = new Batches(async (path) => {
        count += 1;
        return await send(path);
      });
      const ask = () =>
        Promise.all(IDS.map((applicationId) => batches.ask("application.one", { applicationId })));
      for (const _ of [1, 2]) assert.deepEqual(await ask(), [undefined, undefined, undefined]);
      assert.equal(count, requests);
    });
  }

  it("fail with the message of the plain API if no server responds", async () => {
    const server = await fixture.server((_, response) => cut(response));
    const { url } = server;
    await server.stop();
    const client = fixture.client(url);
    const errors = await Promise.all(
      IDS.map((applicationId) => client.look("application.one", { applicationId }).catch((error) => error)),
    );
    for (const [index, error] of errors.entries()) {
      assert.ok(error instanceof DokployError && error.kind === "unreachable");
      assert.match(
        error.message,
        new RegExp(`^Dokploy application.one on application "${IDS[index]}" failed`),
      );
    }
  });

  it("give times as the plain API does, and leave values without a JSON form to it", async () => {
    const time = "2026-01-01T00:00:00.000Z";
    const server = await answering(
      (_, response) =>
        json(response, 200, [
          element({ ...row("a", "batch"), at: time }, { values: { at: ["Date"] }, v: 1 }),
          element({ ...row("b", "batch"), other: null }, { values: { other: ["undefined"] }, v: 1 }),
          element(null),
        ]),
      (id, response) => json(response, 200, row(id, "alone")),
    );
    assert.deepEqual(await look(fixture.client(server.url)), ["batch", "alone", "alone"]);
  });

  it("convert responses of older servers", async () => {
    const server = await answering((ids, response) =>
      json(
        response,
        200,
        ids.map((id) => element({ applicationId: id, deployments: [{ deploymentId: "d" }] })),
      ),
    );
    const client = fixture.client(server.url);
    const [first] = await Promise.all(
      ["a", "b"].map((applicationId) => client.look("application.one", { applicationId })),
    );
    const plain = await fixture.server((_, response) =>
      json(response, 200, { applicationId: "a", deployments: [{ deploymentId: "d" }] }),
    );
    assert.deepEqual(first, await fixture.client(plain.url).call("application.one", { applicationId: "a" }));
  });

  it("count once for the limits per minute and at a time", async () => {
    const server = await answering((ids, response) => json(response, 200, together(ids)));
    const settings: Partial<Settings> = { requestsPerMinute: 1, concurrency: 1 };
    assert.deepEqual(await look(fixture.client(server.url, {}, settings)), ["a of 3", "b of 3", "c of 3"]);
    assert.deepEqual(fixture.sleeps, []);
  });

  it("are what the plain API says, for any other response to a batch", async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .array(
          fc.oneof(
            fc.constant({ result: {} }),
            fc.constant({ result: { data: {} } }),
            fc.constant({ result: { data: { json: row("x", "batch"), meta: { values: ["Map"] } } } }),
            fc.constant({ result: { data: { json: row("x", "batch"), meta: 1 } } }),
            fc.constant({ error: {}, result: { data: { json: row("x", "batch") } } }),
            fc.jsonValue(),
          ),
          { minLength: 3, maxLength: 3 },
        )
        .map((elements) => JSON.stringify(elements)),
    );
    let answer = "";
    const server = await answering((_, response) => response.end(answer));
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        answer = text;
        assert.deepEqual(await look(fixture.client(server.url)), ["alone", "alone", "alone"]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("reads of one moment, of the emulator", () => {
  let fixture: Fixture;
  let emulator: Emulator;
  const start = async (options: Parameters<typeof startEmulator>[0] = {}) => {
    emulator = await startEmulator(options);
    const client = fixture.client(emulator.url, {}, { apiKey: emulator.apiKey });
    const { environment } = await client.call("project.create", { name: "shop" });
    const { environmentId } = environment;
    const ids = await Promise.all(
      ["a", "b", "c"].map(
        async (name) => (await client.call("application.create", { name, environmentId })).applicationId,
      ),
    );
    emulator.clearCalls();
    const look = async (apiKey = emulator.apiKey) =>
      await Promise.allSettled(
        ids.map((applicationId) => fresh(apiKey).look("application.one", { applicationId })),
      );
    let made: DokployClient | undefined;
    const fresh = (apiKey: string) => {
      made ??= fixture.client(emulator.url, {}, { apiKey });
      return made;
    };
    return { client, ids, look };
  };
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(async () => {
    await fixture.end();
    await emulator.close();
  });

  it("are the same rows as those of the plain API", async () => {
    const { client, ids, look } = await start();
    const rows = (await look()).map((found) => found.status === "fulfilled" && found.value);
    const alone = await Promise.all(
      ids.map((applicationId) => client.call("application.one", { applicationId })),
    );
    assert.deepEqual(rows, alone);
    assert.equal(new Set(emulator.calls.slice(0, 3).map(({ batch }) => batch)).size, 1);
  });

  it("count once against the limit of a key", async () => {
    const { look } = await start();
    emulator.rateLimit(1);
    assert.deepEqual(
      (await look()).map(({ status }) => status),
      ["fulfilled", "fulfilled", "fulfilled"],
    );
  });

  it("report a refused key as the plain API does", async () => {
    const { look } = await start();
    const [first] = await look("wrong");
    assert.ok(first?.status === "rejected");
    assert.match(first.reason.message, /the API key was refused: wrong, expired, deleted/);
  });

  it("reach a server behind a proxy that lets only the plain API pass", async () => {
    const { look } = await start({ takesBatches: false });
    assert.deepEqual(
      (await look()).map(({ status }) => status),
      ["fulfilled", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(
      emulator.calls.map(({ status }) => status),
      [404, 200, 200, 200],
    );
  });
});

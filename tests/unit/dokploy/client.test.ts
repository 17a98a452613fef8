import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer as createTcpServer } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { type ClientOptions, DokployError, isNotFound, type Settings } from "../../../provider/dokploy";
import { recordedSpans } from "../spans-of";
import { API_KEY, afterVersion, cut, Fixture, failure, json } from "./http-server";

const ID = { applicationId: "app-1" };

async function failureOf(promise: Promise<unknown>): Promise<DokployError> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof DokployError, inspect(error));
    return error;
  }
  throw new assert.AssertionError({ message: "the call did not fail" });
}

describe("DokployClient", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  describe("requests", () => {
    it("sends queries by GET with the input in the address", async () => {
      const server = await fixture.server((_, response) => json(response, 200, "log"));
      const client = fixture.client(`${server.url}/sub`);
      assert.equal(await client.call("deployment.readLogs", { deploymentId: "a b&c=ü/+", tail: 5 }), "log");
      const [request] = server.seen;
      assert.equal(request?.method, "GET");
      const url = new URL(request?.url ?? "", server.url);
      assert.equal(url.pathname, "/sub/api/deployment.readLogs");
      assert.deepEqual(
        [...url.searchParams],
        [
          ["deploymentId", "a b&c=ü/+"],
          ["tail", "5"],
        ],
      );
      assert.equal(request?.body, "");
    });

    it("makes a span for each try, with its endpoint, and without inputs, key and body", async () => {
      const { span, spans } = recordedSpans();
      const server = await fixture.server((_, response, count) => {
        if (count === 1) return cut(response);
        return json(response, count === 2 ? 503 : 200, "canary");
      });
      const client = fixture.client(server.url, { span, sleep: async () => {} });
      await client.call("deployment.readLogs", { deploymentId: "canary", tail: 5 });
      const shared = { "http.request.method": "GET", "dokploy.turn_ms": 0 };
      const facts = spans.map(({ facts }) => ({ ...facts, "dokploy.turn_ms": 0 }));
      assert.deepEqual(facts, [
        { ...shared, "dokploy.attempt": 1, "error.type": "ECONNRESET" },
        { ...shared, "dokploy.attempt": 2, "http.response.status_code": 503, "error.type": "503" },
        { ...shared, "dokploy.attempt": 3, "http.response.status_code": 200 },
      ]);
      assert.deepEqual([...new Set(spans.map(({ name }) => name))], ["deployment.readLogs"]);
    });

    it("makes one span for reads that share a request, without their inputs", async () => {
      const { span, spans } = recordedSpans();
      const server = await fixture.server((_, response) => json(response, 500, {}));
      const client = fixture.client(server.url, { span, sleep: async () => {} });
      const looks = ["canary-1", "canary-2"].map((applicationId) =>
        client.look("application.one", { applicationId }),
      );
      await Promise.allSettled(looks);
      assert.equal(spans[0]?.name, "trpc/application.one,application.one");
      assert.doesNotMatch(JSON.stringify(spans), /canary/i);
    });

    it("sends no query for an endpoint without input", async () => {
      const server = await fixture.server((_, response) => json(response, 200, []));
      await fixture.client(server.url).call("project.all", {});
      assert.equal(server.seen[0]?.url, "/api/project.all");
    });

    it("sends mutations by POST as JSON, without undefined values", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, true)));
      const input = { ...ID, env: "A=1\nB=ü", replicas: 0, description: null };
      await fixture
        .client(server.url)
        .call("application.update", { ...input, ...({ name: undefined } as object) });
      const [request] = server.calls;
      assert.equal(request?.method, "POST");
      assert.match(request?.headers["content-type"] ?? "", /^application\/json/);
      assert.deepEqual(JSON.parse(request?.body ?? ""), input);
    });

    it("gives the key in x-api-key alone, and names itself", async () => {
      const server = await fixture.server((_, response) => json(response, 200, []));
      await fixture.client(server.url).call("project.all", {});
      const headers = server.seen[0]?.headers;
      assert.equal(headers?.["x-api-key"], API_KEY);
      assert.equal(headers?.authorization, undefined);
      assert.match(headers?.["user-agent"] ?? "", /^pulumi-dokploy\/\d+\.\d+\.\d+/);
    });

    it("gives the key as bearer if the settings say so", async () => {
      const server = await fixture.server((_, response) => json(response, 200, []));
      await fixture.client(server.url, {}, { auth: "bearer" }).call("project.all", {});
      assert.equal(server.seen[0]?.headers.authorization, `Bearer ${API_KEY}`);
      assert.equal(server.seen[0]?.headers["x-api-key"], undefined);
    });

    it("refuses a number that JSON would turn into null, and sends nothing", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, true)));
      const call = fixture.client(server.url).call("application.update", { ...ID, replicas: Number.NaN });
      const error = await failureOf(call);
      assert.deepEqual([error.kind, error.outcome], ["invalid", "not-sent"]);
      assert.match(error.message, /replicas is not a finite number/);
      assert.equal(server.calls.length, 0);
    });
  });

  describe("responses", () => {
    it("treats an empty 200 as undefined if the endpoint may return nothing", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, undefined)));
      const client = fixture.client(server.url);
      assert.equal(await client.call("application.deploy", ID), undefined);
      assert.equal(await client.call("compose.update", { composeId: "gone", name: "x" }), undefined);
    });

    it("refuses an empty 200 if a row is required", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, undefined)));
      const client = fixture.client(server.url);
      assert.equal((await failureOf(client.call("application.one", ID))).kind, "not-dokploy");
      const created = await failureOf(client.call("application.create", { name: "a", environmentId: "e" }));
      assert.equal(created.outcome, "unknown");
    });

    it("reads a text, an empty text and true", async () => {
      const server = await fixture.server(
        afterVersion((_, response, count) => json(response, 200, ["log", "", true][count - 1])),
      );
      const client = fixture.client(server.url);
      assert.equal(await client.call("deployment.readLogs", { deploymentId: "d" }), "log");
      assert.equal(await client.call("deployment.readLogs", { deploymentId: "d" }), "");
      assert.equal(await client.call("application.update", { ...ID, name: "x" }), true);
    });

    it("understands the older shapes", async () => {
      const server = await fixture.server((request, response) =>
        json(
          response,
          200,
          request.url.includes("project.all")
            ? { projects: [{ projectId: "p", name: "n" }] }
            : { deployments: [{ deploymentId: "d", status: "success" }] },
        ),
      );
      const client = fixture.client(server.url);
      assert.deepEqual(await client.call("project.all", {}), [{ projectId: "p", name: "n" }]);
      assert.equal((await client.call("deployment.all", ID))[0]?.status, "done");
    });

    it("says by host and type that a page is no response of Dokploy, without the page", async () => {
      const server = await fixture.server((_, response) => {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        response.end("<html>canaryPage</html>");
      });
      const error = await failureOf(fixture.client(server.url).call("project.all", {}));
      assert.equal(error.kind, "not-dokploy");
      assert.match(
        error.message,
        new RegExp(`127\\.0\\.0\\.1:${server.port} responded with a body of type text/html`),
      );
      assert.ok(!inspect(error).includes("canaryPage"));
      assert.equal(server.seen.length, 1);
    });

    it("does not treat another API's JSON as a list or a version", async () => {
      const server = await fixture.server((_, response) => json(response, 200, { status: "ok" }));
      const client = fixture.client(server.url);
      assert.equal((await failureOf(client.call("project.all", {}))).kind, "not-dokploy");
      assert.equal((await failureOf(client.version())).kind, "not-dokploy");
    });

    it("does not follow a redirect, and reports what to set", async () => {
      const other = await fixture.server((_, response) => json(response, 200, []));
      const server = await fixture.server((_, response) => {
        response.writeHead(307, { location: `${other.url}/api/project.all?token=canaryToken` });
        response.end();
      });
      const error = await failureOf(fixture.client(server.url).call("project.all", {}));
      assert.equal(error.kind, "redirect");
      assert.ok(error.message.includes(`redirects to ${other.url} `));
      assert.ok(!inspect(error).includes("canaryToken"));
      assert.equal(other.seen.length, 0);
    });

    it("stops at the size bound, packed or not", async () => {
      for (const packed of [false, true]) {
        const big = Buffer.from(JSON.stringify("x".repeat(300_000)));
        const server = await fixture.server((_, response) => {
          response.writeHead(200, {
            "content-type": "application/json",
            ...(packed ? { "content-encoding": "gzip" } : {}),
          });
          response.end(packed ? gzipSync(big) : big);
        });
        const read = (maxAnswerBytes: number) =>
          fixture.client(server.url, { maxAnswerBytes }).call("deployment.readLogs", { deploymentId: "d" });
        assert.equal((await read(400_000)).length, 300_000);
        const error = await failureOf(read(100_000));
        assert.match(error.message, /too large/);
        assert.equal(server.seen.length, 2, "a large answer is not asked for again");
      }
    });

    it("distinguishes a missing object from a refused key", async () => {
      const server = await fixture.server((_, response, count) =>
        count === 1
          ? json(response, 404, failure("Application not found", "NOT_FOUND", 404, "application.one"))
          : json(response, 401, { message: "Unauthorized" }),
      );
      const client = fixture.client(server.url);
      assert.equal(isNotFound(await failureOf(client.call("application.one", ID))), true);
      assert.equal(isNotFound(await failureOf(client.call("application.one", ID))), false);
    });

    it("says that a key which worked before may be rate-limited", async () => {
      const server = await fixture.server((_, response, count) =>
        count <= 5 ? json(response, 200, []) : json(response, 401, { message: "Unauthorized" }),
      );
      const client = fixture.client(server.url);
      for (let i = 0; i < 5; i++) {
        await client.call("project.all", {});
      }
      const error = await failureOf(client.call("project.all", {}));
      assert.equal(error.kind, "unauthorized");
      assert.match(error.message, /good a moment ago/);
      assert.equal(server.seen.length, 6, "a refused key is not tried again");
    });
  });

  describe("tries", () => {
    it("repeats a read after 503 and a lost connection, then returns its result", async () => {
      const server = await fixture.server((_, response, count) => {
        if (count === 1) return json(response, 503, undefined);
        if (count === 2) return cut(response);
        if (count === 3) return json(response, 502, undefined);
        return json(response, 200, []);
      });
      assert.deepEqual(await fixture.client(server.url).call("project.all", {}), []);
      assert.deepEqual(fixture.sleeps, [1000, 2000, 4000]);
    });

    it("gives up after five tries", async () => {
      const server = await fixture.server((_, response) => json(response, 503, undefined));
      const error = await failureOf(fixture.client(server.url).call("project.all", {}));
      assert.equal(server.seen.length, 5);
      assert.deepEqual([error.kind, error.status], ["unreachable", 503]);
      assert.match(error.message, /after 5 tries/);
    });

    it("waits as Retry-After asks, in seconds or as a date, at most a minute", async () => {
      const asked = ["7", "Thu, 01 Jan 2026 00:00:20 GMT", "86400"];
      const server = await fixture.server((_, response, count) => {
        const retryAfter = asked[count - 1];
        return retryAfter === undefined
          ? json(response, 200, [])
          : json(response, 429, undefined, { "retry-after": retryAfter });
      });
      const now = () => Date.parse("2026-01-01T00:00:00Z");
      await fixture.client(server.url, { now }).call("project.all", {});
      assert.deepEqual(fixture.sleeps, [7000, 20_000, 60_000]);
    });

    it("never repeats a deploy that may have reached the server", async () => {
      const handlers: [string, Parameters<typeof afterVersion>[0]][] = [
        ["a lost connection", (_, response) => cut(response)],
        ["502", (_, response) => json(response, 502, undefined)],
        ["500", (_, response) => json(response, 500, failure("x", "INTERNAL_SERVER_ERROR", 500, "p"))],
        [
          "Dokploy's own 503",
          (_, response) => json(response, 503, failure("x", "SERVICE_UNAVAILABLE", 503, "p")),
        ],
        ["half an answer", (_, response) => void response.writeHead(200).end('{"success":')],
        [
          "an answer cut short",
          (_, response) => {
            response.writeHead(200, { "content-type": "application/json", "content-length": "100" });
            response.write('{"success":');
            setImmediate(() => cut(response));
          },
        ],
      ];
      for (const [name, handler] of handlers) {
        const server = await fixture.server(afterVersion(handler));
        const error = await failureOf(fixture.client(server.url).call("compose.deploy", { composeId: "c" }));
        assert.equal(server.calls.length, 1, name);
        assert.equal(error.outcome, "unknown", name);
        assert.match(error.message, /may have carried it out/, name);
      }
    });

    it("repeats a read whose response is cut short without a trace", async () => {
      for (const half of ['[{"projectId":"p1","na', '{"projects":[', "[", '"v0.3', "tr", "fals", "n"]) {
        const server = await fixture.server((_, response, count) =>
          count === 1 ? void response.writeHead(200).end(half) : json(response, 200, []),
        );
        assert.deepEqual(await fixture.client(server.url).call("project.all", {}), [], half);
        assert.equal(server.seen.length, 2, half);
      }
    });

    it("counts the tries that did not reach Dokploy, though a repeated one did", async () => {
      const own = JSON.stringify({ message: "no", code: "INTERNAL_SERVER_ERROR" });
      for (const [status, body, outages] of [
        [502, "", 1],
        [503, "", 1],
        [500, own, 0],
      ] as const) {
        const server = await fixture.server((_, response, count) => {
          if (count > 1) return json(response, 200, []);
          response.writeHead(status, { "content-type": "application/json" }).end(body);
        });
        const client = fixture.client(server.url);
        await client.call("project.all", {}).catch(() => undefined);
        assert.equal(client.outages(), outages, String(status));
      }
    });

    it("does not repeat a read that gets a page", async () => {
      const server = await fixture.server((_, response) => void response.writeHead(200).end("<html>"));
      const error = await failureOf(fixture.client(server.url).call("project.all", {}));
      assert.deepEqual([error.kind, server.seen.length], ["not-dokploy", 1]);
    });

    it("repeats a deploy that the server did not accept", async () => {
      const server = await fixture.server(
        afterVersion((_, response, count) => json(response, count < 3 ? 503 : 200, undefined)),
      );
      await fixture.client(server.url).call("application.deploy", ID);
      assert.equal(server.calls.length, 3);
    });

    it("still says unknown when an update was lost and the last try was refused", async () => {
      const server = await fixture.server(
        afterVersion((_, response, count) => (count === 1 ? cut(response) : json(response, 503, undefined))),
      );
      const error = await failureOf(
        fixture.client(server.url).call("application.update", { ...ID, name: "x" }),
      );
      assert.equal(server.calls.length, 5);
      assert.equal(error.outcome, "unknown");
    });

    it("treats an object as deleted when the repeat of a lost delete no longer finds it", async () => {
      const server = await fixture.server(
        afterVersion((_, response, count) =>
          count === 1
            ? cut(response)
            : json(response, 404, failure("Application not found", "NOT_FOUND", 404, "application.delete")),
        ),
      );
      assert.equal(await fixture.client(server.url).call("application.delete", ID), undefined);
      assert.equal(server.calls.length, 2);
    });

    it("tries a closed port again, and says that nothing was sent", async () => {
      const server = await fixture.server((_, response) =>
        json(response, 200, "v0.30.2", { connection: "close" }),
      );
      const client = fixture.client(server.url);
      await client.version();
      await server.stop();
      const error = await failureOf(client.call("application.deploy", ID));
      assert.deepEqual([error.kind, error.outcome], ["unreachable", "not-sent"]);
      assert.equal(fixture.sleeps.length, 4);
      assert.match(error.message, /refuses connections \(ECONNREFUSED\)/);
    });

    it("does not repeat a call to a host that does not exist", async () => {
      const error = await failureOf(fixture.client("https://dokploy.invalid").call("project.all", {}));
      assert.equal(error.kind, "unreachable");
      assert.match(error.message, /dokploy\.invalid/);
      assert.equal(error.outcome, "not-sent");
    });

    it("ends a try at its deadline: a read is repeated, a deploy is not", async () => {
      const server = await fixture.server(afterVersion(() => undefined));
      const client = fixture.client(server.url, { timeoutsMs: { read: 150, write: 150 } });
      const read = await failureOf(client.call("project.all", {}));
      assert.deepEqual([read.kind, server.calls.length], ["timeout", 5]);
      const deploy = await failureOf(client.call("application.deploy", ID));
      assert.deepEqual([deploy.kind, deploy.outcome, server.calls.length], ["timeout", "unknown", 6]);
    });

    it("ends a try whose response never ends", async () => {
      const server = await fixture.server((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const drip = setInterval(() => response.write(" "), 10);
        response.once("close", () => clearInterval(drip));
      });
      const client = fixture.client(server.url, { timeoutsMs: { read: 100 } });
      assert.equal((await failureOf(client.call("project.all", {}))).kind, "timeout");
    });

    it("knows that nothing was sent while the TLS handshake hangs", async () => {
      const silent = createTcpServer();
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      const sockets = new Set<{ destroy(): void }>();
      silent.on("connection", (socket) => sockets.add(socket.on("error", () => undefined)));
      try {
        const { port } = silent.address() as { port: number };
        const client = fixture.client(`https://127.0.0.1:${port}`, { connectTimeoutMs: 100 });
        const error = await failureOf(client.call("project.all", {}));
        assert.deepEqual([error.kind, error.outcome, sockets.size], ["timeout", "not-sent", 5]);
      } finally {
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => silent.close(() => resolve()));
      }
    });
  });

  describe("connections", () => {
    async function burst(options: ClientOptions, settings: Partial<Settings> = {}) {
      let running = 0;
      let most = 0;
      const server = await fixture.server(async (_, response) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        json(response, 200, []);
      });
      const client = fixture.client(server.url, options, settings);
      await Promise.all(Array.from({ length: 40 }, () => client.call("project.all", {})));
      assert.equal(server.seen.length, 40);
      return { most, opened: server.openedSockets };
    }

    it("opens at most 8 for 40 calls at a time, and reuses each", async () => {
      const { most, opened } = await burst({});
      assert.ok(opened <= 8 && most <= 8 && most > 1, `${opened} opened, ${most} at a time`);
    });

    it("opens at most as many as concurrency says", async () => {
      assert.deepEqual(await burst({}, { concurrency: 1 }), { most: 1, opened: 1 });
    });

    it("does not count the wait for a free connection as time of the call", async () => {
      const server = await fixture.server((_, response) => {
        setTimeout(() => json(response, 200, []), 60);
      });
      const client = fixture.client(server.url, { timeoutsMs: { read: 250 } }, { concurrency: 1 });
      await Promise.all(Array.from({ length: 6 }, () => client.call("project.all", {})));
      assert.equal(server.seen.length, 6);
    });

    it("closes them all", async () => {
      let closed = 0;
      const server = await fixture.server((_, response) => {
        response.socket?.once("close", () => closed++);
        json(response, 200, []);
      });
      const client = fixture.client(server.url);
      await client.call("project.all", {});
      client.close();
      while (closed === 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(closed, 1);
    });
  });

  describe("proxies", () => {
    const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"];
    let saved: (string | undefined)[];
    beforeEach(() => {
      saved = names.map((name) => process.env[name]);
      for (const name of names) delete process.env[name];
    });
    afterEach(() => {
      names.forEach((name, i) => {
        const value = saved[i];
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      });
    });

    it("goes through HTTP_PROXY", async () => {
      const proxy = await fixture.server((_, response) => json(response, 200, []));
      process.env["HTTP_PROXY"] = proxy.url;
      await fixture.client("http://dokploy.test:3000").call("project.all", {});
      assert.equal(proxy.seen[0]?.url, "http://dokploy.test:3000/api/project.all");
    });

    it("asks HTTPS_PROXY for a tunnel, without giving it the key", async () => {
      const asked: string[] = [];
      const proxy = createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", (data) => {
          asked.push(data.toString());
          socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
      try {
        process.env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;
        const error = await failureOf(fixture.client("https://dokploy.test").call("project.all", {}));
        assert.match(asked[0] ?? "", /^CONNECT dokploy\.test:443 /);
        assert.ok(!asked.join().includes(API_KEY));
        assert.equal(error.kind, "not-dokploy");
        assert.match(error.message, /proxy on the way asks for a login/);
      } finally {
        await new Promise<void>((resolve) => proxy.close(() => resolve()));
      }
    });

    it("reaches this machine without a proxy", async () => {
      const server = await fixture.server((_, response) => json(response, 200, []));
      process.env["HTTP_PROXY"] = "http://dokploy-proxy.invalid:1";
      assert.deepEqual(await fixture.client(server.url).call("project.all", {}), []);
    });
  });

  describe("version", () => {
    it("is read once, before the first change, also when many start together", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, true)));
      const client = fixture.client(server.url);
      await Promise.all(
        Array.from({ length: 10 }, () => client.call("application.update", { ...ID, name: "x" })),
      );
      assert.equal((await client.version()).text, "v0.30.2");
      assert.equal(server.seen.length - server.calls.length, 1);
      assert.match(server.seen[0]?.url ?? "", /getDokployVersion$/);
    });

    it("is not needed to read", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, []), "v0.26.0"));
      await fixture.client(server.url).call("project.all", {});
      assert.equal(server.seen.length, 1);
    });

    it("below the minimum refuses every change with the reason, and sends none", async () => {
      const server = await fixture.server(
        afterVersion((_, response) => json(response, 200, true), "v0.28.6"),
      );
      const error = await failureOf(fixture.client(server.url).call("application.deploy", ID));
      assert.deepEqual(
        [error.kind, error.outcome, error.endpoint],
        ["unsupported-version", "not-sent", "application.deploy"],
      );
      assert.match(error.message, /v0\.28\.6, older than 0\.28\.7: .*reset a database's image/);
      assert.equal(server.calls.length, 0);
    });

    it("says which features the server has", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, []), "v0.29.14"));
      const client = fixture.client(server.url);
      assert.equal(await client.supports("deployment.readLogs"), true);
      assert.equal(await client.supports("compose.create.sourceType"), false);
      assert.equal(server.seen.length, 1);
    });

    it("without a number lets changes through", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, true), "canary"));
      await fixture.client(server.url).call("application.update", { ...ID, name: "x" });
      assert.equal(server.calls.length, 1);
    });

    it("is read again after a failure, which says that the change was not sent", async () => {
      let fail = true;
      const server = await fixture.server((request, response) => {
        if (request.url.endsWith("getDokployVersion") && fail) {
          return json(
            response,
            500,
            failure("down", "INTERNAL_SERVER_ERROR", 500, "settings.getDokployVersion"),
          );
        }
        return json(response, 200, request.url.endsWith("getDokployVersion") ? "v0.30.2" : true);
      });
      const client = fixture.client(server.url);
      const error = await failureOf(client.call("application.deploy", ID));
      assert.deepEqual(
        [error.kind, error.outcome, error.endpoint],
        ["server", "not-sent", "application.deploy"],
      );
      fail = false;
      await client.call("application.deploy", ID);
      assert.equal(server.calls.length, 1);
    });
  });

  it("shows no secret in any error, for any behaviour of the server", async () => {
    const input = {
      ...ID,
      env: "TOKEN=canaryEnvValue\n",
      buildArgs: "A=canaryBuildArg",
      buildSecrets: "S='canary build secret'",
      password: "canaryPassword",
    };
    const echo = `${JSON.stringify(input)} ${input.env} ${input.password} ${API_KEY}`;
    const handlers: Parameters<typeof afterVersion>[0][] = [
      ...[300, 400, 401, 403, 404, 409, 413, 418, 429, 500, 502, 503].map(
        (status): Parameters<typeof afterVersion>[0] =>
          (_, response) =>
            json(response, status, failure(echo, "ANY", status, "application.update")),
      ),
      (_, response) => json(response, 500, failure(`Failed query: x params: ${echo}`, "E", 500, "p")),
      (_, response) => json(response, 400, failure("x", "E", 400, "p", { fieldErrors: { env: [echo] } })),
      (_, response) => {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(echo);
      },
      (_, response) =>
        json(response, 302, undefined, { location: `https://x.example/?${encodeURI(input.password)}` }),
      (_, response) => cut(response),
      () => undefined,
    ];
    for (const handler of handlers) {
      const server = await fixture.server(afterVersion(handler));
      const client = fixture.client(server.url, { timeoutsMs: { write: 60 } });
      const error = await failureOf(client.call("application.update", input));
      const texts = [
        error.message,
        String(error.stack),
        JSON.stringify(error),
        inspect(error, { depth: 10, showHidden: true }),
        inspect(client, { depth: 10 }),
      ];
      for (const text of texts) {
        assert.doesNotMatch(text, /canary/i);
      }
      assert.equal(error.cause, undefined);
    }
  });

  it("is loaded without axios, which waits for the first call", () => {
    const script = `
      require("ts-node/register/transpile-only");
      require(${JSON.stringify(join(__dirname, "../../../provider/dokploy/client"))});
      console.log(Object.keys(require.cache).filter((name) => /node_modules.axios/.test(name)).length);
    `;
    assert.equal(execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim(), "0");
  });
});

import * as assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { DokployError } from "../../../provider/dokploy";
import { afterVersion, Fixture, json } from "./http-server";

async function failureOf(promise: Promise<unknown>): Promise<DokployError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DokployError, inspect(error));
  return error;
}

/** Runs TypeScript in a process of its own, which must end by itself. @returns its standard output */
async function run(body: string, ...args: string[]): Promise<string> {
  const script = `
    require("ts-node/register/transpile-only");
    const { DokployClient } = require(${JSON.stringify(join(__dirname, "../../../provider/dokploy/client"))});
    const settings = (url) => ({ url, apiKey: "key", auth: "x-api-key", warnings: [] });
    (async () => { ${body} })();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, ...args], {
    timeout: 15_000,
  });
  return stdout.trim();
}

describe("DokployClient against the odds", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  describe("and its process", () => {
    it("leaves nothing behind that keeps a program from ending, after success, failure or refusal", async () => {
      const server = await fixture.server((request, response) => {
        if (request.url.includes("project.all")) json(response, 200, []);
        else json(response, 404, { message: "Application not found", code: "NOT_FOUND" });
      });
      const output = await run(
        `
          const client = new DokployClient(settings(process.argv[1]));
          await client.call("project.all", {});
          await client.call("application.one", { applicationId: "a" }).catch(() => undefined);
          setImmediate(() => {
            const left = process.getActiveResourcesInfo();
            console.log(left.filter((name) => /Timeout|TCP|TLS/.test(name)).join() || "nothing");
          });
        `,
        server.url,
      );
      assert.equal(output, "nothing");
    });

    it("raises no unhandled rejection when many calls fail on the version together", async () => {
      const output = await run(`
        const client = new DokployClient(settings("http://127.0.0.1:1"), { sleep: async () => undefined });
        const calls = Array.from({ length: 10 }, () => client.call("project.update", { projectId: "p", name: "x" }));
        const results = await Promise.allSettled([...calls, client.version(), client.supports("networks")]);
        await new Promise(setImmediate);
        console.log(results.every(({ status }) => status === "rejected"));
      `);
      assert.equal(output, "true");
    });

    it("stops trying when it is closed", async () => {
      const server = await fixture.server((_, response) => json(response, 503, undefined));
      const client = fixture.client(server.url, { sleep: async () => client.close() });
      await failureOf(client.call("project.all", {}));
      assert.equal(server.seen.length, 1);
      const error = await failureOf(client.call("project.all", {}));
      assert.deepEqual([error.outcome, server.seen.length], ["not-sent", 1]);
    });

    it("aborts a running call when it is closed, and does not repeat it", async () => {
      const server = await fixture.server(() => client.close());
      const client = fixture.client(server.url);
      await failureOf(client.call("project.all", {}));
      assert.equal(server.seen.length, 1);
    });
  });

  describe("and proxies", () => {
    const names = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].flatMap((n) => [n, n.toUpperCase()]);
    let saved: (readonly [string, string | undefined])[];
    let proxy: Server;
    let open: Set<Socket>;
    let opened: number;

    beforeEach(async () => {
      saved = names.map((name) => [name, process.env[name]]);
      for (const name of names) delete process.env[name];
      open = new Set();
      opened = 0;
      proxy = createTcpServer((socket) => {
        opened++;
        open.add(socket.on("error", () => undefined).on("close", () => open.delete(socket)));
        socket.resume();
      });
      await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    });
    afterEach(async () => {
      for (const [name, value] of saved) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    });

    const address = () => `http://127.0.0.1:${(proxy.address() as { port: number }).port}`;

    it("closes the connections to a silent proxy", async () => {
      process.env["HTTPS_PROXY"] = address();
      const client = fixture.client("https://dokploy.test", { connectTimeoutMs: 100 });
      const error = await failureOf(client.call("project.all", {}));
      assert.deepEqual([error.kind, error.outcome, opened], ["timeout", "not-sent", 5]);
      // Ends with the test's own time limit if one of them stays open.
      while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
    });

    it("closes them at once when it is closed itself", async () => {
      process.env["HTTPS_PROXY"] = address();
      const client = fixture.client("https://dokploy.test");
      const call = failureOf(client.call("project.all", {}));
      while (open.size === 0) await new Promise((resolve) => setImmediate(resolve));
      client.close();
      await call;
      while (open.size > 0) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(opened, 1);
    });

    it("names the variable of a proxy that may be the cause of a missing response", async () => {
      process.env["https_proxy"] = "http://127.0.0.1:1";
      const error = await failureOf(fixture.client("https://dokploy.test").call("project.all", {}));
      assert.match(error.message, /https_proxy is set: it may be the proxy/);
    });

    it("says when the address of the proxy is wrong, without its password", async () => {
      process.env["HTTPS_PROXY"] = "http://user:canaryPassword@[bad";
      const error = await failureOf(fixture.client("https://dokploy.test").call("project.all", {}));
      assert.match(error.message, /address of the proxy to dokploy\.test is not a URL/);
      assert.doesNotMatch(inspect(error), /canary/);
    });

    it("does not blame a proxy for refusals of this machine", async () => {
      process.env["HTTP_PROXY"] = address();
      const error = await failureOf(fixture.client("http://127.0.0.1:1").call("project.all", {}));
      assert.doesNotMatch(error.message, /HTTP_PROXY/);
      assert.equal(opened, 0);
    });

    it("respects NO_PROXY", async () => {
      process.env["HTTP_PROXY"] = address();
      process.env["NO_PROXY"] = ".invalid";
      await failureOf(fixture.client("http://dokploy.invalid").call("project.all", {}));
      assert.equal(opened, 0);
    });
  });

  describe("and what it is given", () => {
    it("sends no header that a line break in a key would add", async () => {
      const server = await fixture.server((_, response) => json(response, 200, []));
      const client = fixture.client(server.url, {}, { apiKey: "key\r\nX-Injected: 1" });
      await client.call("project.all", {}).catch(() => undefined);
      assert.ok(server.seen.every(({ headers }) => headers["x-injected"] === undefined));
    });

    it("sends a text of almost a megabyte whole", async () => {
      const server = await fixture.server(afterVersion((_, response) => json(response, 200, true)));
      const env = "ü".repeat(450_000);
      await fixture.client(server.url).call("application.update", { applicationId: "a", env });
      assert.equal(JSON.parse(server.calls[0]?.body ?? "{}").env, env);
    });

    it("keeps a dangerous name in its place in the address", async () => {
      const server = await fixture.server((_, response) => json(response, 404, {}));
      const applicationId = "../../x?y=1#z&applicationId=2\r\n";
      await failureOf(fixture.client(server.url).call("application.one", { applicationId }));
      const url = new URL(server.seen[0]?.url ?? "", server.url);
      assert.equal(url.pathname, "/api/application.one");
      assert.deepEqual([...url.searchParams], [["applicationId", applicationId]]);
    });

    it("reaches a server by its IPv6 address", async function () {
      const server = createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.once("data", () =>
          socket.end("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"),
        );
      });
      const hasIpv6 = await new Promise<boolean>((resolve) => {
        server.once("error", () => resolve(false));
        server.listen(0, "::1", () => resolve(true));
      });
      if (!hasIpv6) return this.skip();
      try {
        const { port } = server.address() as { port: number };
        assert.deepEqual(await fixture.client(`http://[::1]:${port}`).call("project.all", {}), []);
      } finally {
        await new Promise<void>((resolve) => server.close(() => resolve()));
      }
    });
  });

  describe("and what Dokploy returns", () => {
    it("is not affected by keys like __proto__, in rows and in errors", async () => {
      const poison = '"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}';
      const bodies = [
        `{${poison}, "deployments": [{${poison}, "status": "success"}]}`,
        `{${poison}, "message": "Input validation failed", "code": "BAD_REQUEST",
          "data": {${poison}, "zodError": {${poison}, "fieldErrors": {${poison}}}}}`,
      ];
      const server = await fixture.server((_, response, count) => {
        response.writeHead(count === 1 ? 200 : 400, { "content-type": "application/json" });
        response.end(bodies[count - 1]);
      });
      const client = fixture.client(server.url);
      const row = await client.call("application.one", { applicationId: "a" });
      assert.equal(Object.getPrototypeOf(row), Object.prototype);
      await failureOf(client.call("application.one", { applicationId: "a" }));
      assert.equal(({} as { polluted?: string }).polluted, undefined);
    });

    for (const [what, message] of [
      ["words that could go on to be `… not found`", "Ab ".repeat(6_000_000)],
      ["blanks after `Command failed:`", `Command failed:${" ".repeat(3_000_000)}\nx`],
      ["line breaks", `x${"\n".repeat(3_000_000)}x`],
    ] as const) {
      it(`makes a short error of megabytes of ${what}, at once`, async function () {
        this.timeout(5_000);
        const server = await fixture.server((_, response) =>
          json(response, 400, { message, code: "BAD_REQUEST" }),
        );
        const error = await failureOf(
          fixture.client(server.url).call("application.one", { applicationId: "a" }),
        );
        assert.ok(error.message.length < 700, `${error.message.length}`);
      });
    }

    it("keeps a type of content as long as a page out of the error", async () => {
      const server = await fixture.server((_, response) => {
        response.writeHead(200, { "content-type": `text/${"x".repeat(8_000)}` });
        response.end("<html>");
      });
      const error = await failureOf(fixture.client(server.url).call("project.all", {}));
      assert.ok(error.message.length < 700, `${error.message.length}`);
    });
  });
});

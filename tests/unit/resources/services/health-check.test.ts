import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allDefinitions } from "../../../../provider/resources";
import { Mapping } from "../../../../provider/schema";

type Values = Record<string, unknown>;
const mappingOf = (name: string) => {
  const definition = allDefinitions().find(({ kind }) => kind === name);
  assert.ok(definition);
  return new Mapping(definition.schema);
};
const mapping = mappingOf("Application");
const dockers = (healthCheck: Values) => mapping.columns({ healthCheck })["healthCheckSwarm"] as Values;
const read = (check: Values, by = mapping) => {
  const { inputs } = by.existing({ healthCheckSwarm: check });
  return { healthCheck: inputs["healthCheck"], swarm: inputs["swarm"] };
};

describe("the health check of a service", () => {
  const request = {
    path: "/health?full=1",
    port: 3000,
    interval: "10s",
    timeout: "3s",
    retries: 3,
    startPeriod: "20s",
  };

  it("is Docker's own", () => {
    const { Test, ...others } = dockers(request);
    assert.equal((Test as string[])[0], "CMD-SHELL");
    assert.deepEqual(others, { Interval: 1e10, Timeout: 3e9, Retries: 3, StartPeriod: 2e10 });
    assert.deepEqual(dockers({ command: ["/app", "healthcheck"] }), { Test: ["CMD", "/app", "healthcheck"] });
    assert.deepEqual(dockers({ command: "test -f /ready" }), { Test: ["CMD-SHELL", "test -f /ready"] });
  });

  it("is shown in the same words", () => {
    for (const healthCheck of [
      request,
      { path: "/", port: 80 },
      { command: ["/app", "healthcheck"], timeout: "500ms" },
      { command: "test -f /ready", retries: 1 },
    ])
      assert.deepEqual(read(dockers(healthCheck)), { healthCheck, swarm: undefined });
  });

  it("is shown in Docker's words where no others say the same", () => {
    const checks: Values[] = [
      { Test: ["NONE"] },
      { Test: [] },
      { Interval: 1e9 },
      { Test: ["CMD", "true"], Interval: 1 },
      { Test: ["CMD-SHELL", "a", "b"] },
      { Test: ["CMD", "true"], Retries: 0 },
    ];
    for (const check of checks) {
      const { healthCheck, swarm } = read(check);
      assert.equal(healthCheck, undefined);
      assert.deepEqual(mapping.columns({ swarm })["healthCheckSwarm"], check);
    }
  });

  it("of a database is a command, also one that requests a path", () => {
    const { Test } = dockers({ path: "/", port: 80 });
    const [, text] = Test as string[];
    assert.deepEqual(read({ Test }, mappingOf("Redis")).healthCheck, { command: text });
  });

  it("changes nothing when it moves from one name to the other", () => {
    const former = { swarm: { healthCheck: { Test: ["CMD", "/app", "check"], Interval: 1e10 } } };
    const news = { healthCheck: { command: ["/app", "check"], interval: "10s" } };
    const row = { healthCheckSwarm: former.swarm.healthCheck };
    for (const [before, after] of [
      [former, news],
      [news, former],
    ] as const) {
      assert.deepEqual(mapping.changes(before, after), []);
      assert.deepEqual(mapping.delta(row, after, before), {});
      assert.deepEqual(mapping.readBack(row, before), before);
    }
    const other = { healthCheck: { ...news.healthCheck, interval: "11s" } };
    assert.deepEqual(
      mapping.changes(former, other).map(({ path }) => path),
      ["healthCheck", "swarm.healthCheck"],
    );
    assert.deepEqual(mapping.delta(row, other, former), {
      healthCheckSwarm: { Test: ["CMD", "/app", "check"], Interval: 11e9 },
    });
    assert.deepEqual(mapping.delta(row, {}, former), { healthCheckSwarm: null });
  });

  describe("that requests a path", () => {
    let server: Server;
    let folder: string;
    let requests: string[] = [];
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "health-"));
      server = createServer((request, response) => {
        requests.push(`${request.method} ${request.url}`);
        if (request.url === "/slow") return;
        if (request.url === "/moved") response.setHeader("location", "/health");
        response.statusCode =
          request.url === "/health" || request.url === "/a?b=1&c=$(id)"
            ? 204
            : request.url === "/moved"
              ? 302
              : 503;
        response.end();
      });
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    });
    beforeEach(() => {
      requests = [];
    });
    after(() => {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Returns the exit code and the output of the check in an image whose only programs are these. */
    const checked = async (programs: readonly string[], path: string, more: Values = {}) => {
      const { port } = server.address() as AddressInfo;
      const { Test } = dockers({ path, port, timeout: "20s", ...more });
      const [, text = ""] = Test as string[];
      const bin = mkdtempSync(join(folder, "bin-"));
      for (const program of ["timeout", ...programs]) {
        const file = program.startsWith("busybox ") ? "busybox" : program;
        const found = execFileSync("sh", ["-c", `command -v ${file}`], { encoding: "utf8" }).trim();
        if (file === program && file !== "python3") symlinkSync(found, join(bin, program));
        else {
          const start = file === "busybox" ? `${found} wget` : found;
          writeFileSync(
            join(bin, program.split(" ").at(-1) ?? ""),
            `#!/bin/sh\nPATH=${process.env["PATH"]} exec ${start} "$@"\n`,
            { mode: 0o755 },
          );
        }
      }
      // No check may go through a proxy.
      const env = { PATH: bin, http_proxy: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };
      return await new Promise<{ code: unknown; output: string }>((done) => {
        // A bash whose input is a socket reads the files of a login.
        const shell = spawn("/bin/sh", ["-c", text], { env, stdio: ["ignore", "ignore", "pipe"] });
        let output = "";
        shell.stderr.on("data", (data) => {
          output += data;
        });
        shell.on("close", (code) => done({ code, output }));
      });
    };

    for (const program of ["busybox wget", "wget", "curl", "node", "python3", "bash"]) {
      it(`asks with ${program}`, async function () {
        this.timeout(60_000);
        const [file = ""] = program.split(" ");
        try {
          execFileSync("sh", ["-c", `command -v ${file}`]);
        } catch {
          this.skip();
        }
        assert.deepEqual(await checked([program], "/health"), { code: 0, output: "" });
        assert.deepEqual(requests, ["GET /health"]);
        assert.equal((await checked([program], "/a?b=1&c=$(id)")).code, 0);
        assert.equal((await checked([program], "/broken")).code, 1);
        assert.equal((await checked([program], "/slow", { timeout: "1s" })).code, 1);
        assert.equal((await checked([program], "/health", { port: 1 })).code, 1);
      });
    }

    it("takes the first program of its list", async () => {
      assert.equal((await checked(["curl", "node"], "/health")).code, 0);
      assert.deepEqual(requests, ["GET /health"]);
    });

    it("says which programs it needs when the image has none of them", async () => {
      const { code, output } = await checked([], "/health");
      assert.equal(code, 1);
      assert.match(output, /needs wget, curl, node, python3 or bash in the image/);
    });
  });
});

import * as assert from "node:assert/strict";
import { connect } from "node:net";
import { type Emulator, type EmulatorOptions, ManualClock, startEmulator } from "../../emulator";
import { Dokploy } from "../conformance/http";

type Row = Record<string, unknown>;

describe("emulator", () => {
  const open: Emulator[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((emulator) => emulator.close()));
  });

  async function start(options: EmulatorOptions = { buildMs: 1 }) {
    const emulator = await startEmulator(options);
    open.push(emulator);
    const server = new Dokploy(emulator.url, emulator.apiKey);
    const { body } = await server.post("project.create", { name: "p" });
    const { environmentId } = (body as { environment: { environmentId: string } }).environment;
    const newApplication = async (settings: Row = { sourceType: "docker", dockerImage: "web:1" }) => {
      const created = await server.post("application.create", { name: "a", environmentId });
      const { applicationId } = created.body as { applicationId: string };
      await server.post("application.update", { applicationId, ...settings });
      return applicationId;
    };
    const newCompose = async (settings: Row = {}) => {
      const created = await server.post("compose.create", { name: "c", environmentId });
      const { composeId } = created.body as { composeId: string };
      const composeFile = "services:\n  web:\n    image: web:1\n";
      await server.post("compose.update", { composeId, sourceType: "raw", composeFile, ...settings });
      return composeId;
    };
    const records = async (applicationId: string) =>
      (await server.get("deployment.all", { applicationId })).body as Row[];
    const one = async (applicationId: string) =>
      (await server.get("application.one", { applicationId })).body as Row;
    const queue = async () =>
      (await server.get("deployment.queueList")).body as { state: string; data: Row }[];
    const deploy = async (applicationId: string, title = "t") => {
      await server.post("application.deploy", { applicationId, title });
    };
    return { emulator, server, newApplication, newCompose, records, one, queue, deploy };
  }

  it("responds by the names of this machine alone, also with pages and web sockets", async () => {
    const { emulator } = await start({ page: async () => "<h1>services</h1>" });
    const { port } = new URL(emulator.url);
    const ask = (host: string, path: string, more: readonly string[] = []) =>
      new Promise<string>((resolve, reject) => {
        const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, `x-api-key: ${emulator.apiKey}`, ...more];
        let text = "";
        const socket = connect(Number(port), "127.0.0.1", () => {
          socket.write(`${[...lines, "Connection: close"].join("\r\n")}\r\n\r\n`);
        });
        socket.on("data", (chunk) => {
          text += chunk;
          if (more.length > 0) socket.destroy();
        });
        socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""));
        socket.on("error", reject);
      });
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, "localhost"])
      for (const path of ["/", "/api/project.all"]) assert.match(await ask(host, path), / 200 /, host + path);
    const others = [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "10.0.0.5",
      "a b",
    ];
    for (const host of others)
      for (const path of ["/", "/api/project.all"]) assert.match(await ask(host, path), / 421 /, host + path);
    const upgrade = [
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    ];
    const socketOf = (host: string) => ask(host, "/drawer-logs", [...upgrade, "Connection: Upgrade"]);
    assert.match(await socketOf("localhost"), / 101 /);
    assert.equal(await socketOf("evil.example"), "");
    const everywhere = await start({ host: "0.0.0.0" });
    const headers = { "x-api-key": everywhere.emulator.apiKey };
    const url = `http://127.0.0.1:${new URL(everywhere.emulator.url).port}/api/project.all`;
    assert.equal((await fetch(url, { headers })).status, 200);
  });

  describe("faults", () => {
    it("a status replaces the response as often as asked, and the server does not act", async () => {
      const { emulator, server, newApplication, one } = await start();
      const applicationId = await newApplication();
      const headers = { "retry-after": "1" };
      emulator.faults.add({ endpoint: "application.update", times: 2, status: 503, body: "busy", headers });
      const update = () => server.post("application.update", { applicationId, name: "b" });
      const answers = [await update(), await update()];
      assert.deepEqual(
        answers.map(({ status, body }) => [status, body]),
        [
          [503, "busy"],
          [503, "busy"],
        ],
      );
      assert.equal((await one(applicationId))["name"], "a");
      assert.equal((await update()).status, 200);
      assert.equal((await one(applicationId))["name"], "b");
    });

    it("a pattern matches several endpoints", async () => {
      const { emulator, server } = await start();
      emulator.faults.add({ endpoint: /^project\./, times: Number.POSITIVE_INFINITY, status: 500 });
      assert.equal((await server.get("project.all")).status, 500);
      assert.equal((await server.get("project.search")).status, 500);
      assert.equal((await server.get("overview.services")).status, 200);
      emulator.faults.clear();
      assert.equal((await server.get("project.all")).status, 200);
    });

    it("a connection cut before the server acted leaves no trace", async () => {
      const { emulator, server } = await start();
      emulator.faults.add({ endpoint: "project.create", cut: "before" });
      await assert.rejects(server.post("project.create", { name: "lost" }));
      assert.equal(((await server.get("project.all")).body as Row[]).length, 1);
    });

    it("a connection cut after the server acted loses only the response", async () => {
      const { emulator, server } = await start();
      emulator.faults.add({ endpoint: "project.create", cut: "after" });
      await assert.rejects(server.post("project.create", { name: "made" }));
      assert.equal(((await server.get("project.all")).body as Row[]).length, 2);
      assert.equal(emulator.calls.find(({ input }) => (input as Row)["name"] === "made")?.status, 0);
    });

    it("a gateway's error can hide that the server acted", async () => {
      const { emulator, server } = await start();
      emulator.faults.add({ endpoint: "project.create", html: true, status: 504, acted: true });
      const answer = await server.post("project.create", { name: "made" });
      assert.deepEqual([answer.status, answer.contentType, answer.bodyKind], [504, "text/html", "text"]);
      assert.equal(((await server.get("project.all")).body as Row[]).length, 2);
    });

    it("a truncated response ends in the middle", async () => {
      const { emulator, server } = await start();
      emulator.faults.add({ endpoint: "project.all", truncate: true });
      await assert.rejects(server.get("project.all"));
    });

    it("half a response arrives as if it were all", async () => {
      const { emulator, server } = await start();
      emulator.faults.add({ endpoint: "project.create", halved: true });
      const { status, bodyKind } = await server.post("project.create", { name: "made" });
      assert.deepEqual([status, bodyKind], [200, "text"]);
      assert.equal(((await server.get("project.all")).body as Row[]).length, 2);
    });

    it("a delay waits for the emulator's clock", async () => {
      const clock = new ManualClock();
      const { emulator, server } = await start({ clock });
      emulator.faults.add({ endpoint: "project.all", delayMs: 60_000 });
      let answered = false;
      const answer = server.get("project.all").then(({ status }) => {
        answered = true;
        return status;
      });
      await until(() => emulator.calls.some(({ endpoint }) => endpoint === "project.all"));
      assert.equal(answered, false);
      clock.advance(60_000);
      assert.equal(await answer, 200);
    });
  });

  describe("time and queue", () => {
    it("with a manual clock a build ends when the clock says so", async () => {
      const clock = new ManualClock("2026-03-01T10:00:00.000Z");
      const { newApplication, deploy, records } = await start({ clock, buildMs: 90_000 });
      const applicationId = await newApplication();
      await deploy(applicationId);
      clock.advance(89_999);
      assert.equal((await records(applicationId))[0]?.["status"], "running");
      clock.advance(1);
      const [record] = await records(applicationId);
      assert.equal(record?.["status"], "done");
      assert.equal(record?.["startedAt"], "2026-03-01T10:00:00.000Z");
      assert.equal(record?.["finishedAt"], "2026-03-01T10:01:30.000Z");
    });

    it("jobs run one after the other, and a waiting one has no record", async () => {
      const clock = new ManualClock();
      const { newApplication, deploy, records, queue, one } = await start({ clock, buildMs: 1000 });
      const [first, second] = [await newApplication(), await newApplication()];
      await deploy(first, "one");
      await deploy(second, "two");
      await deploy(first, "three");
      const seen = async () => (await queue()).map(({ state, data }) => `${data["titleLog"]} ${state}`);
      assert.deepEqual(await seen(), ["three waiting", "two waiting", "one active"]);
      assert.deepEqual(await records(second), []);
      assert.equal((await one(second))["applicationStatus"], "idle");
      clock.advance(1000);
      assert.deepEqual(await seen(), ["three waiting", "two active"]);
      assert.equal((await one(second))["applicationStatus"], "running");
      clock.advance(2000);
      assert.deepEqual(await seen(), []);
      assert.deepEqual(
        (await records(first)).map(({ title }) => title),
        ["three", "one"],
      );
    });

    it("with a concurrency of two, two services build at once, but one service never overlaps", async () => {
      const { emulator, newApplication, deploy, queue } = await start({ buildsConcurrency: 2 });
      emulator.holdBuilds();
      const [first, second] = [await newApplication(), await newApplication()];
      await deploy(first, "one");
      await deploy(first, "two");
      await deploy(second, "three");
      const active = (await queue())
        .filter(({ state }) => state === "active")
        .map(({ data }) => data["titleLog"]);
      assert.deepEqual(active.sort(), ["one", "three"]);
    });

    it("held builds end only after their release", async () => {
      const { emulator, server, newApplication, deploy, records } = await start();
      const applicationId = await newApplication();
      emulator.holdBuilds();
      await deploy(applicationId, "one");
      await deploy(applicationId, "two");
      await new Promise((resolve) => setTimeout(resolve, 10));
      assert.deepEqual(
        (await records(applicationId)).map(({ title, status }) => [title, status]),
        [["one", "running"]],
      );
      emulator.releaseBuilds();
      await server.idle();
      assert.deepEqual(
        (await records(applicationId)).map(({ status }) => status),
        ["done", "done"],
      );
    });

    it("a restart cancels the running record, loses the waiting job, and takes new ones", async () => {
      const { emulator, server, newApplication, deploy, records, queue, one } = await start();
      const applicationId = await newApplication();
      emulator.holdBuilds();
      await deploy(applicationId, "one");
      await deploy(applicationId, "two");
      emulator.restart();
      const cancelled = await records(applicationId);
      assert.deepEqual(
        cancelled.map(({ title, status, finishedAt }) => [title, status, finishedAt]),
        [["one", "cancelled", null]],
      );
      assert.equal((await one(applicationId))["applicationStatus"], "idle");
      assert.deepEqual(await queue(), []);
      emulator.releaseBuilds();
      await deploy(applicationId, "three");
      await server.idle();
      assert.equal((await records(applicationId))[0]?.["status"], "done");
    });

    it("a lost queue drops what waits and finishes what runs", async () => {
      const { emulator, server, newApplication, deploy, records } = await start();
      const applicationId = await newApplication();
      emulator.holdBuilds();
      await deploy(applicationId, "one");
      await deploy(applicationId, "two");
      emulator.loseQueue();
      emulator.releaseBuilds();
      await server.idle();
      assert.deepEqual(
        (await records(applicationId)).map(({ title, status }) => [title, status]),
        [["one", "done"]],
      );
    });

    it("cleanQueues removes only the waiting jobs of that service", async () => {
      const { emulator, server, newApplication, deploy, queue } = await start();
      emulator.holdBuilds();
      const [first, second] = [await newApplication(), await newApplication()];
      await deploy(first, "one");
      await deploy(first, "two");
      await deploy(second, "three");
      const answer = await server.post("application.cleanQueues", { applicationId: first });
      assert.deepEqual([answer.status, answer.bodyKind], [200, "empty"]);
      assert.deepEqual(
        (await queue()).map(({ data }) => data["titleLog"]),
        ["three", "one"],
      );
    });

    it("a service deleted during its build takes its records along and frees the queue at the build's end", async () => {
      const { emulator, server, newApplication, deploy, records, queue } = await start();
      emulator.holdBuilds();
      const [first, second] = [await newApplication(), await newApplication()];
      await deploy(first, "one");
      await deploy(second, "two");
      await server.post("application.delete", { applicationId: first });
      assert.deepEqual(await records(first), []);
      assert.equal((await queue()).length, 2);
      emulator.releaseBuilds();
      await server.idle();
      assert.equal((await records(second))[0]?.["status"], "done");
      assert.equal(emulator.containerEnv(first), undefined);
    });

    it("variables saved while a job waits are used, those saved during its build are not", async () => {
      const { emulator, server, newApplication, deploy } = await start();
      const [first, second] = [await newApplication(), await newApplication()];
      emulator.holdBuilds();
      await deploy(first);
      await deploy(second);
      for (const applicationId of [first, second])
        await server.post("application.update", { applicationId, env: "A=late" });
      emulator.releaseBuilds();
      await server.idle();
      assert.deepEqual(emulator.containerEnv(first), {});
      assert.deepEqual(emulator.containerEnv(second), { A: "late" });
    });
  });

  describe("outcomes", () => {
    it("a set outcome overrides the computed one until it is taken back", async () => {
      const { emulator, server, newApplication, deploy, records } = await start();
      const applicationId = await newApplication();
      emulator.setOutcome(applicationId, { status: "error", log: "disk full\n" });
      await deploy(applicationId);
      await server.idle();
      const [record] = await records(applicationId);
      assert.equal(record?.["status"], "error");
      const log = await server.get("deployment.readLogs", { deploymentId: record?.["deploymentId"] });
      assert.equal(log.body, "disk full\n");
      assert.equal(emulator.containerEnv(applicationId), undefined);
      emulator.setOutcome(applicationId, undefined);
      await deploy(applicationId);
      await server.idle();
      assert.deepEqual(emulator.containerEnv(applicationId), {});
    });

    it("a set build time applies to that service alone", async () => {
      const clock = new ManualClock();
      const { emulator, newApplication, deploy, records } = await start({ clock, buildMs: 10 });
      const applicationId = await newApplication();
      emulator.setOutcome(applicationId, { buildMs: 5000 });
      await deploy(applicationId);
      clock.advance(4999);
      assert.equal((await records(applicationId))[0]?.["status"], "running");
      clock.advance(1);
      assert.equal((await records(applicationId))[0]?.["status"], "done");
    });

    it("a git deployment ends with the commit's message as its title; a redeployment keeps its own", async () => {
      const { emulator, server, newApplication, deploy, records } = await start();
      const customGitUrl = "https://git.test/web.git";
      const hash = "0123456789abcdef0123456789abcdef01234567";
      emulator.git.set(customGitUrl, { message: "Fix the login", hash });
      const applicationId = await newApplication({
        sourceType: "git",
        customGitUrl,
        customGitBranch: "main",
      });
      await deploy(applicationId, "mine");
      await server.idle();
      await server.post("application.redeploy", { applicationId, title: "again" });
      await server.idle();
      assert.deepEqual(
        (await records(applicationId)).map(({ title, description }) => [title, description]),
        [
          ["again", ""],
          ["Fix the login", `Commit: ${hash}`],
        ],
      );
    });

    it("images under private/ need a login, and tests can take images away", async () => {
      const { emulator, server, newApplication, deploy, records } = await start();
      emulator.registry.missing.add("web:2");
      for (const [dockerImage, reason] of [
        ["private/web:1", /pull access denied for private\/web/],
        ["web:2", /manifest for web:2 not found/],
      ] as const) {
        const applicationId = await newApplication({ sourceType: "docker", dockerImage });
        await deploy(applicationId);
        await server.idle();
        const [record] = await records(applicationId);
        const log = await server.get("deployment.readLogs", { deploymentId: record?.["deploymentId"] });
        assert.match(String(log.body), reason);
      }
    });

    it("the variables of a compose service over some 96 KB fail its deployment without a reason", async () => {
      const { emulator, server, newCompose } = await start();
      for (const [size, status] of [
        [95_000, "done"],
        [130_000, "error"],
      ] as const) {
        const composeId = await newCompose({ env: `A=${"x".repeat(size)}` });
        await server.post("compose.deploy", { composeId });
        await server.idle();
        const [record] = (await server.get("deployment.allByCompose", { composeId })).body as Row[];
        assert.equal(record?.["status"], status);
        assert.equal(emulator.containerEnv(composeId)?.["A"]?.length, status === "done" ? size : undefined);
      }
    });

    it("a failed deployment leaves the running containers as they were", async () => {
      const { emulator, server, newApplication, deploy } = await start();
      const applicationId = await newApplication({
        sourceType: "docker",
        dockerImage: "web:1",
        env: "A=old",
      });
      await deploy(applicationId);
      await server.idle();
      await server.post("application.update", { applicationId, dockerImage: "web:missing", env: "A=new" });
      await deploy(applicationId);
      await server.idle();
      assert.deepEqual(emulator.containerEnv(applicationId), { A: "old" });
    });

    it("a reload to an unknown tag returns true, and the old task keeps running next to the rejected one", async () => {
      const clock = new ManualClock();
      const { emulator, server, newApplication, deploy, one } = await start({ clock, buildMs: 0 });
      const applicationId = await newApplication({
        sourceType: "docker",
        dockerImage: "web:1",
        env: "A=old",
      });
      await deploy(applicationId);
      clock.advance(0);
      await server.post("application.update", { applicationId, dockerImage: "web:missing", env: "A=new" });
      const { appName } = await one(applicationId);
      clock.advance(5_000);
      assert.equal((await server.post("application.reload", { applicationId, appName })).body, true);
      clock.advance(500);
      const tasks = (await server.get("docker.getServiceContainersByAppName", { appName })).body as Row[];
      assert.deepEqual(
        tasks.map(({ state, currentState, error }) => [state, String(currentState).split(" ")[0], error]),
        [
          ["shutdown", "Accepted", ""],
          ["shutdown", "Rejected", '"No such image: web:missing"'],
          ["running", "Running", "Error:"],
        ],
      );
      assert.deepEqual(emulator.containerEnv(applicationId), { A: "old" });
    });

    it("replicas are tasks; an update replaces them all", async () => {
      const clock = new ManualClock();
      const { server, newApplication, deploy, one } = await start({ clock, buildMs: 0 });
      const applicationId = await newApplication({ sourceType: "docker", dockerImage: "web:1", replicas: 3 });
      await deploy(applicationId);
      clock.advance(5_000);
      const { appName } = await one(applicationId);
      const running = async () =>
        ((await server.get("docker.getServiceContainersByAppName", { appName })).body as Row[])
          .filter(({ state }) => state === "running")
          .map(({ containerId }) => containerId);
      const before = await running();
      assert.equal(before.length, 3);
      await deploy(applicationId);
      clock.advance(5_000);
      const after = await running();
      assert.equal(after.length, 3);
      assert.ok(after.every((id) => !before.includes(id)));
    });

    it("a limit that deploy lacks, given outside of it, fails the deployment of a compose service unless it is among them", async () => {
      const { server, newCompose } = await start();
      const limits = "    deploy: { resources: { limits: { memory: 64M } } }\n";
      const refusal =
        /services\.web: can't set distinct values on 'cpus' and 'deploy\.resources\.limits\.cpus': invalid compose project/;
      for (const [fields, log] of [
        [`    cpus: 1\n${limits}`, refusal],
        ["    cpus: 1\n    deploy: { resources: {} }\n", /Compose Deployed/],
        [limits, /Compose Deployed/],
      ] as const) {
        const composeId = await newCompose({ composeFile: `services:\n  web:\n    image: web:1\n${fields}` });
        await server.post("compose.deploy", { composeId });
        await server.idle();
        const [record] = (await server.get("deployment.allByCompose", { composeId })).body as Row[];
        const read = await server.get("deployment.readLogs", { deploymentId: record?.["deploymentId"] });
        assert.match(String(read.body), log);
      }
    });

    it("an unchanged compose deployment keeps its container, a changed one replaces it", async () => {
      const { server, newCompose } = await start();
      const composeId = await newCompose({ env: "A=1" });
      const { appName } = (await server.get("compose.one", { composeId })).body as Row;
      const container = async () => {
        await server.post("compose.deploy", { composeId });
        await server.idle();
        const rows = (await server.get("docker.getContainersByAppNameMatch", { appName })).body as Row[];
        assert.equal(rows.length, 1);
        return rows[0]?.["containerId"];
      };
      const first = await container();
      assert.equal(await container(), first);
      await server.post("compose.update", { composeId, env: "A=2" });
      assert.notEqual(await container(), first);
    });
  });

  describe("keys and calls", () => {
    it("a rate limit is used up at two verifications a request, and looks like a bad key", async () => {
      const { emulator, server } = await start();
      emulator.rateLimit(4);
      const statuses = [];
      for (let index = 0; index < 3; index += 1) statuses.push((await server.get("project.all")).status);
      assert.deepEqual(statuses, [200, 200, 401]);
      emulator.rateLimit(1);
      const half = await server.get("project.all");
      assert.deepEqual([half.status, (half.body as Row)["code"]], [401, "UNAUTHORIZED"]);
      emulator.rateLimit(undefined);
      assert.equal((await server.get("project.all")).status, 200);
    });

    it("a denied permission responds as Dokploy does for that router", async () => {
      const { emulator, server, newApplication, records } = await start();
      const applicationId = await newApplication();
      for (const endpoint of ["application.deploy", "environment.create", "project.create"])
        emulator.denyPermission(endpoint);
      const deploy = await server.post("application.deploy", { applicationId });
      assert.deepEqual([deploy.status, (deploy.body as Row)["code"]], [401, "UNAUTHORIZED"]);
      assert.deepEqual(await records(applicationId), []);
      assert.equal((await server.post("environment.create", { name: "x", projectId: "x" })).status, 403);
      assert.equal((await server.post("project.create", { name: "x" })).status, 400);
    });

    it("the key can be asked for in the Authorization header", async () => {
      const emulator = await startEmulator({ authHeader: "bearer" });
      open.push(emulator);
      const get = async (headers: Record<string, string>) =>
        (await fetch(`${emulator.url}/api/project.all`, { headers })).status;
      assert.equal(await get({ authorization: `Bearer ${emulator.apiKey}` }), 200);
      assert.equal(await get({ "x-api-key": emulator.apiKey }), 401);
    });

    it("calls are recorded with input and status", async () => {
      const clock = new ManualClock("2026-01-02T00:00:00.000Z");
      const { emulator, server } = await start({ clock });
      emulator.clearCalls();
      await server.get("project.one", { projectId: "nope" });
      await server.post("project.update", { projectId: "nope", name: "x" });
      assert.deepEqual(emulator.calls, [
        {
          method: "GET",
          endpoint: "project.one",
          input: { projectId: "nope" },
          status: 404,
          at: clock.now(),
        },
        {
          method: "POST",
          endpoint: "project.update",
          input: { projectId: "nope", name: "x" },
          status: 404,
          at: clock.now(),
        },
      ]);
    });

    it("the version is what the options say", async () => {
      const { server } = await start({ version: "v0.28.0" });
      assert.equal((await server.get("settings.getDokployVersion")).body, "v0.28.0");
    });
  });

  it("continues after requests with an invalid address", async () => {
    const { emulator, server } = await start();
    const { hostname, port } = new URL(emulator.url);
    for (const target of ["//", "//[", "*", "http://[/"]) {
      for (const more of ["", "Connection: Upgrade\r\nUpgrade: websocket\r\n"]) {
        const socket = connect(Number(port), hostname);
        socket.on("error", () => {});
        const sent = `GET ${target} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
        // Past the other request on its way, so that the first one is read by then.
        await new Promise<void>((resolve) => socket.write(sent, () => resolve()));
        assert.equal((await server.get("settings.getDokployVersion")).status, 200, target);
        socket.destroy();
      }
    }
  });

  it("closes at once although a connection is open and a build runs", async () => {
    const { emulator, newApplication, deploy } = await start({ buildMs: 60_000 });
    await deploy(await newApplication());
    const { hostname, port } = new URL(emulator.url);
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once("connect", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => {});
    await emulator.close();
    await closed;
  });

  it("two emulators share nothing", async () => {
    const [first, second] = [await start(), await start()];
    assert.notEqual(first.emulator.apiKey, second.emulator.apiKey);
    assert.equal(
      (await new Dokploy(second.emulator.url, first.emulator.apiKey).get("project.all")).status,
      401,
    );
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

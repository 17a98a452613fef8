import * as assert from "node:assert/strict";
import { type ContainerBehaviour, ManualClock, startEmulator } from "../../../emulator";
import { NotRunningError, readTasks, type WatchTarget, watchContainers } from "../../../provider/deploy";
import {
  type Api,
  type ComposeDetail,
  DokployClient,
  DokployError,
  type Input,
} from "../../../provider/dokploy";
import { whilePending } from "./virtual-clock";

type WatchOptions = Parameters<typeof watchContainers>[3];

const CANARY = "canary-5f1e0c9d-value";
const CRASH: ContainerBehaviour = {
  kind: "crash-loop",
  exitCode: 3,
  output: `DB_PASSWORD ${CANARY} is wrong`,
};

describe("watchContainers over HTTP", () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((thing) => thing.close()));
  });

  /** A server and a watcher in one time, which goes on whenever nothing is on the wire. */
  async function setUp() {
    const clock = new ManualClock();
    const emulator = await startEmulator({ clock, buildMs: 50 });
    const settings = { url: emulator.url, apiKey: emulator.apiKey, auth: "x-api-key" as const, warnings: [] };
    const client = new DokployClient(settings, { sleep: async () => {} });
    open.push(client, emulator);
    let onWire = 0;
    const api: Api = {
      async call(endpoint, input) {
        onWire += 1;
        try {
          return await client.call(endpoint, input);
        } finally {
          onWire -= 1;
        }
      },
    };
    const until = <T>(promise: Promise<T>): Promise<T> =>
      whilePending(promise, () => {
        if (onWire === 0) clock.advance(50);
      });
    const { environment } = await client.call("project.create", { name: "shop" });
    const { environmentId } = environment;

    async function application(columns: Partial<Input<"application.update">> = {}): Promise<WatchTarget> {
      const { applicationId, appName } = await client.call("application.create", {
        name: "web",
        environmentId,
      });
      const source = { sourceType: "docker", dockerImage: "web:1" } as const;
      await client.call("application.update", { applicationId, ...source, ...columns });
      return { kind: "application", id: applicationId, name: "web", appName };
    }
    async function compose(services: string[], columns: Partial<ComposeDetail> = {}): Promise<WatchTarget> {
      const { composeId, appName } = await client.call("compose.create", { name: "shop", environmentId });
      const composeFile = `services:\n${services.map((name) => `  ${name}:\n    image: ${name}:1\n`).join("")}`;
      await client.call("compose.update", { composeId, sourceType: "raw", composeFile, ...columns });
      const { composeType } = columns;
      return { kind: "compose", id: composeId, name: "shop", appName, composeType };
    }
    /** Deploys to the end of the record; gives what ran before. */
    async function deploy(target: WatchTarget, behaviour?: ContainerBehaviour) {
      emulator.setContainers(target.id, behaviour);
      const before = await readTasks(api, target, () => clock.now());
      if (target.kind === "application")
        await client.call("application.deploy", { applicationId: target.id });
      else await client.call("compose.deploy", { composeId: target.id });
      clock.advance(1_000);
      const [record] =
        target.kind === "application"
          ? await client.call("deployment.all", { applicationId: target.id })
          : await client.call("deployment.allByCompose", { composeId: target.id });
      assert.equal(record?.status, "done");
      emulator.clearCalls();
      return before;
    }
    const watch = (
      target: WatchTarget,
      before: Awaited<ReturnType<typeof deploy>>,
      options: WatchOptions = {},
    ) => until(watchContainers(api, target, before, { timers: clock, ...options }));
    /** Deploys, watches and gives the failure. */
    async function fail(target: WatchTarget, behaviour: ContainerBehaviour, options: WatchOptions = {}) {
      const before = await deploy(target, behaviour);
      const error: unknown = await watch(target, before, { secrets: [CANARY], ...options }).then(
        () => assert.fail("it was taken for running"),
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof NotRunningError, String(error));
      assert.ok(!error.message.includes(CANARY), error.message);
      return error;
    }
    const calls = () => emulator.calls.map(({ endpoint }) => endpoint);
    return { clock, emulator, client, api, until, application, compose, deploy, watch, fail, calls };
  }

  const tasksOf = "docker.getServiceContainersByAppName";

  it("a healthy application takes 10 s and 5 calls, 3 more for the proof of an update", async () => {
    const { clock, application, deploy, watch, calls } = await setUp();
    const web = await application({ env: "A=1\nB=2" });
    const before = await deploy(web);
    const start = clock.now();
    await watch(web, before, { replicas: 1 });
    assert.deepEqual(calls(), Array(5).fill(tasksOf));
    assert.ok(clock.now() - start >= 10_000 && clock.now() - start < 11_500, `${clock.now() - start} ms`);

    const again = await deploy(web);
    await watch(web, again, { replicas: 1, expectEnv: { A: "1", B: "2" } });
    const proof = ["docker.getConfig", "docker.getContainersByAppNameMatch", "docker.getConfig"];
    assert.deepEqual(calls(), [...Array(5).fill(tasksOf), ...proof]);
  });

  it("proves three of many replicas", async () => {
    const { application, deploy, watch, calls } = await setUp();
    const web = await application({ env: "A=1", replicas: 5 });
    await watch(web, await deploy(web), { replicas: 5, expectEnv: { A: "1" } });
    assert.equal(calls().filter((endpoint) => endpoint === "docker.getConfig").length, 3);
  });

  it("a crash loop: exit code, output, advice; no secret", async () => {
    const { application, fail } = await setUp();
    const error = await fail(await application(), CRASH);
    assert.equal(error.outcome, "unhealthy");
    assert.deepEqual(error.log, ["DB_PASSWORD [secret] is wrong"]);
    assert.equal(
      error.message,
      [
        'Application "web" is deployed, but does not run: its container ended with exit code 3.',
        "Read its output below; a missing or wrong variable is the usual reason. The new configuration stays " +
          "saved. Correct it and run the update again.",
        "Its last output (1 line):",
        "    DB_PASSWORD [secret] is wrong",
      ].join("\n"),
    );
  });

  it("its output is sorted by time, and begins with this deployment", async () => {
    const { application, deploy, fail, clock } = await setUp();
    const web = await application({
      updateConfigSwarm: { Parallelism: 1, Order: "start-first", FailureAction: "continue" },
    });
    await deploy(web, { kind: "crash-loop", afterSeconds: 30, output: "old" });
    clock.advance(66_000);
    const error = await fail(web, { kind: "crash-loop", afterSeconds: 0.5, output: "one\ntwo" });
    assert.deepEqual(error.log.slice(0, 2), ["one", "two"]);
    assert.ok(!error.log.includes("old"));
  });

  it("an update of a service that crash-looped and, with the old version back, runs for a while again", async () => {
    const { application, deploy, fail, clock } = await setUp();
    const web = await application();
    await deploy(web, { kind: "crash-loop", afterSeconds: 30, output: "old" });
    clock.advance(66_000);
    const error = await fail(web, { kind: "crash-loop", exitCode: 4, output: "new" });
    assert.match(
      error.message,
      /its new version does not run: its container ended with exit code 4, and Swarm rolled back to the old version, which did not run either\.\nRead its output/,
    );
    assert.deepEqual(error.log, ["new"]);
  });

  it("an update soon after another one that failed too: the version between them runs", async () => {
    const { application, deploy, watch, fail, clock } = await setUp();
    const web = await application();
    await watch(web, await deploy(web, { kind: "healthy", output: "old" }));
    await fail(web, { kind: "crash-loop", afterSeconds: 1 });
    clock.advance(8_000);
    const again = await fail(web, { kind: "crash-loop", afterSeconds: 1, exitCode: 3 });
    assert.match(
      again.message,
      /exit code 3, and Swarm rolled back to the old version, which runs with the old/,
    );
  });

  it("an update soon after one that put a crash loop right: the version before it runs", async () => {
    const { application, deploy, watch, fail, clock } = await setUp();
    const web = await application();
    await fail(web, { kind: "crash-loop", afterSeconds: 1 });
    await watch(web, await deploy(web, { kind: "healthy", output: "old" }));
    clock.advance(8_000);
    const again = await fail(web, { kind: "crash-loop", afterSeconds: 1, exitCode: 3 });
    assert.match(
      again.message,
      /exit code 3, and Swarm rolled back to the old version, which runs with the old/,
    );
  });

  it("an update that is rolled back by the task that Swarm starts anyway: Swarm itself says so", async () => {
    const { application, deploy, watch, fail } = await setUp();
    const web = await application();
    await watch(web, await deploy(web, { kind: "healthy", output: "old" }));
    const error = await fail(web, { ...CRASH, kind: "crash-loop", afterSeconds: 1, rollback: "by-restart" });
    assert.match(
      error.message,
      /exit code 3, and Swarm rolled back to the old version, which runs with the old/,
    );
    assert.deepEqual(error.log, []);
  });

  it("an update that Swarm does not roll back: never the output of the old version, and its own if possible", async () => {
    for (const action of ["pause", "continue"]) {
      const { application, deploy, watch, fail } = await setUp();
      const columns = { updateConfigSwarm: { Parallelism: 1, Order: "start-first", FailureAction: action } };
      const web = await application(columns);
      await watch(web, await deploy(web, { kind: "healthy", output: "old" }));
      const error = await fail(web, { kind: "crash-loop", afterSeconds: 1, output: "new" });
      assert.equal(error.outcome, "unhealthy");
      assert.match(error.message, action === "pause" ? /and Swarm stopped the update\./ : /exit code 1\./);
      assert.match(error.message, /(?:Its last output|Output of its next container) \(1 line\):\n {4}new$/);
    }
  });

  it("an update that fails its health check, or exits with code 0 before it has passed", async () => {
    const { application, deploy, watch, fail } = await setUp();
    const back = ", and Swarm rolled back to the old version";
    const cases: [ContainerBehaviour, string][] = [
      [{ kind: "unhealthy" }, `the health check of its container fails${back}`],
      [{ kind: "unhealthy", exitCode: 137 }, `the health check of its container fails${back}`],
      [
        { kind: "crash-loop", exitCode: 0, afterSeconds: 4, hasHealthCheck: true },
        `should keep running${back}`,
      ],
      [{ kind: "crash-loop", exitCode: 0 }, `exited with code 0, and should keep running${back}`],
    ];
    for (const [behaviour, text] of cases) {
      const web = await application();
      await watch(web, await deploy(web));
      const error = await fail(web, behaviour);
      assert.ok(error.message.includes(text), error.message);
    }
  });

  it("the output of another service whose name begins alike is not used", async () => {
    const { client, application, deploy, watch, fail } = await setUp();
    const web = await application();
    const other = await application();
    await watch(other, await deploy(other, { kind: "healthy", output: "somebody else" }));
    // Docker compares beginnings of names, and finds the other one.
    const alike = { ...other, appName: `${web.appName}-worker` };
    const named = await client.call("application.create", {
      name: "alike",
      environmentId: (await client.call("application.one", { applicationId: web.id })).environmentId,
      appName: alike.appName,
    } as never);
    const duplicate = { ...other, id: named.applicationId, appName: named.appName };
    await client.call("application.update", {
      applicationId: duplicate.id,
      sourceType: "docker",
      dockerImage: "web:1",
    });
    await watch(duplicate, await deploy(duplicate, { kind: "healthy", output: "somebody else" }));
    const error = await fail(web, CRASH);
    if (duplicate.appName.startsWith(web.appName)) {
      assert.deepEqual(error.log, []);
      assert.match(error.message, /cannot be distinguished from that of other containers/);
    } else assert.fail(`the emulator named it ${duplicate.appName}`);
  });

  it("lines of several tasks are sorted by time", async () => {
    const { emulator, application, fail } = await setUp();
    const lines = ["23:19:05.737Z two", "23:18:59.879Z one", "23:19:17.833Z three"];
    const body = lines.map((line) => `2026-11-24T${line}\n`).join("");
    emulator.faults.add({ endpoint: "application.readLogs", body: JSON.stringify(body) });
    const error = await fail(await application(), { kind: "crash-loop" });
    assert.deepEqual(error.log, ["one", "two", "three"]);
  });

  it("a crash after some seconds of running", async () => {
    const { application, fail } = await setUp();
    const error = await fail(await application(), { ...CRASH, kind: "crash-loop", afterSeconds: 7 });
    assert.match(error.message, /ended with exit code 3/);
  });

  it("an update that Swarm rolls back silently: the old version runs, with the old variables", async () => {
    const { emulator, client, application, deploy, watch, fail, calls } = await setUp();
    const web = await application({ env: "MODE=old" });
    await watch(web, await deploy(web));
    await client.call("application.update", { applicationId: web.id, env: "MODE=new" });
    const error = await fail(web, CRASH);
    assert.equal(error.outcome, "rolled-back");
    assert.match(
      error.message,
      /^Application "web" is deployed, but its new version does not run: its container ended with exit code 3, and Swarm rolled back to the old version, which runs with the old variables\.\nDokploy's API does not show the output of the new version/,
    );
    assert.deepEqual(emulator.containerEnv(web.id), { MODE: "old" });
    assert.ok(
      !calls().includes("application.readLogs"),
      "the old version's output is not shown as the new one's",
    );
  });

  it("a rollback that no task shows is proven by the variables, and no value is shown", async () => {
    const { client, application, deploy, watch, fail } = await setUp();
    const web = await application({ env: "MODE=old-mode\nTOKEN=same" });
    await deploy(web);
    await client.call("application.update", { applicationId: web.id, env: `MODE=${CANARY}\nTOKEN=same` });
    const error = await fail(web, { kind: "rolled-back" }, { expectEnv: { MODE: CANARY, TOKEN: "same" } });
    assert.equal(error.outcome, "rolled-back");
    assert.match(
      error.message,
      /does not have the new value of MODE, so Swarm rolled back to the old version/,
    );
    assert.doesNotMatch(error.message, /TOKEN|old-mode|same/);
    // Without the proof nothing tells.
    await watch(web, await deploy(web, { kind: "rolled-back" }));
  });

  it("returns whose variables run, and nothing where none were read", async () => {
    const { client, application, deploy, watch } = await setUp();
    const web = await application({ env: "MODE=first" });
    const expectEnv = { MODE: "first" };
    assert.equal(await watch(web, await deploy(web), { expectEnv }), "given");
    assert.equal(await watch(web, await deploy(web)), "none");
    // Somebody saves before the deployment has its turn.
    await client.call("application.update", { applicationId: web.id, env: "MODE=second" });
    const expectNow = async () => ({ MODE: "second" });
    assert.equal(await watch(web, await deploy(web), { expectEnv, expectNow }), "latest");
  });

  it("a rollback that no task shows is a failure too when others have saved meanwhile", async () => {
    const { client, application, deploy, watch } = await setUp();
    const web = await application({ env: "MODE=old" });
    await deploy(web);
    await client.call("application.update", { applicationId: web.id, env: "MODE=theirs" });
    const before = await deploy(web, { kind: "rolled-back" });
    for (const [theirs, isOvertaken] of [
      [{ MODE: "theirs" }, true],
      [undefined, false],
    ] as const)
      await assert.rejects(
        watch(web, before, { expectEnv: { MODE: "ours" }, expectNow: async () => theirs }),
        { outcome: "rolled-back", isOvertaken },
      );
  });

  it("is not treated as running when the proof cannot be read at first", async () => {
    const { emulator, client, application, deploy, watch } = await setUp();
    const web = await application({ env: "MODE=old" });
    await deploy(web);
    await client.call("application.update", { applicationId: web.id, env: "MODE=new" });
    const before = await deploy(web, { kind: "rolled-back" });
    // More than the client tries by itself.
    emulator.faults.add({ endpoint: "docker.getConfig", html: true, times: 8 });
    await assert.rejects(watch(web, before, { expectEnv: { MODE: "new" } }), { outcome: "rolled-back" });
  });

  it("a reload to an image that does not exist", async () => {
    const { client, api, application, deploy, watch, clock } = await setUp();
    const web = await application();
    await deploy(web);
    await client.call("application.update", { applicationId: web.id, dockerImage: "web:missing" });
    const before = await readTasks(api, web, () => clock.now());
    await client.call("application.reload", { applicationId: web.id, appName: web.appName });
    await assert.rejects(watch(web, before), (error: NotRunningError) => {
      assert.equal(error.outcome, "rolled-back");
      assert.match(
        error.message,
        /Docker refused to start its container: No such image: web:missing, and Swarm/,
      );
      return true;
    });
  });

  it("an image that no first deployment can start", async () => {
    const { application, fail } = await setUp();
    const error = await fail(await application(), { kind: "rejected", error: "No such image: web:1" });
    assert.equal(error.outcome, "unhealthy");
    assert.match(
      error.message,
      /does not run: Docker refused .*: No such image: web:1\.\nCheck the name and tag/,
    );
  });

  it("a process that exits, and one that the kernel killed", async () => {
    const { application, fail } = await setUp();
    const ended = await fail(await application(), { kind: "exits", output: "bye" });
    assert.match(ended.message, /exited with code 0.*wait for "deployed".* {4}bye$/s);
    const killed = await fail(await application(), { kind: "crash-loop", isOutOfMemory: true });
    assert.match(killed.message, /exit code 137: it ran out of memory\.\nRaise its memory limit/);
    const stopped = await fail(await application(), { kind: "crash-loop", exitCode: 137 });
    assert.doesNotMatch(stopped.message, /memory|wrong variable/);
    assert.match(stopped.message, /137 means that something killed it/);
  });

  it("variables that are too large for the command", async () => {
    const { application, fail } = await setUp();
    const output = "exec /bin/httpd: argument list too long";
    const error = await fail(await application(), { kind: "crash-loop", output });
    assert.match(error.hint, /^Its variables are too large.*131,071 bytes/);
  });

  it("a port of the server that another process has: the advice is about the port", async () => {
    const { application, fail } = await setUp();
    const error = `driver failed programming external connectivity on endpoint ${"web".repeat(99)} (33f94847`;
    assert.match(
      (await fail(await application(), { kind: "rejected", error })).hint,
      /^Publish another port/,
    );
  });

  it("a command that a shell does not find", async () => {
    const { application, fail } = await setUp();
    const { hint } = await fail(await application(), { kind: "crash-loop", exitCode: 127 });
    assert.match(hint, /127 mean that a command is not in the image/);
  });

  it("a failing health check", async () => {
    const { application, fail } = await setUp();
    const error = await fail(await application(), { kind: "unhealthy" });
    assert.match(
      error.message,
      /does not run: the health check of its container fails\.\n.*check the settings of its health check/,
    );
    assert.doesNotMatch(error.message, /health check says/);
  });

  it("a failing health check says what its last check printed, without secrets", async () => {
    const { application, compose, fail } = await setUp();
    const check = `wget: server returned error:\n  HTTP/1.1 500 for ${CANARY}\n`;
    for (const [service, behaviour] of [
      [await application(), { kind: "unhealthy", check }],
      [await application(), { kind: "unhealthy", check, exitCode: 137 }],
      [await compose(["web"]), { kind: "unhealthy", check }],
    ] as const) {
      assert.match(
        (await fail(service, behaviour)).message,
        /fails\.\nThe health check says: wget: server returned error: HTTP\/1\.1 500 for \[secret\]\n/,
      );
    }
  });

  it("a task that no node takes: the deadline decides, and says why", async () => {
    const { clock, application, fail, calls } = await setUp();
    const web = await application();
    const start = clock.now();
    const error = await fail(web, { kind: "never-placed", error: "no suitable node (1 node out of memory)" });
    assert.match(
      error.message,
      /does not run: Docker has found no server for its container: no suitable node \(1 node out of memory\) \(after 2 min\)\.\nCheck its placement/,
    );
    const seconds = (clock.now() - start) / 1000;
    assert.ok(seconds >= 120 && seconds < 123, `${seconds} s`);
    assert.ok(calls().length <= 30, `${calls().length} calls`);
  });

  it("a task that gets no address in a full network", async () => {
    const { application, fail } = await setUp();
    const error = await fail(await application(), { kind: "no-address" });
    assert.match(
      error.message,
      /does not run: Swarm has found no network address for its container, which stays in the state New \(after 2 min\)\.\nA network that it joins is full, usually dokploy-network/,
    );
    assert.doesNotMatch(error.message, /placement/);
  });

  it("a port of the server that the old version still has", async () => {
    const { application, fail } = await setUp();
    const taken = "no suitable node (host-mode port already in use on 1 node)";
    const error = await fail(await application(), { kind: "never-placed", error: taken });
    assert.match(
      error.hint,
      /^Another container uses that port.*`Order: "stop-first"` in `swarm\.updateConfig`/,
    );
  });

  it("a doubtful deployment without new containers is reported as one that did not happen", async () => {
    const { application, deploy, watch, api, clock } = await setUp();
    const web = await application();
    await deploy(web);
    clock.advance(20_000);
    const ifUntouched = () => new Error("did not take place");
    const now = await readTasks(api, web, () => clock.now());
    await assert.rejects(watch(web, now, { ifUntouched, timeoutSeconds: 30 }), /^Error: did not take place$/);
    const before = await deploy(web, { kind: "slow", afterSeconds: 60 });
    await assert.rejects(watch(web, before, { ifUntouched, timeoutSeconds: 30 }), /still starting/);
  });

  it("a slow start is waited for, up to the deadline", async () => {
    const { application, deploy, watch, fail } = await setUp();
    const web = await application();
    await watch(web, await deploy(web, { kind: "slow", afterSeconds: 60 }));
    const error = await fail(web, { kind: "slow", afterSeconds: 60 }, { timeoutSeconds: 30 });
    assert.match(
      error.message,
      /still starting.*; the old version still runs \(after 30 s\)\..*Raise the timeout/s,
    );
  });

  it("a fixed version of one that crash-looped", async () => {
    const { clock, application, deploy, watch } = await setUp();
    const web = await application();
    await deploy(web, CRASH);
    clock.advance(30_000);
    await watch(web, await deploy(web));
  });

  it("an application without replicas needs nothing to run", async () => {
    const { application, deploy, watch, calls } = await setUp();
    const web = await application({ replicas: 0 });
    await watch(web, await deploy(web), { replicas: 0, expectEnv: { A: "1" } });
    assert.deepEqual(calls(), [tasksOf]);
  });

  it("a compose service: 5 calls when it is new, 1 when nothing changed", async () => {
    const { clock, compose, deploy, watch, calls } = await setUp();
    const shop = await compose(["web", "db"]);
    await watch(shop, await deploy(shop));
    assert.deepEqual(calls(), Array(5).fill("docker.getContainersByAppNameMatch"));
    clock.advance(5_000);
    await watch(shop, await deploy(shop));
    assert.deepEqual(calls(), ["docker.getContainersByAppNameMatch"]);
  });

  it("a compose service of which one container fails: its own output", async () => {
    const { compose, fail } = await setUp();
    const crash = await fail(await compose(["web", "db"]), { ...CRASH, service: "web" });
    assert.match(
      crash.message,
      /^Compose service "shop" is deployed, but does not run: the container \S+-web-1 ended with exit code 3\.\n/,
    );
    assert.deepEqual(crash.log, ["DB_PASSWORD [secret] is wrong"]);
    const sick = await fail(await compose(["web", "db"]), { kind: "unhealthy", service: "db" });
    assert.match(sick.message, /the health check of the container \S+-db-1 fails/);
    const ended = await fail(await compose(["web", "db"]), { kind: "exits", exitCode: 2, service: "db" });
    assert.match(ended.message, /the container \S+-db-1 ended with exit code 2/);
  });

  it("a one-shot container among others is fine", async () => {
    const { compose, deploy, watch } = await setUp();
    const shop = await compose(["web", "migrate"]);
    await watch(shop, await deploy(shop, { kind: "exits", service: "migrate", afterSeconds: 2 }));
  });

  it("does not look at a service whose name begins the same", async () => {
    const { client, compose, deploy, watch, fail } = await setUp();
    const shop = await compose(["web"]);
    const { environmentId } = await client.call("compose.one", { composeId: shop.id });
    const other = await client.call("compose.create", {
      name: "other",
      environmentId,
      appName: `${shop.appName}-2`,
    });
    const composeFile = "services:\n  web:\n    image: web:1\n";
    await client.call("compose.update", { composeId: other.composeId, sourceType: "raw", composeFile });
    await fail({ kind: "compose", id: other.composeId, name: "other", appName: other.appName }, CRASH);
    await watch(shop, await deploy(shop));
  });

  it("a stack: by its tasks, with the output of the one that fails", async () => {
    const { compose, deploy, watch, fail, calls } = await setUp();
    const shop = await compose(["web", "db"], { composeType: "stack" });
    await watch(shop, await deploy(shop));
    assert.deepEqual(calls(), Array(5).fill("docker.getStackContainersByAppName"));
    const error = await fail(await compose(["web", "db"], { composeType: "stack" }), {
      ...CRASH,
      service: "web",
    });
    assert.match(error.message, /the container of \S+_web\.1 ended with exit code 3/);
    assert.deepEqual(error.log, ["DB_PASSWORD [secret] is wrong"]);
  });

  it("a key that may not look at containers fails before anything is deployed, and says what to do", async () => {
    const { emulator, api, application, deploy, watch } = await setUp();
    const web = await application();
    const before = await deploy(web);
    emulator.denyPermission(tasksOf);
    const isClear = (error: unknown) => {
      assert.ok(error instanceof DokployError && error.kind === "forbidden");
      assert.match(
        error.message,
        /waitFor "running" .* permission docker:read .* set waitFor to "deployed"/s,
      );
      return true;
    };
    await assert.rejects(readTasks(api, web), isClear);
    emulator.clearCalls();
    await assert.rejects(watch(web, before), isClear);
    assert.equal(emulator.calls.length, 1, "it is not tried again");
  });

  it("failed looks are made up for, and mentioned when it fails", async () => {
    const { emulator, application, deploy, watch, fail } = await setUp();
    const web = await application();
    const before = await deploy(web);
    emulator.faults.add({ endpoint: tasksOf, html: true, times: 20 });
    emulator.faults.add({ endpoint: "docker.getConfig", html: true, times: 8 });
    await watch(web, before, { expectEnv: {} });

    const other = await application();
    const crash = await deploy(other, CRASH);
    emulator.faults.add({ endpoint: tasksOf, html: true, times: 5 });
    await assert.rejects(watch(other, crash), /exit code 3\.\n\d looks? failed while waiting: /);
    emulator.faults.clear();
    assert.equal((await fail(await application(), CRASH)).message.includes("failed while"), false);
  });

  it("an unreachable server: the state is unknown", async () => {
    const { emulator, application, deploy, watch } = await setUp();
    const web = await application();
    const before = await deploy(web);
    emulator.faults.add({ endpoint: /^docker\./, html: true, times: Number.POSITIVE_INFINITY });
    await assert.rejects(watch(web, before, { timeoutSeconds: 60 }), (error: NotRunningError) => {
      assert.equal(error.outcome, "unknown");
      assert.match(
        error.message,
        /^Application "web" is deployed, but it is not known whether it runs: \d+ looks/,
      );
      return true;
    });
  });

  it("a call that never ends does not outlive the deadline by much", async () => {
    const { clock, until, application } = await setUp();
    const web = await application();
    const api: Api = { call: () => new Promise(() => {}) };
    const start = clock.now();
    const before = { at: start, ids: new Set<string>(), isFailing: false };
    const watching = watchContainers(api, web, before, { timers: clock, timeoutSeconds: 20 });
    await assert.rejects(until(watching), { outcome: "unknown" });
    assert.ok(clock.now() - start <= 31_000);
  });

  it("asks the server that the service runs on", async () => {
    const { emulator, application, deploy, watch } = await setUp();
    const web = { ...(await application({ env: "A=1" })), serverId: "server-1" };
    await watch(web, await deploy(web), { expectEnv: { A: "1" } });
    assert.ok(emulator.calls.length > 0);
    for (const { input } of emulator.calls) {
      assert.equal((input as { serverId?: string }).serverId, "server-1");
    }
  });

  it("reports what it waits for: at once, when that changes, and every 10 s; and why, if it lasts", async () => {
    const { application, deploy, watch } = await setUp();
    const web = await application();
    const lines: string[] = [];
    await watch(web, await deploy(web, { kind: "slow", afterSeconds: 44 }), {
      progress: (line) => lines.push(line),
    });
    assert.deepEqual(
      lines.map((line) => line.replace(/, \d+ s/, "")),
      [
        "web: starting",
        "web: starting",
        "web: starting",
        "web: starting: its container is still starting, or its health check has not passed yet",
        "web: starting: its container is still starting, or its health check has not passed yet",
        "web: runs; checking that it keeps running",
      ],
    );
    lines.length = 0;
    const again = await application();
    await watch(again, await deploy(again), { progress: (line) => lines.push(line) });
    const counted = lines.flatMap((line) => /keeps running, (\d+) s$/.exec(line)?.[1] ?? []).map(Number);
    assert.ok(counted.length > 1 && (counted.at(-1) ?? 0) > (counted[0] ?? 0), lines.join("\n"));
  });
});

import * as assert from "node:assert/strict";
import { type ContainerBehaviour, ManualClock, startEmulator } from "../../emulator";

type Row = Record<string, unknown>;

describe("emulator: what containers do", () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((thing) => thing.close()));
  });

  async function start() {
    const clock = new ManualClock();
    const emulator = await startEmulator({ clock, buildMs: 0 });
    open.push(emulator);
    const headers = { "x-api-key": emulator.apiKey, "content-type": "application/json" };
    const get = async (endpoint: string, input: Record<string, string>): Promise<unknown> => {
      const url = `${emulator.url}/api/${endpoint}?${new URLSearchParams(input)}`;
      return (await fetch(url, { headers })).json();
    };
    const post = async (endpoint: string, input: object): Promise<Row> => {
      const url = `${emulator.url}/api/${endpoint}`;
      const text = await (await fetch(url, { method: "POST", headers, body: JSON.stringify(input) })).text();
      return (text === "" ? {} : JSON.parse(text)) as Row;
    };
    const { environment } = await post("project.create", { name: "shop" });
    const { environmentId } = environment as Row;

    async function application(): Promise<{ id: string; appName: string }> {
      const { applicationId, appName } = await post("application.create", { name: "web", environmentId });
      await post("application.update", { applicationId, sourceType: "docker", dockerImage: "web:1" });
      return { id: String(applicationId), appName: String(appName) };
    }
    async function compose(composeType: string): Promise<{ id: string; appName: string }> {
      const { composeId, appName } = await post("compose.create", {
        name: "shop",
        environmentId,
        composeType,
      });
      const composeFile = "services:\n  web:\n    image: web:1\n  db:\n    image: db:1\n";
      await post("compose.update", { composeId, sourceType: "raw", composeFile });
      return { id: String(composeId), appName: String(appName) };
    }
    async function deploy(kind: "application" | "compose", id: string, behaviour?: ContainerBehaviour) {
      emulator.setContainers(id, behaviour);
      await post(`${kind}.deploy`, { [`${kind}Id`]: id });
      clock.advance(0);
    }
    const tasks = async (appName: string, endpoint = "docker.getServiceContainersByAppName") =>
      ((await get(endpoint, { appName })) as Row[]).map(
        ({ name, state, currentState, error }) =>
          `${String(name).replace(appName, "shop")} ${state}/${currentState}${error ? ` ${error}` : ""}`,
      );
    const containers = async (appName: string, query: Record<string, string> = {}) =>
      ((await get("docker.getContainersByAppNameMatch", { appName, ...query })) as Row[]).map(
        ({ name, state, status }) =>
          `${String(name)
            .replace(appName, "shop")
            .replace(/\.[a-z0-9]{25}$/, "")} ${state}/${status}`,
      );
    return { clock, emulator, get, post, application, compose, deploy, tasks, containers };
  }

  describe("commands that Swarm does not restart", () => {
    const once = { command: "sh -c", args: ["npm run migrate"], restartPolicySwarm: { Condition: "none" } };

    it("ends well, and stays ended with its output", async () => {
      const { clock, emulator, application, deploy, post, get, tasks, containers } = await start();
      const { id, appName } = await application();
      emulator.setCommand("npm run migrate", { kind: "exits", afterSeconds: 6, output: "start\ndone" });
      await post("application.update", { applicationId: id, ...once, env: "A=1" });
      await deploy("application", id);
      clock.advance(3_000);
      assert.deepEqual(await tasks(appName), ["shop.1 running/Running 2 seconds ago Error:"]);
      clock.advance(60_000);
      assert.deepEqual(await tasks(appName), ["shop.1 shutdown/Complete 56 seconds ago Error:"]);
      assert.deepEqual(await containers(appName), ["shop.1 exited/Exited (0) 56 seconds ago"]);
      assert.match(String(await get("application.readLogs", { applicationId: id })), /Z start\n.*Z done\n$/);
      const command = "sh -c npm run migrate";
      assert.deepEqual(emulator.startedCommands, [
        { serviceId: id, command, image: "web:1", env: { A: "1" } },
      ]);
    });

    it("a failure stays one task with its exit code", async () => {
      const { clock, emulator, application, deploy, post, tasks } = await start();
      const { id, appName } = await application();
      emulator.setCommand("npm run migrate", { kind: "crash-loop", exitCode: 3, afterSeconds: 2 });
      await post("application.update", { applicationId: id, ...once });
      await deploy("application", id);
      clock.advance(30_000);
      const failed = 'shop.1 shutdown/Failed 28 seconds ago "task: non-zero exit (3)"';
      assert.deepEqual(
        (await tasks(appName)).map((row) => row.replace(/2[789] seconds/, "28 seconds")),
        [failed],
      );
    });

    it("Docker refuses a job, because Dokploy gives every service an update config", async () => {
      const { application, deploy, post, get, tasks } = await start();
      const { id, appName } = await application();
      await post("application.update", { applicationId: id, ...once, modeSwarm: { ReplicatedJob: {} } });
      await deploy("application", id);
      const { applicationStatus } = (await get("application.one", { applicationId: id })) as Row;
      assert.equal(applicationStatus, "error");
      assert.deepEqual(await tasks(appName), []);
    });
  });

  it("a task is prepared and started before it runs", async () => {
    const { clock, application, deploy, tasks, containers } = await start();
    const { id, appName } = await application();
    await deploy("application", id);
    const states: (string | undefined)[] = [];
    for (let i = 0; i < 4; i += 1) {
      states.push((await tasks(appName))[0]?.replace(/ less.*/, ""));
      clock.advance(250);
    }
    assert.deepEqual(states, [
      "shop.1 running/Pending",
      "shop.1 running/Starting",
      "shop.1 running/Starting",
      "shop.1 running/Running",
    ]);
    assert.deepEqual(await containers(appName), ["shop.1 running/Up Less than a second"]);
  });

  it("a crash loop in Swarm: the next task is created at once and started 5 s later", async () => {
    const { clock, application, deploy, tasks, containers } = await start();
    const { id, appName } = await application();
    await deploy("application", id, { kind: "crash-loop", exitCode: 4, afterSeconds: 4.75 });
    clock.advance(6_000);
    const failed = 'shop.1 shutdown/Failed 1 second ago "task: non-zero exit (4)"';
    assert.deepEqual(await tasks(appName), ["shop.1 ready/Ready less than a second ago", failed]);
    assert.deepEqual(await containers(appName), [
      "shop.1 created/Created",
      "shop.1 exited/Exited (4) 1 second ago",
    ]);
    clock.advance(5_500);
    assert.deepEqual(await tasks(appName), [
      "shop.1 running/Running 1 second ago",
      'shop.1 shutdown/Failed 6 seconds ago "task: non-zero exit (4)"',
    ]);
    clock.advance(60 * 60_000);
    assert.equal((await tasks(appName)).length, 5, "Swarm keeps five");
  });

  it("an update that fails within 5 s of running is rolled back; one that fails later is not", async () => {
    const { clock, emulator, get, post, application, deploy, tasks } = await start();
    const { id, appName } = await application();
    const status = async () =>
      ((await get("docker.getConfig", { containerId: appName })) as { UpdateStatus?: { State: string } })
        .UpdateStatus?.State;
    await post("application.update", { applicationId: id, env: "A=old" });
    await deploy("application", id);
    assert.equal(await status(), undefined);
    clock.advance(5_000);
    await post("application.update", { applicationId: id, env: "A=new" });
    await deploy("application", id, { kind: "crash-loop", exitCode: 5, afterSeconds: 1 });
    assert.equal(await status(), "updating");
    clock.advance(2_500);
    assert.deepEqual(await tasks(appName), [
      "shop.1 running/Running less than a second ago",
      "shop.1 shutdown/Ready 1 second ago",
      'shop.1 shutdown/Failed 1 second ago "task: non-zero exit (5)"',
      "shop.1 shutdown/Running 1 second ago Error:",
    ]);
    assert.equal(await status(), "rollback_started");
    assert.deepEqual(emulator.containerEnv(id), { A: "old" });
    clock.advance(10_000);
    assert.equal(await status(), "rollback_completed");
    await deploy("application", id, { kind: "crash-loop", afterSeconds: 12 });
    clock.advance(14_000);
    assert.equal(await status(), "completed");
    assert.deepEqual(emulator.containerEnv(id), { A: "new" });
  });

  it("the output of a service is that of its newest running container, of any version", async () => {
    const { clock, get, application, deploy } = await start();
    const { id } = await application();
    const log = async () =>
      String(await get("application.readLogs", { applicationId: id })).replace(/^\S+ /gm, "");
    await deploy("application", id, { kind: "healthy", output: "old" });
    clock.advance(5_000);
    await deploy("application", id, { kind: "crash-loop", afterSeconds: 1, output: "new" });
    assert.equal(await log(), "old\n");
    clock.advance(500);
    assert.equal(await log(), "new\n");
    clock.advance(750);
    assert.equal(await log(), "old\n", "the old container is being stopped");
    clock.advance(500);
    assert.equal(await log(), "old\n", "the old version is back");
  });

  it("a process that ends well is Complete, also when Docker ends it for its health check", async () => {
    const { clock, get, application, deploy, tasks } = await start();
    const job = await application();
    await deploy("application", job.id, { kind: "exits" });
    clock.advance(500);
    assert.deepEqual(await tasks(job.appName), ["shop.1 shutdown/Complete less than a second ago Error:"]);
    const health = async (appName: string) => {
      const rows = (await get("docker.getContainersByAppNameMatch", { appName })) as Row[];
      const containerId = String(rows.find(({ state }) => state === "exited")?.["containerId"]);
      return ((await get("docker.getConfig", { containerId })) as { State: Row }).State["Health"];
    };
    assert.equal(await health(job.appName), undefined);
    const sick = await application();
    await deploy("application", sick.id, { kind: "unhealthy", check: "503" });
    clock.advance(1_000);
    assert.deepEqual(await tasks(sick.appName), ["shop.1 running/Starting less than a second ago Error:"]);
    clock.advance(7_000);
    assert.equal((await tasks(sick.appName))[1], "shop.1 shutdown/Complete 1 second ago Error:");
    const Log = Array(3).fill({ ExitCode: 1, Output: "503" });
    assert.deepEqual(await health(sick.appName), { Status: "unhealthy", FailingStreak: 3, Log });
    const early = await application();
    await deploy("application", early.id, { kind: "exits", hasHealthCheck: true });
    clock.advance(1_000);
    assert.deepEqual(await health(early.appName), { Status: "unhealthy", FailingStreak: 0, Log: [] });
    const deaf = await application();
    await deploy("application", deaf.id, { kind: "unhealthy", exitCode: 137 });
    clock.advance(8_000);
    assert.equal(
      (await tasks(deaf.appName))[1],
      'shop.1 shutdown/Failed 1 second ago "task: non-zero exit (137): dockerexec: unhealthy container"',
    );
  });

  it("a task that no node takes, or Docker refuses, says why", async () => {
    const { clock, application, deploy, tasks, containers } = await start();
    const pending = await application();
    await deploy("application", pending.id, { kind: "never-placed", error: "no suitable node" });
    assert.deepEqual(await tasks(pending.appName), [
      'shop.1 running/Pending less than a second ago "no suitable node"',
    ]);
    assert.deepEqual(await containers(pending.appName), []);
    const refused = await application();
    await deploy("application", refused.id, { kind: "rejected", error: "No such image: web:1" });
    clock.advance(500);
    assert.equal(
      (await tasks(refused.appName))[1],
      'shop.1 shutdown/Rejected less than a second ago "No such image: web:1"',
    );
  });

  it("compose: restarting, exited and unhealthy containers, of one service or all", async () => {
    const { clock, compose, deploy, tasks, containers } = await start();
    const { id, appName } = await compose("docker-compose");
    await deploy("compose", id, { kind: "crash-loop", exitCode: 3, service: "web" });
    assert.deepEqual(await containers(appName, { appType: "docker-compose" }), [
      "shop-web-1 restarting/Restarting (3) Less than a second ago",
      "shop-db-1 running/Up Less than a second",
    ]);
    assert.deepEqual(await tasks(appName), []);
    const other = await compose("docker-compose");
    await deploy("compose", other.id, { kind: "unhealthy" });
    clock.advance(1_000);
    const statuses = () => containers(other.appName, { appType: "docker-compose" });
    assert.equal((await statuses())[0], "shop-web-1 running/Up 1 second (health: starting)");
    clock.advance(4_000);
    assert.equal((await statuses())[0], "shop-web-1 running/Up 5 seconds (unhealthy)");
    const third = await compose("docker-compose");
    await deploy("compose", third.id, { kind: "exits", exitCode: 2, service: "db" });
    assert.equal(
      (await containers(third.appName, { appType: "docker-compose" }))[1],
      "shop-db-1 exited/Exited (2) Less than a second ago",
    );
  });

  it("a stack has tasks for each service", async () => {
    const { clock, compose, deploy, tasks } = await start();
    const { id, appName } = await compose("stack");
    await deploy("compose", id);
    clock.advance(750);
    assert.deepEqual(await tasks(appName, "docker.getStackContainersByAppName"), [
      "shop_db.1 running/Running less than a second ago",
      "shop_web.1 running/Running less than a second ago Error:",
    ]);
  });

  it("what tasks are made of: a stack's service that did not change keeps its tasks", async () => {
    const { clock, get, compose, deploy } = await start();
    const { id, appName } = await compose("stack");
    const crash = { kind: "crash-loop", service: "web" } as const;
    const specs = async (service: string) => {
      const inspect = async (containerId: string) =>
        (await get("docker.getConfig", { containerId })) as { [key: string]: Row | undefined };
      const rows = (await get("docker.getStackContainersByAppName", { appName })) as Row[];
      const task = rows.find(({ name }) => name === `${appName}_${service}.1`);
      const { Spec, PreviousSpec, UpdateStatus } = await inspect(`${appName}_${service}`);
      const spec = (await inspect(String(task?.["containerId"])))["Spec"];
      const raw = { ...spec, Runtime: "container" };
      const { Placement, RestartPolicy, ContainerSpec, ...rest } = (Spec?.["TaskTemplate"] ?? {}) as Row;
      const { DNSConfig, StopGracePeriod, ...container } = ContainerSpec as Row;
      assert.ok(Placement && RestartPolicy && DNSConfig && StopGracePeriod, "defaults");
      const isSame = (other: unknown) => JSON.stringify(other) === JSON.stringify(raw);
      return {
        present: isSame({ ContainerSpec: container, ...rest }),
        former: PreviousSpec && isSame(PreviousSpec["TaskTemplate"]),
        status: UpdateStatus?.["State"],
      };
    };
    await deploy("compose", id);
    clock.advance(1_000);
    assert.deepEqual(await specs("web"), { present: true, former: undefined, status: undefined });
    await deploy("compose", id, { ...crash, afterSeconds: 10 });
    clock.advance(1_000);
    assert.deepEqual(await specs("web"), { present: true, former: false, status: "updating" });
    assert.deepEqual(await specs("db"), { present: true, former: true, status: undefined });
  });

  it("what containers print is read with the time of each line", async () => {
    const { clock, get, application, compose, deploy } = await start();
    const web = await application();
    await deploy("application", web.id, { kind: "crash-loop", output: "one\ntwo" });
    clock.advance(750);
    const logs = (input: Record<string, string>) =>
      get("application.readLogs", { applicationId: web.id, ...input });
    assert.equal(await logs({}), "2026-01-01T00:00:00.250000000Z one\n2026-01-01T00:00:00.250000000Z two\n");
    assert.match(String(await logs({ tail: "1" })), /Z two\n$/);
    clock.advance(4_000);
    assert.equal(await logs({ since: "3s" }), "");
    const shop = await compose("docker-compose");
    await deploy("compose", shop.id, { kind: "healthy", output: "up", service: "db" });
    const rows = (await get("docker.getContainersByAppNameMatch", { appName: shop.appName })) as Row[];
    const texts = await Promise.all(
      rows.map(({ containerId }) =>
        get("compose.readLogs", { composeId: shop.id, containerId: String(containerId) }),
      ),
    );
    assert.deepEqual(texts, ["", "2026-01-01T00:00:04.750000000Z up\n"]);
  });

  it("a health check that Docker refuses fails a deployment and a reload, and changes no container", async () => {
    const { clock, get, post, application, deploy, tasks } = await start();
    const { id: applicationId, appName } = await application();
    const check = (healthCheckSwarm: object) =>
      post("application.update", { applicationId, healthCheckSwarm });
    const lastLog = async () => {
      const rows = (await get("deployment.all", { applicationId })) as Row[];
      const failed = rows.find(({ status }) => status === "error");
      if (failed === undefined) return "";
      return String(await get("deployment.readLogs", { deploymentId: String(failed["deploymentId"]) }));
    };
    await check({ Test: ["CMD", "true"], Interval: 0, Timeout: 1_000_000 });
    await deploy("application", applicationId);
    assert.equal(await lastLog(), "");
    clock.advance(60_000);
    const before = await tasks(appName);
    for (const name of ["Interval", "Timeout", "StartPeriod"]) {
      await check({ Test: ["CMD", "true"], [name]: 10 });
      assert.equal(
        (await post("application.reload", { applicationId, appName }))["message"],
        "Error reloading application",
      );
    }
    await check({ Test: ["CMD", "true"], Interval: 10 });
    await deploy("application", applicationId);
    clock.advance(1_000);
    assert.match(
      await lastLog(),
      /^\(HTTP code 400\) unexpected - rpc error: code = InvalidArgument desc = ContainerSpec: Interval in HealthConfig cannot be less than 1ms $/m,
    );
    const states = (rows: string[]) => rows.map((row) => row.split(" ").slice(0, 2));
    assert.deepEqual(states(await tasks(appName)), states(before));
  });

  it("undefined takes a behaviour back", async () => {
    const { clock, application, deploy, tasks } = await start();
    const { id, appName } = await application();
    await deploy("application", id, { kind: "crash-loop" });
    clock.advance(1_000);
    await deploy("application", id, undefined);
    clock.advance(61_000);
    assert.equal((await tasks(appName))[0], "shop.1 running/Running about a minute ago");
  });
});

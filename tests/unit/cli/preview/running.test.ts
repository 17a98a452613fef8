import * as assert from "node:assert/strict";
import { commentOf } from "../../../../cli/preview/report";
import { runningOf } from "../../../../cli/preview/running";
import { type Emulator, startEmulator } from "../../../../emulator";
import { DokployClient, readSettings } from "../../../../provider/dokploy";
import { Server, shared } from "../server";

describe("what runs of a preview", function () {
  this.timeout(30_000);
  let emulator: Emulator;
  let client: DokployClient;
  let environmentId: string;

  before(async () => {
    emulator = await startEmulator({ buildMs: 5 });
    const environment = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey };
    client = new DokployClient(readSettings({ stack: () => undefined, environment }));
    const made = await client.call("project.create", { name: "shop" });
    ({ environmentId } = made.environment);
  });
  after(async () => {
    client?.close();
    await emulator?.close();
  });

  async function application(name: string): Promise<string> {
    const { applicationId } = await client.call("application.create", { name, environmentId });
    await client.call("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: `acme/${name}:1`,
    });
    return applicationId;
  }
  async function deploy(applicationId: string): Promise<void> {
    await client.call("application.deploy", { applicationId, title: "t", description: "d" });
  }
  const running = (kind: string, id: string) =>
    runningOf({ kind, name: "x", id, inputs: {}, outputs: {} }, client);
  /** Waits until the service is as expected. */
  async function becomes(id: string, runs: string, failed: boolean, kind = "Application") {
    for (const end = Date.now() + 20_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const seen = await running(kind, id);
      if (seen.runs === runs && seen.failed === failed) return seen;
      assert.ok(Date.now() < end, JSON.stringify(seen));
    }
  }

  it("is an application since its task started, and after a failed deployment still the version before", async () => {
    const id = await application("web");
    assert.deepEqual(await running("Application", id), {
      ...{ runs: "none", why: "no container of it runs", failed: false },
    });
    const before = Math.floor(Date.now() / 1000) * 1000;
    await deploy(id);
    const { since } = await becomes(id, "all", false);
    assert.ok(since !== undefined && since.valueOf() >= before && since.valueOf() <= Date.now() + 1000);
    emulator.registry.missing.add("acme/web:2");
    await client.call("application.update", { applicationId: id, dockerImage: "acme/web:2" });
    await deploy(id);
    const after = await becomes(id, "all", true);
    assert.deepEqual(after.since, since);
  });

  it("is the version before where Swarm went back to it in silence", async () => {
    const id = await application("back");
    await deploy(id);
    await becomes(id, "all", false);
    emulator.setContainers(id, { kind: "crash-loop", exitCode: 5 });
    await client.call("application.update", { applicationId: id, dockerImage: "acme/back:2" });
    await deploy(id);
    const { why } = await becomes(id, "all", true);
    assert.match(why ?? "", /^the last version failed, and Swarm went back to the one before/);
  });

  it("says no for a service that ends again and again", async () => {
    const id = await application("worker");
    emulator.setContainers(id, { kind: "crash-loop" });
    await deploy(id);
    const tasks = () => emulator.instance.containers.all().flatMap((service) => service.tasks);
    while (!tasks().some(({ current }) => current === "Failed"))
      await new Promise((resolve) => setTimeout(resolve, 50));
    await becomes(id, "none", false);
  });

  it("is a compose service of which some containers run, or all that have not done their work", async () => {
    const { composeId } = await client.call("compose.create", { name: "jobs", environmentId });
    const composeFile = "services: { a: { image: 'a:1' }, b: { image: 'b:1' } }\n";
    await client.call("compose.update", { composeId, sourceType: "raw", composeFile });
    emulator.setContainers(composeId, { kind: "exits", service: "b" });
    await client.call("compose.deploy", { composeId, title: "t", description: "d" });
    const { since } = await becomes(composeId, "all", false, "Compose");
    assert.ok(since !== undefined);
    emulator.setContainers(composeId, { kind: "exits", service: "b", exitCode: 3 });
    await client.call("compose.update", { composeId, composeFile: composeFile.replace("b:1", "b:2") });
    await client.call("compose.deploy", { composeId, title: "t", description: "d" });
    await becomes(composeId, "some", false, "Compose");
  });

  it("is a database, none of one that is gone, and unknown where the key may not look", async () => {
    const { postgresId } = (await client.call("postgres.create", {
      name: "orders",
      environmentId,
      databaseName: "shop",
      databaseUser: "shop",
      databasePassword: "canary",
      dockerImage: "postgres:18",
    })) as { postgresId: string };
    await client.call("postgres.deploy", { postgresId });
    await becomes(postgresId, "all", false, "Postgres");
    assert.deepEqual(await running("Postgres", "gone"), { runs: "none", failed: false });
    emulator.faults.add({ endpoint: "docker.getServiceContainersByAppName", status: 403 });
    const { why, ...unseen } = await running("Postgres", postgresId);
    assert.deepEqual(unseen, { runs: "unknown", failed: false });
    assert.match(why ?? "", /permission docker:read/);
  });

  it("is a column of the comment", () => {
    const since = new Date("2026-11-29T05:49:12Z");
    const comment = commentOf({
      number: "12",
      status: "failed",
      reason: 'application "web": cause',
      deployed: since,
      until: new Date("2026-12-06T05:49:12Z"),
      services: [
        { name: "api", kind: "Application", addresses: [], running: { runs: "all", since, failed: false } },
        {
          name: "web",
          kind: "Application",
          addresses: ["https://web.acme.dev/"],
          running: { runs: "none", why: "its container ended with exit code 1", failed: true },
        },
        { name: "x", kind: "Compose", addresses: [], running: { runs: "unknown", failed: false } },
      ],
    });
    assert.equal(
      comment,
      [
        "### Preview of #12 **failed**",
        "",
        "| service | runs | address |",
        "| --- | --- | --- |",
        "| `api` | yes, since 2026-11-29 05:49 UTC | – |",
        "| `web` | **no**<br>the last deployment **failed**<br>`its container ended with exit code 1` | <https://web.acme.dev/> |",
        "| `x` | not known | – |",
        "",
        "```text",
        'application "web": cause',
        "```",
        "",
        "Last deployment: 2026-11-29 05:49 UTC. Removed when the pull request is closed, or on 2026-12-06 05:49 UTC if " +
          "nothing is deployed until then.",
        "",
      ].join("\n"),
    );
  });
});

describe("the containers of a preview", () => {
  const container = (containerId: string, state: string, status: string) => ({
    ...{ containerId, name: containerId, state, status },
  });
  const seen = async (...containers: object[]) => {
    const server = new Server({
      "compose.one": {
        name: "jobs",
        appName: "jobs-x",
        deployments: [],
        environment: shared,
        serverId: "far",
      },
      "docker.getContainersByAppNameMatch": containers,
      "docker.getConfig": ({ containerId }: Record<string, unknown>) => ({
        State: { StartedAt: `2026-11-28T12:00:0${containerId}Z` },
      }),
    });
    const resource = { kind: "Compose", name: "jobs", id: "c", inputs: {}, outputs: {} };
    return { ...(await runningOf(resource, server.api)), server };
  };

  it("run in part where one is not healthy, has failed, or starts again and again", async () => {
    const up = container("1", "running", "Up 5 minutes (healthy)");
    for (const other of [
      container("2", "running", "Up 5 minutes (unhealthy)"),
      container("2", "exited", "Exited (1) 5 minutes ago"),
      container("2", "restarting", "Restarting (0) 5 seconds ago"),
    ]) {
      assert.equal((await seen(up, other)).runs, "some", other.status);
      assert.equal((await seen(other)).runs, "none", other.status);
    }
    for (const other of [
      container("2", "running", "Up 5 minutes (health: starting)"),
      container("2", "exited", "Exited (0) 5 minutes ago"),
    ])
      assert.equal((await seen(up, other)).runs, "all", other.status);
  });

  it("run since the start of the youngest, which its own server knows", async () => {
    const { since, server } = await seen(
      container("1", "running", "Up 2 hours"),
      container("2", "running", "Up 5 minutes"),
      container("3", "running", "Up 3 days"),
    );
    assert.deepEqual(since, new Date("2026-11-28T12:00:02Z"));
    assert.deepEqual(server.inputs("docker.getConfig"), [{ containerId: "2", serverId: "far" }]);
  });

  it("do not run without any", async () => {
    assert.equal((await seen()).runs, "none");
  });
});

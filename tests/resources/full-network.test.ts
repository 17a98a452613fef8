import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("a new service in Dokploy's network", () => {
  let server: Server;
  let environmentId: string;
  let made = 0;
  afterEach(() => server.close());
  const start = async (options: Parameters<typeof startServer>[0] = {}) => {
    server = await startServer(options);
    ({ environmentId } = await makeProject(server));
  };
  /** Plans a new application, and returns the reasons why it is refused. */
  const plan = async (more: Values = {}, kind = "Application") => {
    made += 1;
    const source =
      kind === "Compose"
        ? { type: "raw", composeFile: "services: { a: { image: 'a:1' } }\n" }
        : { type: "docker", image: "acme/api:1" };
    const { failures } = await server
      .of(kind)
      .check({}, withProvider({ environmentId, name: `api ${made}`, source, ...more }));
    return failures.map(({ reason }) => reason);
  };
  const looks = () =>
    server.emulator.calls.filter(({ endpoint }) => endpoint === "docker.getServerHealth").length;
  const few =
    /^dokploy-network of the server has about 210 of its 254 addresses in use: .* \[full-network\]$/;

  it("is a warning once, with one call, before no address is left", async () => {
    await start();
    server.emulator.fillNetwork(210);
    server.newRun();
    for (const kind of ["Application", "Application", "Compose"]) assert.deepEqual(await plan({}, kind), []);
    assert.deepEqual(server.warnings.length, 1, server.warnings.join("\n"));
    assert.match(server.warnings[0] ?? "", few);
    assert.equal(looks(), 1);
  });

  it("does not exist while there are enough, for a service outside of it, or for a change of an existing one", async () => {
    await start();
    server.emulator.fillNetwork(200);
    assert.deepEqual(await plan(), []);
    server.newRun();
    server.emulator.fillNetwork(250);
    assert.deepEqual(await plan({ detachDokployNetwork: true }), []);
    assert.deepEqual(await plan({ isolatedDeployment: true }, "Compose"), []);
    await server.Application.check(
      { name: "old" },
      withProvider({ environmentId, name: "api", source: { type: "docker", image: "a:1" } }),
    );
    assert.deepEqual(server.warnings, []);
    assert.equal(looks(), 0);
  });

  it("does not come from networks of others, or a Docker without that of Dokploy", async () => {
    await start();
    const usage = [{ name: "other", capacity: 10, containersInUse: 10 }];
    for (const networks of [
      usage,
      [...usage, { name: "dokploy-network", capacity: 0, containersInUse: 0 }],
    ]) {
      server.newRun();
      const body = { containers: { serviceCount: 3 }, dockerNetworks: { usage: networks } };
      server.emulator.faults.add({ endpoint: "docker.getServerHealth", body });
      assert.deepEqual(await plan(), []);
      assert.equal(looks(), 1);
    }
    assert.deepEqual(server.warnings, []);
  });

  it("counts those that run, and their services in the Swarm", async () => {
    await start();
    const { id } = await server.Application.create(
      withProvider({
        environmentId,
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        replicas: 3,
      }),
    );
    assert.ok(id);
    server.emulator.fillNetwork(203);
    server.newRun();
    await plan();
    assert.match(server.warnings.join(), /has about 207 of its 254/);
  });

  it("is looked at once for each server that is known before the update", async () => {
    await start();
    const made = await server.byHand<{ serverId: string }>("server.create", {
      ...{
        name: "far",
        description: "",
        ipAddress: "10.0.0.2",
        port: 22,
        username: "root",
        sshKeyId: null,
        serverType: "deploy",
      },
    });
    const { serverId } = made;
    server.emulator.fillNetwork(210);
    server.newRun();
    assert.deepEqual(await plan({ serverId: runtime.unknownValue }), []);
    assert.equal(looks(), 0);
    for (const of of [{}, { serverId }, {}, { serverId }]) assert.deepEqual(await plan(of), []);
    assert.deepEqual(
      server.warnings.map((text) => text.slice(0, text.indexOf(" has "))),
      ["dokploy-network of the server", `dokploy-network of the server ${serverId}`],
    );
    assert.deepEqual(server.codes, ["advice", "advice"]);
    const asked = server.emulator.calls.filter(({ endpoint }) => endpoint === "docker.getServerHealth");
    assert.deepEqual(
      asked.map(({ input }) => (input as Values)["serverId"]),
      [undefined, serverId],
    );
  });

  it("fails on a response of another form, and takes it for no refusal", async () => {
    await start();
    server.emulator.fillNetwork(210);
    server.newRun();
    server.emulator.faults.add({ endpoint: "docker.getServerHealth", status: 200, body: { containers: 1 } });
    await assert.rejects(plan(), TypeError);
  });

  it("has a level", async () => {
    await start();
    server.emulator.fillNetwork(210);
    server.newRun({ checks: '{"full-network":"off"}' });
    assert.deepEqual(await plan(), []);
    assert.equal(looks(), 0);
    server.newRun({ checks: '{"full-network":"error"}' });
    assert.match((await plan()).join(), few);
    server.newRun({ checks: '{"full-network":"info"}' });
    server.notices.length = 0;
    assert.deepEqual(await plan(), []);
    assert.match(server.notices.join(), few);
    assert.deepEqual(server.warnings, []);
  });

  it("is planned where the server does not show its network", async () => {
    await start({ version: "v0.29.5" });
    server.emulator.fillNetwork(250);
    server.newRun();
    assert.deepEqual(await plan(), []);
    server.close();
    await start();
    server.emulator.fillNetwork(250);
    server.newRun();
    server.emulator.denyPermission("docker.getServerHealth");
    assert.deepEqual(await plan(), []);
    assert.deepEqual(server.warnings, []);
  });
});

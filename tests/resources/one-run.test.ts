import * as assert from "node:assert/strict";
import { type Declared, Program, type RunOptions } from "./program";
import { makeProject, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

/** The clock of these tests runs so fast that a slow machine would miss the usual deadline. */
const patient = { runningTimeoutSeconds: 36_000 };

describe("resources of one run that work on the same service", function () {
  this.timeout(60_000);
  let server: Server;
  let projectId: string;
  let environmentId: string;
  let program: Program;
  const ids: Record<string, string> = {};
  let count = 0;

  before(async () => {
    server = await startServer();
  });
  after(() => server.close());
  beforeEach(async () => {
    server.emulator.faults.clear();
    server.newRun();
    count += 1;
    ({ projectId, environmentId } = await makeProject(server, `shop ${count}`));
    await server.byHand("project.update", { projectId, env: "P=1" });
    await server.byHand("environment.update", { environmentId, env: "E=1" });
    program = new Program(server);
  });

  /** An application that somebody made and deployed, with its variables. */
  async function makeApplication(name: string, env: string): Promise<string> {
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    await server.byHand("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: `acme/${name}:1`,
      env,
    });
    await server.byHand("application.deploy", { applicationId });
    ids[name] = applicationId;
    await idle();
    return applicationId;
  }

  async function idle(): Promise<void> {
    while ((await server.context.api.call("deployment.queueList", {})).length > 0) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  const project = (env: Values, more: Values = {}): Declared => ({
    kind: "EnvironmentBlock",
    inputs: { target: { projectId }, mode: "additive", env, redeployReferrers: true, ...more },
  });
  const block = (name: string, env: Values, more: Values = {}): Declared => ({
    kind: "EnvironmentBlock",
    inputs: { target: { applicationId: ids[name] }, mode: "additive", env, deploy: patient, ...more },
  });

  async function up(resources: Record<string, Declared>, options: RunOptions = {}): Promise<void> {
    server.newRun();
    assert.deepEqual(await program.up(resources, options), {});
  }

  const runs = (name: string) => server.emulator.containerEnv(ids[name] ?? "");

  /** How often each application was deployed since the run began. */
  function deployments(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { endpoint, input } of server.emulator.calls) {
      if (!/^application\.(re)?deploy$/.test(endpoint)) continue;
      const id = (input as { applicationId: string }).applicationId;
      const name = Object.keys(ids).find((candidate) => ids[candidate] === id) ?? "";
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  it("a new block and a shared variable that changes: the container gets both", async () => {
    await makeApplication("api", "URL=${{project.P}}");
    await up({ shared: project({ P: "1" }) });
    for (const parallel of [1, 16]) {
      const now = `${parallel + 1}`;
      await up({ shared: project({ P: now }), mine: block("api", { V: now }) }, { parallel });
      assert.deepEqual(runs("api"), { URL: now, V: now });
      program.forget("mine");
    }
  });

  for (const mode of ["additive", "exclusive"]) {
    it(`existing ${mode} blocks of many services and a shared variable: the run succeeds, and each container gets both`, async () => {
      const names = ["a", "b", "c"];
      for (const name of names) await makeApplication(name, "URL=${{project.P}}");
      const url = mode === "exclusive" ? { URL: "${{project.P}}" } : {};
      const resources = (value: string) => ({
        shared: project({ P: value }),
        ...Object.fromEntries(names.map((name) => [name, block(name, { ...url, V: value })])),
      });
      await up(resources("1"));
      for (const [index, parallel] of [1, 2, 8, 64].entries()) {
        const now = `${index + 2}`;
        await up(resources(now), { parallel });
        for (const name of names) assert.deepEqual(runs(name), { URL: now, V: now }, name);
        // At most one for the block, and one for the shared variable.
        for (const [name, count] of Object.entries(deployments())) assert.ok(count <= 2, `${name}: ${count}`);
      }
    });
  }

  it("a new block that changes nothing leaves the deployment to the shared variable", async () => {
    const names = ["a", "b", "c"];
    for (const name of names) await makeApplication(name, "URL=${{project.P}}\nV=1");
    await up({ shared: project({ P: "1" }) });
    const blocks = Object.fromEntries(names.map((name) => [name, block(name, { V: "1" })]));
    await up({ shared: project({ P: "2" }), ...blocks });
    for (const name of names) assert.deepEqual(runs(name), { URL: "2", V: "1" }, name);
  });

  it("two blocks of one service: both values, one deployment", async () => {
    await makeApplication("api", "KEEP=1");
    const resources = (value: string) => ({
      one: block("api", { A: value }),
      two: block("api", { B: value }),
    });
    await up(resources("1"));
    await up(resources("2"));
    assert.deepEqual(runs("api"), { KEEP: "1", A: "2", B: "2" });
    assert.deepEqual(deployments(), { api: 1 });
  });

  it("a save between a deployment and its start in the queue is no false alarm", async () => {
    await makeApplication("api", "URL=${{project.P}}");
    await makeApplication("busy", "");
    await up({ mine: block("api", { V: "1" }) });
    server.newRun();
    server.emulator.holdBuilds();
    await server.byHand("application.deploy", { applicationId: ids["busy"] });
    const running = program.up({ mine: block("api", { V: "2" }) });
    while (server.calls().filter((call) => call === "application.deploy").length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await server.byHand("project.update", { projectId, env: "P=2" });
    server.emulator.releaseBuilds();
    assert.deepEqual(await running, {});
    assert.deepEqual(runs("api"), { URL: "2", V: "2" });
  });

  it("a save whose response is lost, and that arrives late, undoes nothing that another block has saved meanwhile", async () => {
    await makeApplication("api", "KEEP=1");
    const resources = (value: string) => ({
      one: block("api", { A: value }),
      two: block("api", { B: value }),
    });
    await up(resources("1"));
    server.newRun();
    server.emulator.faults.add({
      endpoint: "application.saveEnvironment",
      times: 5,
      status: 500,
      acted: false,
    });
    const errors = await program.up(resources("2"));
    assert.match(Object.values(errors).join(), /response to another resource's save at the same place/);
    server.emulator.faults.clear();
    await up(resources("2"));
    assert.deepEqual(runs("api"), { KEEP: "1", A: "2", B: "2" });
  });
});

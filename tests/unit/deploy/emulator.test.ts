import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../../emulator";
import { DeploymentError, Deployments, type DeployTarget, type Timers } from "../../../provider/deploy";
import { DokployClient, type Input } from "../../../provider/dokploy";

/** Time that runs faster, for the server and for those who wait. */
function fast(factor: number): Timers {
  const start = Date.now();
  return {
    now: () => Math.round(start + (Date.now() - start) * factor),
    after(ms, run) {
      const timer = setTimeout(run, ms / factor);
      return () => clearTimeout(timer);
    },
  };
}

const OPTIONS = { title: "Pulumi shop/prod: +NEW", timeoutSeconds: 120 };

describe("Deployments over HTTP", () => {
  const open: { close(): unknown }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((thing) => thing.close()));
  });

  async function setUp(buildMs: number, factor = 20) {
    const timers = fast(factor);
    const emulator: Emulator = await startEmulator({ buildMs, clock: timers });
    const settings = { url: emulator.url, apiKey: emulator.apiKey, auth: "x-api-key" as const, warnings: [] };
    const client = new DokployClient(settings, { sleep: async () => {} });
    open.push(client, emulator);
    const { environment } = await client.call("project.create", { name: "shop" });
    const { environmentId } = environment;
    const newApplication = async (
      name: string,
      columns: Partial<Input<"application.update">>,
    ): Promise<DeployTarget> => {
      const { applicationId } = await client.call("application.create", { name, environmentId });
      await client.call("application.update", { applicationId, ...columns });
      return { kind: "application", id: applicationId, name };
    };
    const docker = (name: string) => newApplication(name, { sourceType: "docker", dockerImage: "web:1" });
    const git = (name: string) =>
      newApplication(name, {
        sourceType: "git",
        customGitUrl: `https://git.example.com/${name}.git`,
        customGitBranch: "main",
        customGitBuildPath: "/",
        buildType: "dockerfile",
        dockerfile: "Dockerfile",
      });
    const compose = async (name: string): Promise<DeployTarget> => {
      const { composeId } = await client.call("compose.create", { name, environmentId });
      const composeFile = "services:\n  web:\n    image: web:1\n";
      await client.call("compose.update", { composeId, sourceType: "raw", composeFile });
      return { kind: "compose", id: composeId, name };
    };
    const lines: string[] = [];
    const deployments = new Deployments(client, { timers, progress: (line) => lines.push(line) });
    return { emulator, client, deployments, docker, git, compose, lines };
  }

  it("follows applications from images and from git and a compose service, all at once", async () => {
    const { client, deployments, docker, git, compose } = await setUp(500, 3);
    const targets = await Promise.all([docker("web"), git("api"), git("worker"), compose("stack")]);
    const results = await Promise.all(targets.map((target) => deployments.run(target, [], OPTIONS)));
    for (const [i, { id, kind }] of targets.entries()) {
      const records =
        kind === "application"
          ? await client.call("deployment.all", { applicationId: id })
          : await client.call("deployment.allByCompose", { composeId: id });
      assert.deepEqual(
        records.map(({ deploymentId, status }) => [deploymentId, status]),
        [[results[i]?.deploymentId, "done"]],
      );
    }
  });

  it("finds its own among the deployments of others of the same service from git", async () => {
    const { emulator, client, deployments, git } = await setUp(600, 3);
    const target = await git("api");
    const applicationId = target.id;
    const deployCalls = () =>
      emulator.calls.filter(({ endpoint }) => endpoint === "application.deploy").length;
    await client.call("application.deploy", { applicationId, title: "a webhook" });
    const run = deployments.run(target, undefined, OPTIONS);
    await until(() => deployCalls() === 2);
    await client.call("application.deploy", { applicationId, title: "another webhook" });
    const { deploymentId } = await run;
    const last = await deployments.run(target, undefined, OPTIONS);
    const records = await client.call("deployment.all", { applicationId });
    const [newest, , ours] = records.map((record) => record.deploymentId);
    assert.deepEqual([deploymentId, last.deploymentId], [ours, newest]);
    assert.equal(records.length, 4);
    assert.ok(records.every(({ description }) => description?.startsWith("Commit: ")));
  });

  it("reports a missing image with the end of the log and no secret", async () => {
    const { emulator, deployments, docker } = await setUp(500);
    const target = await docker("web");
    emulator.setOutcome(target.id, {
      status: "error",
      log: "Pulling web:1\nError response from daemon: manifest for web:1 not found: manifest unknown\nTOKEN=c4nary\n",
    });
    await assert.rejects(deployments.run(target, [], OPTIONS, ["c4nary"]), (error: DeploymentError) => {
      assert.equal(error.outcome, "error");
      assert.match(error.message, /the image web:1 does not exist in its registry/);
      assert.match(error.message, /TOKEN=\[secret\]/);
      assert.doesNotMatch(error.message, /c4nary/);
      return true;
    });
  });

  it("follows a deployment whose response was lost, and calls deploy once", async () => {
    const { emulator, deployments, docker } = await setUp(1_000);
    const target = await docker("web");
    emulator.faults.add({ endpoint: "application.deploy", cut: "after" });
    const { status } = await deployments.run(target, [], OPTIONS);
    assert.equal(status, "done");
    assert.equal(emulator.calls.filter(({ endpoint }) => endpoint === "application.deploy").length, 1);
  });

  it("says that it did not start when the call never arrived", async () => {
    const { emulator, deployments, docker } = await setUp(1_000);
    const target = await docker("web");
    emulator.faults.add({ endpoint: "application.deploy", status: 504, html: true });
    await assert.rejects(
      deployments.run(target, [], OPTIONS),
      /did not start: the response to the deploy call was lost/,
    );
    assert.equal(emulator.calls.filter(({ endpoint }) => endpoint === "application.deploy").length, 1);
  });

  it("distinguishes a restart during the build from one while it waits", async () => {
    const { emulator, deployments, docker } = await setUp(60_000);
    const [web, api] = await Promise.all([docker("web"), docker("api")]);
    emulator.holdBuilds();
    const running = deployments.run(web, [], OPTIONS);
    await until(() => emulator.calls.some(({ endpoint }) => endpoint === "deployment.all"));
    const waiting = deployments.run(api, [], OPTIONS);
    const outcomes = Promise.allSettled([running, waiting]);
    await until(
      () => emulator.calls.filter(({ endpoint }) => endpoint === "application.deploy").length === 2,
    );
    await until(
      () => emulator.calls.filter(({ endpoint }) => endpoint === "deployment.queueList").length > 3,
    );
    emulator.restart();
    const reasons = (await outcomes).map((outcome) => outcome.status === "rejected" && outcome.reason);
    assert.deepEqual(
      reasons.map((reason) => reason instanceof DeploymentError && reason.outcome),
      ["cancelled", "lost"],
    );
  });

  it("takes a job that waits past the deadline out of the queue", async () => {
    const { emulator, client, deployments, docker } = await setUp(60_000);
    const [web, api] = await Promise.all([docker("web"), docker("api")]);
    emulator.holdBuilds();
    await client.call("application.deploy", { applicationId: web.id });
    await assert.rejects(deployments.run(api, [], { ...OPTIONS, timeoutSeconds: 20 }), /and was removed/);
    const queue = await client.call("deployment.queueList", {});
    assert.deepEqual(
      queue.map(({ data }) => data.applicationId),
      [web.id],
    );
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

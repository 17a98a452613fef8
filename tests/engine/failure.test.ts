import * as assert from "node:assert/strict";
import { count, Story } from "./story";

const log = [
  "Initializing deployment",
  "Step 4/7 : RUN npm ci",
  "npm error code ERESOLVE",
  "npm error ERESOLVE unable to resolve dependency tree",
  "The command '/bin/sh -c npm ci' returned a non-zero code: 1",
  "❌ Docker build failed",
  "",
  "Error occurred ❌, check the logs for details.",
].join("\n");

const stackTrace = /\n\s+at (?:\S+ \()?\S+\.(?:js|ts):\d+/;

function program(level = "info", image = "acme/api:1") {
  return `
    const project = new dokploy.Project("project", { name: "shop" });
    const api = new dokploy.Application("api", {
      environmentId: project.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "${image}" },
      env: { LEVEL: "${level}" },
    });
  `;
}

describe("a deployment that fails", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  const services = async () => {
    const { environmentId } = story.resource("api").outputs;
    const row = await story.byHand<{ applications: unknown[] }>("environment.one", { environmentId });
    return row.applications.length;
  };

  it("at creation ends the update with the reason, and keeps what was created", async () => {
    story.program(program("info", "acme/api:missing"));
    const { output } = await story.fails("up", "--skip-preview");
    const { id, initErrors, outputs } = story.resource("api");
    const { deployments } = await story.application(id);
    const [deployment] = deployments;

    assert.match(output, /Deployment of application "api" failed after \d+ s/);
    assert.ok(output.includes(deployment?.deploymentId ?? "?"), output);
    assert.match(output, /the image acme\/api:missing does not exist in its registry/);
    assert.match(output, /Check the name and tag of the image/);
    assert.match(output, /manifest for acme\/api:missing not found/);
    assert.match(output, /End of the log \(\d+ lines?\):/);
    assert.doesNotMatch(output, stackTrace);
    assert.equal(initErrors?.length, 1);
    assert.equal((outputs["lastDeployment"] as Record<string, unknown>)["status"], "error");
    assert.equal(outputs["status"], "error");
    assert.equal(await services(), 1);
  });

  it("is repeated by the next update, for the same service", async () => {
    const run = await story.up(program());
    assert.equal(count(run.calls, "application.deploy"), 1);
    assert.equal(count(run.calls, "application.create"), 0);
    assert.equal(await services(), 1);
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), { LEVEL: "info" });
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("at a change shows once the reason, the advice and the end of the log", async () => {
    const { id } = story.resource("api");
    story.emulator.setOutcome(id, { status: "error", log });
    story.program(program("debug"));
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(output, /npm error ERESOLVE unable to resolve dependency tree/);
    assert.match(output, /returned a non-zero code: 1/);
    assert.doesNotMatch(output, stackTrace);
    assert.match(output, /run the build on your machine/);
    const [progress = "", diagnostics = ""] = output.split("Diagnostics:");
    for (const text of ["Deployment of application", "End of the log", "RUN npm ci"]) {
      assert.equal(diagnostics.split(text).length - 1, 1, `${text} in:\n${output}`);
    }
    // While others still wait, its first line is told at once.
    assert.match(
      progress,
      /api failed: Deployment of application "api" failed after .*failed with exit code 1/,
    );
    assert.doesNotMatch(progress, /End of the log|ERESOLVE/);
    assert.equal((await story.application(id)).deployments.length, 3);
  });

  it("is tried again by an unchanged program until it succeeds, also after a refresh", async () => {
    story.program(program("debug"));
    const { stdout } = await story.succeeds("preview");
    assert.match(stdout, /Application api update/);
    assert.match(stdout, /a failed update has already saved this, .*, so it is applied now/);
    await story.succeeds("refresh", "--skip-preview");

    const { id } = story.resource("api");
    story.emulator.setOutcome(id, undefined);
    const run = await story.up(program("debug"));
    assert.equal(count(run.calls, "application.deploy"), 1);
    assert.equal(count(run.calls, "application.update"), 0);
    assert.deepEqual(story.emulator.containerEnv(id), { LEVEL: "debug" });
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("does not prevent a destroy", async () => {
    story.emulator.setOutcome(story.resource("api").id, { status: "error", log });
    story.program(program("trace"));
    await story.fails("up", "--skip-preview");
    await story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(story.workspace.state().resources ?? [], []);
    assert.deepEqual(await story.byHand("project.all", {}), []);
  });
});

describe("a call that fails while something is created", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("continues from there when the inputs could not be saved", async () => {
    story.emulator.faults.add({
      endpoint: "application.update",
      status: 500,
      body: { message: "boom", code: "INTERNAL_SERVER_ERROR" },
    });
    story.program(program());
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(output, /application\.update/);
    const { id } = story.resource("api");
    const run = await story.up(program());
    assert.equal(count(run.calls, "application.create"), 0);
    assert.equal(story.resource("api").id, id);
    assert.deepEqual(story.emulator.containerEnv(id), { LEVEL: "info" });
  });

  it("keeps the old state when a change could not be saved, so that it is planned again", async () => {
    story.emulator.faults.add({
      endpoint: "application.update",
      status: 500,
      body: { message: "boom", code: "INTERNAL_SERVER_ERROR" },
    });
    story.program(program("debug"));
    await story.fails("up", "--skip-preview");
    const steps = await story.plan(program("debug"));
    assert.deepEqual(steps["api"], { op: "update", changed: ["env.LEVEL"] });
    const run = await story.up(program("debug"));
    assert.equal(count(run.calls, "application.deploy"), 1);
  });
});

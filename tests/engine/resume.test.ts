import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { CommandResult } from "./cli";
import { adviceIn, cutOff, Interrupted, program, until } from "./interrupted";
import { count, type Run, Story } from "./story";

/** Runs JavaScript first in each process of the resources. @returns a function that ends that for later ones */
function inProvider({ workspace: { dir, env } }: Story, text: string): () => void {
  const script = path.join(dir, "in-provider.cjs");
  fs.writeFileSync(
    script,
    `if (/dynamic-provider|pulumi-resource-dokploy-native/.test(process.argv[1] ?? "")) { ${text} }`,
  );
  const { NODE_OPTIONS = "" } = env;
  env["NODE_OPTIONS"] = `${NODE_OPTIONS} --require ${JSON.stringify(script)}`;
  return () => Object.assign(env, { NODE_OPTIONS });
}

/** Lets the process of the resources end as by `kill -9` when the file appears. */
function lethal(story: Story): () => void {
  const signal = path.join(story.workspace.dir, "die");
  const end = inProvider(
    story,
    `const look = () => require("node:fs").existsSync(${JSON.stringify(signal)}) && process.kill(process.pid, "SIGKILL");
     setInterval(look, 20).unref();`,
  );
  return () => {
    fs.writeFileSync(signal, "");
    end();
  };
}

/** Notes the process of the resources. @returns a function that is true while it runs */
function noted(story: Story): () => boolean {
  const file = path.join(story.workspace.dir, "provider");
  inProvider(story, `require("node:fs").writeFileSync(${JSON.stringify(file)}, String(process.pid));`);
  return () => {
    try {
      return process.kill(Number(fs.readFileSync(file, "utf8")), 0);
    } catch {
      return false;
    }
  };
}

describe("after all of Pulumi's processes were killed during a deployment, and Dokploy restarted", function () {
  this.timeout(120_000);
  let cut: Interrupted;
  let story: Story;
  let worker: string;
  let refused: Run;
  before(async () => {
    cut = await Interrupted.begin();
    ({ story } = cut);
    worker = await story.existingApplication("worker", { env: "OWN=1" });
    await story.byHand("application.deploy", { applicationId: worker });
    await until(() => story.emulator.containerEnv(worker) !== undefined);
    const command = await cut.start(program(cutOff, { target: worker, level: "info" }), 3);
    command.kill();
    await command.result;
    cut.restartDokploy();
  });
  after(() => story?.end());

  it("the state has the previous values, and notes the interrupted operations", async () => {
    assert.deepEqual(cut.pending(), ["creating api", "creating block", "updating web"]);
    assert.deepEqual(story.resource("web").outputs["env"], { LEVEL: "info" });
    assert.equal(story.find("api"), undefined);
  });

  it("the service of the interrupted creation is refused by its name, with advice", async () => {
    const locked = await story.fails("up", "--skip-preview");
    assert.match(locked.output, /locked[\s\S]*pulumi cancel/);
    await story.succeeds("cancel", "--yes");
    refused = await story.fails("up", "--skip-preview");
    assert.match(refused.output, /interrupted while creating/);
    assert.match(refused.output, /already has an application named "api" \(\S+\)/);
    assert.match(refused.output, /because an interrupted run left it/);
    assert.equal(count(refused.calls, "application.create"), 0);
    assert.deepEqual(await cut.services(), ["api", "web"]);
  });

  it("following the advice leads to the state that the program describes", async () => {
    const adopting = { ...cutOff, api: { level: "info", options: adviceIn(refused.output) } };
    const { calls, output } = await story.up(program(adopting, { target: worker, level: "info" }));
    assert.match(output, /Application "api" \(\S+\) is adopted: nothing to change; deploys, since/);
    assert.equal(count(calls, "application.create"), 0);
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
    assert.deepEqual(story.emulator.containerEnv(worker), { OWN: "1", LEVEL: "info" });
    assert.ok((await story.application(worker)).deployments.length <= 3);
  });

  it("the option can be removed again, and Pulumi's note of the interrupted operations too", async () => {
    story.program(program(cutOff, { target: worker, level: "info" }));
    await story.succeeds("refresh", "--skip-preview", "--clear-pending-creates", "--expect-no-changes");
    assert.deepEqual(cut.pending(), []);
    const { calls } = await story.succeeds("up", "--skip-preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
  });
});

describe("after the provider's process was killed during a deployment, and Dokploy restarted", function () {
  this.timeout(120_000);
  let cut: Interrupted;
  let story: Story;
  let killed: CommandResult;
  before(async () => {
    cut = await Interrupted.begin();
    ({ story } = cut);
    const kill = lethal(story);
    const command = await cut.start(program(cutOff), 2);
    kill();
    killed = await command.result;
    cut.restartDokploy();
  });
  after(() => story?.end());

  it("the update fails, and the state has the previous values", async () => {
    assert.notEqual(killed.code, 0, killed.stdout);
    assert.deepEqual(cut.pending(), []);
    assert.deepEqual(story.resource("web").outputs["env"], { LEVEL: "info" });
    assert.equal(story.find("api"), undefined);
  });

  it("a refresh adopts what was saved, and remembers that it was never deployed", async () => {
    await story.succeeds("refresh", "--skip-preview");
    assert.equal(story.resource("web").outputs["pending"], "deploy");
    assert.deepEqual(story.emulator.containerEnv(story.resource("web").id), { LEVEL: "info" });
  });

  it("the next updates lead to the state that the program describes", async () => {
    const refused = await story.fails("up", "--skip-preview");
    await story.up(program({ ...cutOff, api: { level: "info", options: adviceIn(refused.output) } }));
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
    assert.equal(story.resource("web").outputs["pending"], undefined);
  });
});

describe("after the CLI alone was killed during a save", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    await story.up(program({ web: { level: "info" } }));
  });
  after(() => story?.end());

  it("its provider ends, and deploys nothing", async () => {
    const { emulator, workspace } = story;
    emulator.faults.add({ endpoint: "application.update", cut: "after", delayMs: 1500 });
    story.program(program({ web: { level: "debug" } }));
    const runs = noted(story);
    const before = emulator.calls.length;
    const calls = () => emulator.calls.slice(before).map(({ endpoint }) => endpoint);
    const command = workspace.start("up", "--skip-preview");
    await until(() => calls().includes("application.update"), command.output);
    assert.ok(runs());
    command.killAlone();
    await command.result;
    await until(() => !runs());
    assert.deepEqual(calls().slice(-1), ["application.update"]);
  });
});

describe("after all of Pulumi's processes were killed, and the program has changed since", function () {
  this.timeout(120_000);
  const compose = (tag: string) => `
    const project = new dokploy.Project("project", { name: "shop" });
    new dokploy.Compose("jobs", {
      environmentId: project.defaultEnvironmentId,
      name: "jobs",
      source: { type: "raw", composeFile: "services: { jobs: { image: 'acme/jobs:\${IMAGE_TAG}', env_file: .env } }" },
      env: { IMAGE_TAG: "${tag}", TOKEN: pulumi.secret("canary-${tag}"), ${tag === "2" ? 'EXTRA: "1"' : ""} },
    });`;
  let story: Story;
  before(async () => {
    story = await Story.begin();
    await story.up(compose("1"));
    const { emulator, workspace } = story;
    emulator.holdBuilds();
    const before = emulator.calls.length;
    story.program(compose("2"));
    const command = workspace.start("up", "--skip-preview");
    const asked = () => emulator.calls.slice(before).map(({ endpoint }) => endpoint);
    await until(() => asked().includes("compose.deploy"), command.output);
    command.kill();
    await command.result;
    emulator.restart();
    emulator.releaseBuilds();
    await story.succeeds("cancel", "--yes");
  });
  after(() => story?.end());

  it("a plan and an update blame nobody else for the variables of the killed run", async () => {
    story.program(compose("3"));
    const plan = await story.succeeds("preview");
    assert.doesNotMatch(plan.output, /somebody else/);
    await story.succeeds("up", "--skip-preview");
    const { id } = story.resource("jobs");
    const { env } = await story.byHand<{ env: string }>("compose.one", { composeId: id });
    assert.deepEqual(env.split("\n").sort(), ["IMAGE_TAG=3", "TOKEN=canary-3"]);
    assert.ok(!story.workspace.stateText().includes("canary-"));
  });
});

describe("after all of Pulumi's processes were killed between a block's save and the request of its deployment", function () {
  this.timeout(120_000);
  let story: Story;
  let worker: string;
  before(async () => {
    story = await Story.begin();
    await story.up(program({}));
    worker = await story.existingApplication("worker", { env: "OWN=1" });
    await story.byHand("application.deploy", { applicationId: worker });
    await until(() => story.emulator.containerEnv(worker) !== undefined);
    story.emulator.faults.add({
      endpoint: "application.deploy",
      times: Infinity,
      delayMs: 3_600_000,
      cut: "before",
    });
    story.program(program({}, { target: worker, level: "info" }));
    const command = story.workspace.start("up", "--skip-preview");
    const asked = () => story.emulator.calls.filter(({ endpoint }) => endpoint === "application.deploy");
    await until(() => asked().length === 2, command.output);
    command.kill();
    await command.result;
    story.emulator.faults.clear();
    await story.succeeds("cancel", "--yes");
  });
  after(() => story?.end());

  it("the next plan says that the containers run without the variables that are saved", async () => {
    const { output } = await story.succeeds("preview");
    assert.match(
      output,
      /adopted as they are: env \(LEVEL\)\. Its containers do not have all of them, so it is deployed\./,
    );
  });

  it("the next update deploys them", async () => {
    const { calls } = await story.succeeds("up", "--skip-preview");
    assert.equal(count(calls, "application.saveEnvironment"), 0);
    assert.equal(count(calls, "application.deploy"), 1);
    assert.deepEqual(story.emulator.containerEnv(worker), { OWN: "1", LEVEL: "info" });
    assert.equal(story.resource("block").outputs["pending"], undefined);
  });
});

import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandResult, RunningCommand } from "./cli";
import { count, nameOf, type Run, Story } from "./story";

interface Service {
  level: string;
  /** Options of the resource, as JavaScript. */
  options?: string;
  deploy?: string;
}

/** A project with these applications, and a block of variables on one that is not the program's. */
function program(services: Record<string, Service>, block?: { target: string; level: string }) {
  const applications = Object.entries(services).map(
    ([name, { level, options = "{}", deploy = "{}" }]) => `
      const ${name} = new dokploy.Application("${name}", {
        environmentId: project.defaultEnvironmentId,
        name: "${name}",
        source: { type: "docker", image: "acme/${name}:1" },
        env: { LEVEL: "${level}" },
        deploy: ${deploy},
      }, ${options});`,
  );
  const blocks = block
    ? `new dokploy.EnvironmentBlock("block", {
        target: { applicationId: "${block.target}" }, mode: "additive", env: { LEVEL: "${block.level}" },
      });`
    : "";
  return `const project = new dokploy.Project("project", { name: "shop" });${applications.join("")}${blocks}`;
}

/** @throws after a minute, so that a test that waits in vain ends */
async function until(condition: () => boolean, reported: () => string = () => ""): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain.\n${reported()}`);
    await sleep(10);
  }
}

class Interrupted {
  private constructor(readonly story: Story) {}

  static async begin(): Promise<Interrupted> {
    const story = await Story.begin();
    await story.up(program({ web: { level: "info" } }));
    return new Interrupted(story);
  }

  /** Starts an update whose builds do not end, and gives it once it has asked for so many deployments. */
  async start(body: string, deployments: number): Promise<RunningCommand> {
    const { emulator, workspace } = this.story;
    emulator.holdBuilds();
    this.story.program(body);
    const before = emulator.calls.length;
    const command = workspace.start("up", "--skip-preview");
    const asked = () =>
      emulator.calls.slice(before).filter(({ endpoint }) => endpoint === "application.deploy");
    await until(() => asked().length === deployments, command.output);
    return command;
  }

  /** Dokploy restarts as well: what was queued or building is gone. */
  restartDokploy(): void {
    this.story.emulator.restart();
    this.story.emulator.releaseBuilds();
  }

  pending(): string[] {
    const operations = this.story.workspace.state().pending_operations ?? [];
    return operations.map(({ type, resource }) => `${type} ${nameOf(resource.urn)}`).sort();
  }

  /** Names of all applications of the program's environment, as Dokploy has them. */
  async services(): Promise<string[]> {
    const { defaultEnvironmentId } = this.story.resource("project").outputs;
    const row = await this.story.byHand<{ applications: { name: string }[] }>("environment.one", {
      environmentId: defaultEnvironmentId,
    });
    return row.applications.map(({ name }) => name).sort();
  }

  /** Each service is there once, is deployed with the variable, and was deployed no more often than that. */
  async holds(expected: Record<string, { level: string; deployments: number }>): Promise<void> {
    assert.deepEqual(await this.services(), Object.keys(expected).sort());
    for (const [name, { level, deployments }] of Object.entries(expected)) {
      const { id } = this.story.resource(name);
      const row = await this.story.application(id);
      assert.equal(row.env, `LEVEL=${level}`, name);
      assert.deepEqual(this.story.emulator.containerEnv(id), { LEVEL: level }, name);
      assert.ok(row.deployments.length <= deployments, `${name}: ${row.deployments.length} deployments`);
    }
  }
}

/** The option that the refusal of a taken name tells to give. */
function adviceIn(output: string): string {
  const [, option] = /give this resource the option (\{ import: "[^"]+" \})/.exec(output) ?? [];
  assert.ok(option, output);
  return option;
}

/** Lets Pulumi's process of dynamic providers end as by `kill -9` when the file appears. */
function lethal(story: Story): () => void {
  const { dir, env } = story.workspace;
  const [script, signal] = [path.join(dir, "lethal.cjs"), path.join(dir, "die")];
  fs.writeFileSync(
    script,
    `if (/dynamic-provider/.test(process.argv[1] ?? "")) {
       const look = () => require("node:fs").existsSync(${JSON.stringify(signal)}) && process.kill(process.pid, "SIGKILL");
       setInterval(look, 20).unref();
     }`,
  );
  const { NODE_OPTIONS = "" } = env;
  env["NODE_OPTIONS"] = `${NODE_OPTIONS} --require ${JSON.stringify(script)}`;
  return () => {
    fs.writeFileSync(signal, "");
    Object.assign(env, { NODE_OPTIONS });
  };
}

const cutOff = { web: { level: "debug" }, api: { level: "info" } };

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

describe("after Ctrl-C", function () {
  this.timeout(120_000);
  let cut: Interrupted;
  let story: Story;
  beforeEach(async () => {
    cut = await Interrupted.begin();
    ({ story } = cut);
  });
  afterEach(() => story?.end());

  it("once, running deployments are followed to their end, and the next update does the rest", async () => {
    const after = { ...cutOff, last: { level: "info", options: "{ dependsOn: [api, web] }" } };
    const command = await cut.start(program(after), 2);
    command.interrupt();
    await until(() => command.output().includes("cancelling"), command.output);
    story.emulator.releaseBuilds();
    const { code, stdout } = await command.result;
    assert.notEqual(code, 0, stdout);
    assert.deepEqual(cut.pending(), []);
    assert.equal(story.find("last"), undefined);
    await cut.holds({ web: { level: "debug", deployments: 2 }, api: { level: "info", deployments: 1 } });

    const { calls } = await story.up(program(after));
    assert.equal(count(calls, "application.create"), 1);
    assert.equal(count(calls, "application.deploy"), 1);
    assert.deepEqual(await cut.services(), ["api", "last", "web"]);
  });

  it("twice, the deployments continue in Dokploy, and adopting what was created is all there is to do", async () => {
    const command = await cut.start(program(cutOff), 2);
    command.interrupt();
    await until(() => command.output().includes("cancelling"), command.output);
    command.interrupt();
    assert.notEqual((await command.result).code, 0);
    assert.deepEqual(cut.pending(), ["creating api", "updating web"]);
    story.emulator.releaseBuilds();

    const refused = await story.fails("up", "--skip-preview");
    const adopting = { ...cutOff, api: { level: "info", options: adviceIn(refused.output) } };
    await story.up(program(adopting));
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
  });
});

describe("after an update that failed halfway", function () {
  this.timeout(120_000);
  let cut: Interrupted;
  let story: Story;
  beforeEach(async () => {
    cut = await Interrupted.begin();
    ({ story } = cut);
  });
  afterEach(() => story?.end());

  it("a lost response is not treated as a failure, and nothing is done twice", async () => {
    for (const endpoint of ["application.create", "application.update", "application.deploy"]) {
      // One for the update, one for the creation; a creation happens once.
      const times = endpoint === "application.create" ? 1 : 2;
      story.emulator.faults.add({ endpoint, cut: "after", times });
    }
    const { calls } = await story.up(program(cutOff));
    assert.equal(count(calls, "application.create"), 1);
    assert.equal(count(calls, "application.deploy"), 2);
    await cut.holds({ web: { level: "debug", deployments: 2 }, api: { level: "info", deployments: 1 } });
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("deployments that Dokploy lost or cancelled are repeated", async () => {
    const command = await cut.start(program(cutOff), 2);
    await until(() => /(api|web): deployment queued behind 1/.test(command.output()), command.output);
    story.emulator.loseQueue();
    await until(() => /(creating|updating) failed/.test(command.output()), command.output);
    cut.restartDokploy();
    const { code, stdout } = await command.result;
    assert.notEqual(code, 0, stdout);
    assert.match(stdout, /was lost/);
    assert.match(stdout, /was cancelled/);
    assert.deepEqual(cut.pending(), []);

    const { calls, output } = await story.up(program(cutOff));
    assert.match(output, /the configuration saved in Dokploy has not taken effect yet/);
    assert.equal(count(calls, "application.deploy"), 2);
    assert.equal(count(calls, "application.create"), 0);
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
  });

  it("a deadline leaves running builds alone, removes queued jobs, and the next update deploys both", async () => {
    const hurried = (seconds: number) => ({
      web: { level: "debug", deploy: `{ timeoutSeconds: ${seconds} }` },
      api: { level: "info", deploy: `{ timeoutSeconds: ${seconds} }`, options: "{}" },
    });
    const command = await cut.start(program(hurried(1)), 2);
    const { code, stdout } = await command.result;
    assert.notEqual(code, 0, stdout);
    assert.match(stdout, /it still runs, and Dokploy cannot stop a build safely, so it was left alone/);
    assert.match(stdout, /it still waited in Dokploy's queue, and was removed/);
    assert.equal(story.resource("api").outputs["pending"], "deploy");
    story.emulator.releaseBuilds();

    const { calls } = await story.up(program(hurried(60)));
    assert.equal(count(calls, "application.deploy"), 2);
    assert.equal(count(calls, "application.create"), 0);
    await cut.holds({ web: { level: "debug", deployments: 3 }, api: { level: "info", deployments: 2 } });
    await story.succeeds("preview", "--expect-no-changes");
  });
});

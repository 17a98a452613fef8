import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningCommand } from "./cli";
import { nameOf, Story } from "./story";

interface Service {
  level: string;
  /** Options of the resource, as JavaScript. */
  options?: string;
  deploy?: string;
}

/** A project with these applications, and a block of variables on one that is not the program's. */
export function program(services: Record<string, Service>, block?: { target: string; level: string }) {
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
export async function until(condition: () => boolean, reported: () => string = () => ""): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain.\n${reported()}`);
    await sleep(10);
  }
}

/** A stack whose update is cut off while its deployments run. */
export class Interrupted {
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
export function adviceIn(output: string): string {
  const [, option] = /give this resource the option (\{ import: "[^"]+" \})/.exec(output) ?? [];
  assert.ok(option, output);
  return option;
}

/** The services of the program whose update is cut off. */
export const cutOff = { web: { level: "debug" }, api: { level: "info" } };

/**
 * Records the states of an earlier version: runs its programs with the real CLI against the emulated Dokploy, and lets
 * them fail as their names say. How to run it stands in the README of each version.
 */
import * as assert from "node:assert/strict";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionKind, Fault } from "../../emulator";
import { type Run, Story } from "../engine/story";
import { contentOf } from "./content";
import { continueProgram, type Exported, folderOf, writeRecorded, writeRecordedProgram } from "./recorded";

const [version = "", checkout = "", ...only] = process.argv.slice(2);

class Recording {
  readonly ids: Record<string, string> = {};

  constructor(
    readonly story: Story,
    private readonly folder: string,
  ) {}

  /** Something that an owner connects in Dokploy's web interface. */
  connect(kind: ConnectionKind): void {
    this.ids[`${kind}Id`] = this.story.emulator.connect(kind);
  }

  /** A project that exists before the program, and its environment. */
  async project(name: string): Promise<{ projectId: string; environmentId: string }> {
    const made = await this.story.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name, env: "THEIRS=kept" });
    return { projectId: made.project.projectId, environmentId: made.environment.environmentId };
  }

  /** An application that exists before the program, deployed. */
  async application(name: string, environmentId: string, columns: object = {}): Promise<string> {
    const { applicationId } = await this.story.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    const docker = { sourceType: "docker", dockerImage: `acme/${name}:1` };
    const env = "# by hand\nTHEIRS=kept";
    await this.story.byHand("application.update", { applicationId, ...docker, env, ...columns });
    await this.story.byHand("application.deploy", { applicationId });
    return applicationId;
  }

  async compose(name: string, environmentId: string): Promise<string> {
    const { composeId } = await this.story.byHand<{ composeId: string }>("compose.create", {
      name,
      environmentId,
      composeType: "docker-compose",
    });
    const composeFile = `services:\n  web:\n    image: acme/${name}:1\n    env_file: .env\n`;
    await this.story.byHand("compose.update", {
      composeId,
      sourceType: "raw",
      composeFile,
      env: "THEIRS=kept",
    });
    await this.story.byHand("compose.deploy", { composeId });
    return composeId;
  }

  async database(kind: string, environmentId: string): Promise<string> {
    const common = { name: kind, environmentId, databasePassword: "canary-password" };
    const named = { databaseName: "shop", databaseUser: "shop" };
    const more: Record<string, object> = {
      postgres: named,
      mysql: { ...named, databaseRootPassword: "canary-root" },
      mariadb: { ...named, databaseRootPassword: "canary-root" },
      mongo: { databaseUser: "shop" },
      redis: {},
      libsql: {
        databaseUser: "shop",
        sqldNode: "primary",
        sqldPrimaryUrl: null,
        appName: "libsql",
        description: null,
        serverId: null,
      },
    };
    await this.story.byHand(`${kind}.create`, { ...common, ...more[kind] });
    // Some creations answer nothing but `true`.
    const row = await this.story.byHand<Record<string, Record<string, string>[]>>("environment.one", {
      environmentId,
    });
    const id = row[kind]?.[0]?.[`${kind}Id`];
    assert.ok(id, kind);
    await this.story.byHand(`${kind}.deploy`, { [`${kind}Id`]: id });
    return id;
  }

  /** Whether so many deployments are at work or wait. */
  async isBuilding(count: number): Promise<boolean> {
    return (await this.story.byHand<unknown[]>("deployment.queueList", {})).length === count;
  }

  /** Waits until nothing is being built. */
  async idle(): Promise<void> {
    while (!(await this.isBuilding(0))) await sleep(50);
  }

  async run(step: "first" | undefined, ...args: string[]): Promise<Run> {
    const { workspace } = this.story;
    if (step) workspace.env["STEP"] = step;
    else delete workspace.env["STEP"];
    writeRecordedProgram(workspace, this.folder, this.ids);
    return await this.story.run(...args);
  }

  async up(step?: "first"): Promise<void> {
    const run = await this.run(step, "up", "--skip-preview");
    assert.equal(run.code, 0, run.output);
  }

  urn(name: string, kind: string): string {
    return `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;
  }

  /** An update of this resource alone that fails. */
  async failing(kind: string, name: string, ...faults: Fault[]): Promise<void> {
    for (const fault of faults) this.story.emulator.faults.add({ times: Number.POSITIVE_INFINITY, ...fault });
    const run = await this.run(undefined, "up", "--skip-preview", "--target", this.urn(name, kind));
    assert.notEqual(run.code, 0, `${name} does not fail:\n${run.output}`);
    assert.match(run.output, new RegExp(`${name} .*failed`), run.output);
    this.story.emulator.faults.clear();
  }

  async end(name: string): Promise<void> {
    await this.idle();
    const { stdout } = await this.story.succeeds("stack", "export", "--show-secrets");
    writeRecorded({
      name,
      folder: this.folder,
      // The port is another one each time.
      state: JSON.parse(stdout.replaceAll(new URL(this.story.emulator.url).host, "dokploy.test")) as Exported,
      server: contentOf(this.story.emulator),
      ids: this.ids,
    });
  }
}

const connections = ["github", "gitlab", "bitbucket", "gitea", "registry", "sshKey", "server"] as const;
const databases = ["postgres", "mysql", "mariadb", "mongo", "redis", "libsql"] as const;

const recordings: Record<string, (recording: Recording) => Promise<void>> = {
  async settled(recording) {
    const { ids } = recording;
    for (const kind of connections) recording.connect(kind);
    ids["networkId"] = "canary-network-000001";
    const legacy = await recording.project("legacy");
    ids["legacyProjectId"] = legacy.projectId;
    const { environmentId } = await recording.story.byHand<{ environmentId: string }>("environment.create", {
      projectId: legacy.projectId,
      name: "staging",
    });
    ids["legacyEnvironmentId"] = environmentId;
    ids["legacyApplicationId"] = await recording.application("web", environmentId);
    ids["legacyComposeId"] = await recording.compose("stack", environmentId);
    const others = await recording.project("others");
    ids["workerId"] = await recording.application("worker", others.environmentId);
    ids["sharedId"] = await recording.application("shared", others.environmentId);
    ids["composeId"] = await recording.compose("compose", others.environmentId);
    for (const kind of databases) ids[`${kind}Id`] = await recording.database(kind, others.environmentId);
    await recording.idle();
    await recording.up();
  },

  async repository(recording) {
    recording.story.workspace.env["DOKPLOY_IMAGE_TAG"] = "1.2.3";
    await recording.up();
    delete recording.story.workspace.env["DOKPLOY_IMAGE_TAG"];
    // A run without a tag leaves what is deployed.
    await recording.up();
  },

  async templates(recording) {
    await recording.up();
  },

  async unfinished(recording) {
    const { ids, story } = recording;
    const { emulator } = story;
    const { environmentId } = await recording.project("others");
    ids["workerId"] = await recording.application("worker", environmentId);
    ids["releasedId"] = await recording.application("released", environmentId);
    ids["composeId"] = await recording.compose("compose", environmentId);
    ids["postgresId"] = await recording.database("postgres", environmentId);
    await recording.idle();
    await recording.up("first");

    for (const image of ["web:2", "jobs:2", "cautious:2", "undeployed:1", "undeployed-jobs:1"])
      emulator.registry.missing.add(`acme/${image}`);
    for (const id of [ids["workerId"], ids["releasedId"], ids["composeId"], ids["postgresId"]])
      emulator.setOutcome(id ?? "", { status: "error", log: "It does not start.\n" });
    emulator.setOutcome(story.resource("reader").id, { status: "error", log: "It does not start.\n" });
    const lost = (endpoint: string): Fault => ({ endpoint, cut: "before" });
    await recording.failing("Application", "web");
    await recording.failing("Compose", "jobs");
    await recording.failing("EnvironmentBlock", "worker-flags");
    await recording.failing("EnvironmentBlock", "database-variables");
    await recording.failing("Deployment", "release");
    await recording.failing("Application", "cautious");
    await recording.failing("Application", "unsure", lost("application.update"));
    await recording.failing("Project", "shared");
    await recording.failing("Environment", "staging", lost("application.one"));
    await recording.failing("Application", "moved", lost("application.create"));
    await recording.failing("Application", "kept", lost("application.delete"));
    await recording.failing("EnvironmentBlock", "kept-flags", lost("application.saveEnvironment"));
    await recording.failing("Application", "undeployed");
    await recording.failing("Application", "unsaved", lost("application.update"));
    await recording.failing("Compose", "undeployed-jobs");
    await recording.failing("Environment", "half", lost("environment.update"));
    await recording.failing("EnvironmentBlock", "undeployed-flags");
  },

  async killed(recording) {
    const { ids, story } = recording;
    const { emulator, workspace } = story;
    const { environmentId } = await recording.project("others");
    ids["workerId"] = await recording.application("worker", environmentId);
    await recording.idle();
    await recording.up("first");

    emulator.holdBuilds();
    emulator.faults.add({ endpoint: "application.delete", delayMs: 600_000, cut: "before", times: 2 });
    delete workspace.env["STEP"];
    writeRecordedProgram(workspace, folderOf(version, "killed"), ids);
    const command = workspace.start("up", "--skip-preview");
    const underWay = /(web updating|(old|gone) deleting|(api|flags) creating)/g;
    while (new Set(command.output().match(underWay)).size < 5 || !(await recording.isBuilding(3)))
      await sleep(20);
    command.kill();
    await command.result;
    emulator.faults.clear();
    // Dokploy restarts as well: what was queued or building is gone.
    emulator.restart();
    emulator.releaseBuilds();
    await story.byHand("application.delete", { applicationId: story.resource("gone").id });
    await story.succeeds("cancel", "--yes");
  },

  async refreshed(recording) {
    const { ids, story } = recording;
    const { environmentId } = await recording.project("others");
    ids["workerId"] = await recording.application("worker", environmentId);
    ids["composeId"] = await recording.compose("compose", environmentId);
    await recording.idle();
    await recording.up();

    const id = (name: string) => story.resource(name).id;
    const env = "LEVEL=by hand\nTOKEN=canary-by-hand\nKEY=${{project.KEY}}";
    await story.byHand("application.update", { applicationId: id("web"), env, replicas: 5 });
    await story.byHand("compose.update", { composeId: id("jobs"), env: "TOKEN=canary-by-hand" });
    await story.byHand("project.update", {
      projectId: id("shop"),
      description: "By hand",
      env: "KEY=canary-by-hand",
    });
    await story.byHand("environment.update", { environmentId: id("staging"), env: "STAGE=canary-by-hand" });
    const worker = {
      applicationId: ids["workerId"],
      buildArgs: null,
      buildSecrets: null,
      createEnvFile: true,
    };
    await story.byHand("application.saveEnvironment", { ...worker, env: "THEIRS=kept\nFLAG=canary-by-hand" });
    await story.byHand("compose.update", { composeId: ids["composeId"], env: "TOKEN=canary-whole\nMORE=1" });
    await story.byHand("application.delete", { applicationId: id("gone") });
    await story.byHand("compose.delete", { composeId: id("gone-jobs"), deleteVolumes: false });
    await story.byHand("environment.remove", { environmentId: id("gone-environment") });
    await story.byHand("project.remove", { projectId: id("gone-project") });
    const run = await recording.run(undefined, "refresh", "--skip-preview");
    assert.equal(run.code, 0, run.output);
  },

  async twins(recording) {
    const { ids, story } = recording;
    await recording.up("first");
    const id = (name: string) => story.resource(`old-${name}`).id;
    ids["projectId"] = id("shop");
    ids["environmentId"] = id("staging");
    ids["applicationId"] = id("api");
    ids["composeId"] = id("jobs");
    const kinds = {
      shop: "Project",
      staging: "Environment",
      api: "Application",
      jobs: "Compose",
      flags: "EnvironmentBlock",
      release: "Deployment",
    };
    const targets = Object.entries(kinds).flatMap(([name, kind]) => ["--target", recording.urn(name, kind)]);
    const run = await recording.run(undefined, "up", "--skip-preview", ...targets);
    assert.equal(run.code, 0, run.output);
  },
};

async function record(name: string): Promise<void> {
  continueProgram(version, name);
  const story = await Story.begin({ checkout: path.resolve(checkout) });
  try {
    const recording = new Recording(story, folderOf(version, name));
    await recordings[name]?.(recording);
    await recording.end(name);
    console.log(`${name}: recorded`);
  } finally {
    await story.end();
  }
}

async function main(): Promise<void> {
  for (const name of only.length > 0 ? only : Object.keys(recordings)) await record(name);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

import * as assert from "node:assert/strict";
import { count, essential, Story } from "./story";

const composeFile = (image: string) => `services:\n  cache:\n    image: ${image}\n    env_file: .env\n`;

interface Change {
  api?: string;
  apiEnv?: string;
  image?: string;
  more?: string;
}

/** All five resources; what they are called is what they are. */
function program({
  api = "",
  apiEnv = `{ LEVEL: "info", KEEP: "k" }`,
  image = "acme/api:1",
  more = "",
}: Change = {}) {
  return `
    const project = new dokploy.Project("project", { name: "shop", env: { REGION: "eu" } });
    const api = new dokploy.Application("api", {
      environmentId: project.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "${image}" },
      env: ${apiEnv},
      ${api}
    });
    ${more}
  `;
}

describe("an update", function () {
  this.timeout(180_000);
  let story: Story;
  let worker: string;

  before(async () => {
    story = await Story.begin({ stack: "prod" });
    worker = await story.existingApplication("worker", { env: "OWN=1\nSTAYS=yes\n" });
  });
  after(() => story?.end());

  const more = (
    change: { environmentEnv?: string; composeEnv?: string; image?: string; block?: string } = {},
  ) => `
    const environment = new dokploy.Environment("environment", {
      projectId: project.id,
      name: "staging",
      description: "Before production",
      env: ${change.environmentEnv ?? `{ STAGE: "staging" }`},
    });
    const compose = new dokploy.Compose("compose", {
      environmentId: environment.id,
      name: "cache",
      source: { type: "raw", composeFile: ${JSON.stringify(composeFile(change.image ?? "redis:7"))} },
      env: ${change.composeEnv ?? `{ PASSWORD: pulumi.secret("pa$$word"), BRACES: "{{x}}" }`},
    });
    const block = new dokploy.EnvironmentBlock("block", {
      target: { applicationId: "${worker}" },
      mode: "additive",
      env: ${change.block ?? `{ OWN: "2", STAGE: "s" }`},
    });
  `;

  const deployments = async (name: string) => (await story.application(story.resource(name).id)).deployments;

  it("creates all kinds of resources, deploys each service once, and knows the result", async () => {
    const run = await story.up(program({ more: more() }));

    for (const [endpoint, times] of [
      ["project.create", 1],
      ["environment.create", 1],
      ["application.create", 1],
      ["compose.create", 1],
      ["application.deploy", 2],
      ["compose.deploy", 1],
    ] as const) {
      assert.equal(count(run.calls, endpoint), times, `${endpoint}: ${run.calls.join(" ")}`);
    }
    const api = story.resource("api");
    const row = await story.application(api.id);
    assert.equal(api.outputs["appName"], row.appName);
    assert.equal(api.outputs["status"], "done");
    const last = api.outputs["lastDeployment"] as Record<string, unknown>;
    assert.equal(last["status"], "done");
    assert.equal(last["deploymentId"], row.deployments[0]?.deploymentId);
    assert.equal(row.deployments.length, 1);

    assert.deepEqual(story.emulator.containerEnv(api.id), { LEVEL: "info", KEEP: "k" });
    const composeEnv = story.emulator.containerEnv(story.resource("compose").id);
    assert.equal(composeEnv?.["PASSWORD"], "pa$$word");
    assert.equal(composeEnv?.["BRACES"], "{{x}}");
    assert.equal(story.resource("block").id, `application/${worker}`);
    assert.deepEqual(story.emulator.containerEnv(worker), { OWN: "2", STAYS: "yes", STAGE: "s" });

    const project = story.resource("project");
    const { env } = await story.byHand("project.one", { projectId: project.id });
    assert.match(String(env), /^REGION=.*eu/);
    const environment = await story.byHand("environment.one", {
      environmentId: story.resource("environment").id,
    });
    assert.match(String(environment["env"]), /^STAGE=.*staging/);
    assert.equal(environment["projectId"], project.id);
  });

  it("that changes one variable makes three calls in addition to the read of its plan, and one deployment, which names stack, variable and commit", async () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    story.workspace.env["GITHUB_SHA"] = commit;
    const run = await story.up(
      program({ apiEnv: `{ LEVEL: "debug", KEEP: "k", ADDED: "a" }`, more: more() }),
    );
    delete story.workspace.env["GITHUB_SHA"];

    // The plan looks for variables that somebody else set.
    assert.deepEqual(essential(run.calls), [
      "application.one",
      ...["application.one", "application.update", "application.deploy"],
    ]);
    const all = await deployments("api");
    assert.equal(all.length, 2);
    const [newest] = all.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    assert.match(newest?.title ?? "", /^Pulumi shop\/prod: \+ADDED ~LEVEL/);
    assert.match(newest?.description ?? "", /Added ADDED; changed LEVEL/);
    assert.ok(newest?.description.includes(commit), newest?.description);
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), {
      LEVEL: "debug",
      KEEP: "k",
      ADDED: "a",
    });
  });

  it("of replicas reloads the service, without a deployment", async () => {
    const run = await story.up(program({ api: "replicas: 2,", apiEnv: sameEnv, more: more() }));
    assert.deepEqual(essential(run.calls).slice(1), [
      ...["application.one", "application.update", "application.reload"],
    ]);
    assert.equal((await deployments("api")).length, 2);
    assert.equal((await story.application(story.resource("api").id))["replicas"], 2);
  });

  it("of a description saves it, and restarts nothing", async () => {
    const run = await story.up(
      program({ api: `replicas: 2, description: "The API",`, apiEnv: sameEnv, more: more() }),
    );
    assert.deepEqual(essential(run.calls).slice(1), ["application.one", "application.update"]);
  });

  it("with deploy: false only saves, and deploys the saved changes once the option is removed", async () => {
    const kept = `replicas: 2, description: "The API",`;
    const env = `{ LEVEL: "warn" }`;
    const saved = await story.up(program({ api: `${kept} deploy: false,`, apiEnv: env, more: more() }));
    assert.deepEqual(essential(saved.calls).slice(1), ["application.one", "application.update"]);
    const { id } = story.resource("api");
    assert.match((await story.application(id)).env ?? "", /^LEVEL=.*warn/);
    assert.equal(story.emulator.containerEnv(id)?.["LEVEL"], "debug");
    const { output } = await story.succeeds("preview", "--expect-no-changes");
    assert.match(output, /unchanged/);

    const applied = await story.up(program({ api: kept, apiEnv: env, more: more() }));
    assert.equal(count(applied.calls, "application.deploy"), 1);
    assert.deepEqual(story.emulator.containerEnv(id), { LEVEL: "warn" });
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("of the other kinds changes each with few calls, and deploys only services", async () => {
    const changed = more({
      environmentEnv: `{ STAGE: "staging", EXTRA: "x" }`,
      composeEnv: `{ PASSWORD: pulumi.secret("other"), BRACES: "{{x}}" }`,
      image: "redis:8",
      block: `{ OWN: "3" }`,
    });
    const run = await story.up(program({ ...settled, more: changed }));
    const isRead = (call: string) => call.endsWith(".one");
    const calls = essential(run.calls);
    assert.deepEqual(calls.filter((call) => !isRead(call)).sort(), [
      "application.deploy",
      "application.saveEnvironment",
      "compose.deploy",
      "compose.update",
      "environment.update",
    ]);
    // Each once for its update and once for its plan, which also says who refers to the environment's variables; the block
    // looks again after its save and after its deployment.
    assert.ok(calls.filter(isRead).length <= 10, calls.join());
    assert.equal(story.emulator.containerEnv(story.resource("compose").id)?.["PASSWORD"], "other");
    assert.deepEqual(story.emulator.containerEnv(worker), { OWN: "3", STAYS: "yes" });
  });

  it("deletes resources that left the program, and for a block only its variables", async () => {
    const run = await story.up(program({ ...settled, more: second }));
    assert.equal(count(run.calls, "application.deploy"), 1);
    for (const name of ["environment", "compose", "block"]) assert.equal(story.find(name), undefined);
    assert.equal((await story.application(worker)).env, "STAYS=yes\n");
    assert.equal(count(run.calls, "compose.delete"), 1);
    assert.equal(count(run.calls, "environment.remove"), 1);
  });

  it("that replaces an application deletes it first, and creates one of the same name", async () => {
    const before = story.resource("second").id;
    const run = await story.up(
      program({ ...settled, more: second.replace("env:", `appNamePrefix: "front", env:`) }),
    );
    assert.deepEqual(
      essential(run.calls).filter((call) => /create|delete/.test(call)),
      ["application.delete", "application.create"],
    );
    const { id, outputs } = story.resource("second");
    assert.notEqual(id, before);
    assert.match(String(outputs["appName"]), /^front-/);
    const { environmentId } = outputs;
    const row = await story.byHand<{ applications: { name: string }[] }>("environment.one", {
      environmentId,
    });
    assert.deepEqual(row.applications.map(({ name }) => name).sort(), ["api", "second"]);
  });

  it("finds nothing to do after it, nor after a refresh", async () => {
    await story.succeeds("refresh", "--skip-preview");
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("that destroys leaves only objects that it did not create", async () => {
    const run = await story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(
      essential(run.calls)
        .filter((call) => /delete|remove/.test(call))
        .sort(),
      ["application.delete", "application.delete", "project.remove"],
    );
    assert.deepEqual(story.workspace.state().resources ?? [], []);
    assert.deepEqual(
      (await story.byHand<{ name: string }[]>("project.all", {})).map(({ name }) => name),
      ["project of worker"],
    );
  });
});

const second = `
  new dokploy.Application("second", {
    environmentId: project.defaultEnvironmentId,
    name: "second",
    source: { type: "docker", image: "acme/second:1" },
    env: { A: "1" },
  });
`;
const settled = { api: `replicas: 2, description: "The API",`, apiEnv: `{ LEVEL: "warn" }` };
const sameEnv = `{ LEVEL: "debug", KEEP: "k", ADDED: "a" }`;

describe("the creation of an application with variables", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("makes at most five calls", async () => {
    const { environment } = await story.byHand<{ environment: { environmentId: string } }>("project.create", {
      name: "there",
    });
    const run = await story.up(`
      new dokploy.Application("api", {
        environmentId: "${environment.environmentId}",
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        env: { A: "1" },
        replicas: 2,
      });
    `);
    const calls = essential(run.calls);
    assert.ok(calls.length <= 5, calls.join(" "));
    assert.equal(count(calls, "application.deploy"), 1);
    assert.equal(count(run.calls, "settings.getDokployVersion"), 1);
    assert.ok(count(run.calls, "docker.getServerHealth") <= 1, run.calls.join(" "));
  });
});

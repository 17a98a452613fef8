import * as assert from "node:assert/strict";
import { Story } from "./story";

/** A project with an environment beside the default one, and services that refer to their variables. */
function shop(
  change: {
    project?: string;
    redeploy?: boolean;
    image?: string;
    api?: string;
    web?: string;
    more?: string;
  } = {},
) {
  const { project = `{ HOST: "db", REGION: "eu" }`, redeploy = false, image = "acme/api:1" } = change;
  return `
    const shop = new dokploy.Project("shop", { name: "shop", env: ${project}, redeployReferrers: ${redeploy} });
    const staging = new dokploy.Environment("staging", {
      projectId: shop.id,
      name: "staging",
      env: { STAGE: "staging" },
    });
    new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "${image}" },
      env: ${change.api ?? "{ URL: pulumi.secret('http://${{project.HOST}}') }"},
    });
    new dokploy.Application("web", {
      environmentId: staging.id,
      name: "web",
      source: { type: "docker", image: "acme/web:1" },
      env: ${change.web ?? "{ REGION: '${{project.REGION}}', STAGE: '${{environment.STAGE}}' }"},
    });
    ${change.more ?? ""}
  `;
}

const deploysOf = (calls: readonly string[]) => calls.filter((call) => /\.(re)?deploy$/.test(call)).length;

describe("references to shared variables", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("of a program with a new project are errors at preview, naming both", async () => {
    story.program(shop({ api: "{ URL: pulumi.secret('http://${{project.HSOT}}') }" }));
    const run = await story.fails("preview");
    assert.match(
      run.output,
      /Application "api": env\.URL refers to \$\{\{project\.HSOT\}\}, and Project "shop" does not set HSOT/,
    );
    story.program(shop({ web: "{ STAGE: '${{environment.NOPE}}', REGION: '${{project.NOPE}}' }" }));
    const { output } = await story.fails("preview");
    assert.match(output, /Application "web": env\.STAGE refers to .*Environment "staging" does not set NOPE/);
    assert.match(output, /env\.REGION refers to .*Project "shop" does not set NOPE/);
    const block = `new dokploy.EnvironmentBlock("shared", {
      target: { environmentId: staging.id }, env: { STAGE: "1" },
    }); new dokploy.Compose("jobs", {
      environmentId: staging.id, name: "jobs", source: { type: "raw", composeFile: "services: { jobs: { image: 'acme/jobs:1', env_file: .env } }" },
      env: { A: "\${{environment.STAGE}}", B: "\${{environment.OTHER}}" },
    });`;
    story.program(shop({ more: block }).replace('env: { STAGE: "staging" },', ""));
    const ofBlock = await story.fails("preview");
    assert.match(
      ofBlock.output,
      /Compose "jobs": env\.B refers to .*EnvironmentBlock "shared" does not set OTHER/,
    );
    assert.doesNotMatch(ofBlock.output, /env\.A refers/);
  });

  it("are reported for all services by one preview, and end an update without one before they are created", async () => {
    const more = 'new dokploy.Tag("late", { name: "late" });';
    story.program(
      shop({ api: "{ URL: '${{project.HSOT}}' }", web: "{ REGION: '${{project.NOPE}}' }", more }),
    );
    const { output } = await story.fails("preview");
    const reported = output.slice(output.lastIndexOf("Diagnostics:"));
    for (const wanted of ['Project "shop" does not set HSOT', 'Project "shop" does not set NOPE'])
      assert.equal(reported.split(wanted).length, 2, output);
    const { calls } = await story.fails("up", "--skip-preview");
    assert.deepEqual(
      calls.filter((call) => /^(application|tag)\.create$/.test(call)),
      [],
    );
  });

  it("are only warned of with dokploy:references warn, and left alone with off", async () => {
    story.program(shop({ web: "{ STAGE: '${{environment.NOPE}}' }" }));
    await story.succeeds("config", "set", "dokploy:references", "warn");
    assert.match((await story.succeeds("preview")).output, /warning: .*env\.STAGE refers to/);
    await story.succeeds("config", "set", "dokploy:references", "off");
    assert.doesNotMatch((await story.succeeds("preview")).output, /env\.STAGE/);
    await story.succeeds("config", "rm", "dokploy:references");
  });

  it("to existing objects are checked against the server and the plan of the same run", async () => {
    await story.up(shop());
    story.program(shop());
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);

    // Somebody else's variables, which no program knows.
    const { id } = story.resource("staging");
    await story.byHand("environment.update", { environmentId: id, env: "STAGE=staging\nHAND=1" });
    const block = (env: string) =>
      `new dokploy.EnvironmentBlock("web-env", { target: { applicationId: "${story.resource("web").id}" }, mode: "additive", buildArgs: ${env} });`;
    story.program(shop({ more: block("{ A: '${{environment.HAND}}' }") }));
    await story.succeeds("preview");
    story.program(shop({ more: block("{ A: '${{environment.NOPE}}' }") }));
    const { output } = await story.fails("preview");
    assert.match(
      output,
      /buildArgs\.A: contains \$\{\{environment\.NOPE\}\}.*does not find in the environment/,
    );

    story.program(shop({ project: `{ HOST: "db" }` }));
    assert.match(
      (await story.fails("preview")).output,
      /env\.REGION refers to .*Project "shop" does not set REGION/,
    );
    await story.succeeds("config", "set", "dokploy:references", "warn");
    assert.match(
      (await story.succeeds("preview")).output,
      /removes REGION, to which the application "web" \(.*\) refers \(env\.REGION\)/,
    );
    await story.succeeds("config", "rm", "dokploy:references");
    await story.up(shop());
  });

  it("deploy the services that refer to a change, each once, and say so in the plan", async () => {
    const before = shop({ redeploy: true });
    await story.up(before);
    const changed = { project: `{ HOST: "db2", REGION: "us" }`, redeploy: true };
    const steps = await story.plan(shop(changed));
    assert.deepEqual([steps["shop"]?.op, steps["api"], steps["web"]], ["update", undefined, undefined]);
    const plan = await story.succeeds("preview");
    assert.match(
      plan.output,
      /the services that refer to it are deployed: application "api" .*application "web"/,
    );
    const run = await story.succeeds("up", "--skip-preview");
    assert.equal(deploysOf(run.calls), 2, run.calls.join());
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), { URL: "http://db2" });
    assert.deepEqual(story.emulator.containerEnv(story.resource("web").id), {
      REGION: "us",
      STAGE: "staging",
    });
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);
  });

  it("repeat deployments that a failed run left, and say nothing in a refresh", async () => {
    const changed = { project: `{ HOST: "db3", REGION: "us" }`, redeploy: true };
    story.emulator.setOutcome(story.resource("api").id, { status: "error", log: "it broke" });
    story.program(shop(changed));
    assert.match((await story.fails("up", "--skip-preview")).output, /it broke/);
    story.emulator.setOutcome(story.resource("api").id, undefined);
    const refreshed = await story.succeeds("refresh", "--yes", "--skip-preview");
    assert.equal(deploysOf(refreshed.calls), 0);
    assert.doesNotMatch(refreshed.output, /refer to/);
    const run = await story.up(shop(changed));
    assert.equal(deploysOf(run.calls), 1);
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), { URL: "http://db3" });
  });
});

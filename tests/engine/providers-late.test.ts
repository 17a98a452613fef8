import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Emulator } from "../../emulator";
import { hostOf, program, projectsOf, ServersStory } from "./servers-story";
import { essential, type Story } from "./story";

describe("several servers in one program, by addresses and keys", function () {
  this.timeout(240_000);
  const shop = new ServersStory();
  const { callsOf, setKey } = shop;
  let story: Story;
  let eu: Emulator;
  before(() => {
    ({ story, eu } = shop.servers);
  });

  it("get no key of the stack at an address of the stack's file, if DOKPLOY_URL differs", async () => {
    const { env } = story.workspace;
    await story.succeeds("config", "set", "dokploy:url", eu.url);
    await setKey("dokploy:apiKey", eu.apiKey);
    for (const url of ['config.require("euUrl")', 'pulumi.output(config.require("euUrl"))']) {
      story.program(`
        const config = new pulumi.Config();
        const eu = new dokploy.Provider("eu", { url: ${url} });
        new dokploy.Project("shop-eu", { name: "shop" }, { provider: eu });
        exports.found = dokploy.getProjectOutput({ name: "shop" }, { provider: eu }).projectId;
      `);
      for (const command of ["preview", "up"]) {
        const run = await callsOf(() =>
          story.fails(command, ...(command === "up" ? ["--skip-preview"] : [])),
        );
        assert.match(
          run.output,
          new RegExp(
            `provider "eu" has the address http://${hostOf(eu)} and no apiKey, and the key in dokploy:apiKey in the stack's ` +
              `configuration goes only to ${env["DOKPLOY_URL"]}, the address in DOKPLOY_URL`,
          ),
        );
        assert.deepEqual([run.eu, run.calls], [[], []]);
      }
    }
    for (const name of ["dokploy:url", "dokploy:apiKey"]) await story.succeeds("config", "rm", name);
  });

  it("may be known only once the update runs: the plan makes no call, and checks as much as it can", async () => {
    const late = (name: string) => `
      const made = new dokploy.Project("made", { name: "made" });
      const later = new dokploy.Provider("later", {
        url: made.id.apply(() => process.env.LATE_URL), apiKey: made.id.apply(() => process.env.LATE_KEY),
      });
      const project = new dokploy.Project("late", { name: ${name} }, { provider: later });
      new dokploy.Environment("late-env", { projectId: project.id, name: "staging" }, { provider: later });
      exports.found = dokploy.getProjectOutput({ name: "shop" }, { provider: later }).projectId;
    `;
    await story.up(program());
    Object.assign(story.workspace.env, { LATE_URL: eu.url, LATE_KEY: eu.apiKey });
    story.program(late("5"));
    const wrong = await story.fails("preview");
    assert.match(wrong.output, /name.*must be a text|name.*string/);
    story.program(late('"late"'));
    const plan = await callsOf(() => story.succeeds("preview"));
    assert.deepEqual(plan.eu, []);
    const lines = plan.output.match(
      /this plan is for a server that is known only during the update, through the provider "later"/g,
    );
    assert.equal(lines?.length, 2, plan.output);

    fs.mkdirSync(path.join(story.workspace.dir, "services", "web"), { recursive: true });
    const service = path.join(story.workspace.dir, "services", "web", "dokploy-app.yaml");
    fs.writeFileSync(service, "kind: application\nimage: acme/web:1\n");
    const repository = 'new dokploy.DeploymentRepository("repo", {}, { provider: later });';
    story.program(program({ more: late('"late"') + repository }));
    const up = await callsOf(() => story.succeeds("up", "--skip-preview"));
    assert.deepEqual(up.us, []);
    assert.deepEqual((await projectsOf(eu)).sort(), ["late", "repo-dev", "shop"]);
    assert.match(up.output, new RegExp(`found *: "${story.resource("shop-eu").id}"`));
    const again = await callsOf(() => story.succeeds("preview", "--expect-no-changes"));
    assert.deepEqual([again.eu, again.us, again.calls].map(essential), [
      ["project.all", "project.one"],
      [],
      [],
    ]);
  });
});

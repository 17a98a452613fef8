import * as assert from "node:assert/strict";
import { count, nameOf, Story } from "./story";

describe("resources that belong to an application, once it is replaced", function () {
  this.timeout(300_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  const program = (prefix: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    const web = new dokploy.Application("web", {
      environmentId: shop.defaultEnvironmentId, name: "web", appNamePrefix: "${prefix}",
      source: { type: "docker", image: "acme/web:1" }, deploy: false,
    });
    new dokploy.Domain("shop.acme.dev", { applicationId: web.id, host: "shop.acme.dev" });
    new dokploy.Schedule("nightly", {
      applicationId: web.id, name: "nightly", cronExpression: "0 3 * * *", command: "date",
    });
    const more = new dokploy.EnvironmentBlock("more", {
      target: { applicationId: web.id }, mode: "additive", env: { MORE: "1" }, deploy: false,
    });
    new dokploy.Deployment("release", { target: { applicationId: web.id }, triggers: { round: "1" } }, { dependsOn: more });
  `;

  it("are replaced in its plan too", async () => {
    await story.up(program("one"));
    story.program(program("two"));
    const { stdout } = await story.succeeds("preview", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const replaced = steps.filter(({ op }) => op === "replace").map(({ urn }) => nameOf(urn));
    assert.deepEqual(replaced.sort(), ["more", "nightly", "release", "shop.acme.dev", "web"]);
    assert.ok(!steps.some(({ op }) => op === "update"), stdout);
  });

  it("are replaced by its update, after which nothing is left to do", async () => {
    const { output, calls } = await story.succeeds("up", "--skip-preview");
    assert.match(output, /\+-5 replaced/);
    const made = ["application", "domain", "schedule"].map((noun) => count(calls, `${noun}.create`));
    assert.deepEqual([...made, count(calls, "application.deploy")], [1, 1, 1, 1]);
    const { id } = story.resource("web");
    const row = await story.byHand("application.one", { applicationId: id });
    assert.deepEqual([row["env"], (row["domains"] as unknown[]).length], ["MORE=1", 1]);
    await story.succeeds("preview", "--expect-no-changes", "--refresh");
  });
});

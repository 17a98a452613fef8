import * as assert from "node:assert/strict";
import { count, hasLine, Story } from "./story";

/** The one place where containers are watched in real time: 10 s until they count as stable. */
describe("waiting until the new version runs, through the CLI", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    delete story.workspace.env["DOKPLOY_WAIT_FOR"];
  });
  after(() => story?.end());

  const program = (level: string, release: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    const api = new dokploy.Application("api", {
      environmentId: shop.defaultEnvironmentId,
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { LEVEL: "${level}" },
      deploy: false,
    });
    new dokploy.Deployment("release", { target: { applicationId: api.id }, triggers: { release: "${release}" } });
  `;

  it("ends when the containers run, with exactly one deployment", async () => {
    const { output, calls } = await story.up(program("info", "1"));
    const creating = `${story.typeOf("Deployment")} release creating (`;
    assert.ok(hasLine(output, creating, "s) api: runs; checking that it keeps running"), output);
    assert.equal(count(calls, "application.deploy"), 1);
    const { id } = story.resource("api");
    assert.equal(story.emulator.containerEnv(id)?.["LEVEL"], "info");
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("fails when Swarm silently restores the old version, and deploys again with the next run", async () => {
    const { id } = story.resource("api");
    story.emulator.setContainers(id, { kind: "rolled-back" });
    story.program(program("debug", "2"));
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(output, /Application "api" is deployed, but its new version does not run/);
    assert.doesNotMatch(output, /\n\s+at .*\.js:\d/);
    story.emulator.setContainers(id, undefined);
    await story.succeeds("up", "--skip-preview");
    assert.equal(story.emulator.containerEnv(id)?.["LEVEL"], "debug");
  });
});

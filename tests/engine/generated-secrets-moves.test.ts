import * as assert from "node:assert/strict";
import { isRead } from "../resources/kinds";
import { Story } from "./story";

describe("the value of a generated secret", function () {
  this.timeout(480_000);

  let story: Story;
  before(async () => {
    story = await Story.begin({ plugin: false });
  });
  after(() => story.end());

  it("stays under another name of its resource, and behind the other provider and back", async () => {
    const program = (name: string, options = "") =>
      story.program(`
        const key = new dokploy.GeneratedSecret("${name}", { length: 40 }${options});
        const shop = new dokploy.Project("shop", { name: "shop", env: { SESSION_KEY: key.value } });
      `);
    const value = async () => {
      const { id } = story.resource("shop");
      return (await story.byHand<{ env: string }>("project.one", { projectId: id })).env;
    };
    program("key");
    await story.succeeds("up", "--skip-preview");
    const made = await value();
    assert.match(made, /^SESSION_KEY="?[A-Za-z0-9]{40}"?$/);
    program("session-key", ', { aliases: [{ name: "key" }] }');
    const writes = ({ calls }: { calls: readonly string[] }) => calls.filter((call) => !isRead(call));
    assert.deepEqual(writes(await story.succeeds("up", "--skip-preview")), []);
    for (const plugin of ["true", "false"]) {
      await story.succeeds("config", "set", "dokploy:plugin", plugin);
      const moved = await story.succeeds("up", "--skip-preview");
      assert.deepEqual(writes(moved), [], moved.output);
      assert.doesNotMatch(moved.output, /GeneratedSecret session-key (?:create|replace|update|delete)/);
    }
    assert.equal(await value(), made);
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);
  });
});

describe("secret outputs", function () {
  this.timeout(480_000);

  let story: Story;
  before(async () => {
    story = await Story.begin({ plugin: true });
  });
  after(() => story.end());

  it("stay secret when a stack moves from the plugin to the npm package", async () => {
    story.program(`
      const key = new dokploy.GeneratedSecret("key", { length: 40 });
      const deployKey = new dokploy.SshKey("deploy-key", { name: "deploy" });
      const ci = new dokploy.ApiKey("ci", { name: "ci" });
      const shop = new dokploy.Project("shop", { name: "shop", env: { SESSION_KEY: key.value } });
      Object.assign(exports, { key: key.value, deployKey: deployKey.privateKey, ci: ci.key });
    `);
    await story.succeeds("up", "--skip-preview");
    const shown = await story.succeeds("stack", "output", "--json", "--show-secrets");
    const texts = Object.values(JSON.parse(shown.output) as Record<string, string>);
    assert.equal(texts.length, 3);
    const isShown = (text: string) =>
      texts.some((value) => text.includes(JSON.stringify(value).slice(1, -1)));
    await story.succeeds("config", "set", "dokploy:plugin", "false");
    for (const step of [
      ["up", "--skip-preview"],
      ["refresh", "--yes", "--skip-preview"],
    ]) {
      const { output } = await story.succeeds(...step);
      assert.ok(!isShown(output), step.join(" "));
      assert.ok(!isShown(story.workspace.stateText()), `the state after ${step.join(" ")}`);
    }
  });
});

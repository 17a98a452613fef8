import * as assert from "node:assert/strict";
import { Story } from "./story";

describe("the replacement of a compose service that keeps files", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("is refused before anything is lost, and happens once the program accepts the loss", async () => {
    const program = (more: string) => `
      const shop = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Compose("db", {
        environmentId: shop.defaultEnvironmentId,
        name: "db",
        source: {
          type: "raw",
          composeFile: "services:\\n  db:\\n    image: postgres:16\\n    volumes: [../files/database:/data]\\n",
        },
        ${more}
      });
    `;
    await story.up(program(""));
    const { id } = story.resource("db");
    const file = "files/database/rows";
    story.emulator.serviceFolder(id)?.set(file, "all the orders");

    story.program(program('composeType: "stack",'));
    for (const args of [["preview"], ["up", "--skip-preview"]]) {
      const { output } = await story.fails(...args);
      assert.match(output, /the data in \.\.\/files\/database is lost\..* allowReplacement: true/);
    }
    assert.equal(story.emulator.serviceFolder(id)?.get(file), "all the orders");

    story.program(program('composeType: "stack", allowReplacement: true,'));
    const { output } = await story.succeeds("preview");
    assert.match(output, /warning: .*is replaced\. .*the data in \.\.\/files\/database is lost\./);
    await story.succeeds("up", "--skip-preview");
    assert.equal(story.emulator.serviceFolder(id), undefined);
    assert.notEqual(story.resource("db").id, id);
  });
});

describe("a network with another name", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("is created first, then the application joins it, and the old one is deleted last, in one update", async () => {
    const program = (name: string) => `
      const shop = new dokploy.Project("shop", { name: "shop" });
      const inner = new dokploy.Network("inner", { name: "${name}" });
      new dokploy.Application("web", {
        environmentId: shop.defaultEnvironmentId,
        name: "web",
        source: { type: "docker", image: "acme/web:1" },
        networkIds: [inner.id],
      });
    `;
    await story.up(program("one"));
    const { id } = story.resource("inner");
    await story.up(program("two"));
    const { id: next } = story.resource("inner");
    assert.notEqual(next, id);
    assert.deepEqual(story.resource("web").outputs?.["networkIds"], [next]);
    const order = story.emulator.calls
      .map(({ endpoint }) => endpoint)
      .filter((endpoint) => /^(network\.(create|remove|delete)|application\.update)$/.test(endpoint));
    assert.deepEqual(order.slice(-3), ["network.create", "application.update", "network.remove"]);
  });
});

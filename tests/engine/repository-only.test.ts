import * as assert from "node:assert/strict";
import { deploys, files, RepositoryStory } from "./repository-story";
import { count } from "./story";

describe("a run of selected services of a deployment repository", function () {
  this.timeout(240_000);
  const shop = new RepositoryStory();

  it("works only on the selected services, and leaves the others unchanged", async () => {
    await shop.set("dokploy:only", "api");
    const first = await shop.up();
    assert.equal(deploys(first), 1);
    assert.equal(shop.story.find("web"), undefined, "a service that was never made is not made");

    await shop.set("dokploy:only", "web cache");
    await shop.up();
    assert.equal(shop.running("api")["LOG_LEVEL"], "debug");
    assert.equal(shop.running("web")["COLOUR"], "blue");

    // What others changed meanwhile, and the secrets of others, are no business of this run.
    shop.write("envs/dev/web.yaml", "COLOUR: green\nTOKEN: !secret notSet\n");
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: trace\nAPI_TOKEN: !secret apiToken\n");
    await shop.set("dokploy:only", "api");
    const only = await shop.up();
    assert.equal(deploys(only), 1);
    assert.equal(shop.running("api")["LOG_LEVEL"], "trace");
    assert.equal(shop.running("web")["COLOUR"], "blue");
    assert.ok(shop.story.find("web"), "web stays in the state");
    shop.remove("services/cache/compose.yaml");
    const without = await shop.up();
    assert.equal(deploys(without), 0, "nor is their compose file");
    shop.write("services/cache/compose.yaml", files["services/cache/compose.yaml"] ?? "");

    shop.remove("services/web");
    shop.remove("envs/dev/web.yaml");
    const refused = await shop.story.fails("preview");
    assert.match(
      refused.output,
      /has web, which the repository no longer has.*run once without dokploy:only/,
    );
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: info\nAPI_TOKEN: !secret apiToken\n");
    const early = await shop.story.fails("up", "--skip-preview");
    assert.match(early.output, /has web, which the repository no longer has/);
    assert.deepEqual(
      [deploys(early), shop.running("api")["LOG_LEVEL"]],
      [0, "trace"],
      "refused before anything changes",
    );
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: trace\nAPI_TOKEN: !secret apiToken\n");
    await shop.set("dokploy:only", "apy");
    assert.match((await shop.story.fails("preview")).output, /dokploy:only names "apy"/);
    await shop.story.succeeds("config", "rm", "dokploy:only");
    const gone = await shop.up();
    assert.equal(count(gone.calls, "application.delete"), 1);
  });

  it("does not come back to the failed deployment of a service that is not selected", async () => {
    shop.story.emulator.registry.missing.add("acme/web:7");
    const failed = await shop.story.fails("up", "--skip-preview");
    assert.match(failed.output, /web.*updating failed|web.*creating failed/);
    const records = async () =>
      (await shop.story.application(shop.story.resource("web").id)).deployments.length;
    assert.equal(await records(), 1);
    await shop.set("dokploy:only", "api");
    await shop.up();
    assert.equal(await records(), 1);

    await shop.story.succeeds("config", "rm", "dokploy:only");
    shop.story.emulator.registry.missing.clear();
    const all = await shop.up();
    assert.equal(count(all.calls, "application.deploy"), 1);
    assert.equal(shop.running("web")["COLOUR"], "blue");
  });

  it("knows the address of a service, even if the run leaves it alone", async () => {
    shop.story.program('exports.host = new dokploy.DeploymentRepository("shop").appName("api");');
    const host = async () => (await shop.story.succeeds("stack", "output", "host")).stdout.trim();
    await shop.set("dokploy:only", "web");
    await shop.up();
    await shop.story.succeeds("config", "rm", "dokploy:only");
    await shop.up();
    const first = await host();
    assert.equal(first, shop.story.resource("api").outputs["appName"]);
    await shop.set("dokploy:only", "web");
    await shop.up();
    assert.equal(await host(), first);
    shop.story.program('new dokploy.DeploymentRepository("shop").appName("apy");');
    assert.match((await shop.story.fails("preview")).output, /no service "apy"; it has api, cache, web/);
  });
});

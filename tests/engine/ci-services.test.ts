import * as assert from "node:assert/strict";
import { endings, GithubStory, succeeded } from "./github-story";

describe("the recipes for CI of GitHub for single services", function () {
  this.timeout(600_000);
  const shop = new GithubStory();

  it("GitHub: services are deployed one by one with the tag that another repository sends, and keep it", async () => {
    await shop.story.succeeds(
      "-C",
      shop.origin,
      "config",
      "rm",
      "--path",
      "dokploy:imageTags.api",
      "--stack",
      "test",
    );
    const refused = await shop.workflow("deploy-services.yml", { inputs: { services: "api; rm -rf ." } });
    assert.deepEqual(endings(refused), { select: "failure", deploy: "skipped" });

    const sent = await shop.workflow("deploy-services.yml", {
      inputs: { services: "cache, api", "image-tag": "v1.11.0" },
      actor: "acme-deployments[bot]",
    });
    succeeded(sent);
    assert.deepEqual(Object.keys(sent), ["select", "deploy (cache)", "deploy (api)"]);
    // Otherwise `rollback` could not return to it.
    assert.deepEqual(await shop.noted("test"), { head: shop.head(), dirty: "false" });
    assert.ok(await shop.running("test", "cache"));
    assert.equal(await shop.image("test", "api"), "traefik/whoami:v1.11.0");

    shop.edit("envs/test/cache.yaml", "CACHE_MEMORY: 64mb", "CACHE_MEMORY: 96mb");
    shop.edit("envs/test/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    succeeded(await shop.workflow("deploy-services.yml", { inputs: { services: "api" } }));
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "debug");
    assert.equal((await shop.running("test", "cache"))?.["CACHE_MEMORY"], "64mb");
    assert.equal(await shop.image("test", "api"), "traefik/whoami:v1.11.0");

    succeeded(await shop.workflow("deploy-test.yml"));
    assert.equal((await shop.running("test", "cache"))?.["CACHE_MEMORY"], "96mb");
    assert.equal(await shop.image("test", "api"), "traefik/whoami:v1.11.0");
  });
});

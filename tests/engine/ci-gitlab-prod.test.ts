import * as assert from "node:assert/strict";
import { GitlabStory } from "./gitlab-story";

describe("the recipes for CI of GitLab for prod", function () {
  this.timeout(600_000);
  const shop = new GitlabStory();
  const { job, shown } = shop;

  it("GitLab: prod is deployed after its plan, and keeps its stage", async () => {
    assert.equal((await job("install")).code, 0);
    // Variables of whoever starts a pipeline win over those of a job.
    const turned = await job("deploy test", { PULUMI_STACK: "prod", STAGE: "prod", DOKPLOY_ONLY: "none" });
    assert.equal(turned.code, 0, turned.output);
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.deepEqual(await shop.services("prod"), {});

    await shop.deployProd();
    // Otherwise `rollback` could not return to it.
    assert.deepEqual(await shop.noted("prod"), { head: shop.head(), dirty: "false" });
    const stale = await job("deploy prod");
    assert.equal(stale.code, 1, "the plan that was read is not what would happen now");
    assert.match(stale.output, /not the approved one/);
    assert.equal((await shop.running("prod", "api"))?.["LOG_LEVEL"], "warn");

    // The settings have changed since the last update: those in the state are not used.
    const useKey = (key: string) =>
      shop.story.succeeds(
        "-C",
        shop.origin,
        "config",
        "set",
        "--plaintext",
        "dokploy:apiKey",
        key,
        "--stack",
        "prod",
      );
    await useKey("key-of-a-former-server");
    await shown("prepare prod", "review prod");
    const unchanged = await job("deploy prod");
    assert.equal(unchanged.code, 0, unchanged.output);
    await useKey(shop.story.emulator.apiKey);
    const moved = await job("compare prod");
    assert.equal(moved.code, 0, moved.output);
  });
});

import * as assert from "node:assert/strict";
import { GitlabStory } from "./gitlab-story";

describe("the recipes for CI of GitLab for prod", function () {
  this.timeout(600_000);
  const shop = new GitlabStory();
  const { job, shown } = shop;

  it("GitLab: prod is deployed after its plan, keeps its stage, and shows changes by hand", async () => {
    assert.equal((await job("install")).code, 0);
    // Variables of whoever starts a pipeline win over those of a job.
    const turned = await job("deploy test", { PULUMI_STACK: "prod", STAGE: "prod", DOKPLOY_ONLY: "none" });
    assert.equal(turned.code, 0, turned.output);
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.deepEqual(await shop.services("prod"), {});

    const plan = await shown("prepare prod", "review prod");
    assert.deepEqual(plan.codes, [0, 0], plan.output);
    const done = await job("deploy prod");
    assert.equal(done.code, 0, done.output);
    const stale = await job("deploy prod");
    assert.equal(stale.code, 1, "the plan that was read is not what would happen now");
    assert.match(stale.output, /not the approved one/);
    assert.equal((await shop.running("prod", "api"))?.["LOG_LEVEL"], "warn");

    const quiet = await shown("compare prod", "drift prod");
    assert.deepEqual(quiet.codes, [0, 0], quiet.output);
    const { applicationId = "" } = (await shop.services("prod"))["api"] ?? {};
    await shop.story.byHand("application.update", { applicationId, env: "BY_HAND=1" });
    const drift = await shown("compare prod", "drift prod");
    assert.notEqual(drift.codes[0], 0);
    assert.match(drift.text, /BY_HAND/);
    const refreshing = shop.jobsOf({ refresh: "true" });
    await shown("prepare prod", "review prod", {}, refreshing);
    const back = await job("deploy prod", {}, refreshing);
    assert.equal(back.code, 0, back.output);
    assert.doesNotMatch((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
    assert.equal((await job("compare prod")).code, 0);

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

import * as assert from "node:assert/strict";
import { GitlabStory } from "./gitlab-story";

describe("the recipes for CI of GitLab for changes by hand", function () {
  this.timeout(600_000);
  const shop = new GitlabStory();
  const { job, shown } = shop;

  it("GitLab: changes by hand in prod are shown, and undone by a pipeline that refreshes", async () => {
    assert.equal((await job("install")).code, 0);
    await shop.deployProd();
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
  });
});

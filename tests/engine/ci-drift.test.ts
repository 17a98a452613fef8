import * as assert from "node:assert/strict";
import { GithubStory, succeeded } from "./github-story";

describe("the recipes for CI of GitHub, after changes by hand", function () {
  this.timeout(600_000);
  const shop = new GithubStory();

  it("GitHub: the nightly job finds changes by hand, which a deployment with a refresh undoes", async () => {
    succeeded(await shop.workflow("deploy-test.yml"));
    const { applicationId = "" } = (await shop.services("test"))["api"] ?? {};
    const { env } = await shop.story.application(applicationId);
    await shop.story.byHand("application.update", { applicationId, env: `${env}\nBY_HAND=1` });
    const drift = (await shop.workflow("drift.yml"))["drift (test)"];
    assert.equal(drift?.result, "failure");
    assert.match(drift?.summary ?? "", /BY_HAND/);
    assert.doesNotMatch(drift?.output ?? "", /BY_HAND/);

    // Compared with the state alone nothing has changed.
    succeeded(await shop.workflow("deploy-test.yml"));
    assert.match((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
    const back = await shop.workflow("deploy-test.yml", { inputs: { refresh: true } });
    succeeded(back);
    assert.match(back["deploy"]?.output ?? "", /BY_HAND/);
    assert.doesNotMatch((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await shop.workflow("drift.yml"))["drift (test)"]?.result, "success");
  });
});

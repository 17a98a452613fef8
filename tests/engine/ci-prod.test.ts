import * as assert from "node:assert/strict";
import { endings, GithubStory, succeeded } from "./github-story";

describe("the recipes for CI of GitHub for prod", function () {
  this.timeout(600_000);
  const shop = new GithubStory();

  it("GitHub: prod is deployed from main after its name was typed and its plan was shown", async () => {
    for (const [event, reason] of [
      [{ inputs: { confirm: "yes" } }, /type "prod" to confirm/],
      [{ inputs: { confirm: "prod" }, ref: "refs/heads/hotfix" }, /not from refs\/heads\/hotfix/],
      [{ inputs: { confirm: "prod" }, actor: "acme-deployments[bot]" }, /by people/],
    ] as const) {
      const refused = await shop.workflow("deploy-prod.yml", event);
      assert.deepEqual(endings(refused), {
        confirm: "failure",
        plan: "skipped",
        deploy: "skipped",
        deployments: "skipped",
      });
      assert.match(refused["confirm"]?.output ?? "", reason);
    }
    assert.deepEqual(shop.story.emulator.calls, []);

    const done = await shop.workflow("deploy-prod.yml", { inputs: { confirm: "prod" } });
    succeeded(done);
    assert.match(done["plan"]?.summary ?? "", /LOG_LEVEL/);
    assert.match(done["deploy"]?.summary ?? "", /created/);
    assert.equal((await shop.running("prod", "api"))?.["LOG_LEVEL"], "warn");
    assert.equal((await shop.running("prod", "cache"))?.["CACHE_PASSWORD"], "canary-word-prod");

    const { applicationId = "" } = (await shop.services("prod"))["api"] ?? {};
    const { env } = await shop.story.application(applicationId);
    await shop.story.byHand("application.update", { applicationId, env: `${env}\nBY_HAND=1` });
    const back = await shop.workflow("deploy-prod.yml", { inputs: { confirm: "prod", refresh: true } });
    succeeded(back);
    assert.match(back["plan"]?.summary ?? "", /BY_HAND/);
    assert.doesNotMatch((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
  });
});

import * as assert from "node:assert/strict";
import { Artifacts } from "../ci/artifacts";
import { endings, GithubStory, succeeded } from "./github-story";

describe("the recipes for CI of GitHub", function () {
  this.timeout(600_000);
  const shop = new GithubStory();

  it("GitHub: a merge runs in test, and a pull request gets a plan of each stage", async () => {
    succeeded(await shop.workflow("deploy-test.yml"));
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await shop.running("test", "api"))?.["API_TOKEN"], "canary-token-test");
    assert.equal((await shop.running("test", "cache"))?.["CACHE_PASSWORD"], "canary-word-test");
    assert.deepEqual(await shop.services("prod"), {});

    shop.edit("envs/test/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    const artifacts = new Artifacts();
    const planned = await shop.workflow("preview.yml", { ref: "refs/pull/7/merge", artifacts });
    succeeded(planned);
    assert.match(planned["plan (test)"]?.summary ?? "", /LOG_LEVEL.*info.*debug/);
    assert.match(planned["stages"]?.summary ?? "", /LOG_LEVEL/);
    const ids = shop.github.comments.map(({ id }) => id);
    assert.equal(ids.length, 2);
    assert.match(shop.comment("test"), /LOG_LEVEL.*info.*debug/);
    assert.doesNotMatch(shop.comment("test"), /WHOAMI_NAME/);
    assert.match(shop.comment("prod"), /WHOAMI_NAME/);
    assert.match(shop.comment("test"), /^Commit 0123456$/m);
    for (const stage of ["test", "prod"]) {
      const page =
        /^\[The whole plan as a page\]\(https:\/\/github\.com\/acme\/shop\/actions\/runs\/99\/artifacts\/\d+\)$/m;
      assert.match(shop.comment(stage), page);
      assert.match(planned[`plan (${stage})`]?.summary ?? "", page);
      const [html] = [...(artifacts.kept.get(`${stage}-plan.html`)?.values() ?? [])];
      assert.match(html?.toString() ?? "", /^<!doctype html>[\s\S]*LOG_LEVEL/i);
    }
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");

    shop.edit("envs/test/api.yaml", "LOG_LEVEL: debug", "LOG_LEVEL: [");
    const commit = "fedcba9876543210fedcba9876543210fedcba98";
    const broken = await shop.workflow("preview.yml", { ref: "refs/pull/7/merge", commit });
    const { "plan (test)": plan, comment: written } = endings(broken);
    assert.deepEqual([plan, written], ["failure", "success"]);
    assert.match(shop.comment("test"), /envs\/test\/api\.yaml:\d+:\d+/);
    assert.doesNotMatch(shop.comment("test"), /debug/);
    assert.match(shop.comment("test"), /^Commit fedcba9$/m);
    assert.deepEqual(
      shop.github.comments.map(({ id }) => id),
      ids,
    );
  });

  it("GitHub: if there is no plan, a comment says so and the job fails", async () => {
    await shop.story.succeeds("-C", shop.origin, "stack", "rm", "--yes", "--preserve-config", "test");
    const failed = await shop.workflow("preview.yml", { ref: "refs/pull/7/merge" });
    const { "plan (test)": plan, "plan (prod)": other, comment: written } = endings(failed);
    assert.deepEqual([plan, other, written], ["failure", "success", "success"]);
    assert.match(shop.comment("test"), /There is no plan\.[\s\S]*^Commit 0123456$/m);
    assert.match(failed["plan (test)"]?.summary ?? "", /There is no plan\./);
    assert.match(failed["plan (test)"]?.output ?? "", /error: no stack named 'test' found/);
  });

  it("GitHub: a pull request from a fork or by Dependabot gets no plan and no secret", async () => {
    for (const event of [{ fork: true }, { actor: "dependabot[bot]" }]) {
      const skipped = await shop.workflow("preview.yml", { ref: "refs/pull/7/merge", ...event });
      assert.deepEqual(endings(skipped), { plan: "skipped", comment: "skipped", stages: "success" });
    }
    assert.deepEqual(shop.story.emulator.calls, []);
    assert.deepEqual(shop.github.comments, []);
  });
});

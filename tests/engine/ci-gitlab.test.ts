import * as assert from "node:assert/strict";
import { GitlabStory } from "./gitlab-story";

describe("the recipes for CI of GitLab", function () {
  this.timeout(600_000);
  const shop = new GitlabStory();
  const { job, shown } = shop;

  it("GitLab: the same, with the plan as an artifact and as a note of the merge request", async () => {
    const { host } = shop;
    const { notes } = host;
    assert.equal((await job("install")).code, 0);
    const deployed = await job("deploy test");
    assert.equal(deployed.code, 0, deployed.output);
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");

    const mergeRequest = {
      CI_MERGE_REQUEST_IID: "7",
      CI_COMMIT_SHA: "0123456789abcdef0123456789abcdef01234567",
    };
    for (const [from, to] of [
      ["info", "debug"],
      ["debug", "trace"],
    ] as const) {
      shop.edit("envs/test/api.yaml", `LOG_LEVEL: ${from}`, `LOG_LEVEL: ${to}`);
      const { codes, output, text } = await shown("preview test", "plan test", mergeRequest);
      assert.deepEqual(codes, [0, 0], output);
      const plan = new RegExp(`LOG_LEVEL.*info.*${to}`);
      assert.match(text, plan);
      assert.doesNotMatch(output, /LOG_LEVEL/);
      assert.equal(notes.length, 1);
      assert.match(notes[0]?.body ?? "", plan);
      assert.match(notes[0]?.body ?? "", /^Commit 01234567$/m);
      assert.match(
        notes[0]?.body ?? "",
        /^\[The whole plan as a page\]\(https:\/\/gitlab\.example\.com\/acme\/shop\/-\/jobs\/1\/artifacts\/file\/plan\.html\)$/m,
      );
    }
    const prod = await shown("preview prod", "plan prod");
    assert.deepEqual(prod.codes, [0, 0], prod.output);
    assert.match(prod.text, /LOG_LEVEL/);
    assert.equal(notes.length, 1);
    assert.match((await job("differences of prod")).output, /LOG_LEVEL/);
    assert.deepEqual(await shop.services("prod"), {});

    await shop.story.succeeds(
      "-C",
      shop.origin,
      "stack",
      "rm",
      "--force",
      "--yes",
      "--preserve-config",
      "test",
    );
    const planless = await shown("preview test", "plan test", mergeRequest);
    assert.ok(!planless.codes.includes(0));
    assert.equal(notes.length, 1);
    assert.match(notes[0]?.body ?? "", /^<!-- plan: test -->\n[\s\S]*There is no plan\./);
  });
});

import * as assert from "node:assert/strict";
import { PreviewStory } from "./preview-story";

describe("previews after a run that was killed", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  const steps = ["project.create", "postgres.create", "application.create", "application.deploy"];
  for (const endpoint of [...steps, "schedule.create", "schedule.runManually"]) {
    it(`at ${endpoint}, are completed by the next one`, async () => {
      await shop.killed(endpoint);
      await shop.succeeds("up 12 --tag web=b --unlock");
      assert.equal((await shop.webOf(12))["dockerImage"], "acme/web:b");
      const [only, ...others] = await shop.projects();
      assert.deepEqual(others, []);
      const [{ applications, postgres } = assert.fail("no environment")] = only?.environments ?? [];
      assert.deepEqual([applications.length, postgres.length], [1, 1]);
      await shop.succeeds("remove 12");
      await shop.assertNothingLeft();
    });
  }
});

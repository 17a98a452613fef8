import * as assert from "node:assert/strict";
import { PreviewStory } from "./preview-story";

describe("previews after two runs that were killed", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  it("are completed by the next one, and removed", async () => {
    await shop.killed("project.create");
    await shop.killed("application.create", "--unlock");
    const output = await shop.succeeds("up 12 --tag web=b --unlock");
    assert.match(output, /Continuing with what a killed run created: web\./);
    assert.equal((await shop.projects())[0]?.environments[0]?.applications.length, 1);
    assert.doesNotMatch(await shop.succeeds("up 12 --tag web=c"), /Continuing with/);
    await shop.succeeds("remove 12");
    await shop.assertNothingLeft();
  });

  it("are removed at once", async () => {
    await shop.killed("project.create");
    await shop.killed("application.create", "--unlock");
    await shop.succeeds("remove 12 --unlock");
    await shop.assertNothingLeft();
  });
});

import * as assert from "node:assert/strict";
import * as path from "node:path";
import { ExportStory, problemsIn, writing } from "./export-story";

describe("pulumi-dokploy export of a whole server as a deployment repository", function () {
  this.timeout(300_000);
  const shop = new ExportStory();
  const { exported, folderOf, pulumi, setPassword } = shop;

  it("writes a deployment repository, which adopts everything without a change", async () => {
    await exported("repository", "--layout", "repository", "--name", "shop");
    assert.deepEqual(problemsIn(path.join(folderOf("repository"), "index.ts")), []);
    await setPassword("repository");
    const run = await pulumi("repository", "up", "--yes");
    assert.doesNotMatch(run.output, /is adopted: (?!nothing to change)/);
    assert.deepEqual(writing(run.calls), []);
    await pulumi("repository", "preview", "--expect-no-changes", "--diff");
    await pulumi("repository", "refresh", "--yes", "--expect-no-changes");
  });

  it("shows no secret: not in a file, not in its output, not in the state", () => {
    shop.assertNoSecret("repository");
  });
});

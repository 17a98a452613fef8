import * as assert from "node:assert/strict";
import * as path from "node:path";
import { ExportStory, filesIn, problemsIn, writing } from "./export-story";

describe("pulumi-dokploy export of a whole server", function () {
  this.timeout(300_000);
  const shop = new ExportStory();
  const { exported, folderOf, pulumi, setPassword } = shop;

  it("only reads, and writes a program that compiles under the strictest settings", async () => {
    shop.story.emulator.clearCalls();
    const report = await exported("taken", "--verify");
    assert.match(report, /Verified by a preview: \d+ to adopt, 0 changes, 0 writing calls, 0 deployments\./);
    assert.match(report, /pulumi config set --secret images-test-password/);
    assert.doesNotMatch(filesIn(folderOf("taken"))["Pulumi.prod.yaml"] ?? "", /images-test-password/);
    assert.match(report, /Read the server with \d+ requests, all of them GET\./);
    assert.deepEqual(
      shop.story.emulator.calls.filter(({ method }) => method !== "GET"),
      [],
    );
    assert.deepEqual(problemsIn(path.join(folderOf("taken"), "index.ts")), []);
  });

  it("adopts everything without a change, and saves and deploys nothing", async () => {
    await setPassword("taken");
    const plan = await pulumi("taken", "preview");
    assert.doesNotMatch(plan.output, /is adopted: (?!nothing to change)/);
    const run = await pulumi("taken", "up", "--yes", "--skip-preview");
    assert.deepEqual(writing(run.calls), []);
  });

  it("then shows no change, neither in a plan nor in a refresh", async () => {
    const plan = await pulumi("taken", "preview", "--expect-no-changes", "--diff");
    assert.deepEqual(writing(plan.calls), []);
    await pulumi("taken", "refresh", "--yes", "--expect-no-changes");
  });

  it("shows no secret: not in a file, not in its output, not in the state", () => {
    shop.assertNoSecret("taken");
  });
});

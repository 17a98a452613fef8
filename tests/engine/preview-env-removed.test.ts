import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { PreviewStory } from "./preview-story";

describe("previews after runs that were killed", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  it("stay as long as their project has a service that no run created, and are removed then", async () => {
    await shop.killed("project.create");
    const [project] = await shop.projects();
    const environmentId = project?.environments[0]?.environmentId ?? assert.fail("no environment");
    const { applicationId } = await shop.story.byHand<{ applicationId: string }>("application.create", {
      name: "by hand",
      environmentId,
    });
    const { code, output } = await shop.run("remove 12 --unlock");
    assert.equal(code, 1);
    assert.match(output, /has services that no run created: by hand\. Move or delete them first\./);
    await shop.story.byHand("application.delete", { applicationId });
    // A removal that is refused changes nothing, so the lock of the killed run is still there.
    await shop.succeeds("remove 12 --unlock");
    await shop.assertNothingLeft();
  });

  for (const endpoint of ["project.create", "application.create"]) {
    it(`at ${endpoint}, are removed by a sweep, once the lock is old`, async () => {
      await shop.killed(endpoint);
      const locks = path.join(shop.story.workspace.dir, "..", "state", ".pulumi", "locks");
      for (const name of fs.readdirSync(locks, { recursive: true, encoding: "utf8" })) {
        if (!name.endsWith(".json")) continue;
        const file = path.join(locks, name);
        const contents = JSON.parse(fs.readFileSync(file, "utf8"));
        fs.writeFileSync(file, JSON.stringify({ ...contents, timestamp: "2026-01-01T00:00:00Z" }));
      }
      await shop.succeeds("sweep --open 1");
      await shop.assertNothingLeft();
    });
  }
});

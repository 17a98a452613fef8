import * as assert from "node:assert/strict";
import * as path from "node:path";
import { command, ExportStory, execute, filesIn, problemsIn } from "./export-story";

describe("pulumi-dokploy export of a whole server, with its secrets elsewhere,", function () {
  this.timeout(300_000);
  const shop = new ExportStory();
  const { exported, folderOf, ran } = shop;

  it("proves it before anything is adopted, with secrets from the environment", async () => {
    const report = await exported("proved", "--secrets", "env", "--stack", "proof", "--verify");
    assert.match(report, /Verified by a preview: \d+ to adopt, 0 changes, 0 writing calls, 0 deployments\./);
    assert.deepEqual(problemsIn(path.join(folderOf("proved"), "index.ts")), []);
  });

  it("refuses to export what the stack lacks while the adoption file is still needed", async () => {
    const folder = folderOf("proved");
    await assert.rejects(
      ran(folder, "export", "--missing", "--stack", "proof", "--out", "by-hand"),
      /dokploy-adopt\.json has \w+ "[\w-]+", which the stack proof has not adopted yet: run pulumi up first\./,
    );
    assert.match(filesIn(folder)["Pulumi.proof.yaml"] ?? "", /dokploy:adopt: dokploy-adopt\.json/);
  });

  it("explains what to do when the stack cannot store the secrets", async () => {
    const { PULUMI_CONFIG_PASSPHRASE: _, ...env } = shop.story.workspace.env;
    const options = { cwd: shop.story.workspace.dir, env };
    await assert.rejects(
      execute(process.execPath, [command, "export", "--out", "late"], options),
      /passphrase must be set[\s\S]*run the command again with --force/,
    );
    assert.match(await exported("late", "--force"), /went into the encrypted configuration/);
  });

  it("writes the same bytes again", async () => {
    await exported("again", "--secrets", "none");
    await exported("third", "--secrets", "none");
    assert.deepEqual(filesIn(folderOf("again")), filesIn(folderOf("third")));
  });

  it("shows no secret: not in a file, not in its output, not in the state", () => {
    shop.assertNoSecret("proved");
  });
});

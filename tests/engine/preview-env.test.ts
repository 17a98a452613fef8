import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { canary, files, PreviewStory } from "./preview-story";
import { count } from "./story";

describe("previews of pull requests", function () {
  this.timeout(240_000);
  const shop = new PreviewStory();

  it("of which one fails shows the cause and the end of the log", async () => {
    shop.story.emulator.registry.missing.add("acme/web:broken");
    const { code, output } = await shop.run("up 12 --tag web=broken");
    assert.equal(code, 1, output);
    const [, comment = ""] = output.split("### Preview of #12 **failed**");
    assert.match(
      comment,
      /\| `web` \| \*\*no\*\*<br>the last deployment \*\*failed\*\*<br>`no container of it runs` \|/,
    );
    assert.match(comment, /application "web"[\s\S]*acme\/web:broken/);
  });

  it("whose seed fails say so, and run it again with the next deployment", async () => {
    shop.story.write(
      "dokploy-previews.yaml",
      `${files["dokploy-previews.yaml"]}`.replace("npm run seed", `echo ${canary}; exit 1`),
    );
    const { code, output } = await shop.run("up 12");
    assert.equal(code, 1);
    assert.match(output, /The seed of web failed:\n[\s\S]*echo \[secret\]; exit 1[\s\S]*Command failed/);
    shop.story.write("dokploy-previews.yaml", files["dokploy-previews.yaml"] ?? "");
    await shop.succeeds("up 12");
    assert.equal(
      count(
        shop.story.emulator.calls.map(({ endpoint }) => endpoint),
        "schedule.runManually",
      ),
      2,
    );
  });

  it("whose lifetime is over are removed", async () => {
    await shop.succeeds("up 12");
    const file = path.join(
      shop.story.workspace.dir,
      "..",
      "state",
      ".pulumi",
      "stacks",
      "shop",
      "pr-12.json",
    );
    const state = JSON.parse(fs.readFileSync(file, "utf8"));
    state.checkpoint.latest.manifest.time = "2026-01-01T00:00:00Z";
    fs.writeFileSync(file, JSON.stringify(state));
    assert.match(await shop.succeeds("list"), /^#12 {2}deployed .* UTC, expired$/m);
    assert.match(await shop.succeeds("sweep"), /^#12 is removed: expired$/m);
    assert.deepEqual(await shop.projects(), []);
  });
});

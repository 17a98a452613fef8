import * as assert from "node:assert/strict";
import { Story } from "./story";
import { base, block, summaryOf } from "./summary-story";

describe("the summary of a plan that the CLI printed", function () {
  this.timeout(120_000);
  let story: Story;
  let worker: string;
  let other: string;

  before(async () => {
    story = await Story.begin();
    worker = await story.existingApplication("worker");
    other = await story.existingApplication("other");
  });
  after(() => story?.end());

  const summarise = (body: string, ...args: string[]) => summaryOf(story, body, ...args);

  it("reports creations", async () => {
    const { markdown } = await summarise(base + block(worker));
    assert.match(
      markdown,
      /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`\n\n\*\*4 to create\*\* · deploys up to 3 services$/m,
    );
    assert.match(markdown, /^\| \+ \| `LEVEL` \| `info` \|$/m);
    assert.match(markdown, /^\| \+ \| `TOKEN` \| _secret_ \|$/m);
    assert.doesNotMatch(markdown, /canary-1/);
    await story.up(base + block(worker));
  });

  it("is one line when nothing changes", async () => {
    const { markdown, preview } = await summarise(base + block(worker));
    assert.equal(markdown, `**Plan for \`shop/dev\` on \`${story.emulator.url}\`**: nothing to do.\n`);
    assert.deepEqual(preview.calls, []);
  });

  it("reports changes, hides secrets, and names exactly the deployments that follow", async () => {
    const changed = base
      .replace('LEVEL: "info", OLD: "gone"', 'LEVEL: "debug|`x`", NEW: pulumi.secret("canary-3")')
      .replace("canary-1", "canary-4")
      .replace('WAS_PLAIN: "canary-2"', 'WAS_PLAIN: pulumi.secret("canary-5")')
      .replace("replicas: 1", "replicas: 2");
    const { markdown } = await summarise(changed + block(worker));
    assert.match(markdown, /^\*\*2 to update\*\* · deploys 1 service, reloads 1 service$/m);
    assert.match(markdown, /^\| ~ \| `LEVEL` \| `info` \| <code>debug&#124;&#96;x&#96;<\/code> \|$/m);
    for (const row of [
      "+ | `NEW` |  | _secret_",
      "− | `OLD` | `gone` | ",
      "~ | `TOKEN` | _secret_ | _secret_",
    ]) {
      assert.ok(markdown.includes(`\n| ${row} |\n`), markdown);
    }
    assert.match(markdown, /^\| ~ \| `WAS_PLAIN` \| _secret_ \| _secret_ \|$/m);
    assert.match(markdown, /^### `api` · Application · update, deploys$/m);
    assert.match(markdown, /^### `web` · Application · update, reloads$/m);
    assert.doesNotMatch(markdown, /canary/);
    const { calls } = await story.up(changed + block(worker));
    const applied = calls.filter((call) => /^application\.(?:deploy|redeploy|reload)$/.test(call));
    assert.deepEqual(applied.sort(), ["application.deploy", "application.reload"]);
    await story.up(base + block(worker));
  });

  it("marks replacements and deletions", async () => {
    const { markdown } = await summarise(base.replace(/const web[\s\S]*/, "") + block(other));
    assert.match(markdown, /^\*\*1 to replace, 1 to delete\*\* · deploys up to 1 service$/m);
    assert.match(markdown, /^> \[!CAUTION\]\n> \*\*Deletes\*\* `web` \(Application\)\.$/m);
    assert.match(markdown, /^\| ~ \| `target\.applicationId` \*\*replaces\*\* \| `.*` \| `.*` \|$/m);
  });

  it("hides what somebody set by hand", async () => {
    const texts = { buildArgs: null, buildSecrets: null, createEnvFile: true };
    const env = "A=canary-6\nHAND=canary-7";
    await story.byHand("application.saveEnvironment", { applicationId: worker, env, ...texts });
    const { markdown } = await summarise(base + block(worker), "--refresh");
    // As the CLI shows it: by hand it may be a secret, and in the program it stands in clear.
    const text = await story.succeeds("preview", "--diff", "--refresh");
    assert.match(text.stdout, /~ A *: \[secret\] => "a"/);
    assert.match(markdown, /^\| ~ \| `A` \| _secret_ \| `a` \|\n\| − \| `HAND` \| _secret_ \| {2}\|$/m);
    assert.match(markdown, / · update, deploys the application `.*`$/m);
    assert.doesNotMatch(markdown, /canary-[67]/);
  });

  it("of a failed preview gives the reason", async () => {
    const { markdown, preview } = await summarise(base.replace("LEVEL", '"BAD KEY"') + block(worker));
    assert.notEqual(preview.code, 0);
    assert.match(markdown, /^## Plan for `shop\/dev` on `http:\/\/127\.0\.0\.1:\d+`: the preview failed$/m);
    assert.match(markdown, /^Application "api": env\.BAD KEY: is a name that Dokploy ignores/m);
    const thrown = await summarise('throw new Error("no such \\u001b[31mcolour\\u001b[0m @team")');
    assert.match(thrown.markdown, /^Error: no such colour @team$/m);
  });
});

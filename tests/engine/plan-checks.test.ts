import * as assert from "node:assert/strict";
import { Story } from "./story";

const program = `
  const project = new dokploy.Project("project", { name: "shop" });
  for (const name of ["api", "web"]) {
    new dokploy.Application(name, {
      environmentId: project.defaultEnvironmentId,
      name,
      source: { type: "docker", image: "acme/" + name },
      env: { DB_PASSWORD: "canary-hunter2", LOG_LEVEL: "info" },
    });
  }
  exports.id = project.id;
`;

describe("the checks of a program, through the CLI", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    story.program(program);
  });
  after(() => story?.end());

  it("name all places in one line, and hide a plain secret in the plan and its summary", async () => {
    const { output } = await story.succeeds("preview", "--diff");
    assert.match(
      output,
      /looks like a secret: Application "api" env\.DB_PASSWORD, Application "web" env\.DB_PASSWORD\. /,
    );
    assert.match(
      output,
      /No version of the image.*: Application "api", Application "web"\. .*\[latest-tag\] \[dokploy\/advice/,
    );
    assert.match(output, /No memory limit.*: Application "api", Application "web"\. /);
    assert.match(output, /LOG_LEVEL\s*: "info"/);
    story.write("plan.json", (await story.succeeds("preview", "--json")).stdout);
    const summary = await story.command(["plan-summary", "plan.json"]);
    assert.equal(summary.code, 0, summary.output);
    assert.match(summary.output, /\| \+ \| `DB_PASSWORD` \| .*_secret_/);
    assert.match(summary.output, /\[plain-secret\]/);
    assert.doesNotMatch(summary.output, /No memory limit/);
    assert.doesNotMatch(output + summary.output, /canary/);
  });

  it("end the preview at the level error", async () => {
    await story.succeeds("config", "set", "--path", "dokploy:checks.latest-tag", "error");
    const { code, output } = await story.run("preview");
    assert.notEqual(code, 0);
    assert.match(output, /error: .*No version of the image.*: Application "api", Application "web"\./);
  });
});

import * as assert from "node:assert/strict";
import { count, Story } from "./story";

const program = `
  const project = new dokploy.Project("project", { name: "shop", env: { REGION: "eu" } });
  const application = (name) => new dokploy.Application(name, {
    environmentId: project.defaultEnvironmentId,
    name,
    source: { type: "docker", image: "acme/" + name + ":1" },
    env: { LOG_LEVEL: "info" },
    deploy: false,
  });
  application("api");
  application("web");
`;

const canary = "canary-4711";
const byAna = String.raw`last changed in Dokploy by ana@acme\.example, \d{4}-\d\d-\d\d \d\d:\d\d UTC\.`;

describe("drift", function () {
  this.timeout(180_000);
  let story: Story;

  before(async () => {
    story = await Story.begin();
    await story.up(program);
    const { audit } = story.emulator;
    const { user } = audit;
    audit.isLicensed = true;
    audit.user = { userId: "ana", userEmail: "ana@acme.example" };
    await story.byHand("application.update", {
      applicationId: story.resource("api").id,
      env: `LOG_LEVEL=${canary}`,
    });
    await story.byHand("project.update", { projectId: story.resource("project").id, env: "REGION=us" });
    audit.user = user;
    await story.byHand("application.update", {
      applicationId: story.resource("web").id,
      env: "LOG_LEVEL=debug",
    });
  });
  after(() => story?.end());

  it("names the person who changed each object last in a plan with --refresh, and in its summary", async () => {
    const preview = await story.run("preview", "--refresh", "--run-program", "--json");
    story.write("plan.json", preview.stdout);
    const { code, output } = await story.command(["plan-summary", "plan.json"]);
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`Application "api" differs from the state: ${byAna}`));
    assert.match(output, new RegExp(`Project "shop" differs from the state: ${byAna}`));
    assert.doesNotMatch(output, /"web" differs/);
    assert.equal(count(preview.calls, "auditLog.all"), 1);
    assert.equal((preview.output + output).includes(canary), false);
  });

  it("names that person in a refresh, and leaves no trace of it in the state", async () => {
    const { output, calls } = await story.succeeds("refresh", "--skip-preview");
    assert.match(
      output,
      new RegExp(`Application "api" differs from the state: ${byAna} \\[dokploy/drift C3\\]`),
    );
    assert.equal(count(calls, "auditLog.all"), 1);
    assert.equal(count(calls, "user.get"), 1);
    assert.equal(output.includes(canary), false);
    assert.doesNotMatch(story.workspace.stateText(), /ana@acme|canary-4711/);
  });

  it("is not reported again once the state has it, and nobody is asked for", async () => {
    const { output, calls } = await story.succeeds("refresh", "--skip-preview");
    assert.doesNotMatch(output, /differs from the state/);
    assert.equal(count(calls, "auditLog.all"), 0);
  });
});

import * as assert from "node:assert/strict";
import { Story } from "./story";

const program = (tag: string) => `
  const project = new dokploy.Project("project", { name: "shop" });
  new dokploy.Application("api", {
    environmentId: project.defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:${tag}" },
    release: "npm run migrate",
  });
`;

describe("a release command", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  const runs = () =>
    story.emulator.instance.containers
      .get(story.resource("api").id)
      ?.tasks.find(({ desired }) => desired === "running")?.version.image;

  it("runs before the first deployment", async () => {
    await story.up(program("1"));
    assert.equal(story.emulator.startedCommands.length, 1);
    assert.equal(runs(), "acme/api:1");
  });

  it("is in the plan, and its failure keeps the old version", async () => {
    story.emulator.setCommand("npm run migrate", {
      kind: "crash-loop",
      exitCode: 3,
      output: "no such table",
    });
    story.program(program("2"));
    const { output: plan } = await story.succeeds("preview");
    assert.match(plan, /Application "api": runs `npm run migrate` in the new image before the switch\./);
    const { output } = await story.fails("up", "--skip-preview");
    assert.match(output, /of application "api" exited with code 3\. The application stays as it was\./);
    assert.match(output, /Its last output \(1 line\):\s+no such table/);
    assert.equal(runs(), "acme/api:1");
  });

  it("runs again with the next update, and then no more", async () => {
    story.emulator.setCommand("npm run migrate", undefined);
    await story.up(program("2"));
    assert.equal(runs(), "acme/api:2");
    assert.equal(story.emulator.startedCommands.length, 3);
    await story.succeeds("preview", "--expect-no-changes");
  });
});

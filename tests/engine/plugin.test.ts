import * as assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { count, essential, hasLine, Story } from "./story";

const program = ({ env = `{ LEVEL: "info", TOKEN: pulumi.secret("canary-1") }`, more = "" } = {}) => `
  const project = new dokploy.Project("project", { name: "shop" });
  const api = new dokploy.Application("api", {
    environmentId: project.defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    env: ${env},
    domains: [{ host: "api.example.com", port: 8080 }],
  });
  exports.appName = api.appName;
  ${more}
`;

describe("a Node.js program with dokploy:plugin", function () {
  this.timeout(180_000);
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin({ plugin: true });
  });
  afterEach(() => story.end());

  it("creates, changes, reads and deletes with plans by key, and never shows a secret", async () => {
    const { emulator, workspace } = story;
    story.program(program());
    const first = await story.succeeds("preview", "--diff");
    assert.ok(hasLine(first.output, "LEVEL", "info"), first.output);
    const created = await story.succeeds("up", "--skip-preview");
    assert.match(created.output, /api: (?:deploying|deployment queued)|created/);
    const { id, outputs, type } = story.resource("api");
    assert.equal(type, "dokploy-native:index:Application");
    assert.deepEqual(
      Object.keys(outputs).filter((name) => name.startsWith("__")),
      ["__server"],
    );
    assert.deepEqual(emulator.containerEnv(id), { LEVEL: "info", TOKEN: "canary-1" });

    const unchanged = await story.succeeds("preview");
    assert.deepEqual(unchanged.calls, []);
    assert.match(unchanged.output, /4 unchanged|unchanged/);

    const plan = await story.plan(program({ env: `{ LEVEL: "debug", TOKEN: pulumi.secret("canary-2") }` }));
    assert.deepEqual(plan["api"], { op: "update", changed: ["env.LEVEL", "env.TOKEN"] });
    const updated = await story.succeeds("up", "--skip-preview");
    assert.equal(count(updated.calls, "application.deploy"), 1);
    assert.deepEqual(emulator.containerEnv(id), { LEVEL: "debug", TOKEN: "canary-2" });

    await story.byHand("application.saveEnvironment", {
      applicationId: id,
      env: "LEVEL=trace\nTOKEN=canary-2",
      buildArgs: "",
      buildSecrets: "",
      createEnvFile: false,
    });
    const refreshed = await story.succeeds("refresh", "--yes", "--diff");
    assert.ok(hasLine(refreshed.output, "LEVEL"), refreshed.output);

    const destroyed = await story.succeeds("destroy", "--yes", "--skip-preview");
    assert.ok(essential(destroyed.calls).includes("project.remove"));
    const all = [first, created, unchanged, updated, refreshed, destroyed]
      .map(({ output }) => output)
      .join("\n");
    assert.doesNotMatch(all, /canary/);
    assert.doesNotMatch(workspace.stateText(), /canary/);
  });
});

describe("a run through the plugin that is interrupted", function () {
  this.timeout(180_000);

  it("ends while Dokploy still builds, says so, and keeps the application in the state", async () => {
    const story = await Story.begin({ plugin: true, buildMs: 3_600_000 });
    try {
      story.program(program());
      const running = story.workspace.start("up", "--skip-preview");
      while (!story.emulator.calls.some(({ endpoint }) => endpoint === "application.deploy")) await pause(50);
      running.interrupt();
      const { code, stdout, stderr } = await running.result;
      assert.notEqual(code, 0);
      assert.match(
        stdout + stderr,
        /Deployment of application "api" continues in Dokploy, but cannot be followed to its end.*: Pulumi was interrupted\./,
      );
      assert.doesNotMatch(stdout + stderr, /canary/);
      const { id } = story.resource("api");
      const [build] = (await story.application(id)).deployments;
      assert.equal(build?.status, "running");
    } finally {
      await story.end();
    }
  });
});

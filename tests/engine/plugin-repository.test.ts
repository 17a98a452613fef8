import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { count, Story } from "./story";

/** The repository as a remote component, as every language but Node.js declares it. */
const program = (args = `{ directory: "." }`) => `
  class Repository extends pulumi.ComponentResource {
    constructor(name, args, options) {
      super("dokploy-native:index:DeploymentRepository", name, { environmentId: undefined, ...args }, options, true);
    }
  }
  const shop = new Repository("shop", ${args});
  exports.environmentId = shop.environmentId;
`;

describe("a DeploymentRepository that the plugin creates", function () {
  this.timeout(120_000);
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin({ config: ["--secret", "token=canary-token"], plugin: false });
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    write("envs/dev/api.yaml", "LEVEL: info\nTOKEN: !secret token\n");
  });
  afterEach(() => story.end());

  function write(file: string, text: string): void {
    const target = path.join(story.workspace.dir, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }

  it("creates the services of the files, plans a change by key, and shows no secret", async () => {
    story.program(program());
    const preview = await story.succeeds("preview");
    assert.match(preview.output, /dokploy-native:index:Application/);
    const first = await story.succeeds("up", "--skip-preview");
    const api = story.resource("api");
    assert.match(
      api.urn,
      /dokploy-native:index:DeploymentRepository\$dokploy-native:index:Application::api$/,
    );
    assert.deepEqual(story.emulator.containerEnv(api.id), { LEVEL: "info", TOKEN: "canary-token" });

    write("envs/dev/api.yaml", "LEVEL: debug\nTOKEN: !secret token\n");
    const plan = await story.plan(program());
    assert.deepEqual(plan["api"], { op: "update", changed: ["env.LEVEL"] });
    const second = await story.succeeds("up", "--skip-preview");
    assert.equal(count(second.calls, "application.deploy"), 1);
    const gone = await story.succeeds("destroy", "--yes", "--skip-preview");
    for (const { output } of [preview, first, second, gone]) assert.doesNotMatch(output, /canary/);
    assert.doesNotMatch(story.workspace.stateText(), /canary/);
  });

  it("names a mistake and shows no secret that needs escapes, while Pulumi ends the run", async () => {
    const secrets = {
      pem: `-----BEGIN KEY-----\n${"canarypem".repeat(6)}\n-----END KEY-----\n`,
      json: JSON.stringify({ password: `canary"json` }),
      quoted: `"canary'quoted"`,
    };
    const given = Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]);
    await story.succeeds("config", "set-all", ...given);
    write("envs/dev/api.yaml", "PEM: !secret pem\nJSON: !secret json\nQUOTED: !secret quoted\n");
    write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\nreplica: 2\n");
    story.program(program());
    for (let run = 0; run < 3; run++) {
      const { output } = await story.fails("preview");
      assert.match(output, /services\/web\/dokploy-app\.yaml:3:1: replica/);
      assert.doesNotMatch(output, /canary|PULUMI_CONFIG|exited prematurely/);
    }
  });

  it("names the file, line and column of a mistake", async () => {
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\nreplica: 2\n");
    story.program(program());
    const { output } = await story.fails("preview");
    assert.match(output, /services\/api\/dokploy-app\.yaml:3:1: replica/);
    // Pulumi may print a stack trace of its own when the program outlives the engine.
    assert.doesNotMatch(output, /dokploy-app\.yaml:3:1.*\n.*\s+at .*\.js:\d+/);
  });

  it("fails with the problem of a service, and continues in the next run", async () => {
    story.emulator.faults.add({
      endpoint: "application.update",
      times: 1,
      status: 400,
      body: { message: "no" },
    });
    story.program(program());
    await story.fails("up", "--skip-preview");
    await story.succeeds("up", "--skip-preview");
    assert.equal(story.emulator.containerEnv(story.resource("api").id)?.["LEVEL"], "info");
  });
});

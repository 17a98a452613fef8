import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const program = `
  const project = new dokploy.Project("project", { name: "shop" });
  new dokploy.Application("api", {
    environmentId: project.defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    env: { LEVEL: "info" },
  });
`;

describe("a state that somebody has changed", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    await story.up(program);
  });
  after(() => story?.end());

  it("is refused if it names other code as the handlers, before Pulumi runs that code", async () => {
    const booty = path.join(story.workspace.dir, "booty");
    const { outputs } = story.resource("api");
    const theft = `require("fs").writeFileSync(${JSON.stringify(booty)}, process.env.DOKPLOY_API_KEY);`;
    const file = path.join(story.workspace.dir, "changed.json");
    const write = async (text: string) => {
      const state = JSON.parse((await story.succeeds("stack", "export")).stdout) as {
        deployment: { resources: { urn: string; outputs?: Record<string, unknown> }[] };
      };
      const api = state.deployment.resources.find(({ urn }) => urn.endsWith("Application::api"));
      assert.ok(api?.outputs);
      api.outputs["__provider"] = text;
      fs.writeFileSync(file, JSON.stringify(state));
      await story.succeeds("stack", "import", "--file", file);
    };
    await write(theft + String(outputs["__provider"]));

    story.program(program.replace("info", "debug"));
    for (const args of [["preview"], ["up", "--skip-preview"]]) {
      const { output, calls } = await story.fails(...args);
      assert.match(output, /Application "api": the state names code other than pulumi-dokploy's/);
      assert.doesNotMatch(output, /writeFileSync|booty/);
      assert.ok(!calls.some((call) => call.startsWith("application.")), calls.join());
      assert.ok(!fs.existsSync(booty), "it ran");
    }
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), { LEVEL: "info" });

    await write(String(outputs["__provider"]));
    await story.succeeds("up", "--skip-preview");
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), { LEVEL: "debug" });
  });
});

describe("a plan, with credentials that may only read the state", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    await story.up(program);
  });
  after(() => story?.end());

  /** Every file and folder of the backend with its content; a folder's time tells of files that came and went. */
  function backend(): Record<string, string> {
    const root = (story.workspace.env["PULUMI_BACKEND_URL"] ?? "").replace("file://", "");
    const found = fs.readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => {
      const file = path.join(root, name);
      const stat = fs.statSync(file);
      return [name, `${stat.mtimeMs} ${stat.isFile() ? fs.readFileSync(file, "utf8") : ""}`];
    });
    assert.ok(
      found.some(([name]) => name?.endsWith("dev.json")),
      "the state was not found",
    );
    return Object.fromEntries(found) as Record<string, string>;
  }

  it("writes nothing into the backend: no lock, no history, no copy", async () => {
    const before = backend();
    story.program(program.replace("info", "debug"));
    for (const args of [
      ["preview"],
      ["preview", "--json"],
      ["preview", "--json", "--refresh", "--run-program"],
    ]) {
      await story.succeeds(...args);
      assert.deepEqual(backend(), before, args.join(" "));
    }
    await story.fails("preview", "--refresh", "--run-program", "--expect-no-changes");
    assert.deepEqual(backend(), before);

    // A run that writes is seen.
    await story.succeeds("up", "--skip-preview");
    assert.notDeepEqual(backend(), before);
  });
});

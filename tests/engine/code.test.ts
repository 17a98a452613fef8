import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { linkDependencies, repository } from "./installed";
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

describe("another version of the package", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  /** Puts a copy of the package into the project, with a line printed by the code of its runtime. */
  function install(marker: string): void {
    const installed = path.join(story.workspace.dir, "node_modules", "pulumi-dokploy");
    fs.rmSync(installed, { recursive: true, force: true });
    fs.mkdirSync(installed);
    fs.copyFileSync(path.join(repository, "package.json"), path.join(installed, "package.json"));
    fs.cpSync(path.join(repository, "dist"), path.join(installed, "dist"), { recursive: true });
    linkDependencies(path.join(story.workspace.dir, "node_modules"));
    const lifecycle = path.join(installed, "dist", "provider", "lifecycle", "handlers.js");
    fs.appendFileSync(lifecycle, `\nconsole.log("provider code: ${marker}");\n`);
  }

  it("gives no diff, while refresh and destroy run its code", async () => {
    install("first");
    const up = await story.up(program);
    assert.match(up.stdout, /provider code: first/);

    install("second");
    const plan = await story.succeeds("preview", "--expect-no-changes");
    assert.match(plan.stdout, /provider code: second/);

    const refresh = await story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
    assert.match(refresh.stdout, /provider code: second/);
    assert.doesNotMatch(refresh.stdout, /provider code: first/);

    install("third");
    const destroy = await story.succeeds("destroy", "--skip-preview");
    assert.match(destroy.stdout, /provider code: third/);
    assert.doesNotMatch(destroy.stdout, /provider code: (?:first|second)/);
    assert.deepEqual(await story.byHand("project.all", {}), []);
  });

  it("is named by every state in a text without a path or code", async () => {
    await story.up(program);
    for (const name of ["project", "api"]) {
      const { inputs, outputs } = story.resource(name);
      assert.equal(inputs?.["__provider"], outputs["__provider"]);
      const text = String(outputs["__provider"]);
      assert.ok(text.length < 200, text);
      assert.doesNotMatch(story.workspace.stateText(), new RegExp(story.workspace.dir));
    }
  });
});

describe("two stacks of one program", function () {
  this.timeout(180_000);
  let test: Story;
  let prod: Story;
  before(async () => {
    [test, prod] = await Promise.all([Story.begin({ stack: "test" }), Story.begin({ stack: "prod" })]);
  });
  after(async () => {
    await Promise.all([test?.end(), prod?.end()]);
  });

  it("run at the same time, against one server, without touching each other", async () => {
    const { env } = prod.workspace;
    env["DOKPLOY_URL"] = test.emulator.url;
    env["DOKPLOY_API_KEY"] = test.emulator.apiKey;
    env["DOKPLOY_WAIT_FOR"] = "deployed";
    const staged = program
      .replace(`name: "shop"`, `name: "shop-" + pulumi.getStack()`)
      .replace(`"info"`, "pulumi.getStack()");
    await Promise.all([test.up(staged), prod.up(staged)]);

    const projects = await test.byHand<{ name: string }[]>("project.all", {});
    assert.deepEqual(projects.map(({ name }) => name).sort(), ["shop-prod", "shop-test"]);
    for (const story of [test, prod]) {
      const { id } = story.resource("api");
      const level = story === test ? "test" : "prod";
      assert.deepEqual(test.emulator.containerEnv(id), { LEVEL: level });
    }
    await test.succeeds("destroy", "--skip-preview");
    const left = await test.byHand<{ name: string }[]>("project.all", {});
    assert.deepEqual(
      left.map(({ name }) => name),
      ["shop-prod"],
    );
  });
});

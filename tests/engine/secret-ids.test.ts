import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const cli = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("a secret instead of an id", function () {
  this.timeout(180_000);
  const secret = "canary-token-of-the-ci-job";
  let story: Story;
  before(async () => {
    story = await Story.begin();
    story.workspace.env["REGISTRY_LOGIN"] = secret;
  });
  after(() => story.end());

  const shop =
    'const { defaultEnvironmentId: environmentId } = new dokploy.Project("shop", { name: "shop" });';
  const service = 'environmentId, name: "api", source: { type: "docker", image: "a:1" }';
  const token = "process.env.REGISTRY_LOGIN";
  const repository = (app: string) => {
    const folder = path.join(story.workspace.dir, "services", "api");
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "dokploy-app.yaml"), `kind: application\nimage: a:1\n${app}`);
    return 'new dokploy.DeploymentRepository("shop");';
  };

  for (const [what, program] of [
    [
      "the option import",
      () => `${shop} new dokploy.Application("api", { ${service} }, { import: ${token} });`,
    ],
    [
      "the option import of a project",
      () => `new dokploy.Project("shop", { name: "s" }, { import: ${token} });`,
    ],
    [
      "import as an output",
      () => `${shop} new dokploy.Application("api", { ${service} }, { import: pulumi.output(${token}) });`,
    ],
    [
      "a target",
      () => `new dokploy.EnvironmentBlock("b", { target: { composeId: ${token} }, env: { A: "1" } });`,
    ],
    [
      "an environment",
      () =>
        `new dokploy.Application("api", { ${service.replace("environmentId", `environmentId: ${token}`)} });`,
    ],
    ["a registry", () => `${shop} new dokploy.Application("api", { ${service}, registryId: ${token} });`],
    ["a lookup", () => `dokploy.getApplicationOutput({ applicationId: ${token} });`],
    ["import of an app file, by a tag", () => repository("import: !env REGISTRY_LOGIN\n")],
    [
      "import of an app file for a stage, by a tag",
      () => repository("stages: { dev: { import: !env REGISTRY_LOGIN } }\n"),
    ],
    ["another id of an app file, by a tag", () => repository("registryId: !env REGISTRY_LOGIN\n")],
  ] as const) {
    it(`is nowhere in a plan: ${what}`, async () => {
      story.program(program());
      const text = await story.fails("preview", "--diff");
      const json = await story.fails("preview", "--json");
      const summary = spawnSync(process.execPath, [cli, "plan-summary"], {
        input: json.stdout,
        encoding: "utf8",
      });
      const update = await story.fails("up", "--skip-preview");
      for (const output of [text.output, json.output, summary.stdout + summary.stderr, update.output]) {
        assert.doesNotMatch(output, /canary/);
      }
      assert.match(text.output, /is not an id of Dokploy|must be written here|an id is not a secret/);
      assert.match(summary.stdout, /is not an id of Dokploy|must be written here|an id is not a secret/);
      assert.doesNotMatch(JSON.stringify(story.emulator.calls), /canary/);
    });
  }
});

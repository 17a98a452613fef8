import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

const cli = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
/** Pulumi's mark of a secret, in what `stack export` prints. */
const mark = "4dabf18193072939515e22adb298388d";

describe("an input that is always secret", function () {
  this.timeout(90_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story.end());

  const program = (version: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    const { defaultEnvironmentId: environmentId } = shop;
    const build = { type: "dockerfile" };
    new dokploy.Application("outputs", {
      environmentId, name: "outputs", deploy: false,
      source: { type: "docker", image: "a:1", registryUrl: "r.example", password: pulumi.output("canary-password-${version}") },
      buildSecrets: pulumi.output({ NPM: "canary-npm-${version}", SAME: "canary-same" }),
      preview: pulumi.output({ buildSecrets: { NPM: "canary-preview-${version}" } }),
      security: [
        { username: "plain", password: "canary-listed-${version}" },
        { username: "output", password: pulumi.output("canary-listed-output-${version}") },
        { username: shop.id.apply((id) => "later-" + id.length), password: "canary-listed-later-${version}" },
      ],
    });
    new dokploy.Application("promises", {
      environmentId, name: "promises", deploy: false,
      source: Promise.resolve({ type: "docker", image: "a:1", registryUrl: "r.example", password: "canary-promised-${version}" }),
      buildSecrets: Promise.resolve({ NPM: "canary-of-a-promise-${version}" }),
      preview: { buildSecrets: { NPM: Promise.resolve("canary-deep-${version}") } },
      security: pulumi.output([{ username: "whole", password: "canary-listed-whole-${version}" }]),
    });
    for (const [name, password] of Object.entries({
      plain: "canary-login-plain-${version}",
      output: pulumi.output("canary-login-output-${version}"),
      promise: Promise.resolve("canary-login-promise-${version}"),
    }))
      new dokploy.Security("login-" + name, { applicationId: "${worker}", username: name, password });
    new dokploy.Application("site", {
      environmentId, name: "site", deploy: false, build,
      source: { type: "git", branch: "main", url: pulumi.output("https://robot:canary-login-${version}@git.example/site.git") },
    });
    new dokploy.Compose("stack", {
      environmentId, name: "stack", deploy: false,
      source: Promise.resolve({ type: "git", branch: "main", url: "https://robot:canary-compose-${version}@git.example/s.git" }),
    });
    // Of a resource that is still to be made nothing is known in the plan.
    new dokploy.Application("later", {
      environmentId, name: "later", deploy: false, build,
      source: shop.id.apply(() => ({ type: "git", branch: "main", url: "https://robot:canary-later-${version}@git.example/s.git" })),
    });
    new dokploy.EnvironmentBlock("block", {
      target: { applicationId: "${worker}" }, deploy: false,
      buildSecrets: pulumi.output(Promise.resolve({ NPM: "canary-block-${version}" })),
    });
  `;
  let worker = "";

  it("is hidden in plans, output and state, in any form that the program gives", async () => {
    worker = await story.existingApplication("worker");
    const printed: string[] = [];
    for (const version of ["one", "two"]) {
      story.program(program(version));
      for (const command of [
        ["preview", "--diff"],
        ["preview", "--json"],
        ["up", "--skip-preview"],
      ])
        printed.push((await story.succeeds(...command)).output);
    }
    printed.push((await story.succeeds("refresh", "--skip-preview", "--diff")).output);
    printed.push((await story.succeeds("stack", "export")).output, story.workspace.stateText());
    for (const text of printed) assert.doesNotMatch(text, /canary-/);
    assert.match(printed[3] ?? "", /~ NPM: \[secret\] => \[secret\]/);
    const { buildSecrets } = await story.application(story.resource("outputs").id);
    assert.deepEqual(String(buildSecrets).split("\n").sort(), ["NPM=canary-npm-two", "SAME=canary-same"]);
    const logins = async (id: string) =>
      ((await story.application(id))["security"] as Record<string, string>[])
        .map(({ password }) => password)
        .sort();
    assert.deepEqual(await logins(worker), [
      "canary-login-output-two",
      "canary-login-plain-two",
      "canary-login-promise-two",
    ]);
    assert.deepEqual(await logins(story.resource("outputs").id), [
      "canary-listed-later-two",
      "canary-listed-output-two",
      "canary-listed-two",
    ]);
  });

  it("continues without a change if the state of a former version has it in plain text", async () => {
    const { stdout } = await story.succeeds("stack", "export", "--show-secrets");
    const inClear = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(inClear);
      if (typeof value !== "object" || value === null) return value;
      const { [mark]: isMarked, plaintext } = value as Record<string, unknown>;
      if (isMarked !== undefined && typeof plaintext === "string") return inClear(JSON.parse(plaintext));
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inClear(inner)]));
    };
    const file = path.join(story.workspace.dir, "state.json");
    fs.writeFileSync(file, JSON.stringify(inClear(JSON.parse(stdout))));
    await story.succeeds("stack", "import", "--file", file);
    fs.rmSync(file);
    assert.match(story.workspace.stateText(), /canary-npm-two/);
    const { calls, output } = await story.succeeds("preview", "--expect-no-changes", "--diff");
    assert.deepEqual(calls, []);
    assert.doesNotMatch(output, /canary-/);
    const { calls: made } = await story.succeeds("up", "--skip-preview");
    assert.deepEqual(made, []);
    const kept = () => story.workspace.state().resources ?? [];
    assert.doesNotMatch(JSON.stringify(kept().map(({ inputs }) => inputs)), /canary-/);
    // Pulumi keeps the outputs of what does not change as they are; the next change marks them.
    story.program(program("three"));
    await story.succeeds("up", "--skip-preview");
    assert.doesNotMatch(JSON.stringify(kept()), /canary-/);
  });
});

describe("a secret instead of an id", function () {
  this.timeout(90_000);
  const secret = "canary-token-of-the-ci-job";
  let story: Story;
  before(async () => {
    story = await Story.begin();
    story.workspace.env["CI_TOKEN"] = secret;
  });
  after(() => story.end());

  const shop =
    'const { defaultEnvironmentId: environmentId } = new dokploy.Project("shop", { name: "shop" });';
  const service = 'environmentId, name: "api", source: { type: "docker", image: "a:1" }';
  const token = "process.env.CI_TOKEN";
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
    ["import of an app file, by a tag", () => repository("import: !env CI_TOKEN\n")],
    [
      "import of an app file for a stage, by a tag",
      () => repository("stages: { dev: { import: !env CI_TOKEN } }\n"),
    ],
    ["another id of an app file, by a tag", () => repository("registryId: !env CI_TOKEN\n")],
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

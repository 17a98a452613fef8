import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

/** Pulumi's mark of a secret, in what `stack export` prints. */
const mark = "4dabf18193072939515e22adb298388d";

describe("an input that is always secret", function () {
  this.timeout(180_000);
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

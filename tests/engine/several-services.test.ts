import * as assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { ExamplesStory } from "./examples-story";
import { count } from "./story";

const secrets = ["s3AccessKey", "s3SecretKey", "adminPassword", "smtpPassword"];

describe("the company of several services", function () {
  this.timeout(240_000);
  const examples = new ExamplesStory();
  const { checkOut, pulumi, running } = examples;

  for (const stage of ["test", "prod"]) {
    it(`is planned and created in ${stage} at the first try, without a warning`, async () => {
      checkOut("examples/company");
      await pulumi(`stack init ${stage}`);
      const stack = `--stack ${stage}`;
      await pulumi(
        `config set-all ${stack} ${secrets.map((name) => `--secret ${name}=canary-${name}`).join(" ")}`,
      );

      assert.doesNotMatch(await pulumi(`preview ${stack}`), /warning:|canary/);
      const { story } = examples;
      const before = story.emulator.calls.length;
      const output = await pulumi(`up ${stack} --skip-preview`);
      const calls = story.emulator.calls.slice(before).map(({ endpoint }) => endpoint);
      assert.equal(count(calls, "application.deploy"), 6 + 1, "six applications, and the migration");
      assert.doesNotMatch(output, /warning:|canary/);
      const host = stage === "test" ? "test.shop.acme.dev" : "shop.acme.dev";
      assert.match(output, new RegExp(`https://${host.replaceAll(".", "\\.")}`));
      const env = (await running(`shop-${stage}`, "api")) ?? {};
      assert.equal(env["LOG_LEVEL"], stage === "test" ? "debug" : "warn");
      assert.match(env["DATABASE_URL"] ?? "", /^postgresql:\/\/shop:/);
      assert.match(env["AUTH_URL"] ?? "", /^http:\/\/[\w-]+:4000$/);
      assert.equal(env["SESSION_KEY"]?.length, 48);
      story.emulator.clearCalls();
      await pulumi(`preview ${stack} --expect-no-changes`);
      assert.deepEqual(story.emulator.calls, []);
    });
  }

  it("has the host of no other stage in one that is added by the commands of the page", async () => {
    checkOut("examples/company");
    await pulumi("stack init test");
    const given = secrets.map((name) => `--secret ${name}=canary-${name}`).join(" ");
    await pulumi(`config set-all --stack test ${given}`);
    const { folder } = examples.checkedOut;
    cpSync(join(folder, "envs", "test"), join(folder, "envs", "qa"), { recursive: true });
    await pulumi("stack init qa --copy-config-from test");
    const output = await pulumi("preview --diff --stack qa");
    assert.match(output, /image *: "ghcr\.io\/acme\/web:1\.0\.0"/);
    assert.doesNotMatch(output, /warning:|canary|(?:shop|admin)\.acme\.dev/);
  });
});

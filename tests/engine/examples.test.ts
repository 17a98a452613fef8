import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ExamplesStory } from "./examples-story";
import { hasLine } from "./story";

const repository = path.join(__dirname, "..", "..");

describe("each example", () => {
  it("keeps installed packages out of the repository that is made from it", () => {
    const examples = fs.readdirSync(path.join(repository, "examples"));
    assert.ok(examples.length > 4);
    for (const example of examples) {
      const file = path.join(repository, "examples", example, ".gitignore");
      assert.match(fs.readFileSync(file, "utf8"), /^node_modules\/$/m, example);
    }
  });
});

describe("the examples", function () {
  this.timeout(240_000);
  const examples = new ExamplesStory();
  const { checkOut, pulumi, edit, projects, running } = examples;

  it("quickstart runs at the top of a checkout, names the variable that changes, and is destroyed", async () => {
    checkOut(".");
    await pulumi("stack init dev");
    await pulumi("up --stack dev --skip-preview");
    assert.equal((await running("quickstart-dev", "api"))?.["LOG_LEVEL"], "info");

    edit("examples/quickstart/envs/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    const plan = await pulumi("preview --stack dev --diff");
    assert.ok(hasLine(plan, "~ LOG_LEVEL", '"info" => "debug"'), plan);
    assert.match(plan, /~ 1 to update/);

    await pulumi("destroy --stack dev --skip-preview");
    assert.deepEqual(await projects(), []);
  });

  it("deployment-repository runs each stage with its own variables, and plans a change by its key", async () => {
    checkOut("examples/deployment-repository");
    for (const stage of ["test", "prod"]) {
      await pulumi(`stack init ${stage}`);
      const secrets = `--secret apiToken=canary-token-${stage} --secret cachePassword=canary-password-${stage}`;
      await pulumi(`config set-all --stack ${stage} ${secrets}`);
      const up = await pulumi(`up --stack ${stage}`);
      assert.match(up, /\+ 6 to create[\s\S]*\+ 6 created/);
      assert.doesNotMatch(up, /warning/);
      assert.doesNotMatch(up, /canary/);
      const api = await running(`shop-${stage}`, "api");
      assert.equal(api?.["API_TOKEN"], `canary-token-${stage}`);
      assert.equal(api?.["CACHE_HOST"], `shop-cache-${stage}`);
      const cache = await running(`shop-${stage}`, "cache");
      assert.equal(cache?.["CACHE_PASSWORD"], `canary-password-${stage}`);
    }
    assert.equal((await running("shop-test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await running("shop-prod", "api"))?.["LOG_LEVEL"], "warn");

    edit("envs/prod/cache.yaml", "CACHE_MEMORY: 512mb", "CACHE_MEMORY: 1gb");
    const plan = await pulumi("preview --stack prod --diff");
    assert.ok(hasLine(plan, "~ CACHE_MEMORY", '"512mb" => "1gb"'), plan);
    assert.match(plan, /~ 1 to update/);

    await pulumi("destroy --stack test --skip-preview");
    assert.deepEqual(
      (await projects()).map(({ name }) => name),
      ["shop-prod"],
    );
    assert.doesNotMatch(examples.story.workspace.stateText(), /canary/);
  });
});

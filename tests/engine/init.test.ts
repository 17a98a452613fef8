import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { npm } from "../../cli/stack";
import { companyOptions } from "../unit/cli/server/init/company";
import { command, execute } from "./export-story";
import { Story } from "./story";

describe("pulumi-dokploy init", function () {
  this.timeout(600_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    story.workspace.env["PULUMI_NODEJS_TRANSPILE_ONLY"] = "true";
  });
  after(() => story?.end());

  const folderOf = (name: string) => path.join(story.workspace.dir, name);
  /** Runs the command; without a registry, which only the lock of the packages needs. */
  async function init(name: string, options: readonly string[], registry?: "registry"): Promise<string> {
    const { dir, env } = story.workspace;
    const none = { npm_config_registry: "http://127.0.0.1:1", npm_config_fetch_retries: "0" };
    const settings = { cwd: dir, env: registry ? env : { ...env, ...none } };
    return (await execute(process.execPath, [command, "init", name, ...options], settings)).stdout;
  }

  it("writes a deployment repository whose lock `npm ci` installs, and that plans", async () => {
    const { env } = story.workspace;
    assert.match(await init("repository", ["--url", story.emulator.url], "registry"), /package-lock\.json$/m);
    const cwd = folderOf("repository");
    await execute(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd, env });
    await story.succeeds("-C", cwd, "stack", "select", "--create", "test");
    const planned = await story.succeeds("-C", cwd, "preview", "--stack", "test");
    assert.match(planned.output, /dokploy:Application api/);
    fs.rmSync(path.join(cwd, "node_modules"), { recursive: true });
  });

  it("writes a company of several services, each stage of which is planned and created at the first try, without a warning", async () => {
    const { env } = story.workspace;
    assert.match(
      await init("shop", companyOptions(), "registry"),
      /^ {2}pulumi config set --secret s3AccessKey/m,
    );
    const cwd = folderOf("shop");
    await execute(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd, env });
    for (const stage of ["test", "prod"]) {
      const pulumi = (...words: string[]) => story.succeeds("-C", cwd, ...words, "--stack", stage);
      await story.succeeds("-C", cwd, "stack", "select", "--create", stage);
      for (const secret of ["s3AccessKey", "s3SecretKey"])
        await pulumi("config", "set", "--secret", secret, `canary-${secret}`);
      assert.doesNotMatch((await pulumi("preview")).output, /warning:|canary/);
      const { output } = await pulumi("up", "--yes", "--skip-preview");
      assert.doesNotMatch(output, /warning:|canary/);
      assert.match(
        output,
        stage === "prod" ? /https:\/\/shop\.acme\.dev/ : /https:\/\/test\.shop\.acme\.dev/,
      );
    }
    fs.rmSync(path.join(cwd, "node_modules"), { recursive: true });
  });

  it("writes a program that is deployed in each stage", async () => {
    const before = new Set(story.emulator.instance.tables.application.values());
    await init("program", ["--layout", "program", "--url", story.emulator.url]);
    for (const stage of ["test", "prod"]) {
      await story.succeeds("-C", folderOf("program"), "stack", "select", "--create", stage);
      await story.succeeds("-C", folderOf("program"), "up", "--yes", "--skip-preview", "--stack", stage);
    }
    const all = [...story.emulator.instance.tables.application.values()];
    const rows = all.filter((row) => !before.has(row));
    const texts = rows.map(({ env: text }) => String(text)).sort();
    assert.deepEqual(texts, ["LOG_LEVEL=info\nSTAGE=prod", "LOG_LEVEL=info\nSTAGE=test"]);
  });

  it("exports a server into one stage, with the workflows for it, and adopts it without a change", async () => {
    const before = story.emulator.calls.length;
    const options = ["--from-server", "--owner", "@acme/platform"];
    const printed = await init("adopted", options);
    assert.ok(story.emulator.calls.slice(before).every(({ method }) => method === "GET"));
    assert.match(printed, /^ {2}prod, prod-plan: .*DOKPLOY_PLAN_KEY$/m);
    const workflows = path.join(folderOf("adopted"), ".github", "workflows");
    assert.deepEqual(fs.readdirSync(workflows).sort(), [
      "deploy-prod.yml",
      "drift.yml",
      "preview.yml",
      "rollback.yml",
    ]);
    const preview = fs.readFileSync(path.join(workflows, "preview.yml"), "utf8");
    assert.match(preview, /stages: '\["prod"\]'/);
    const planned = await story.succeeds("-C", folderOf("adopted"), "preview", "--stack", "prod");
    assert.doesNotMatch(planned.output, /is adopted: (?!nothing to change)/);
    await assert.rejects(init("adopted", options), /already has/);
  });
});

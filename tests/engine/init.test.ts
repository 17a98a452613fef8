import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { everyHelper, TemplateFolder } from "../unit/cli/server/init/templates";
import { InitStory } from "./init-story";
import type { Story } from "./story";

describe("pulumi-dokploy init", function () {
  this.timeout(600_000);
  let projects: InitStory;
  let story: Story;
  let templates: TemplateFolder | undefined;
  before(async () => {
    projects = await InitStory.begin();
    ({ story } = projects);
  });
  after(async () => {
    templates?.remove();
    await projects?.end();
  });

  it("writes a deployment repository with a template, whose lock `npm ci` installs, and that plans", async () => {
    const cwd = projects.folderOf("repository");
    templates = new TemplateFolder({ all: everyHelper });
    const options = [
      "--service",
      "api=traefik/whoami:v1.11.0",
      "--template",
      "stats=all,host=stats.acme.dev",
    ];
    const from = ["--templates", path.join(templates.path, "templates")];
    assert.match(
      await projects.installed("repository", ["--url", story.emulator.url, ...options, ...from]),
      /package-lock\.json$/m,
    );
    await story.succeeds("-C", cwd, "stack", "select", "--create", "test");
    const planned = await story.succeeds("-C", cwd, "preview", "--stack", "test");
    assert.match(planned.output, /dokploy:Application api/);
    assert.match(planned.output, /dokploy:Compose stats/);
    assert.match(planned.output, /dokploy:GeneratedSecret stats\/signing_key/);
    assert.doesNotMatch(planned.output, /error/i);
    fs.rmSync(path.join(cwd, "node_modules"), { recursive: true });
  });

  it("writes a program that is deployed in each stage", async () => {
    await projects.init("program", ["--layout", "program", "--url", story.emulator.url]);
    for (const stage of ["test", "prod"]) {
      await story.succeeds("-C", projects.folderOf("program"), "stack", "select", "--create", stage);
      await story.succeeds(
        "-C",
        projects.folderOf("program"),
        "up",
        "--yes",
        "--skip-preview",
        "--stack",
        stage,
      );
    }
    const rows = [...story.emulator.instance.tables.application.values()];
    const texts = rows.map(({ env: text }) => String(text)).sort();
    assert.deepEqual(texts, ["LOG_LEVEL=info\nSTAGE=prod", "LOG_LEVEL=info\nSTAGE=test"]);
  });

  it("exports a server into one stage, with the workflows for it, and adopts it without a change", async () => {
    const before = story.emulator.calls.length;
    const options = ["--from-server", "--owner", "@acme/platform"];
    const printed = await projects.init("adopted", options);
    assert.ok(story.emulator.calls.slice(before).every(({ method }) => method === "GET"));
    assert.match(
      printed,
      /^ {2}for env in prod prod-plan; do .*gh secret set DOKPLOY_PLAN_KEY --env "\$env"; done$/m,
    );
    const workflows = path.join(projects.folderOf("adopted"), ".github", "workflows");
    assert.deepEqual(fs.readdirSync(workflows).sort(), [
      "deploy-prod.yml",
      "drift.yml",
      "preview.yml",
      "rollback.yml",
    ]);
    const preview = fs.readFileSync(path.join(workflows, "preview.yml"), "utf8");
    assert.match(preview, /stages: '\["prod"\]'/);
    const planned = await story.succeeds("-C", projects.folderOf("adopted"), "preview", "--stack", "prod");
    assert.doesNotMatch(planned.output, /is adopted: (?!nothing to change)/);
    await assert.rejects(projects.init("adopted", options), /already has/);
  });
});

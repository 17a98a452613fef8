/** The recipes against people who can comment, push a branch, change a service on the server, or start a pipeline. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { visibleLines } from "../../packages/text";
import { Artifacts } from "./artifacts";
import { GithubHost, githubToken, workflowAuthor } from "./github-host";
import { componentNames, exampleFiles, type GitlabJob, GitlabRepository, inputsOf, scriptOf } from "./gitlab";
import { noteAuthor, noteToken, startGitlab } from "./gitlab-host";
import { runWorkflow } from "./runner";
import { Machine, runScript, summarise } from "./script";
import { standIns } from "./stand-ins";
import { deploys, exampleFolder, readWorkflows } from "./workflow";

const workflows = readWorkflows(exampleFolder);
const previewFile = workflows.find(({ name }) => name === "preview.yml");
const preview = previewFile?.workflow;

/** What the action that opens a pull request runs with its token. */
function pullRequestScript(): string {
  const file = path.join(exampleFolder, "..", "..", "actions", "pull-request", "action.yml");
  const { runs } = parse(fs.readFileSync(file, "utf8")) as { runs: { steps: { run?: string }[] } };
  return runs.steps.at(-1)?.run ?? assert.fail("no script");
}

describe("the recipes, attacked", function () {
  this.timeout(120_000);
  let gitlab: GitlabRepository;
  let gitlabJobs: ReturnType<GitlabRepository["jobs"]>;

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
    gitlab = new GitlabRepository(exampleFiles());
    gitlabJobs = gitlab.jobs();
  });
  after(() => gitlab?.remove());

  describe("by a comment that starts like the plan", () => {
    it("GitHub: it stays unchanged, and the plan is a separate comment", async () => {
      const machine = new Machine();
      const host = await new GithubHost().start();
      try {
        const foreign = ["mallory", "github-actions", `${workflowAuthor}x`].map((login, index) => ({
          id: index + 1,
          body: "<!-- plan: test -->\nNothing changes.",
          user: { login },
        }));
        host.comments = structuredClone(foreign);
        const plans = path.join(machine.temp, "texts");
        fs.mkdirSync(plans);
        const step = preview?.jobs["comment"]?.steps.at(-1);
        const event = { pull_request: { number: 7, head: { sha: "0123456789" } } };
        const env = {
          ...host.environment(machine.temp, event),
          ...step?.env,
          GH_TOKEN: githubToken,
          STAGES: "test prod",
        };
        for (const plan of ["all is deleted", "all is deleted twice"]) {
          fs.writeFileSync(path.join(plans, "test.md"), plan);
          // Not one of the stages: an artifact can have any name.
          fs.writeFileSync(path.join(plans, "x -->.md"), "posted");
          const { code, output } = await machine.run(step?.run ?? "", env);
          assert.equal(code, 0, output);
          assert.deepEqual(host.comments.slice(0, 3), foreign);
          assert.deepEqual(
            host.comments.slice(3).map(({ body, user }) => [body, user.login]),
            [[`<!-- plan: test -->\n${plan}\n\nCommit 0123456\n`, workflowAuthor]],
          );
        }
      } finally {
        host.close();
        machine.remove();
      }
    });

    it("GitLab: it stays unchanged, fails no job, and never hides the plan's own note", async () => {
      const foreign = Array.from({ length: 120 }, (_, index) => ({
        id: index + 1,
        body: "<!-- plan: test -->\nNothing changes.",
        author: { id: noteAuthor + 1 },
      }));
      const host = await startGitlab({ notes: structuredClone(foreign) });
      const machine = new Machine();
      try {
        const script = scriptOf(gitlabJobs["note test"]);
        for (const plan of ["all is deleted", "all is deleted twice"]) {
          fs.writeFileSync(path.join(machine.workspace, "plan.md"), `${plan}\n`);
          const { code, output } = await machine.run(script, {
            CI_API_V4_URL: host.url,
            CI_PROJECT_ID: "12",
            CI_MERGE_REQUEST_IID: "7",
            CI_COMMIT_SHA: "0123456789",
            GITLAB_TOKEN: noteToken,
            ...gitlab.environment(),
          });
          assert.equal(code, 0, output);
          assert.deepEqual(host.notes.slice(0, foreign.length), foreign);
          const [own, ...more] = host.notes.slice(foreign.length);
          assert.deepEqual(more, []);
          assert.match(own?.body ?? "", new RegExp(`^<!-- plan: test -->\n${plan}\n`));
        }
      } finally {
        host.close();
        machine.remove();
      }
    });
  });

  describe("by files that a pull request adds", () => {
    it("GitHub: a committed test.md is not posted when `npm ci` fails", async () => {
      assert.ok(previewFile);
      const machine = new Machine({ npm: "exit 1" });
      const host = await new GithubHost().start();
      try {
        machine.command("pulumi", "exit 1");
        const runs = path.join(machine.temp, "runs");
        fs.mkdirSync(runs);
        const { env } = process;
        const actions = standIns(new Artifacts(), async (_, { workspace }) => {
          for (const name of ["test.md", "plan.md", "plan/test.md", "plans/test.md", "plans/prod.md"]) {
            fs.mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
            fs.writeFileSync(path.join(workspace, name), "Approved by security.");
          }
          return undefined;
        });
        const results = await runWorkflow(previewFile.written, {
          folder: runs,
          machine: {
            ...env,
            ...host.environment(machine.temp),
            PATH: `${path.join(machine.temp, "..", "bin")}${path.delimiter}${env["PATH"]}`,
          },
          event: {
            github: {
              repository: "acme/shop",
              server_url: "https://github.com",
              actor: "mallory",
              token: githubToken,
              event: {
                pull_request: { number: 7, head: { repo: { full_name: "acme/shop" }, sha: "0123456" } },
              },
            },
          },
          environment: () => ({
            secrets: { PULUMI_ACCESS_TOKEN: "", PULUMI_CONFIG_PASSPHRASE: "", DOKPLOY_API_KEY: "" },
            vars: { PULUMI_BACKEND_URL: "", DOKPLOY_URL: "" },
          }),
          actions: {
            ...actions,
            // As on a runner of one's own, where the folder of an earlier job is still there.
            "actions/download-artifact": async (inputs, running) => {
              fs.mkdirSync(path.join(running.workspace, "texts"), { recursive: true });
              fs.writeFileSync(path.join(running.workspace, "texts", "test.md"), "Approved by security.");
              return await actions["actions/download-artifact"]?.(inputs, running);
            },
          },
        });
        const ended = Object.fromEntries(results.map(({ name, result }) => [name, result]));
        assert.deepEqual(ended, {
          "plan (test)": "failure",
          "plan (prod)": "failure",
          comment: "success",
          stages: "failure",
        });
        assert.deepEqual(host.comments, []);
        for (const { summary } of results) assert.equal(summary, "");
      } finally {
        host.close();
        machine.remove();
      }
    });

    it("GitLab: a committed plan.json is not used as a plan, and the job that shows the plan has no files of the branch", async () => {
      const machine = new Machine({ pulumi: "exit 6", npx: summarise });
      try {
        fs.writeFileSync(path.join(machine.workspace, "plan.json"), "Approved by security.");
        const jobs = gitlabJobs;
        await machine.run(scriptOf(jobs["preview test"]));
        await machine.run(scriptOf(jobs["plan test"]));
        const shown = fs.readFileSync(path.join(machine.workspace, "plan.md"), "utf8");
        assert.equal(shown, "There is no plan.\n");
        for (const name of ["plan test", "plan prod", "review prod", "drift test", "drift prod"]) {
          assert.equal(jobs[name]?.variables?.["GIT_STRATEGY"], "empty", name);
        }
      } finally {
        machine.remove();
      }
    });
  });

  describe("by a stack's file that sets variables of the jobs", () => {
    const salt = "encryptionsalt: v1:abc=\n";
    const plain = `${salt}config:\n  dokploy:waitFor: deployed\n`;
    const imports = "environment:\n  - acme/test\n";
    const values =
      'environment:\n  values:\n    environmentVariables:\n      NODE_OPTIONS: "--require ./x.cjs"\n';

    /** How a job takes a change of these files, and what it says. */
    async function judge(script: string, base: Record<string, string>, changed: Record<string, string>) {
      const machine = new Machine({ npm: "exit 0" });
      try {
        const git = (command: string) =>
          machine.run(`git -c user.name=t -c user.email=t@example.com ${command}`);
        const commit = async (files: Record<string, string>) => {
          for (const [name, text] of Object.entries(files)) {
            const file = path.join(machine.workspace, name);
            fs.mkdirSync(path.dirname(file), { recursive: true });
            fs.writeFileSync(file, text);
          }
          await git("add --all");
          await git("commit --quiet --allow-empty --message=all");
        };
        await git("init --quiet --initial-branch=main");
        await git("remote add origin .");
        await commit({ "index.ts": "", ...base });
        await git("checkout --quiet -b change");
        await commit(changed);
        const env = {
          ...{ CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" },
          ...gitlab.environment(),
          ...{ BASE: "HEAD^1", GITHUB_ACTION_PATH: path.join(exampleFolder, "..", "..", "actions", "plan") },
        };
        return await machine.run(script, env);
      } finally {
        machine.remove();
      }
    }

    for (const [host, ofJob] of [
      ["GitHub", () => preview?.jobs["plan"]?.steps.find(({ name }) => name?.startsWith("Refuse"))?.run],
      ["GitLab", () => scriptOf(gitlabJobs["install"])],
    ] as const) {
      it(`${host}: a change of it is refused, in every spelling, before any step has secrets`, async () => {
        const script = ofJob() ?? "";
        const base = { "Pulumi.test.yaml": plain + imports };
        for (const [name, text] of [
          ["Pulumi.test.yaml", plain + values],
          ["Pulumi.test.yaml", `${plain}${imports}  - mallory/x\n`],
          ["Pulumi.test.yaml", plain],
          ["Pulumi.prod.yaml", plain + values],
          ["Pulumi.prod.yml", values],
          ["Pulumi.prod.json", '{ "environment": { "values": {} } }'],
          ["deep/Pulumi.prod.yaml", values],
          ["Pulumi.prod.yaml", plain + values.replace("environment", '"\\x65nvironment"')],
          ["Pulumi.prod.yaml", `{ config: {}, environment: { values: {} } }`],
          ["Pulumi.prod.yaml", (plain + values).replace(/^(?=.)/gm, "  ")],
          ["Pulumi.prod.yaml", `config: {}\u2028${values}`],
          ["Pulumi.prod.yaml", `config: {}\r${values}`],
          ["Pulumi.prod.yaml", `config: {}\n? environment\n: values: {}\n`],
          ["Pulumi.prod.yaml", `config: {}\n--- \n${values}`],
        ] as const) {
          const { code, output } = await judge(script, base, { [name]: text });
          assert.equal(code, 1, JSON.stringify([name, text, output]));
          assert.ok(output.includes(`["${name}"] changes more than the configuration of a stack`), output);
        }
        for (const changed of [
          {},
          { "Pulumi.test.yaml": `${plain}  a:b: |\n    environment:\n${imports}` },
          { "Pulumi.test.yaml": `# A word.\n${imports}\n${plain}` },
          { "Pulumi.prod.yaml": plain.replaceAll("\n", "\r\n") },
          { "Pulumi.yaml": "name: shop\nruntime: nodejs\n" },
        ]) {
          const { code, output } = await judge(script, base, changed);
          assert.equal(code, 0, JSON.stringify([changed, output]));
        }
      });
    }
  });

  describe("by values that are commands to the runner", () => {
    const printed = [
      "::error::Nothing to see",
      "    ::add-mask::all",
      "##[add-path]/tmp/evil",
      "::stop-commands::",
      "```",
      "\r# A headline",
      "<img src=x>",
    ];
    const pulumi = `printf '%b\\n' ${printed.map((line) => `'${line.replace("\r", "\\r")}'`).join(" ")}; exit 3`;

    it("GitHub: what `pulumi up` prints runs none, and shows as it is in the summary", async () => {
      const tokens = new Set<string>();
      const jobs = workflows.flatMap(({ workflow }) => Object.values(workflow.jobs));
      const deploying = jobs.filter(({ steps }) => steps.some(deploys));
      assert.equal(deploying.length, 3);
      for (const { steps } of deploying) {
        const deploy = steps.find(deploys)?.run ?? "";
        const summary = steps.find(({ name }) => name === "Summary")?.run ?? "";
        const machine = new Machine({ pulumi });
        try {
          const { code, output } = await machine.run(deploy, { REFRESH: "false", GITHUB_ACTIONS: "true" });
          assert.equal(code, 3);
          const [, token = "", log] =
            /^::stop-commands::([-\w]{30,})\n([\s\S]*)\n::\1::\n$/.exec(output) ?? [];
          assert.equal(log, visibleLines(printed.join("\n")));
          tokens.add(token);
          const page = (await machine.run(summary, { STAGE: "test", OUTCOME: "failure" })).summary;
          const [head, ...lines] = page.split(/\r\n|\r|\n/).filter((line) => line !== "");
          assert.equal(head, "### The deployment to `test` failed");
          const shown = lines.filter((line) => line.startsWith("    "));
          assert.deepEqual(
            lines.filter((line) => !shown.includes(line)),
            ["<details><summary>Log</summary>", "</details>"],
          );
          assert.equal(shown.length, printed.length);
        } finally {
          machine.remove();
        }
      }
      assert.equal(tokens.size, 3, "the same token twice");
    });

    it("GitHub: the comparison of the stages prints nothing, and shows the values unchanged in the summary", async () => {
      const script = preview?.jobs["stages"]?.steps.at(-1)?.run ?? "";
      const { code, output, summary } = await runScript(script, { STAGES: "test prod" }, { npx: pulumi });
      assert.equal(code, 3);
      assert.equal(output, "");
      const [, , ...lines] = summary.trimEnd().split(/\r\n|\r|\n/);
      assert.equal(lines.length, printed.length);
      for (const line of lines) assert.match(line, /^ {4}/);
    });
  });

  describe("by a package", () => {
    it("GitLab: no job that runs one has the token for notes, nor a file of one", () => {
      const jobs = Object.entries(gitlabJobs);
      const scopeOf = ({ environment }: (typeof jobs)[number][1]) =>
        typeof environment === "object" ? environment.name : environment;
      const isNoting = (job: GitlabJob) => /^(?:notes|deployments)$/.test(scopeOf(job) ?? "");
      const noting = jobs.filter(([, job]) => isNoting(job));
      assert.deepEqual(noting.map(([name]) => name).sort(), [
        "deployments of prod",
        "deployments of test",
        "issue prod",
        "issue test",
        "note preview",
        "note prod",
        "note test",
        "open merge requests",
      ]);
      for (const [name, job] of noting) {
        const own = scriptOf(job).replaceAll(/^(?:ci=|git -C "\$ci" ).*$/gm, "");
        const fetch = `fetch --quiet --depth 1 https://github.com/pulumi-dokploy/pulumi-dokploy.git "${gitlab.commit}"`;
        assert.equal(scriptOf(job).split(fetch).length, 2, name);
        // What is left are tests of files and the commands `ci`.
        assert.doesNotMatch(own, /\bnp[mx]\b|node_modules|pulumi|\bgit\b/, name);
        for (const [, file] of own.matchAll(/\bnode (\S+)/g)) assert.equal(file, '"$ci"', name);
        assert.match(own, /\bnode "\$ci"/, name);
        for (const { job: needed } of job.needs ?? []) {
          const { artifacts } = Object.fromEntries(jobs)[needed] ?? {};
          for (const file of artifacts?.paths ?? [])
            assert.match(
              file,
              /^(?:plan\.md|plan\.html|plan\.json|comment\.md|outcome|deployed\.json)$/,
              name,
            );
        }
        assert.equal(job.variables?.["GIT_STRATEGY"], "empty", name);
      }
      for (const [name, job] of jobs)
        if (!isNoting(job)) assert.doesNotMatch(scriptOf(job), /GITLAB_TOKEN/, name);
    });
  });

  describe("by a link instead of a text that a job with a token commits", () => {
    for (const [host, ofJob, folder, [patch, text]] of [
      ["GitLab", () => scriptOf(gitlabJobs["promote"]), "workspace", ["images.patch", "images.txt"]],
      ["GitHub", pullRequestScript, "temp", ["change/change.patch", "change/text.txt"]],
    ] as const)
      it(`${host}: the job ends before it pushes what the link leads to`, async () => {
        const machine = new Machine({ gh: "exit 0" });
        try {
          const { code, output } = await machine.run(`
            git init --quiet --bare "$RUNNER_TEMP/origin.git"
            git init --quiet --initial-branch=main
            git config user.name t && git config user.email t@example.com
            git remote add origin "$RUNNER_TEMP/origin.git"
            mkdir services && echo 1 > services/api.yaml
            git add --all && git commit --quiet --message=all
            mkdir "$RUNNER_TEMP/change"
            echo 2 > services/api.yaml && git diff > "$RUNNER_TEMP/patch" && git checkout --quiet .`);
          assert.equal(code, 0, output);
          const secret = path.join(machine.temp, "secret");
          fs.writeFileSync(secret, "canary");
          fs.copyFileSync(path.join(machine.temp, "patch"), path.join(machine[folder], patch));
          const env = {
            ...{ CI_PROJECT_URL: path.join(machine.temp, "origin"), CI_PIPELINE_ID: "1", PROMOTE_TOKEN: "x" },
            ...{ NAME: "promote", PATHS: "services/*", TITLE: "Promote", BRANCH: "promote-1" },
          };
          const pushed = () => machine.run('git -C "$RUNNER_TEMP/origin.git" log --all --format=%B');
          fs.symlinkSync(secret, path.join(machine[folder], text));
          const refused = await machine.run(ofJob(), env);
          assert.deepEqual([refused.code, (await pushed()).output], [1, ""], refused.output);
          assert.match(refused.output, /^\w+\.txt is a link, so nothing is pushed\.\n$/);

          fs.rmSync(path.join(machine[folder], text));
          fs.writeFileSync(path.join(machine[folder], text), "api gets 2");
          await machine.run(`git -C "$RUNNER_TEMP/origin.git" config receive.advertisePushOptions true`);
          const done = await machine.run(ofJob(), env);
          assert.equal(done.code, 0, done.output);
          assert.match((await pushed()).output, /^Promote(?: test to prod)?\n\napi gets 2\n/);
        } finally {
          machine.remove();
        }
      });
  });

  describe("by the person who starts a pipeline", () => {
    it("GitLab: no variable redirects the job of a stage to another stage or to other services", async () => {
      const pulumi = `echo "$*; $DOKPLOY_ONLY; $DOKPLOY_IMAGE_TAG" >&2`;
      const jobs = gitlab.jobs({ services: "api, cache", "image-tag": "v1.4" });
      const secretive = Object.entries(jobs).filter(([, { script }]) =>
        /\bpulumi (?:preview|up|cancel)/.test(script.join("\n")),
      );
      assert.deepEqual(secretive.map(([name]) => name).sort(), [
        ...["compare prod", "compare test", "deploy prod", "deploy test", "prepare prod", "prepare test"],
        ...["preview prod", "preview test", "unlock prod", "unlock test"],
      ]);
      for (const [name, { before_script: before = [], script, variables }] of secretive) {
        const stage = name.split(" ").at(-1);
        // Variables of a job yield to those of who starts it.
        assert.deepEqual(
          Object.keys(variables ?? {}),
          name.startsWith("deploy") ? ["PULUMI_PARALLEL"] : [],
          name,
        );
        const { code, output } = await runScript(
          // The artifact of the job before.
          ["touch plan.md plan.html", ...before, ...script].join("\n"),
          { PULUMI_STACK: "other", STAGE: "other", DOKPLOY_ONLY: "other", DOKPLOY_IMAGE_TAG: "other" },
          { pulumi, npx: `echo "$*" >> npx; exit 0` },
        );
        assert.equal(code, 0, output);
        const stacks = [...output.matchAll(/--stack (\w+)/g)].map(([, stack]) => stack);
        assert.deepEqual(stacks, name === "deploy prod" ? [stage, stage] : [stage], name);
        if (/^(?:compare|unlock)/.test(name)) continue;
        assert.match(output, name.startsWith("preview") ? /; ; \n$/ : /; api, cache; v1\.4\n$/, name);
      }
    });

    it("GitLab: inputs must match their pattern, and are never part of a script", () => {
      for (const [input, value] of [
        ["services", 'api"; id; "'],
        ["services", "$(id)"],
        ["services", "api`id`"],
        ["image-tag", "1.0 --target x"],
        ["image-tag", "$DOKPLOY_API_KEY"],
        ["refresh", "true; id"],
      ] as const) {
        assert.throws(() => gitlab.jobs({ [input]: value }), new RegExp(`\`${input}\` input`), value);
      }
      assert.match(gitlab.jobs({ refresh: "true" })["deploy test"]?.script.join() ?? "", /--refresh="true" /);
      for (const component of componentNames)
        for (const [name, { regex, type }] of Object.entries(inputsOf(component)))
          assert.ok(/^(?:boolean|number)$/.test(type ?? "") || /^\^.*\$$/.test(regex ?? ""), name);
    });

    it("GitLab: the jobs that install packages or show plans have no secrets of a stage", () => {
      for (const [name, { environment, script, before_script: before = [] }] of Object.entries(
        gitlab.jobs(),
      )) {
        const scope = typeof environment === "object" ? environment.name : environment;
        const text = [...before, ...script].join("\n");
        const isSecretive = /\bpulumi (?:preview|up|cancel)\b/.test(text);
        // Previews and promotions run commands of the package that call Pulumi themselves.
        if (/pulumi-dokploy (?:preview-env|promote) /.test(text)) continue;
        assert.equal(isSecretive, /^(?:test|prod)(?:\/plan)?$/.test(scope ?? ""), name);
        // The program of the stage loads the same package.
        const checked = name.startsWith("deploy ")
          ? text.replace("npx --no -- pulumi-dokploy approve-check", "")
          : text;
        if (isSecretive) assert.doesNotMatch(checked, /\bnp[mx]\b/, name);
      }
    });

    it("GitHub: no other repository can start a deployment with a token that can push", () => {
      for (const { name, workflow } of workflows) assert.ok(!("repository_dispatch" in workflow.on), name);
      const guide = fs.readFileSync(path.join(exampleFolder, "..", "..", "docs", "start", "ci.md"), "utf8");
      assert.doesNotMatch(guide, /Contents: read and write/);
    });

    it("GitHub: prod is not deployed by the app that deploys to test", async () => {
      const confirm = workflows.find(({ name }) => name === "deploy-prod.yml")?.workflow.jobs["confirm"];
      const script = confirm?.steps[0]?.run ?? "";
      const env = { STAGE: "prod", CONFIRM: "prod", REF: "refs/heads/main" };
      const { code, output } = await runScript(script, { ...env, ACTOR: "acme-deployments[bot]" });
      assert.equal(code, 1);
      assert.match(output, /^::error::Nothing was deployed: production is deployed by people/);
      assert.equal((await runScript(script, { ...env, ACTOR: "somebody" })).code, 0);
    });
  });
});

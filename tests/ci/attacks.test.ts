/** The recipes against people who can comment, push a branch, change a service on the server, or start a pipeline. */
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { GitlabRepository } from "./gitlab";
import {
  type Comment,
  ghCommand,
  noteAuthor,
  noteToken,
  readComments,
  startNotes,
  workflowAuthor,
} from "./hosts";
import { runWorkflow } from "./runner";
import { Machine, runScript, summarise } from "./script";
import { deploys, exampleFolder, readWorkflows } from "./workflow";

const workflows = readWorkflows(exampleFolder);
const preview = workflows.find(({ name }) => name === "preview.yml")?.workflow;

describe("the recipes, attacked", function () {
  this.timeout(120_000);
  let gitlab: GitlabRepository;
  const gitlabText = fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8");

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
    gitlab = new GitlabRepository(gitlabText);
  });
  after(() => gitlab?.remove());

  describe("by a comment that starts like the plan", () => {
    it("GitHub: it stays unchanged, and the plan is a separate comment", async () => {
      const machine = new Machine();
      try {
        const file = path.join(machine.temp, "comments.json");
        const foreign: Comment[] = ["mallory", "github-actions", `${workflowAuthor}x`].map(
          (login, index) => ({
            id: index + 1,
            body: "<!-- plan: test -->\nNothing changes.",
            user: { login },
          }),
        );
        fs.writeFileSync(file, JSON.stringify(foreign));
        machine.command("gh", ghCommand(file), "node");
        const plans = path.join(machine.temp, "plans");
        fs.mkdirSync(plans);
        const [, step] = preview?.jobs["comment"]?.steps ?? [];
        assert.equal(step?.env?.["AUTHOR"], workflowAuthor);
        const env = {
          GH_TOKEN: "canary",
          AUTHOR: workflowAuthor,
          ISSUES: "repos/acme/shop/issues",
          PULL_REQUEST: "7",
          COMMIT: "0123456789",
        };
        for (const plan of ["all is deleted", "all is deleted twice"]) {
          fs.writeFileSync(path.join(plans, "test.md"), plan);
          // Not one of the stages: an artifact can have any name.
          fs.writeFileSync(path.join(plans, "x -->.md"), "posted");
          const { code, output } = await machine.run(step?.run ?? "", env);
          assert.equal(code, 0, output);
          const comments = readComments(file);
          assert.deepEqual(comments.slice(0, 3), foreign);
          assert.deepEqual(
            comments.slice(3).map(({ body, user }) => [body, user.login]),
            [[`<!-- plan: test -->\n${plan}\nCommit 0123456\n`, workflowAuthor]],
          );
        }
      } finally {
        machine.remove();
      }
    });

    it("GitLab: it stays unchanged, fails no job, and never hides the plan's own note", async () => {
      const foreign = Array.from({ length: 120 }, (_, index) => ({
        id: index + 1,
        body: "<!-- plan: test -->\nNothing changes.",
        author: { id: noteAuthor + 1 },
      }));
      const host = await startNotes(structuredClone(foreign));
      const machine = new Machine();
      try {
        const script = gitlab.jobs()["note test"]?.script.join("\n") ?? "";
        for (const plan of ["all is deleted", "all is deleted twice"]) {
          fs.writeFileSync(path.join(machine.workspace, "plan.md"), `${plan}\n`);
          const { code, output } = await machine.run(script, {
            CI_API_V4_URL: host.url,
            CI_PROJECT_ID: "12",
            CI_MERGE_REQUEST_IID: "7",
            CI_COMMIT_SHA: "0123456789",
            GITLAB_TOKEN: noteToken,
            STAGE: "test",
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
      assert.ok(preview);
      const machine = new Machine({ npm: "exit 1" });
      try {
        const comments = path.join(machine.temp, "comments.json");
        fs.writeFileSync(comments, "[]");
        machine.command("gh", ghCommand(comments), "node");
        machine.command("pulumi", "exit 1");
        const artifacts = path.join(machine.temp, "artifacts");
        const runs = path.join(machine.temp, "runs");
        for (const each of [artifacts, runs]) fs.mkdirSync(each);
        const { env } = process;
        const results = await runWorkflow(preview, {
          folder: runs,
          machine: { ...env, PATH: `${path.join(machine.temp, "..", "bin")}${path.delimiter}${env["PATH"]}` },
          event: {
            github: {
              repository: "acme/shop",
              actor: "mallory",
              token: "canary",
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
            "actions/checkout": async (_, { workspace }) => {
              for (const name of ["test.md", "plan.md", "plan/test.md", "plans/test.md", "plans/prod.md"]) {
                fs.mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true });
                fs.writeFileSync(path.join(workspace, name), "Approved by security.");
              }
              return undefined;
            },
            "actions/setup-node": async () => undefined,
            "pulumi/actions": async () => undefined,
            "actions/upload-artifact": async ({ path: file = "" }, { workspace }) => {
              const from = path.resolve(workspace, file);
              if (fs.existsSync(from)) fs.copyFileSync(from, path.join(artifacts, path.basename(from)));
              return undefined;
            },
            "actions/download-artifact": async ({ path: to = "" }, { workspace }) => {
              // As on a runner of one's own, where the folder of an earlier job is still there.
              fs.mkdirSync(path.join(workspace, "plans"), { recursive: true });
              fs.writeFileSync(path.join(workspace, "plans", "test.md"), "Approved by security.");
              fs.cpSync(artifacts, path.resolve(workspace, to), { recursive: true });
              return undefined;
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
        assert.deepEqual(readComments(comments), []);
        for (const { summary } of results) assert.equal(summary, "");
      } finally {
        machine.remove();
      }
    });

    it("GitLab: a committed plan.json is not used as a plan, and the job that shows the plan has no files of the branch", async () => {
      const machine = new Machine({ pulumi: "exit 6", npx: summarise });
      try {
        fs.writeFileSync(path.join(machine.workspace, "plan.json"), "Approved by security.");
        const jobs = gitlab.jobs();
        await machine.run(jobs["preview test"]?.script.join("\n") ?? "", { STAGE: "test" });
        await machine.run(jobs["plan test"]?.script.join("\n") ?? "", { STAGE: "test" });
        const shown = fs.readFileSync(path.join(machine.workspace, "plan.md"), "utf8");
        assert.equal(shown, "There is no plan.\n");
        for (const name of ["plan test", "plan prod", "drift test", "drift prod"]) {
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
        const env = { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main" };
        return await machine.run(script, env);
      } finally {
        machine.remove();
      }
    }

    for (const [host, scriptOf] of [
      ["GitHub", () => preview?.jobs["plan"]?.steps.find(({ name }) => name?.startsWith("Refuse"))?.run],
      ["GitLab", () => gitlab.jobs()["install"]?.script.join("\n")],
    ] as const) {
      it(`${host}: a change of it is refused, in every spelling, before any step has secrets`, async () => {
        const script = scriptOf() ?? "";
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
        const summary = steps.at(-1)?.run ?? "";
        const machine = new Machine({ pulumi });
        try {
          const { code, output } = await machine.run(deploy, { REFRESH: "false" });
          assert.equal(code, 3);
          const [, token = "", log] =
            /^::stop-commands::([-\w]{30,})\n([\s\S]*)\n::\1::\n$/.exec(output) ?? [];
          assert.equal(log, printed.join("\n"));
          tokens.add(token);
          const page = (await machine.run(summary)).summary;
          const [head, empty, ...lines] = page.trimEnd().split(/\r\n|\r|\n/);
          assert.deepEqual([head, empty], ["### Deployed", ""]);
          assert.equal(lines.length, printed.length);
          for (const line of lines) assert.match(line, /^ {4}/);
        } finally {
          machine.remove();
        }
      }
      assert.equal(tokens.size, 3, "the same token twice");
    });

    it("GitHub: the comparison of the stages prints nothing, and shows the values unchanged in the summary", async () => {
      const script = preview?.jobs["stages"]?.steps.at(-1)?.run ?? "";
      const { code, output, summary } = await runScript(script, {}, { npx: pulumi });
      assert.equal(code, 3);
      assert.equal(output, "");
      const [, , ...lines] = summary.trimEnd().split(/\r\n|\r|\n/);
      assert.equal(lines.length, printed.length);
      for (const line of lines) assert.match(line, /^ {4}/);
    });
  });

  describe("by a package", () => {
    it("GitLab: no job that runs one has the token for notes, nor a file of one", () => {
      const jobs = Object.entries(gitlab.jobs());
      const scopeOf = ({ environment }: (typeof jobs)[number][1]) =>
        typeof environment === "object" ? environment.name : environment;
      const noting = jobs.filter(([, job]) => scopeOf(job) === "notes");
      assert.deepEqual(noting.map(([name]) => name).sort(), [
        "issue prod",
        "issue test",
        "note prod",
        "note test",
      ]);
      for (const [name, { script, before_script: before = [], needs, variables }] of noting) {
        assert.doesNotMatch([...before, ...script].join("\n"), /\bnp[mx]\b|node_modules|pulumi/, name);
        const [kind, stage] = name.split(" ");
        assert.deepEqual(
          needs?.map(({ job }) => job),
          kind === "note" ? [`plan ${stage}`] : [`compare ${stage}`, `drift ${stage}`],
        );
        assert.equal(variables?.["GIT_STRATEGY"], "empty", name);
      }
      for (const [name, job] of jobs)
        if (scopeOf(job) !== "notes") assert.doesNotMatch(job.script.join("\n"), /GITLAB_TOKEN/, name);
    });
  });

  describe("by the person who starts a pipeline", () => {
    it("GitLab: no variable redirects the job of a stage to another stage or to other services", async () => {
      const pulumi = `echo "$*; $DOKPLOY_ONLY; $DOKPLOY_IMAGE_TAG" >&2`;
      const jobs = gitlab.jobs({ services: "api, cache", "image-tag": "v1.4" });
      const secretive = Object.entries(jobs).filter(([, { script }]) => /\bpulumi /.test(script.join("\n")));
      assert.deepEqual(secretive.map(([name]) => name).sort(), [
        ...["compare prod", "compare test", "deploy prod", "deploy test", "preview prod", "preview test"],
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
          [...before, ...script].join("\n"),
          { PULUMI_STACK: "other", STAGE: "other", DOKPLOY_ONLY: "other", DOKPLOY_IMAGE_TAG: "other" },
          { pulumi },
        );
        assert.equal(code, 0, output);
        assert.match(output, new RegExp(`--stack ${stage}\\b`), name);
        assert.equal(/--stack/g.exec(output)?.length, 1);
        if (name.startsWith("compare")) continue;
        assert.match(output, /; api, cache; v1\.4\n$/, name);
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
      assert.match(gitlab.jobs({ refresh: "true" })["deploy test"]?.script.join() ?? "", /--refresh=true /);
      const [header = ""] = gitlabText.split("\n---\n");
      const { spec } = parse(header) as {
        spec: { inputs: Record<string, { regex?: string; type?: string }> };
      };
      for (const [name, { regex, type }] of Object.entries(spec.inputs)) {
        assert.ok(type === "boolean" || /^\^.*\$$/.test(regex ?? ""), name);
      }
    });

    it("GitLab: the jobs that install packages or show plans have no secrets of a stage", () => {
      for (const [name, { environment, script, before_script: before = [] }] of Object.entries(
        gitlab.jobs(),
      )) {
        const scope = typeof environment === "object" ? environment.name : environment;
        const text = [...before, ...script].join("\n");
        const isSecretive = /\bpulumi (?:preview|up)\b/.test(text);
        assert.equal(isSecretive, /^(?:test|prod)(?:\/plan)?$/.test(scope ?? ""), name);
        if (isSecretive) assert.doesNotMatch(text, /\bnp[mx]\b/, name);
      }
    });

    it("GitHub: no other repository can start a deployment with a token that can push", () => {
      for (const { name, workflow } of workflows) assert.ok(!("repository_dispatch" in workflow.on), name);
      const guide = fs.readFileSync(path.join(exampleFolder, "..", "..", "docs", "ci.md"), "utf8");
      assert.doesNotMatch(guide, /Contents: read and write/);
    });

    it("GitHub: prod is not deployed by the app that deploys to test", async () => {
      const confirm = workflows.find(({ name }) => name === "deploy-prod.yml")?.workflow.jobs["confirm"];
      const script = confirm?.steps[0]?.run ?? "";
      const env = { CONFIRM: "prod", REF: "refs/heads/main" };
      const { code, output } = await runScript(script, { ...env, ACTOR: "acme-deployments[bot]" });
      assert.equal(code, 1);
      assert.match(output, /^::error::Nothing was deployed: production is deployed by people/);
      assert.equal((await runScript(script, { ...env, ACTOR: "somebody" })).code, 0);
    });
  });
});

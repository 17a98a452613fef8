import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Artifacts } from "./artifacts";
import { GithubHost, githubToken } from "./github-host";
import { exampleFiles, type GitlabJob, GitlabRepository, scriptOf } from "./gitlab";
import { noteToken, startGitlab } from "./gitlab-host";
import { type JobResult, runWorkflow } from "./runner";
import { Machine } from "./script";
import { standIns } from "./stand-ins";
import { exampleFolder, readWorkflows } from "./workflow";

/** What a run prints that a runner must not take for its commands, and how the log shows it. */
const printed = ["::error::Nothing to see", "##[add-path]/tmp/evil", "::stop-commands::x"];
const shown = ["\\x3a:error::Nothing to see", "\\x23#[add-path]/tmp/evil", "\\x3a:stop-commands::x"];

/** What a run of the package's command was given. */
interface Call {
  readonly args: string[];
  readonly key: string | undefined;
}

/** `npx`: notes the call, writes the comment, and ends as the file `fails` says. */
const npx = (folder: string) => `
  const fs = require("node:fs");
  const args = process.argv.slice(2);
  if (args.slice(0, 3).join(" ") !== "--no -- pulumi-dokploy") throw new Error(args.join(" "));
  const call = {
    args: args.slice(3),
    key: process.env.DOKPLOY_API_KEY,
  };
  fs.appendFileSync(${JSON.stringify(path.join(folder, "calls"))}, JSON.stringify(call) + "\\n");
  const fails = fs.existsSync(${JSON.stringify(path.join(folder, "fails"))});
  const at = args.indexOf("--comment");
  const title = args[4] === "remove" ? "is removed" : fails ? "**failed**" : "is deployed";
  if (at !== -1) fs.writeFileSync(args[at + 1], "### Preview of #" + args[5] + " " + title + "\\n");
  console.log(${JSON.stringify(printed.join("\n"))});
  if (fails) process.exitCode = 1;`;

describe("the recipes for previews of pull requests", function () {
  this.timeout(120_000);
  let folder: string;
  let host: GithubHost;
  let runs = 0;

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
  });
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-previews-"));
    host = await new GithubHost().start();
    write("tools/npx", `#!/usr/bin/env node\n${npx(folder)}`);
    write("tools/npm", `#!/usr/bin/env bash\n[ "$*" = "ci --ignore-scripts" ] || exit 8`);
  });
  afterEach(() => {
    host.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o755 });
  }

  const read = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");
  const isThere = (name: string) => fs.existsSync(path.join(folder, name));
  const calls = (): Call[] =>
    isThere("calls")
      ? read("calls")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Call)
      : [];
  const commands = () => calls().map(({ args: [, command, number] }) => `${command} ${number}`);
  const comments = () => host.comments;

  interface Event {
    readonly name: "pull_request" | "schedule";
    readonly action?: string;
    readonly fork?: boolean | "deleted";
    readonly branch?: string;
    readonly actor?: string;
  }

  async function play(name: string, event: Event): Promise<Record<string, JobResult>> {
    runs += 1;
    const at = path.join(folder, `run-${runs}`);
    fs.mkdirSync(at);
    const repo = { full_name: event.fork ? "mallory/shop" : "acme/shop" };
    const file = readWorkflows(exampleFolder).find((each) => each.name === name);
    const job = host.environment(folder, { pull_request: { number: 7, head: { sha: "0123456" } } });
    const results = await runWorkflow(file?.written ?? assert.fail(name), {
      folder: at,
      machine: { ...process.env, ...job, PATH: `${folder}/tools${path.delimiter}${process.env["PATH"]}` },
      event: {
        github: {
          repository: "acme/shop",
          server_url: "https://github.com",
          event_name: event.name,
          actor: event.actor ?? "somebody",
          token: githubToken,
          head_ref: event.branch ?? "feature/x",
          event: {
            action: event.action ?? null,
            pull_request: {
              number: 7,
              title: "$(touch pwned)",
              head: { repo: event.fork === "deleted" ? null : repo },
            },
          },
        },
      },
      environment: (name) => ({
        secrets: {
          PULUMI_ACCESS_TOKEN: null,
          PULUMI_CONFIG_PASSPHRASE: name === "preview" ? "canary-passphrase" : null,
          DOKPLOY_API_KEY: name === "preview" ? "canary-key" : null,
        },
        vars: { PULUMI_BACKEND_URL: null, DOKPLOY_URL: "https://dokploy.acme.dev" },
      }),
      actions: standIns(new Artifacts(), async (inputs) => {
        assert.deepEqual(inputs, { "persist-credentials": "false" });
        return undefined;
      }),
    });
    for (const { output, summary } of results) assert.doesNotMatch(output + summary, /canary/);
    assert.ok(
      !fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => /pwned$/.test(name)),
    );
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }
  const preview = (event: Event) => play("preview-env.yml", event);
  const endings = (results: Record<string, JobResult>) =>
    Object.fromEntries(Object.values(results).map(({ name, result }) => [name, result]));
  const all = (preview: string, comment: string) => ({ preview, comment });

  describe("on GitHub", () => {
    it("deploy an opened pull request and each push, remove the preview of a closed one, and keep one comment", async () => {
      host.comments = [{ id: 1, body: "<!-- preview environment -->\nfake", user: { login: "mallory" } }];
      for (const action of ["opened", "synchronize", "closed"]) {
        const results = await preview({ name: "pull_request", action });
        assert.deepEqual(endings(results), all("success", "success"));
        assert.equal(comments().length, 2, action);
      }
      assert.deepEqual(commands(), ["up 7", "up 7", "remove 7"]);
      const [first] = calls();
      assert.ok(first?.args.includes("feature/x") && first.args.includes("--unlock"));
      assert.equal(first?.key, "canary-key");
      assert.deepEqual(
        comments().map(({ body }) => body),
        [
          "<!-- preview environment -->\nfake",
          "<!-- preview environment -->\n### Preview of #7 is removed\n",
        ],
      );
    });

    it("show a deployment that fails, and fail", async () => {
      write("fails", "");
      const results = await preview({ name: "pull_request", action: "opened" });
      assert.deepEqual(endings(results), all("failure", "success"));
      assert.match(comments()[0]?.body ?? "", /### Preview of #7 \*\*failed\*\*/);
    });

    it("pass names as data, and no output as a command to the runner", async () => {
      for (const branch of ["$(touch${IFS}pwned)", '"; touch pwned; #', "a`touch pwned`"]) {
        const { preview: job } = await preview({ name: "pull_request", action: "opened", branch });
        assert.ok(calls().at(-1)?.args.includes(branch), branch);
        const [, token = "", log = ""] =
          /^::stop-commands::([-\w]{30,})\n([\s\S]*)\n::\1::\n$/m.exec(job?.output ?? "") ?? [];
        assert.ok(token !== "" && log.includes(shown.join("\n")), job?.output);
      }
    });

    it("deploy and remove nothing for a fork and for Dependabot, and have no other way to start", async () => {
      for (const action of ["opened", "reopened", "synchronize", "closed"])
        for (const from of [{ fork: true }, { fork: "deleted" }, { actor: "dependabot[bot]" }] as const)
          assert.deepEqual(
            endings(await preview({ name: "pull_request", action, ...from })),
            all("skipped", "skipped"),
            JSON.stringify([action, from]),
          );
      assert.deepEqual(calls(), []);
      const file = readWorkflows(exampleFolder).find(({ name }) => name === "preview-env.yml");
      assert.deepEqual(Object.keys(file?.workflow.on ?? {}), ["pull_request"]);
    });

    it("sweep by the list of open pull requests, and remove nothing when GitHub does not answer", async () => {
      const sweep = () => play("preview-sweep.yml", { name: "schedule" });
      host.open = undefined;
      assert.equal((await sweep())["sweep"]?.result, "failure", "the list is missing");
      assert.deepEqual(calls(), []);
      host.open = [12, 15];
      assert.deepEqual(endings(await sweep()), { sweep: "success" });
      assert.deepEqual(calls()[0]?.args, ["preview-env", "sweep", "--open", "12\n15"]);
    });
  });

  describe("on GitLab", () => {
    let machine: Machine;
    let repository: GitlabRepository;
    let jobs: Record<string, GitlabJob>;
    before(() => {
      repository = new GitlabRepository(exampleFiles());
      jobs = repository.jobs();
    });
    after(() => repository?.remove());
    beforeEach(() => {
      machine = new Machine();
      machine.command("npx", npx(folder), "node");
      machine.command("npm", '[ "$*" = "ci --ignore-scripts" ] || exit 8');
    });
    afterEach(() => machine?.remove());
    const run = (job: string, env: Record<string, string>) =>
      machine.run(scriptOf(jobs[job]), { ...repository.environment(), ...env });

    it("deploy and remove a merge request of the project, with names as data, and keep one note", async () => {
      const own = await startGitlab();
      try {
        const env = {
          ...{ CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "$(touch${IFS}pwned)" },
          ...{ CI_API_V4_URL: own.url, CI_PROJECT_ID: "12", GITLAB_TOKEN: noteToken },
        };
        assert.equal((await run("preview", env)).code, 0);
        assert.ok(calls()[0]?.args.includes("$(touch${IFS}pwned)"));
        assert.ok(!fs.existsSync(path.join(machine.workspace, "pwned")));
        assert.equal((await run("note preview", env)).code, 0);
        write("fails", "");
        assert.equal((await run("preview", env)).code, 1);
        const noted = await run("note preview", env);
        assert.equal(noted.code, 0, noted.output);
        assert.deepEqual(
          own.notes.map(({ body }) => body),
          ["<!-- preview environment -->\n### Preview of #7 **failed**\n"],
        );
        fs.rmSync(path.join(folder, "fails"));
        assert.equal((await run("remove preview", env)).code, 0);
        assert.deepEqual(commands(), ["up 7", "up 7", "remove 7"]);
      } finally {
        own.close();
      }
    });

    it("deploy a merge request that changes no file which `install` looks at, with packages of their own", async () => {
      const project = { CI_PROJECT_ID: "12", CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "12" };
      const names = Object.keys(repository.pipeline("merge_request_event", project, false));
      assert.deepEqual(names.sort(), ["note preview", "preview", "remove preview"]);
      // GitLab starts no pipeline in which a job is missing that another one needs.
      for (const name of names)
        for (const { job, optional } of jobs[name]?.needs ?? [])
          assert.ok(optional || names.includes(job), `${name} needs ${job}`);
      machine.command("npm", '[ "$*" = "ci --ignore-scripts" ] && mkdir node_modules');
      for (const _ of ["without packages", "with those of a job"])
        assert.equal((await run("preview", { CI_MERGE_REQUEST_IID: "7" })).code, 0);
      assert.ok(fs.existsSync(path.join(machine.workspace, "node_modules")));
      assert.deepEqual(commands(), ["up 7", "up 7"]);
    });

    it("run for no merge request of a fork", () => {
      const names = (source: string) =>
        Object.keys(
          repository.pipeline("merge_request_event", {
            CI_PROJECT_ID: "12",
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source,
          }),
        ).filter((name) => /preview/.test(name) && !/ (?:test|prod)$/.test(name));
      assert.deepEqual(names("12").sort(), ["note preview", "preview", "remove preview"]);
      assert.deepEqual(names("99"), []);
    });

    it("sweep by all pages of open merge requests, and remove nothing when GitLab does not answer", async () => {
      const numbers = Array.from({ length: 120 }, (_, at) => at + 1);
      const own = await startGitlab({ open: undefined });
      try {
        const env = { CI_API_V4_URL: own.url, CI_PROJECT_ID: "12", GITLAB_TOKEN: noteToken };
        assert.deepEqual(
          jobs["sweep previews"]?.needs?.map(({ job }) => job),
          ["install", "open merge requests"],
        );
        assert.notEqual((await run("open merge requests", env)).code, 0, "the list is missing");
        assert.notEqual((await run("open merge requests", { ...env, GITLAB_TOKEN: "" })).code, 0, "no token");
        own.open = numbers;
        assert.equal((await run("open merge requests", env)).code, 0);
        assert.equal((await run("sweep previews", {})).code, 0);
        assert.deepEqual(calls()[0]?.args, ["preview-env", "sweep", "--open", numbers.join("\n")]);
      } finally {
        own.close();
      }
    });
  });
});

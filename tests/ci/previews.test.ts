import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { recipesOf } from "../unit/docs/recipes";
import { type GitlabJob, GitlabRepository } from "./gitlab";
import { ghCommand, readComments } from "./hosts";
import { type JobResult, runWorkflow } from "./runner";
import { Machine } from "./script";
import { exampleFolder, type Workflow } from "./workflow";

const blocks = recipesOf(path.join("docs", "previews.md")).filter(({ language }) => language === "yaml");
const blockOf = (start: string) =>
  blocks.find(({ code }) => code.startsWith(start))?.code ?? assert.fail(`no block begins with ${start}`);

/** What a run prints that a runner must not take for its commands. */
const printed = ["::error::Nothing to see", "##[add-path]/tmp/evil", "::stop-commands::x"];

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

/** Calls of GitHub besides those for comments, which another script has. */
const gh = (folder: string) => `
  [ -n "\${GH_TOKEN:-}" ] || exit 9
  case "$*" in
    *"repos/acme/shop/pulls?state=open&per_page=100"*) cat ${folder}/open ;;
    *) exec ${folder}/tools/gh-comments "$@" ;;
  esac`;

describe("the recipes for previews of pull requests", function () {
  this.timeout(120_000);
  let folder: string;
  let runs = 0;

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-previews-"));
    write("comments", "[]");
    write("tools/npx", `#!/usr/bin/env node\n${npx(folder)}`);
    write("tools/gh-comments", `#!/usr/bin/env node\n${ghCommand(path.join(folder, "comments"))}`);
    write("tools/gh", `#!/usr/bin/env bash\n${gh(folder)}`);
    write("tools/npm", `#!/usr/bin/env bash\n[ "$*" = "ci --ignore-scripts" ] || exit 8`);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

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
  const comments = () => readComments(path.join(folder, "comments"));

  interface Event {
    readonly name: "pull_request" | "schedule";
    readonly action?: string;
    readonly fork?: boolean | "deleted";
    readonly branch?: string;
    readonly actor?: string;
  }

  async function play(start: string, event: Event): Promise<Record<string, JobResult>> {
    runs += 1;
    const at = path.join(folder, `run-${runs}`);
    const artifacts = path.join(folder, `artifacts-${runs}`);
    for (const each of [at, artifacts]) fs.mkdirSync(each);
    const repo = { full_name: event.fork ? "mallory/shop" : "acme/shop" };
    const results = await runWorkflow(parse(blockOf(start)) as Workflow, {
      folder: at,
      machine: { ...process.env, PATH: `${folder}/tools${path.delimiter}${process.env["PATH"]}` },
      event: {
        github: {
          repository: "acme/shop",
          event_name: event.name,
          actor: event.actor ?? "somebody",
          token: "canary-github-token",
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
      actions: {
        "actions/checkout": async (inputs) => {
          assert.deepEqual(inputs, { "persist-credentials": "false" });
          return undefined;
        },
        "actions/setup-node": async () => undefined,
        "pulumi/actions": async () => undefined,
        "actions/upload-artifact": async ({ path: file = "" }) => {
          if (fs.existsSync(file)) fs.copyFileSync(file, path.join(artifacts, path.basename(file)));
          return undefined;
        },
        "actions/download-artifact": async ({ path: to = "" }) => {
          fs.cpSync(artifacts, to, { recursive: true });
          return undefined;
        },
      },
    });
    for (const { output, summary } of results) assert.doesNotMatch(output + summary, /canary/);
    assert.ok(
      !fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) => /pwned$/.test(name)),
    );
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }
  const preview = (event: Event) => play("# .github/workflows/preview-env.yml", event);
  const endings = (results: Record<string, JobResult>) =>
    Object.fromEntries(Object.values(results).map(({ name, result }) => [name, result]));
  const all = (preview: string, comment: string) => ({ preview, comment });

  describe("on GitHub", () => {
    it("deploy an opened pull request and each push, remove the preview of a closed one, and keep one comment", async () => {
      write(
        "comments",
        JSON.stringify([{ id: 1, body: "<!-- preview environment -->\nfake", user: { login: "mallory" } }]),
      );
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
        assert.ok(token !== "" && log.includes(printed.join("\n")), job?.output);
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
      const workflow = parse(blockOf("# .github/workflows/preview-env.yml")) as Workflow;
      assert.deepEqual(Object.keys(workflow.on), ["pull_request"]);
    });

    it("sweep by the list of open pull requests, and remove nothing when GitHub does not answer", async () => {
      const sweep = () => play("# .github/workflows/preview-sweep.yml", { name: "schedule" });
      assert.equal((await sweep())["sweep"]?.result, "failure", "the list is missing");
      assert.deepEqual(calls(), []);
      write("open", "12\n15\n");
      assert.deepEqual(endings(await sweep()), { sweep: "success" });
      assert.deepEqual(calls()[0]?.args, ["preview-env", "sweep", "--open", "12\n15"]);
    });
  });

  describe("on GitLab", () => {
    let machine: Machine;
    let repository: GitlabRepository;
    let jobs: Record<string, GitlabJob>;
    before(() => {
      const example = fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8");
      repository = new GitlabRepository(example + blockOf("# added to .gitlab-ci.yml"));
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
      machine.run(jobs[job]?.script.join("\n") ?? assert.fail(job), env);

    it("deploy and remove a merge request of the project, with names as data", async () => {
      const env = { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "$(touch${IFS}pwned)" };
      assert.equal((await run("preview", env)).code, 0);
      assert.ok(calls()[0]?.args.includes("$(touch${IFS}pwned)"));
      assert.ok(!fs.existsSync(path.join(machine.workspace, "pwned")));
      write("fails", "");
      assert.equal((await run("preview", env)).code, 1);
      assert.match(fs.readFileSync(path.join(machine.workspace, "plan.md"), "utf8"), /\*\*failed\*\*/);
      fs.rmSync(path.join(folder, "fails"));
      assert.equal((await run("remove preview", env)).code, 0);
      assert.deepEqual(commands(), ["up 7", "up 7", "remove 7"]);
    });

    it("run for no merge request of a fork", () => {
      // A pipeline of a merge request has no CI_COMMIT_BRANCH.
      const names = (source: string) =>
        Object.keys(
          repository.pipeline("merge_request_event", {
            CI_COMMIT_BRANCH: "",
            CI_PROJECT_ID: "12",
            CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source,
          }),
        ).filter((name) => /preview/.test(name) && !/ (?:test|prod)$/.test(name));
      assert.deepEqual(names("12").sort(), ["note preview", "preview", "remove preview"]);
      assert.deepEqual(names("99"), []);
      assert.deepEqual(
        Object.keys(repository.pipeline("push")).filter((name) => name in jobs && / fork$/.test(name)),
        [],
      );
    });

    it("sweep by all pages of open merge requests, and remove nothing when GitLab does not answer", async () => {
      let fails = true;
      const server: Server = createServer((request, response) => {
        const { searchParams } = new URL(request.url ?? "", "http://localhost");
        const isFirst = searchParams.get("page") === "1";
        if (!isFirst && fails) response.writeHead(500).end("{}");
        else
          response
            .writeHead(200, { "x-next-page": isFirst ? "2" : "" })
            .end(JSON.stringify([{ iid: isFirst ? 12 : 15 }]));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      try {
        const CI_API_V4_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const env = { CI_API_V4_URL, CI_PROJECT_ID: "12", GITLAB_TOKEN: "t" };
        assert.notEqual((await run("sweep previews", env)).code, 0);
        assert.deepEqual(calls(), []);
        fails = false;
        const { code, output } = await run("sweep previews", env);
        assert.equal(code, 0, output);
        assert.deepEqual(calls()[0]?.args, ["preview-env", "sweep", "--open", "12,15"]);
      } finally {
        server.close();
      }
    });
  });
});

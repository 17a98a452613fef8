import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GitlabRepository } from "../ci/gitlab";
import { ghCommand, noteToken, readComments, startNotes } from "../ci/hosts";
import { type JobResult, runWorkflow } from "../ci/runner";
import { exampleFolder, readWorkflows } from "../ci/workflow";
import { Story } from "./story";

const { run } = require("../../scripts/run.cjs") as {
  run(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; timeoutSeconds: number },
  ): Promise<{ code: number; output: string }>;
};

const repository = path.join(__dirname, "..", "..");
const passphrase = "pulumi-dokploy";

interface Project {
  name: string;
  environments: { applications: Service[]; compose: Service[] }[];
}
interface Service {
  name: string;
  applicationId?: string;
  composeId?: string;
  dockerImage?: string | null;
}

describe("the recipes for CI", function () {
  this.timeout(600_000);
  let story: Story;
  /** The repository that jobs check out: the example, with stacks for test and prod. */
  let origin: string;
  /** Comments of the pull request. */
  let comments: string;
  let runs = 0;

  before(function () {
    // The jobs run on Linux, with bash and links to files.
    if (process.platform === "win32") this.skip();
  });
  beforeEach(async () => {
    story = await Story.begin();
    const folder = path.dirname(story.workspace.dir);
    origin = path.join(folder, "origin");
    fs.cpSync(exampleFolder, origin, { recursive: true });
    fs.writeFileSync(path.join(origin, "package.json"), JSON.stringify({ private: true }));
    installIn(origin);
    for (const stage of ["test", "prod"]) {
      await story.succeeds("-C", origin, "stack", "init", stage);
      const secrets = [
        "--secret",
        `apiToken=canary-token-${stage}`,
        "--secret",
        `cachePassword=canary-word-${stage}`,
      ];
      // Containers are watched for 10 s otherwise.
      const settings = ["--plaintext", "dokploy:waitFor=deployed"];
      await story.succeeds("-C", origin, "config", "set-all", "--stack", stage, ...secrets, ...settings);
    }
    comments = path.join(folder, "comments.json");
    fs.writeFileSync(comments, "[]");
    writeTools(path.join(folder, "tools"), origin, comments);
  });
  afterEach(() => story.end());

  const folderOf = (name: string) => path.join(path.dirname(story.workspace.dir), name);

  /** What a machine of CI has before any job: tools, and nobody's settings. */
  function machine(): NodeJS.ProcessEnv {
    const { PATH, ...env } = story.workspace.env;
    const kept = Object.entries(env).filter(
      ([name]) => !/^(DOKPLOY_|PULUMI_(BACKEND|CONFIG|STACK|SKIP_CONF)|GITHUB_|GITLAB_|CI_?)/.test(name),
    );
    return { ...Object.fromEntries(kept), PATH: `${folderOf("tools")}${path.delimiter}${PATH}` };
  }

  /** What each environment holds; others, and jobs without one, have nothing. */
  function settingsOf(environment: string | undefined): Record<string, string> | undefined {
    if (!/^(?:test|prod)(?:[-/]plan)?$/.test(environment ?? "")) return undefined;
    return {
      PULUMI_BACKEND_URL: story.workspace.env["PULUMI_BACKEND_URL"] ?? "",
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      DOKPLOY_URL: story.emulator.url,
      DOKPLOY_API_KEY: story.emulator.apiKey,
    };
  }

  /** Runs a workflow of the example, with what stands in the place of the actions that it uses. */
  async function workflow(
    name: string,
    event: {
      inputs?: Record<string, string | boolean>;
      ref?: string;
      fork?: boolean;
      actor?: string;
      commit?: string;
    } = {},
  ): Promise<Record<string, JobResult>> {
    const file = readWorkflows(exampleFolder).find((candidate) => candidate.name === name);
    assert.ok(file, name);
    runs += 1;
    const folder = folderOf(`run-${runs}`);
    const artifacts = folderOf(`artifacts-${runs}`);
    for (const each of [folder, artifacts]) fs.mkdirSync(each);
    const results = await runWorkflow(file.workflow, {
      folder,
      machine: machine(),
      event: {
        github: {
          repository: "acme/shop",
          server_url: "https://github.example",
          run_id: "99",
          ref: event.ref ?? "refs/heads/main",
          actor: event.actor ?? "somebody",
          triggering_actor: event.actor ?? "somebody",
          token: "canary-github-token",
          event: {
            pull_request: {
              number: 7,
              head: {
                repo: { full_name: event.fork ? "somebody/shop" : "acme/shop" },
                sha: event.commit ?? "0123456789abcdef0123456789abcdef01234567",
              },
            },
          },
        },
        inputs: { services: null, "image-tag": null, confirm: null, refresh: null, ...event.inputs },
      },
      environment(environment) {
        const settings = settingsOf(environment) ?? {};
        const of = (names: string[]) =>
          Object.fromEntries(names.map((each) => [each, settings[each] ?? null]));
        return {
          secrets: of(["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "DOKPLOY_API_KEY"]),
          vars: of(["PULUMI_BACKEND_URL", "DOKPLOY_URL"]),
        };
      },
      actions: {
        "actions/checkout": async (_, { workspace }) => checkOut(workspace),
        "actions/setup-node": async () => undefined,
        "actions/upload-artifact": async ({ path: file = "" }, { workspace }) => {
          const from = path.resolve(workspace, file);
          // Of a folder, only its contents.
          const isFolder = fs.existsSync(from) && fs.statSync(from).isDirectory();
          if (isFolder) fs.cpSync(from, artifacts, { recursive: true });
          else if (fs.existsSync(from)) fs.copyFileSync(from, path.join(artifacts, path.basename(file)));
          return undefined;
        },
        "actions/download-artifact": async ({ path: to = "" }, { workspace }) => {
          fs.cpSync(artifacts, path.resolve(workspace, to), { recursive: true });
          return undefined;
        },
        // It installs the CLI, which is there already.
        "pulumi/actions": async () => undefined,
      },
    });
    for (const { output, summary } of results) assert.doesNotMatch(output + summary, /canary/);
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }

  function checkOut(workspace: string): undefined {
    fs.cpSync(origin, workspace, {
      recursive: true,
      filter: (file) => path.relative(origin, file).split(path.sep)[0] !== "node_modules",
    });
  }

  const endings = (results: Record<string, JobResult>) =>
    Object.fromEntries(Object.values(results).map(({ name, result }) => [name, result]));

  function succeeded(results: Record<string, JobResult>): void {
    for (const { name, result, output } of Object.values(results))
      assert.equal(result, "success", `${name}: ${output}`);
  }

  function edit(file: string, from: string, to: string): void {
    const full = path.join(origin, file);
    const text = fs.readFileSync(full, "utf8");
    assert.ok(text.includes(from), `${file} has no "${from}"`);
    fs.writeFileSync(full, text.replace(from, to));
  }

  async function services(stage: string): Promise<Record<string, Service>> {
    const projects = await story.byHand<Project[]>("project.all", {});
    const { environments = [] } = projects.find(({ name }) => name === `shop-${stage}`) ?? {};
    const all = environments.flatMap(({ applications, compose }) => [...applications, ...compose]);
    return Object.fromEntries(all.map((service) => [service.name, service]));
  }

  /** The variables in the containers of a service; undefined when none run. */
  async function running(stage: string, name: string): Promise<Record<string, string> | undefined> {
    const { applicationId, composeId } = (await services(stage))[name] ?? {};
    return story.emulator.containerEnv(applicationId ?? composeId ?? "");
  }

  async function image(stage: string, name: string): Promise<string | null | undefined> {
    const { applicationId = "" } = (await services(stage))[name] ?? {};
    return (await story.byHand<Service>("application.one", { applicationId })).dockerImage;
  }

  /** The comment with the plan of a stage. */
  const comment = (stage: string) =>
    readComments(comments).find(({ body }) => body.startsWith(`<!-- plan: ${stage} -->`))?.body ?? "";

  it("GitHub: a merge runs in test, a pull request gets a plan of each stage, and the nightly job finds changes by hand", async () => {
    succeeded(await workflow("deploy-test.yml"));
    assert.equal((await running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await running("test", "api"))?.["API_TOKEN"], "canary-token-test");
    assert.equal((await running("test", "cache"))?.["CACHE_PASSWORD"], "canary-word-test");
    assert.deepEqual(await services("prod"), {});

    edit("envs/test/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    const planned = await workflow("preview.yml", { ref: "refs/pull/7/merge" });
    succeeded(planned);
    assert.match(planned["plan (test)"]?.summary ?? "", /LOG_LEVEL.*info.*debug/);
    assert.match(planned["stages"]?.summary ?? "", /LOG_LEVEL/);
    const ids = readComments(comments).map(({ id }) => id);
    assert.equal(ids.length, 2);
    assert.match(comment("test"), /LOG_LEVEL.*info.*debug/);
    assert.doesNotMatch(comment("test"), /WHOAMI_NAME/);
    assert.match(comment("prod"), /WHOAMI_NAME/);
    assert.match(comment("test"), /^Commit 0123456$/m);
    assert.equal((await running("test", "api"))?.["LOG_LEVEL"], "info");

    edit("envs/test/api.yaml", "LOG_LEVEL: debug", "LOG_LEVEL: [");
    const commit = "fedcba9876543210fedcba9876543210fedcba98";
    const broken = await workflow("preview.yml", { ref: "refs/pull/7/merge", commit });
    const { "plan (test)": plan, comment: written } = endings(broken);
    assert.deepEqual([plan, written], ["failure", "success"]);
    assert.match(comment("test"), /envs\/test\/api\.yaml:\d+:\d+/);
    assert.doesNotMatch(comment("test"), /debug/);
    assert.match(comment("test"), /^Commit fedcba9$/m);
    assert.deepEqual(
      readComments(comments).map(({ id }) => id),
      ids,
    );

    edit("envs/test/api.yaml", "LOG_LEVEL: [", "LOG_LEVEL: info");
    const { applicationId = "" } = (await services("test"))["api"] ?? {};
    const { env } = await story.application(applicationId);
    await story.byHand("application.update", { applicationId, env: `${env}\nBY_HAND=1` });
    const drift = (await workflow("drift.yml"))["drift (test)"];
    assert.equal(drift?.result, "failure");
    assert.match(drift?.summary ?? "", /BY_HAND/);
    assert.doesNotMatch(drift?.output ?? "", /BY_HAND/);

    // Compared with the state alone nothing has changed.
    succeeded(await workflow("deploy-test.yml"));
    assert.match((await story.application(applicationId)).env ?? "", /BY_HAND/);
    const back = await workflow("deploy-test.yml", { inputs: { refresh: true } });
    succeeded(back);
    assert.match(back["deploy"]?.output ?? "", /BY_HAND/);
    assert.doesNotMatch((await story.application(applicationId)).env ?? "", /BY_HAND/);
    assert.equal((await running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await workflow("drift.yml"))["drift (test)"]?.result, "success");
  });

  it("GitHub: if there is no plan, a comment says so and the job fails", async () => {
    await story.succeeds("-C", origin, "stack", "rm", "--yes", "--preserve-config", "test");
    const failed = await workflow("preview.yml", { ref: "refs/pull/7/merge" });
    const { "plan (test)": plan, "plan (prod)": other, comment: written } = endings(failed);
    assert.deepEqual([plan, other, written], ["failure", "success", "success"]);
    assert.match(comment("test"), /There is no plan\.[\s\S]*^Commit 0123456$/m);
    assert.match(failed["plan (test)"]?.summary ?? "", /There is no plan\./);
    assert.match(failed["plan (test)"]?.output ?? "", /error: no stack named 'test' found/);
  });

  it("GitHub: a pull request from a fork or by Dependabot gets no plan and no secret", async () => {
    for (const event of [{ fork: true }, { actor: "dependabot[bot]" }]) {
      const skipped = await workflow("preview.yml", { ref: "refs/pull/7/merge", ...event });
      assert.deepEqual(endings(skipped), { plan: "skipped", comment: "skipped", stages: "success" });
    }
    assert.deepEqual(story.emulator.calls, []);
    assert.deepEqual(readComments(comments), []);
  });

  it("GitHub: prod is deployed from main after its name was typed and its plan was shown", async () => {
    for (const [event, reason] of [
      [{ inputs: { confirm: "yes" } }, /type "prod" to confirm/],
      [{ inputs: { confirm: "prod" }, ref: "refs/heads/hotfix" }, /not from refs\/heads\/hotfix/],
      [{ inputs: { confirm: "prod" }, actor: "acme-deployments[bot]" }, /by people/],
    ] as const) {
      const refused = await workflow("deploy-prod.yml", event);
      assert.deepEqual(endings(refused), { confirm: "failure", plan: "skipped", deploy: "skipped" });
      assert.match(refused["confirm"]?.output ?? "", reason);
    }
    assert.deepEqual(story.emulator.calls, []);

    const done = await workflow("deploy-prod.yml", { inputs: { confirm: "prod" } });
    succeeded(done);
    assert.match(done["plan"]?.summary ?? "", /LOG_LEVEL/);
    assert.match(done["deploy"]?.summary ?? "", /created/);
    assert.equal((await running("prod", "api"))?.["LOG_LEVEL"], "warn");
    assert.equal((await running("prod", "cache"))?.["CACHE_PASSWORD"], "canary-word-prod");

    const { applicationId = "" } = (await services("prod"))["api"] ?? {};
    const { env } = await story.application(applicationId);
    await story.byHand("application.update", { applicationId, env: `${env}\nBY_HAND=1` });
    const back = await workflow("deploy-prod.yml", { inputs: { confirm: "prod", refresh: true } });
    succeeded(back);
    assert.match(back["plan"]?.summary ?? "", /BY_HAND/);
    assert.doesNotMatch((await story.application(applicationId)).env ?? "", /BY_HAND/);
  });

  it("GitHub: services are deployed one by one with the tag that another repository sends, and keep it", async () => {
    await story.succeeds("-C", origin, "config", "rm", "--path", "dokploy:imageTags.api", "--stack", "test");
    const refused = await workflow("deploy-services.yml", { inputs: { services: "api; rm -rf ." } });
    assert.deepEqual(endings(refused), { select: "failure", deploy: "skipped" });

    const sent = await workflow("deploy-services.yml", {
      inputs: { services: "cache, api", "image-tag": "v1.11.0" },
      actor: "acme-deployments[bot]",
    });
    succeeded(sent);
    assert.deepEqual(Object.keys(sent), ["select", "deploy (cache)", "deploy (api)"]);
    assert.ok(await running("test", "cache"));
    assert.equal(await image("test", "api"), "traefik/whoami:v1.11.0");

    edit("envs/test/cache.yaml", "CACHE_MEMORY: 64mb", "CACHE_MEMORY: 96mb");
    edit("envs/test/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    succeeded(await workflow("deploy-services.yml", { inputs: { services: "api" } }));
    assert.equal((await running("test", "api"))?.["LOG_LEVEL"], "debug");
    assert.equal((await running("test", "cache"))?.["CACHE_MEMORY"], "64mb");
    assert.equal(await image("test", "api"), "traefik/whoami:v1.11.0");

    succeeded(await workflow("deploy-test.yml"));
    assert.equal((await running("test", "cache"))?.["CACHE_MEMORY"], "96mb");
    assert.equal(await image("test", "api"), "traefik/whoami:v1.11.0");
  });

  it("GitLab: the same, with the plan as an artifact and as a note of the merge request", async () => {
    const gitlab = new GitlabRepository(fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8"));
    const host = await startNotes();
    const { notes } = host;
    try {
      const asked = { refresh: gitlab.jobs({ refresh: "true" }), ordinary: gitlab.jobs() };
      /** The folder of each job that has run: where its artifacts are. */
      const folders: Record<string, string> = {};
      const job = async (name: string, variables: Record<string, string> = {}, jobs = asked.ordinary) => {
        const definition = jobs[name];
        assert.ok(definition, name);
        const { environment, needs = [], artifacts } = definition;
        const scope = typeof environment === "object" ? environment.name : environment;
        runs += 1;
        const workspace = folderOf(`run-${runs}`);
        if (definition.variables?.["GIT_STRATEGY"] === "empty") fs.mkdirSync(workspace);
        else checkOut(workspace);
        for (const needed of needs) {
          const from = folders[needed.job];
          assert.ok(from, `${name} comes before ${needed.job}`);
          for (const file of jobs[needed.job]?.artifacts?.paths ?? []) {
            const options = { recursive: true, verbatimSymlinks: true };
            if (fs.existsSync(path.join(from, file))) {
              fs.cpSync(path.join(from, file), path.join(workspace, file), options);
            }
          }
        }
        const env = {
          ...machine(),
          PULUMI_HOME: folderOf(`home-${runs}`),
          ...settingsOf(scope),
          ...(scope === "notes" ? { GITLAB_TOKEN: noteToken } : {}),
          ...definition.variables,
          ...variables,
        };
        const script = [...(definition.before_script ?? []), ...definition.script].join("\n");
        const options = { cwd: workspace, env, timeoutSeconds: 120 };
        const { code, output } = await run("bash", ["-eo", "pipefail", "-c", script], options);
        assert.doesNotMatch(output, /canary/);
        const after = { ...env, CI_JOB_STATUS: code === 0 ? "success" : "failed" };
        await run("bash", ["-c", (definition.after_script ?? []).join("\n")], { ...options, env: after });
        const missing = (artifacts?.paths ?? []).filter((file) => !fs.existsSync(path.join(workspace, file)));
        assert.deepEqual(missing, [], output);
        folders[name] = workspace;
        return { code, output, workspace };
      };
      /** The text of the plan that a job shows; how the two jobs ended that it takes. */
      const shown = async (secretive: string, showing: string, variables: Record<string, string> = {}) => {
        const made = await job(secretive, variables);
        // It is an artifact, which others can download.
        assert.doesNotMatch(fs.readFileSync(path.join(made.workspace, "plan.json"), "utf8"), /canary/);
        const { code, output, workspace } = await job(showing, variables);
        const text = fs.readFileSync(path.join(workspace, "plan.md"), "utf8");
        if (variables["CI_MERGE_REQUEST_IID"] !== undefined) {
          const noted = await job(showing.replace("plan", "note"), variables);
          assert.equal(noted.code, 0, noted.output);
        }
        return { codes: [made.code, code], output: made.output + output, text };
      };

      assert.equal((await job("install")).code, 0);
      const deployed = await job("deploy test");
      assert.equal(deployed.code, 0, deployed.output);
      assert.equal((await running("test", "api"))?.["LOG_LEVEL"], "info");

      const mergeRequest = {
        CI_API_V4_URL: host.url,
        CI_PROJECT_ID: "12",
        CI_MERGE_REQUEST_IID: "7",
        CI_COMMIT_SHA: "0123456789abcdef0123456789abcdef01234567",
      };
      for (const [from, to] of [
        ["info", "debug"],
        ["debug", "trace"],
      ] as const) {
        edit("envs/test/api.yaml", `LOG_LEVEL: ${from}`, `LOG_LEVEL: ${to}`);
        const { codes, output, text } = await shown("preview test", "plan test", mergeRequest);
        assert.deepEqual(codes, [0, 0], output);
        const plan = new RegExp(`LOG_LEVEL.*info.*${to}`);
        assert.match(text, plan);
        assert.doesNotMatch(output, /LOG_LEVEL/);
        assert.equal(notes.length, 1);
        assert.match(notes[0]?.body ?? "", plan);
        assert.match(notes[0]?.body ?? "", /^Commit 01234567$/m);
      }
      const prod = await shown("preview prod", "plan prod");
      assert.deepEqual(prod.codes, [0, 0], prod.output);
      assert.match(prod.text, /LOG_LEVEL/);
      assert.equal(notes.length, 1);
      assert.match((await job("differences between the stages")).output, /LOG_LEVEL/);
      assert.deepEqual(await services("prod"), {});

      // Variables of whoever starts a pipeline win over those of a job.
      const turned = await job("deploy test", { PULUMI_STACK: "prod", STAGE: "prod", DOKPLOY_ONLY: "none" });
      assert.equal(turned.code, 0, turned.output);
      assert.equal((await running("test", "api"))?.["LOG_LEVEL"], "trace");
      assert.deepEqual(await services("prod"), {});

      const done = await job("deploy prod");
      assert.equal(done.code, 0, done.output);
      assert.equal((await running("prod", "api"))?.["LOG_LEVEL"], "warn");

      const quiet = await shown("compare prod", "drift prod");
      assert.deepEqual(quiet.codes, [0, 0], quiet.output);
      const { applicationId = "" } = (await services("prod"))["api"] ?? {};
      await story.byHand("application.update", { applicationId, env: "BY_HAND=1" });
      const drift = await shown("compare prod", "drift prod");
      assert.notEqual(drift.codes[0], 0);
      assert.match(drift.text, /BY_HAND/);
      const back = await job("deploy prod", {}, asked.refresh);
      assert.equal(back.code, 0, back.output);
      assert.doesNotMatch((await story.application(applicationId)).env ?? "", /BY_HAND/);
      assert.equal((await job("compare prod")).code, 0);

      // The settings have changed since the last update: those in the state are not used.
      const useKey = (key: string) =>
        story.succeeds(
          "-C",
          origin,
          "config",
          "set",
          "--plaintext",
          "dokploy:apiKey",
          key,
          "--stack",
          "prod",
        );
      await useKey("key-of-a-former-server");
      assert.equal((await job("deploy prod")).code, 0);
      await useKey(story.emulator.apiKey);
      const moved = await job("compare prod");
      assert.equal(moved.code, 0, moved.output);

      await story.succeeds("-C", origin, "stack", "rm", "--force", "--yes", "--preserve-config", "test");
      const planless = await shown("preview test", "plan test", mergeRequest);
      assert.ok(!planless.codes.includes(0));
      assert.equal(notes.length, 1);
      assert.match(notes[0]?.body ?? "", /^<!-- plan: test -->\n[\s\S]*There is no plan\./);
    } finally {
      host.close();
      gitlab.remove();
    }
  });
});

/** What `npm ci` gives a repository. */
function installIn(folder: string): void {
  const modules = path.join(folder, "node_modules");
  fs.mkdirSync(path.join(modules, ".bin"), { recursive: true });
  fs.symlinkSync(repository, path.join(modules, "pulumi-dokploy"));
  for (const name of ["@pulumi", "@types", "typescript", "ts-node"]) {
    fs.symlinkSync(path.join(repository, "node_modules", name), path.join(modules, name));
  }
  fs.symlinkSync("../pulumi-dokploy/dist/cli/main.js", path.join(modules, ".bin", "pulumi-dokploy"));
}

/** Commands that would reach for the network: `npm ci`, and the few calls of `gh` that the recipes make. */
function writeTools(folder: string, origin: string, comments: string): void {
  fs.mkdirSync(folder);
  const write = (name: string, language: string, source: string) => {
    fs.writeFileSync(path.join(folder, name), `#!/usr/bin/env ${language}\n${source}`, { mode: 0o755 });
  };
  const modules = JSON.stringify(path.join(origin, "node_modules"));
  write("npm", "bash", `[ "$1 $2" = "ci --ignore-scripts" ] && cp -R ${modules} .`);
  write("gh", "node", ghCommand(comments));
}

import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Artifacts } from "./artifacts";
import { GithubHost, githubToken } from "./github-host";
import { exampleFiles, GitlabRepository, scriptOf } from "./gitlab";
import { noteToken, startGitlab } from "./gitlab-host";
import { type JobResult, runWorkflow } from "./runner";
import { Machine } from "./script";
import { standIns } from "./stand-ins";
import { exampleFolder, readWorkflows } from "./workflow";

const commit = "0123456789abcdef0123456789abcdef01234567";
const settings = ["DOKPLOY_API_KEY", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"];

describe("the recipe that deploys test on GitHub", function () {
  this.timeout(120_000);
  let machine: Machine;
  let host: GithubHost;

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
  });
  beforeEach(async () => {
    host = await new GithubHost().start();
    machine = new Machine({ npm: `env | grep -c canary- && exit 9; [ "$*" = "ci --ignore-scripts" ]` });
  });
  afterEach(() => {
    host?.close();
    machine?.remove();
  });

  async function play(): Promise<Record<string, JobResult>> {
    const file = readWorkflows(exampleFolder).find(({ name }) => name === "deploy-test.yml");
    const folder = path.join(machine.temp, "runs");
    fs.mkdirSync(folder);
    const own = path.join(machine.temp, "..", "bin");
    const results = await runWorkflow(file?.written ?? assert.fail("no workflow"), {
      folder,
      machine: {
        ...process.env,
        ...host.environment(machine.temp),
        GITHUB_SHA: commit,
        PATH: `${own}${path.delimiter}${process.env["PATH"]}`,
      },
      event: {
        github: {
          ...{ token: githubToken, repository: "acme/shop", server_url: "https://github.com" },
          triggering_actor: "somebody",
        },
        inputs: { refresh: null, unlock: null },
      },
      environment: (name) => ({
        secrets: Object.fromEntries(
          settings.map((each) => [each, name === "test" ? `canary-${each}` : null]),
        ),
        vars: { PULUMI_BACKEND_URL: null, DOKPLOY_URL: null },
      }),
      actions: standIns(new Artifacts(), async () => undefined),
    });
    for (const { output, summary } of results) assert.doesNotMatch(output + summary, /canary/);
    return Object.fromEntries(results.map((result) => [result.name, result]));
  }
  const status = (code: number) => {
    const last = { status: code === 0 ? "done" : "error", commit };
    const services = [{ name: "api", addresses: ["https://api.acme.dev/"], lastDeployment: last }];
    machine.command(
      "npx",
      `[ "$*" = "--no -- pulumi-dokploy status --stage test --json" ] || exit 9
       [ "$DOKPLOY_API_KEY" = canary-DOKPLOY_API_KEY ] || exit 8
       echo '${JSON.stringify({ version: 1, services })}'; exit ${code}`,
    );
  };

  for (const [code, result, state] of [
    [0, "success", "success"],
    [1, "failure", "failure"],
  ] as const)
    it(`shows the deployment of each service, with its address and commit, after a ${result}`, async () => {
      machine.command("pulumi", `[ "$DOKPLOY_API_KEY" = canary-DOKPLOY_API_KEY ] || exit 9; exit ${code}`);
      status(code);
      const { deploy, deployments } = await play();
      assert.deepEqual([deploy?.result, deployments?.result], [result, "success"], deployments?.output);
      assert.deepEqual(
        host.deployments.map(({ environment, ref, statuses }) => ({ environment, ref, statuses })),
        [
          {
            environment: "test/api",
            ref: commit,
            statuses: [{ state, environment_url: "https://api.acme.dev/" }],
          },
        ],
      );
    });

  it("shows nothing when the packages cannot be installed", async () => {
    machine.command("npm", "exit 1");
    const { deploy, deployments } = await play();
    assert.deepEqual([deploy?.result, deployments?.result], ["failure", "success"], deployments?.output);
    assert.deepEqual(host.calls, []);
  });
});

describe("the component that deploys a stage on GitLab", function () {
  this.timeout(120_000);

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
  });

  it("shows the deployment of each service, with its address and commit, whether it succeeds or fails", async () => {
    const repository = new GitlabRepository(exampleFiles());
    const host = await startGitlab();
    const machine = new Machine({ pulumi: `[ "$1" = up ] && exit "$CODE"` });
    try {
      const jobs = repository.jobs();
      for (const [code, status] of [
        [0, "success"],
        [1, "failed"],
      ] as const) {
        const last = { status: code === 0 ? "done" : "error", commit };
        const services = [{ name: "api", addresses: ["https://api.acme.dev/"], lastDeployment: last }];
        machine.command(
          "npx",
          `[ "$*" = "--no -- pulumi-dokploy status --stage test --json" ] || exit 9
           echo '${JSON.stringify({ version: 1, services })}'; exit ${code}`,
        );
        const env = {
          ...{
            CI_API_V4_URL: host.url,
            CI_PROJECT_ID: "12",
            CI_COMMIT_SHA: commit,
            CI_COMMIT_REF_NAME: "main",
          },
          ...{ CODE: String(code), ...repository.environment() },
        };
        const { "deploy test": deploy, "deployments of test": shows } = jobs;
        assert.equal((await machine.run(scriptOf(deploy), env)).code, code);
        assert.equal((await machine.run(deploy?.after_script?.join("\n") ?? "exit 9", env)).code, 0);
        const before = host.deployments.length;
        assert.equal((await machine.run(scriptOf(shows), { ...env, GITLAB_TOKEN: "" })).code, 0);
        assert.equal(host.deployments.length, before, "without a token");
        const shown = await machine.run(scriptOf(shows), { ...env, GITLAB_TOKEN: noteToken });
        assert.equal(shown.code, 0, shown.output);
        assert.deepEqual(host.deployments.slice(before), [
          { environment: "test/api", sha: commit, ref: "main", tag: false, status },
        ]);
      }
      assert.deepEqual(host.environments, [
        { id: 1, name: "test/api", external_url: "https://api.acme.dev/" },
      ]);
    } finally {
      host.close();
      machine.remove();
      repository.remove();
    }
  });
});

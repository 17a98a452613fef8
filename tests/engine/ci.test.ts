import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readComments } from "../ci/hosts";
import { type JobResult, runWorkflow } from "../ci/runner";
import { exampleFolder, readWorkflows } from "../ci/workflow";
import { RecipeStory } from "./recipe-story";

describe("the recipes for CI of GitHub", function () {
  this.timeout(600_000);
  const shop = new RecipeStory();

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
    const run = shop.next();
    const folder = shop.folderOf(`run-${run}`);
    const artifacts = shop.folderOf(`artifacts-${run}`);
    for (const each of [folder, artifacts]) fs.mkdirSync(each);
    const results = await runWorkflow(file.workflow, {
      folder,
      machine: shop.machine(),
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
        const settings = shop.settingsOf(environment) ?? {};
        const of = (names: string[]) =>
          Object.fromEntries(names.map((each) => [each, settings[each] ?? null]));
        return {
          secrets: of(["PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "DOKPLOY_API_KEY"]),
          vars: of(["PULUMI_BACKEND_URL", "DOKPLOY_URL"]),
        };
      },
      actions: {
        "actions/checkout": async (_, { workspace }) => shop.checkOut(workspace),
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

  const endings = (results: Record<string, JobResult>) =>
    Object.fromEntries(Object.values(results).map(({ name, result }) => [name, result]));

  function succeeded(results: Record<string, JobResult>): void {
    for (const { name, result, output } of Object.values(results))
      assert.equal(result, "success", `${name}: ${output}`);
  }

  it("GitHub: a merge runs in test, a pull request gets a plan of each stage, and the nightly job finds changes by hand", async () => {
    succeeded(await workflow("deploy-test.yml"));
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await shop.running("test", "api"))?.["API_TOKEN"], "canary-token-test");
    assert.equal((await shop.running("test", "cache"))?.["CACHE_PASSWORD"], "canary-word-test");
    assert.deepEqual(await shop.services("prod"), {});

    shop.edit("envs/test/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    const planned = await workflow("preview.yml", { ref: "refs/pull/7/merge" });
    succeeded(planned);
    assert.match(planned["plan (test)"]?.summary ?? "", /LOG_LEVEL.*info.*debug/);
    assert.match(planned["stages"]?.summary ?? "", /LOG_LEVEL/);
    const ids = readComments(shop.comments).map(({ id }) => id);
    assert.equal(ids.length, 2);
    assert.match(shop.comment("test"), /LOG_LEVEL.*info.*debug/);
    assert.doesNotMatch(shop.comment("test"), /WHOAMI_NAME/);
    assert.match(shop.comment("prod"), /WHOAMI_NAME/);
    assert.match(shop.comment("test"), /^Commit 0123456$/m);
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");

    shop.edit("envs/test/api.yaml", "LOG_LEVEL: debug", "LOG_LEVEL: [");
    const commit = "fedcba9876543210fedcba9876543210fedcba98";
    const broken = await workflow("preview.yml", { ref: "refs/pull/7/merge", commit });
    const { "plan (test)": plan, comment: written } = endings(broken);
    assert.deepEqual([plan, written], ["failure", "success"]);
    assert.match(shop.comment("test"), /envs\/test\/api\.yaml:\d+:\d+/);
    assert.doesNotMatch(shop.comment("test"), /debug/);
    assert.match(shop.comment("test"), /^Commit fedcba9$/m);
    assert.deepEqual(
      readComments(shop.comments).map(({ id }) => id),
      ids,
    );

    shop.edit("envs/test/api.yaml", "LOG_LEVEL: [", "LOG_LEVEL: info");
    const { applicationId = "" } = (await shop.services("test"))["api"] ?? {};
    const { env } = await shop.story.application(applicationId);
    await shop.story.byHand("application.update", { applicationId, env: `${env}\nBY_HAND=1` });
    const drift = (await workflow("drift.yml"))["drift (test)"];
    assert.equal(drift?.result, "failure");
    assert.match(drift?.summary ?? "", /BY_HAND/);
    assert.doesNotMatch(drift?.output ?? "", /BY_HAND/);

    // Compared with the state alone nothing has changed.
    succeeded(await workflow("deploy-test.yml"));
    assert.match((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
    const back = await workflow("deploy-test.yml", { inputs: { refresh: true } });
    succeeded(back);
    assert.match(back["deploy"]?.output ?? "", /BY_HAND/);
    assert.doesNotMatch((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
    assert.equal((await workflow("drift.yml"))["drift (test)"]?.result, "success");
  });

  it("GitHub: if there is no plan, a comment says so and the job fails", async () => {
    await shop.story.succeeds("-C", shop.origin, "stack", "rm", "--yes", "--preserve-config", "test");
    const failed = await workflow("preview.yml", { ref: "refs/pull/7/merge" });
    const { "plan (test)": plan, "plan (prod)": other, comment: written } = endings(failed);
    assert.deepEqual([plan, other, written], ["failure", "success", "success"]);
    assert.match(shop.comment("test"), /There is no plan\.[\s\S]*^Commit 0123456$/m);
    assert.match(failed["plan (test)"]?.summary ?? "", /There is no plan\./);
    assert.match(failed["plan (test)"]?.output ?? "", /error: no stack named 'test' found/);
  });

  it("GitHub: a pull request from a fork or by Dependabot gets no plan and no secret", async () => {
    for (const event of [{ fork: true }, { actor: "dependabot[bot]" }]) {
      const skipped = await workflow("preview.yml", { ref: "refs/pull/7/merge", ...event });
      assert.deepEqual(endings(skipped), { plan: "skipped", comment: "skipped", stages: "success" });
    }
    assert.deepEqual(shop.story.emulator.calls, []);
    assert.deepEqual(readComments(shop.comments), []);
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
    assert.deepEqual(shop.story.emulator.calls, []);

    const done = await workflow("deploy-prod.yml", { inputs: { confirm: "prod" } });
    succeeded(done);
    assert.match(done["plan"]?.summary ?? "", /LOG_LEVEL/);
    assert.match(done["deploy"]?.summary ?? "", /created/);
    assert.equal((await shop.running("prod", "api"))?.["LOG_LEVEL"], "warn");
    assert.equal((await shop.running("prod", "cache"))?.["CACHE_PASSWORD"], "canary-word-prod");

    const { applicationId = "" } = (await shop.services("prod"))["api"] ?? {};
    const { env } = await shop.story.application(applicationId);
    await shop.story.byHand("application.update", { applicationId, env: `${env}\nBY_HAND=1` });
    const back = await workflow("deploy-prod.yml", { inputs: { confirm: "prod", refresh: true } });
    succeeded(back);
    assert.match(back["plan"]?.summary ?? "", /BY_HAND/);
    assert.doesNotMatch((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
  });

  it("GitHub: services are deployed one by one with the tag that another repository sends, and keep it", async () => {
    await shop.story.succeeds(
      "-C",
      shop.origin,
      "config",
      "rm",
      "--path",
      "dokploy:imageTags.api",
      "--stack",
      "test",
    );
    const refused = await workflow("deploy-services.yml", { inputs: { services: "api; rm -rf ." } });
    assert.deepEqual(endings(refused), { select: "failure", deploy: "skipped" });

    const sent = await workflow("deploy-services.yml", {
      inputs: { services: "cache, api", "image-tag": "v1.11.0" },
      actor: "acme-deployments[bot]",
    });
    succeeded(sent);
    assert.deepEqual(Object.keys(sent), ["select", "deploy (cache)", "deploy (api)"]);
    assert.ok(await shop.running("test", "cache"));
    assert.equal(await shop.image("test", "api"), "traefik/whoami:v1.11.0");

    shop.edit("envs/test/cache.yaml", "CACHE_MEMORY: 64mb", "CACHE_MEMORY: 96mb");
    shop.edit("envs/test/api.yaml", "LOG_LEVEL: info", "LOG_LEVEL: debug");
    succeeded(await workflow("deploy-services.yml", { inputs: { services: "api" } }));
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "debug");
    assert.equal((await shop.running("test", "cache"))?.["CACHE_MEMORY"], "64mb");
    assert.equal(await shop.image("test", "api"), "traefik/whoami:v1.11.0");

    succeeded(await workflow("deploy-test.yml"));
    assert.equal((await shop.running("test", "cache"))?.["CACHE_MEMORY"], "96mb");
    assert.equal(await shop.image("test", "api"), "traefik/whoami:v1.11.0");
  });
});

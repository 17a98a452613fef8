import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { GitlabRepository } from "../ci/gitlab";
import { noteToken, startNotes } from "../ci/hosts";
import { exampleFolder } from "../ci/workflow";
import { RecipeStory } from "./recipe-story";

const { run } = require("../../scripts/run.cjs") as {
  run(
    command: string,
    args: string[],
    options: { cwd: string; env: NodeJS.ProcessEnv; timeoutSeconds: number },
  ): Promise<{ code: number; output: string }>;
};

describe("the recipes for CI of GitLab", function () {
  this.timeout(600_000);
  const shop = new RecipeStory();

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
        const number = shop.next();
        const workspace = shop.folderOf(`run-${number}`);
        if (definition.variables?.["GIT_STRATEGY"] === "empty") fs.mkdirSync(workspace);
        else shop.checkOut(workspace);
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
          ...shop.machine(),
          PULUMI_HOME: shop.folderOf(`home-${number}`),
          ...shop.settingsOf(scope),
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
      assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");

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
        shop.edit("envs/test/api.yaml", `LOG_LEVEL: ${from}`, `LOG_LEVEL: ${to}`);
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
      assert.deepEqual(await shop.services("prod"), {});

      // Variables of whoever starts a pipeline win over those of a job.
      const turned = await job("deploy test", { PULUMI_STACK: "prod", STAGE: "prod", DOKPLOY_ONLY: "none" });
      assert.equal(turned.code, 0, turned.output);
      assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "trace");
      assert.deepEqual(await shop.services("prod"), {});

      const done = await job("deploy prod");
      assert.equal(done.code, 0, done.output);
      assert.equal((await shop.running("prod", "api"))?.["LOG_LEVEL"], "warn");

      const quiet = await shown("compare prod", "drift prod");
      assert.deepEqual(quiet.codes, [0, 0], quiet.output);
      const { applicationId = "" } = (await shop.services("prod"))["api"] ?? {};
      await shop.story.byHand("application.update", { applicationId, env: "BY_HAND=1" });
      const drift = await shown("compare prod", "drift prod");
      assert.notEqual(drift.codes[0], 0);
      assert.match(drift.text, /BY_HAND/);
      const back = await job("deploy prod", {}, asked.refresh);
      assert.equal(back.code, 0, back.output);
      assert.doesNotMatch((await shop.story.application(applicationId)).env ?? "", /BY_HAND/);
      assert.equal((await job("compare prod")).code, 0);

      // The settings have changed since the last update: those in the state are not used.
      const useKey = (key: string) =>
        shop.story.succeeds(
          "-C",
          shop.origin,
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
      await useKey(shop.story.emulator.apiKey);
      const moved = await job("compare prod");
      assert.equal(moved.code, 0, moved.output);

      await shop.story.succeeds(
        "-C",
        shop.origin,
        "stack",
        "rm",
        "--force",
        "--yes",
        "--preserve-config",
        "test",
      );
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

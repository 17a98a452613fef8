import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { endings, GithubStory, succeeded } from "./github-story";
import { until } from "./interrupted";

describe("the recipes for CI of GitHub, cancelled", function () {
  this.timeout(600_000);
  const shop = new GithubStory();

  it("GitHub: a cancelled deployment ends what it has begun, and a lock is removed at a person's word", async () => {
    const { emulator, workspace } = shop.story;
    const locks = path.join(fileURLToPath(workspace.env["PULUMI_BACKEND_URL"] ?? ""), ".pulumi", "locks");
    const locked = () =>
      fs.readdirSync(locks, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
    const asked = () => emulator.calls.filter(({ endpoint }) => endpoint.endsWith(".deploy")).length;
    const wasLeft = () => {
      const run = shop.folderOf("run-1");
      const left = fs.readdirSync(run).map((job) => path.join(run, job, "temp", "deploy.txt.running"));
      const [file] = left.filter((each) => fs.existsSync(each));
      if (file === undefined) return false;
      return (JSON.parse(fs.readFileSync(file, "utf8")) as { printed: number }).printed > 0;
    };
    emulator.holdBuilds();
    const cancel = new AbortController();
    const run = shop.workflow("deploy-test.yml", { cancelled: cancel.signal });
    await until(() => asked() > 0);
    const [name = ""] = locked();
    const lock = fs.readFileSync(path.join(locks, name));
    cancel.abort();
    // The runner has ended the step, and Pulumi still waits for its deployments.
    await until(() => wasLeft());
    assert.equal(locked().length, 1);
    emulator.releaseBuilds();
    const { deploy, deployments } = await run;
    assert.deepEqual([deploy?.result, deploy?.orphans, deployments?.result], ["cancelled", [], "skipped"]);
    assert.match(deploy?.output ?? "", /\^C received; cancelling/);
    assert.match(deploy?.output ?? "", /Resources:/, "its end is not shown");
    assert.match(deploy?.summary ?? "", /Resources:/);
    assert.deepEqual(locked(), []);

    // As after a run that was killed.
    fs.writeFileSync(path.join(locks, name), lock);
    const refused = await shop.workflow("deploy-test.yml");
    assert.equal(refused["deploy"]?.result, "failure");
    assert.match(refused["deploy"]?.output ?? "", /the stack is currently locked/);
    const byBot = { inputs: { unlock: true }, actor: "acme-deployments[bot]" };
    const { deploy: bot } = await shop.workflow("deploy-test.yml", byBot);
    assert.match(bot?.output ?? "", /only a person may remove a lock/);
    assert.deepEqual(locked(), [name]);
    const done = await shop.workflow("deploy-test.yml", { inputs: { unlock: true } });
    succeeded(done);
    assert.deepEqual(endings(done), { deploy: "success", deployments: "success" });
    assert.equal((await shop.running("test", "api"))?.["LOG_LEVEL"], "info");
  });
});

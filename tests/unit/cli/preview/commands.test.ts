import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { runList, runRemove, runSweep, runUp } from "../../../../cli/preview";
import type { Dependencies } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { World } from "./pulumi";

const hour = 3_600_000;

describe("the commands of previews", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.begin();
  });
  afterEach(() => world.end());

  /** Runs a command in the folder of the project; returns what it prints to stdout, and its result. */
  async function run<T>(
    command: (
      args: readonly string[],
      dependencies: Pick<Dependencies, "pulumi" | "print" | "progress">,
    ) => Promise<T>,
    ...args: string[]
  ): Promise<{ readonly stdout: string; readonly result: T }> {
    let stdout = "";
    const result = await command([...args, "--dir", world.folder], {
      pulumi: world.pulumi,
      print: (text) => {
        stdout += text.endsWith("\n") ? text : `${text}\n`;
      },
      progress: () => {},
    });
    return { stdout, result };
  }
  const ago = (hours: number) => new Date(Date.now() - hours * hour);
  const isWrong = (message: RegExp) => (error: Error) => {
    assert.ok(error instanceof UsageError, error.stack);
    assert.match(error.message, message);
    return true;
  };

  describe("up", () => {
    it("prints the comment for the pull request, and saves the same", async () => {
      const { stdout, result } = await run(runUp, "12", "--comment", "comment.md");
      assert.equal(result, true);
      assert.match(stdout, /^### Preview of #12 is deployed\n/);
      assert.equal(fs.readFileSync("comment.md", "utf8"), stdout);
    });

    it("gives the stack the branch and the tags, which end at no equals sign", async () => {
      world.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:${IMAGE_TAG}\n");
      await assert.rejects(
        run(runUp, "12", "--tag", "web=v=1"),
        /^Error: --tag gives web "v=1", which no image has/,
      );
      await run(runUp, "12", "--branch", "fix/a", "--tag", "web=v1", "--tag", "api=2");
      assert.deepEqual(world.stacks.get("pr-12")?.config, {
        "dokploy:preview": "12",
        "dokploy:previewBranch": "fix/a",
        'dokploy:imageTags["web"]': "v1",
        'dokploy:imageTags["api"]': "2",
      });
      await run(runUp, "13", "--branch", "");
      assert.deepEqual(world.stacks.get("pr-13")?.config, { "dokploy:preview": "13" });
    });

    it("fails, and says so in JSON too, when Pulumi fails or the limit is reached", async () => {
      world.up = async () => ({ code: 1, stdout: "", stderr: "error: no" });
      const failed = await run(runUp, "12", "--json");
      assert.equal(failed.result, false);
      const { version, number, status, reason } = JSON.parse(failed.stdout);
      assert.deepEqual(
        { version, number, status, reason },
        { version: 1, number: "12", status: "failed", reason: "error: no" },
      );
      world.preview(2, new Date("2026-11-28T12:00:00Z"));
      world.preview(3);
      const refused = await run(runUp, "14");
      assert.equal(refused.result, false);
      assert.match(refused.stdout, /^### Preview of #14 was not deployed\n/);
      assert.match(
        refused.stdout,
        /There are 3 previews, .* allows 3: pr-2 \(2026-11-28 12:00 UTC\), pr-3, pr-12\./,
      );
      assert.doesNotMatch(refused.stdout, /Last deployment/);
    });

    it("takes one number, and tags of services", async () => {
      for (const args of [[], ["12", "13"], ["x"], ["-1"]])
        await assert.rejects(run(runUp, ...args), UsageError, args.join(" "));
      for (const tag of ["web", "web=", "=1"])
        await assert.rejects(run(runUp, "12", "--tag", tag), isWrong(/^--tag takes <service>=<tag>/), tag);
      assert.deepEqual(world.calls, []);
    });
  });

  describe("remove", () => {
    it("says whether there was a preview, and saves a comment", async () => {
      world.preview(12);
      const first = await run(runRemove, "12", "--comment", "comment.md");
      assert.equal(first.stdout, "The preview of pull request 12 is removed.\n");
      assert.equal(fs.readFileSync("comment.md", "utf8"), "### Preview of #12 is removed\n");
      assert.deepEqual([...world.stacks.keys()], []);
      const second = await run(runRemove, "12");
      assert.equal(second.stdout, "There is no preview of pull request 12.\n");
      const { stdout } = await run(runRemove, "12", "--json");
      assert.deepEqual(JSON.parse(stdout), { version: 1, number: "12", removed: false });
    });

    it("takes the lock of a killed run only with --unlock", async () => {
      world.preview(12);
      world.lock = ago(1);
      await assert.rejects(run(runRemove, "12"), /is not removed/);
      const { stdout } = await run(runRemove, "12", "--unlock", "--json");
      assert.deepEqual(JSON.parse(stdout), { version: 1, number: "12", removed: true });
    });

    it("names the volumes that stay, in the text, the comment and JSON", async () => {
      const made = await world.api.call("project.create", { name: "shop-pr-12" });
      const { environmentId } = made.environment;
      const { applicationId } = await world.api.call("application.create", { name: "web", environmentId });
      await world.api.call("application.update", {
        ...{ applicationId, sourceType: "docker", dockerImage: "acme/web:1" },
      });
      await world.api.call("mounts.create", {
        ...{ type: "volume", mountPath: "/data", volumeName: "shop-pr-12-data" },
        ...{ serviceId: applicationId, serviceType: "application" },
      });
      await world.api.call("application.deploy", { applicationId, title: "t", description: "d" });
      while (
        !(await world.api.call("deployment.all", { applicationId })).some(({ status }) => status === "done")
      )
        await new Promise((resolve) => setTimeout(resolve, 5));
      world.emulator.faults.add({ endpoint: "dockerVolume.removeVolume", status: 403, times: 99 });
      const advice = /Delete the rest on the server: docker volume rm shop-pr-12-data/;
      world.preview(12).resources.push(world.resource("Application", "web", applicationId));
      const { stdout } = await run(runRemove, "12", "--comment", "comment.md");
      assert.match(stdout, /^The preview of pull request 12 is removed\.\n/);
      assert.match(stdout, advice);
      assert.match(fs.readFileSync("comment.md", "utf8"), advice);
      world.preview(12);
      world.write(
        "services/web/dokploy-app.yaml",
        "kind: application\nimage: a/b:1\nmounts: [{ type: volume, volumeName: data, mountPath: /data }]\n",
      );
      assert.match(JSON.parse((await run(runRemove, "12", "--json")).stdout).stays, advice);
    });
  });

  describe("list", () => {
    it("prints the previews with the lowest number first, and when each ends by the rules", async () => {
      const updated = ago(1);
      world.preview(15, ago(49));
      const ended = { kind: "update", result: "succeeded", endTime: "2026-11-28T12:00:00.000Z" };
      world.preview(2, updated).history = [ended];
      const { stdout } = await run(runList);
      assert.match(stdout, /^#2 {2}deployed 2026-11-28 12:00 UTC, removed after .*\n#15 .*, expired\n$/);
      const listed = JSON.parse((await run(runList, "--json")).stdout);
      assert.deepEqual(listed.previews[0], {
        number: "2",
        deployed: "2026-11-28T12:00:00.000Z",
        until: new Date(updated.valueOf() + 48 * hour).toISOString(),
      });
    });

    it("says that a preview whose last deployment failed is so", async () => {
      world.preview(2).history = [{ kind: "update", result: "failed", endTime: "2026-11-28T12:00:00.000Z" }];
      assert.equal((await run(runList)).stdout, "#2  failed 2026-11-28 12:00 UTC\n");
    });
  });

  describe("sweep", () => {
    const sweep = async (...args: string[]) => await run(runSweep, ...args);

    it("removes expired previews without --open, and closed ones with it, also if none is open", async () => {
      world.preview(1, ago(1));
      world.preview(2, ago(49));
      assert.equal((await sweep()).stdout, "#2 is removed: expired\nkept: #1\n");
      world.preview(2, ago(1));
      world.preview(3, ago(1));
      assert.equal((await sweep("--open", "1, 3")).stdout, "#2 is removed: closed\nkept: #1, #3\n");
      assert.equal((await sweep("--open", "")).stdout, "#1 is removed: closed\n#3 is removed: closed\n");
      assert.equal((await sweep()).stdout, "There are no previews.\n");
    });

    it("removes nothing with --dry-run", async () => {
      world.preview(1, ago(49));
      const { stdout, result } = await sweep("--dry-run");
      assert.equal(stdout, "#1 would be removed: expired\n");
      assert.equal(result, true);
      assert.ok(world.stacks.has("pr-1"));
    });

    it("fails when a preview is still there, and says why", async () => {
      world.preview(1, ago(49));
      world.lock = ago(1);
      const { stdout, result } = await sweep();
      assert.equal(result, false);
      assert.match(stdout, /^#1 is still there\. The preview of pull request 1 is not removed\. /);
      const { version, removed, failed, kept } = JSON.parse((await sweep("--json")).stdout);
      assert.deepEqual([version, removed, kept], [1, [], []]);
      assert.deepEqual([failed[0].number, failed[0].why], ["1", "expired"]);
    });

    it("takes numbers only", async () => {
      world.preview(1);
      await assert.rejects(
        sweep("--open", "1;2"),
        isWrong(/^--open takes numbers of pull requests, not "1;2"/),
      );
      assert.ok(world.stacks.has("pr-1"));
    });
  });
});

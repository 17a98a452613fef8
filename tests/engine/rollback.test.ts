import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { runProcess } from "../../cli/stack/process";
import { Story } from "./story";

const canaries = ["canary-value-1", "canary-value-2", "canary-token-1", "canary-token-2", "canary-title"];

interface Shown {
  deployments: {
    number: number;
    id: string;
    image?: string;
    commit?: string;
    by?: string;
    doubt?: string;
    back?: {
      image?: { file: string; before?: string; after: string };
      variables: { key: string; change: string }[];
    };
    why?: string;
  }[];
  others: number;
  written?: { files: string[]; branch: string; commit: string };
}

describe("pulumi-dokploy rollback", function () {
  this.timeout(180_000);
  let story: Story;
  const who = {
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
    GIT_CONFIG_NOSYSTEM: "1",
  };

  before(async () => {
    story = await Story.begin({ stack: "prod" });
    Object.assign(story.workspace.env, who);
    story.program('new dokploy.DeploymentRepository("shop");');
    story.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:${IMAGE_TAG}\n");
    story.write(".gitignore", "node_modules\n");
    await git("init", "-q", "-b", "main");
  });
  after(() => story?.end());

  async function git(...args: readonly string[]): Promise<string> {
    const { dir, env } = story.workspace;
    const ended = await runProcess("git", args, { cwd: dir, env: { ...env, ...who } });
    assert.equal(ended?.code, 0, ended?.stderr);
    return ended?.stdout.trim() ?? "";
  }

  const read = (name: string) => fs.readFileSync(path.join(story.workspace.dir, name), "utf8");

  /** Commits a version of api: its tag, its secret if that is another one, and its variables. */
  async function version(tag: string, env: string, token?: string): Promise<void> {
    if (token !== undefined) await story.succeeds("config", "set", "--secret", "token", token);
    const tags = `config:\n  dokploy:imageTags: { api: "${tag}" }\n`;
    const rest = read("Pulumi.prod.yaml").replace(/config:\n(?: {2}dokploy:imageTags: .*\n)?/, tags);
    story.write("Pulumi.prod.yaml", rest);
    story.write("envs/prod/api.yaml", env);
    await git("add", "-A");
    await git("commit", "-q", "-m", `Version ${tag}`);
  }

  async function rollback(...args: readonly string[]): Promise<{ code: number; output: string }> {
    const before = story.emulator.calls.length;
    const ended = await story.command(["rollback", "api", "--stage", "prod", ...args]);
    for (const secret of [...canaries, story.emulator.apiKey])
      assert.equal(ended.output.includes(secret), false, ended.output);
    const calls = story.emulator.calls.slice(before);
    assert.deepEqual(
      calls.filter(({ method }) => method !== "GET"),
      [],
    );
    return ended;
  }

  async function shown(...args: readonly string[]): Promise<Shown> {
    const { code, output } = await rollback("--json", ...args);
    assert.equal(code, 0, output);
    return JSON.parse(output.slice(output.indexOf("{"))) as Shown;
  }

  /** What the application has in Dokploy. */
  async function deployed(): Promise<{ image: unknown; env: string | null }> {
    const { dockerImage, env } = await story.application(story.resource("api").id);
    return { image: dockerImage, env };
  }

  const first = "# Logs\nLOG_LEVEL: info # as in May\nOLD: canary-value-1\nAPI_TOKEN: !secret token\n";
  const second = "LOG_LEVEL: debug\nNEW: canary-value-2\nAPI_TOKEN: !secret token\n";

  it("refuses before the first deployment", async () => {
    await version("1.0", first, "canary-token-1");
    const { code, output } = await rollback();
    assert.match(
      output,
      /Stack prod has nothing yet, so there is nothing to go back to: run `pulumi up` first\./,
    );
    assert.equal(code, 1);
  });

  it("lists the deployments that worked, with what going back to each would change", async () => {
    await story.succeeds("up", "--skip-preview");
    await version("1.1", second, "canary-token-2");
    await story.succeeds("up", "--skip-preview");
    await version("missing", second);
    await story.fails("up", "--skip-preview");
    const { deployments, others } = await shown();
    const image = { file: "Pulumi.prod.yaml", before: "missing" };
    assert.deepEqual(
      deployments.map(({ back }) => ({ tag: back?.image?.after.split("@")[0], variables: back?.variables })),
      [
        { tag: "1.1", variables: [] },
        {
          tag: "1.0",
          variables: [
            { key: "API_TOKEN", change: "changed" },
            { key: "LOG_LEVEL", change: "changed" },
            { key: "NEW", change: "removed" },
            { key: "OLD", change: "added" },
          ],
        },
      ],
    );
    assert.deepEqual({ ...deployments[0]?.back?.image, after: "" }, { ...image, after: "" });
    assert.deepEqual([others, deployments.map(({ by }) => by)], [1, ["Ada", "Ada"]]);
  });

  it("writes what goes back, and `pulumi up` then runs the earlier image and variables", async () => {
    const { code, output } = await rollback("--to", "2");
    assert.equal(code, 0, output);
    assert.match(output, /secrets shop:token, with the value they had then/);
    await git("commit", "-q", "-a", "-m", "Back");
    const there = "LOG_LEVEL: info\nAPI_TOKEN: !secret token\nOLD: canary-value-1\n";
    assert.equal(read("envs/prod/api.yaml"), there);
    await story.succeeds("up", "--skip-preview");
    const { image, env } = await deployed();
    assert.match(String(image), /^acme\/api:1\.0@sha256:/);
    assert.match(env ?? "", /LOG_LEVEL=info/);
    assert.match(env ?? "", /API_TOKEN=canary-token-1/);
    assert.doesNotMatch(env ?? "", /NEW=/);
  });

  it("goes forth again, and leaves out what somebody deployed by hand", async () => {
    const { id } = story.resource("api");
    const title = "canary-title\u001b[2J\u202e ::error::";
    await story.byHand("application.deploy", { applicationId: id, title, description: title });
    const titleOf = async () =>
      (await story.application(id)).deployments.find((row) => row.title === title && row.status === "done");
    while ((await titleOf()) === undefined);
    const { deployments } = await shown();
    assert.match(deployments[0]?.why ?? "", /^no known pulumi up of this stack made it/);
    const newer = deployments.find(({ image }) => image?.startsWith("acme/api:1.1@"));
    const { written } = await shown(`--to=${newer?.id.slice(0, 12)}`);
    assert.deepEqual(written, ["Pulumi.prod.yaml", "envs/prod/api.yaml"]);
    assert.equal(
      read("envs/prod/api.yaml"),
      "LOG_LEVEL: debug\nAPI_TOKEN: !secret token\nNEW: canary-value-2\n",
    );
    await git("commit", "-q", "-a", "-m", "Forth");
    await story.succeeds("up", "--skip-preview");
    const { image, env } = await deployed();
    assert.match(String(image), /^acme\/api:1\.1@sha256:/);
    assert.match(env ?? "", /API_TOKEN=canary-token-2/);
  });

  it("says which commits a shallow clone does not have", async () => {
    const { dir } = story.workspace;
    fs.writeFileSync(path.join(dir, ".git", "shallow"), `${await git("rev-parse", "HEAD")}\n`);
    await git("reflog", "expire", "--expire=now", "--all");
    await git("gc", "-q", "--prune=now");
    const { deployments } = await shown();
    assert.match(deployments.at(-1)?.why ?? "", /git fetch --unshallow, or fetch-depth: 0 in CI/);
  });

  it("exits with 1 for an unknown service", async () => {
    const unknown = await story.command(["rollback", "ap", "--stage", "prod"]);
    assert.match(unknown.output, /Stack prod has no service ap\. Did you mean api\?/);
    assert.equal(unknown.code, 1);
  });
});

import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { runProcess } from "../../cli/stack/process";
import { Story } from "./story";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");

describe("pulumi-dokploy env history", function () {
  this.timeout(120_000);
  let story: Story;

  before(async () => {
    story = await Story.begin({ stack: "test" });
    story.program(`
      const { api } = dokploy.loadEnvs("envs/test");
      const project = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Application("api", {
        environmentId: project.defaultEnvironmentId,
        name: "api",
        source: { type: "docker", image: "acme/api:1" },
        env: api,
      });
    `);
    for (const level of ["info", "debug"]) {
      fs.mkdirSync(path.join(story.workspace.dir, "envs/test"), { recursive: true });
      fs.writeFileSync(path.join(story.workspace.dir, "envs/test/api.yaml"), `LOG_LEVEL: ${level}\n`);
      if (level === "info") await git("init", "-q");
      await git("add", "envs");
      await git("commit", "-q", "-m", `Log ${level}`);
    }
    await story.succeeds("up", "--skip-preview");
  });
  after(() => story?.end());

  async function git(...args: readonly string[]): Promise<void> {
    const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"];
    const ended = await runProcess("git", [...who, ...args], { cwd: story.workspace.dir });
    assert.equal(ended?.code, 0, ended?.stderr);
  }

  async function history(...args: readonly string[]) {
    const { dir, env } = story.workspace;
    const ended = await runProcess(process.execPath, [command, "env", "history", ...args], { cwd: dir, env });
    assert.ok(ended);
    return ended;
  }

  it("shows the commits, and says in one line that the server keeps no audit log", async () => {
    const { code, stdout, stderr } = await history("LOG_LEVEL", "--stage", "test", "--service", "api");
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d UTC`;
    const lines = [
      `${time}  Ada  [0-9a-f]{9} Log debug`,
      "  envs/test/api.yaml: LOG_LEVEL changed: info → debug",
      `${time}  Ada  [0-9a-f]{9} Log info`,
      "  envs/test/api.yaml: LOG_LEVEL added: info",
    ];
    assert.match(stdout, new RegExp(`^${lines.join("\n")}\n$`));
    assert.match(
      stderr,
      /^pulumi-dokploy: warning: Dokploy's audit log is left out: .*Valid enterprise license required.*\n$/,
    );
    assert.equal(stderr.split("\n").length, 2);
    assert.equal(code, 0);
  });

  it("exits with 1 without a repository, and with 2 for a wrong argument", async () => {
    fs.rmSync(path.join(story.workspace.dir, ".git"), { recursive: true });
    const { code, stderr } = await history();
    assert.match(
      stderr,
      /^pulumi-dokploy: The history cannot be read: git says "fatal: not a git repository.*"\.\n$/,
    );
    assert.equal(code, 1);
    assert.equal((await history("--limit", "x")).code, 2);
  });
});

/** In which ways of running Pulumi the provider finds the state of the stack, on which a safe deletion depends. */
import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { findPulumi } from "../../scripts/toolchain.cjs";
import { Story } from "./story";

describe("the deletion of one of two resources that have the same object", function () {
  this.timeout(240_000);
  let story: Story;
  let bin: string;
  let target: string;
  before(async () => {
    story = await Story.begin();
    bin = (await findPulumi())?.bin ?? "";
    await story.up(`
      const shop = new dokploy.Project("shop", { name: "shop" });
      new dokploy.Application("api", {
        environmentId: shop.defaultEnvironmentId, name: "api", source: { type: "docker", image: "acme/api:1" },
      });
    `);
    target = story.resource("api").urn.replace(/api$/, "old");
  });
  beforeEach(() => story.addDuplicates({ api: "old" }));
  after(() => story?.end());

  const withoutPulumi = () =>
    (process.env["PATH"] ?? "")
      .split(path.delimiter)
      .filter((folder) => !["pulumi", "pulumi.exe"].some((name) => fs.existsSync(path.join(folder, name))))
      .join(path.delimiter);

  /** Runs a program in the environment of the workspace; returns its output, and what it removed from Dokploy. */
  function run(
    program: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    cwd = story.workspace.dir,
  ) {
    const before = story.emulator.calls.length;
    return new Promise<{ code: number; output: string; removed: string[] }>((resolve, reject) => {
      const child = spawn(program, args, {
        cwd,
        env: { ...story.workspace.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (data) => {
          output += data;
        });
      child.once("error", reject);
      child.once("close", (code) => {
        const calls = story.emulator.calls.slice(before).map(({ endpoint }) => endpoint);
        resolve({
          code: code ?? -1,
          output,
          removed: calls.filter((call) => /\.(?:delete|remove)$/.test(call)),
        });
      });
    });
  }

  const destroy = () => ["destroy", "--skip-preview", "--yes", "--non-interactive", "--target", target];

  function keeps({ code, output, removed }: Awaited<ReturnType<typeof run>>): void {
    assert.equal(code, 0, output);
    assert.match(output, /Application "api" \(\S+\) is not deleted, since 2 resources of this stack have it/);
    assert.deepEqual(removed, []);
    assert.equal(story.find("old"), undefined);
  }

  it("keeps the object if another stack is selected", async () => {
    await story.succeeds("stack", "init", "other", "--no-select");
    keeps(await run(bin, [...destroy(), "--stack", "dev"], { PULUMI_STACK: "other" }));
  });

  it("keeps the object if no stack is selected", async () => {
    keeps(await run(bin, [...destroy(), "--stack", "dev"], { PULUMI_STACK: undefined }));
  });

  it("keeps the object if a script of the name pulumi is in PATH", async function () {
    if (process.platform === "win32") return this.skip();
    const shims = path.join(story.workspace.dir, "shims");
    fs.mkdirSync(shims);
    fs.writeFileSync(path.join(shims, "pulumi"), `#!/bin/sh\nexec "${bin}" "$@"\n`, { mode: 0o755 });
    const env = { PATH: [shims, withoutPulumi()].join(path.delimiter) };
    keeps(await run(path.join(shims, "pulumi"), destroy(), env));
  });

  const automation = (select: string) => `
    const { LocalWorkspace } = require("@pulumi/pulumi/automation");
    (async () => {
      const stack = await LocalWorkspace.selectStack(${select});
      await stack.destroy({ target: [${JSON.stringify(target)}], onOutput: (text) => process.stdout.write(text) });
    })().catch((error) => { console.error(error); process.exitCode = 1; });
  `;

  it("keeps the object in the Automation API, for a local program", async () => {
    const env = { PULUMI_STACK: undefined, PATH: [path.dirname(bin), withoutPulumi()].join(path.delimiter) };
    const script = automation(`{ stackName: "dev", workDir: ${JSON.stringify(story.workspace.dir)} }`);
    keeps(await run(process.execPath, ["-e", script], env));
  });

  it("keeps the object in the Automation API, for an inline program in a folder without a project", async () => {
    const folder = path.join(story.workspace.dir, "..", "inline");
    fs.mkdirSync(folder);
    fs.symlinkSync(
      path.join(story.workspace.dir, "node_modules"),
      path.join(folder, "node_modules"),
      "junction",
    );
    const env = { PULUMI_STACK: undefined, PATH: [path.dirname(bin), withoutPulumi()].join(path.delimiter) };
    const script = automation(`{ stackName: "dev", projectName: "shop", program: async () => {} }`);
    keeps(await run(process.execPath, ["-e", script], env, folder));
  });

  it("is refused if the provider does not find the command, and says what to do", async () => {
    const hidden = { PATH: withoutPulumi(), _: undefined };
    const { code, output, removed } = await run(bin, destroy(), hidden);
    assert.notEqual(code, 0);
    assert.match(output, /is not deleted: the provider cannot read the state.*`pulumi` is in PATH/s);
    assert.deepEqual(removed, []);
    assert.notEqual(story.find("old"), undefined);
    keeps(await run(bin, destroy(), { PATH: [path.dirname(bin), withoutPulumi()].join(path.delimiter) }));
  });
});

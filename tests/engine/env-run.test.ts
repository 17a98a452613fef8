import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { constants } from "node:os";
import * as path from "node:path";
import { createWorkspace, type Workspace } from "./cli";

const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
const node = process.execPath;

describe("pulumi-dokploy env run", function () {
  this.timeout(120_000);
  let workspace: Workspace;
  const token = `token-${randomBytes(12).toString("hex")}`;

  before(async () => {
    workspace = await createWorkspace({
      project: "shop",
      stack: "test",
      config: ["--secret", `TOKEN=${token}`],
    });
    for (const [name, text] of [
      ["envs/base/api.yaml", "TOKEN: !secret\nLOG_LEVEL: info\n"],
      ["envs/test/api.yaml", "LOG_LEVEL: debug\n"],
      ["envs/prod/api.yaml", "LOG_LEVEL: warn\n"],
    ] as const) {
      const file = path.join(workspace.dir, name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  });
  after(() => workspace?.close());

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(node, [command, "env", "run", ...args], {
      cwd: workspace.dir,
      env: { ...workspace.env, ...env },
      stdio: ["pipe", "pipe", "pipe"],
    });
  }

  async function ended(child: ChildProcess, input = "") {
    let [stdout, stderr] = ["", ""];
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, stdout, stderr };
  }

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}, input = "") =>
    ended(start(args, env), input);

  it("gives the command the variables, its arguments, stdin and stdout, and takes its exit code", async () => {
    const script =
      "process.stdin.on('data', (text) => console.log(text + process.argv[1] + process.env.LOG_LEVEL + process.env.TOKEN)); process.exitCode = 7";
    const { code, stdout, stderr } = await run(
      ["--stage", "test", "--", node, "-e", script, "--", "arg "],
      {},
      "in ",
    );
    assert.deepEqual({ code, stdout, stderr }, { code: 7, stdout: `in arg debug${token}\n`, stderr: "" });
  });

  it("passes signals on, and ends as the command does", async () => {
    const script =
      "process.on('SIGTERM', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up')";
    const child = start(["--stage", "test", "--", node, "-e", script]);
    child.stdout?.once("data", () => child.kill("SIGTERM"));
    assert.equal((await ended(child)).code, 9);
    const killed = await run(["--stage", "test", "--", node, "-e", "process.kill(process.pid, 'SIGKILL')"]);
    assert.equal(killed.code, 128 + constants.signals.SIGKILL);
  });

  it("says that there is no such command, or that it cannot be started", async () => {
    assert.deepEqual(await run(["--stage", "test", "--", "no-such-command"]), {
      code: 127,
      stdout: "",
      stderr: "pulumi-dokploy: There is no command no-such-command on the PATH.\n",
    });
    const file = await run(["--stage", "test", "--", path.join(workspace.dir, "Pulumi.yaml")]);
    assert.equal(file.code, 126);
    assert.match(file.stderr, /cannot be started \(EACCES\)\.\n$/);
  });

  it("finds the command on the operator's PATH, also where the files have another one, and hands on no key", async () => {
    const evil = path.join(workspace.dir, "evil");
    fs.mkdirSync(evil);
    fs.writeFileSync(path.join(evil, "tool"), "#!/bin/sh\necho evil\n", { mode: 0o755 });
    const own = path.join(workspace.dir, "own");
    fs.mkdirSync(own);
    fs.writeFileSync(
      path.join(own, "tool"),
      `#!${node}\nconsole.log("own", process.env.PATH, process.env.PULUMI_CONFIG_PASSPHRASE);\n`,
      { mode: 0o755 },
    );
    const file = path.join(workspace.dir, "envs/evil/api.yaml");
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, `PATH: ${evil}\n`);
    const stage = ["--stage", "evil", "--stack", "test"];
    const env = { PATH: `${own}${path.delimiter}${workspace.env["PATH"]}` };
    const refused = await run([...stage, "--", "tool"], env);
    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.deepEqual(await run([...stage, "--allow", "PATH", "--", "tool"], env), {
      ...{ code: 0, stdout: `own ${evil} undefined\n`, stderr: "" },
    });
  });

  it("runs nothing without the passphrase or the permission for production", async () => {
    const locked = await run(["--stage", "test", "--", node, "-e", "console.log(1)"], {
      PULUMI_CONFIG_PASSPHRASE: undefined,
    });
    assert.deepEqual([locked.code, locked.stdout], [1, ""]);
    assert.match(locked.stderr, /TOKEN: the secrets of stack test cannot be read: passphrase must be set/);
    const prod = await run(["--stage", "prod", "--", node, "-e", "console.log(1)"]);
    assert.deepEqual([prod.code, prod.stdout], [1, ""]);
    assert.match(prod.stderr, /prod is production by its name/);
    assert.equal((await run(["--stage", "test"])).code, 2);
  });

  it("leaves no value in a file", () => {
    const files = fs.readdirSync(workspace.dir, { recursive: true, encoding: "utf8" });
    for (const name of files) {
      const file = path.join(workspace.dir, name);
      if (name.startsWith("node_modules") || !fs.statSync(file).isFile()) continue;
      assert.equal(fs.readFileSync(file, "utf8").includes(token), false, name);
    }
  });
});

import * as assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";

const { isDoor, lazyDoor } = require("../../scripts/build/lazy-doors.cjs") as {
  isDoor(file: string): boolean;
  lazyDoor(code: string): string;
};
const root = join(__dirname, "..", "..");
let compiled = "";

/** Compiles the command line once, into a folder from which it finds the package and its dependencies. */
function compile(): void {
  const cache = join(root, ".tmp");
  mkdirSync(cache, { recursive: true });
  compiled = mkdtempSync(join(cache, "pulumi-dokploy-cli-"));
  for (const folder of ["cli", "provider", "emulator", "packages"])
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      if (!/\.(ts|json)$/.test(file) || /\.test\.ts$|(?:^|[\\/])dist[\\/]/.test(file)) continue;
      const source = readFileSync(join(root, folder, file), "utf8");
      const target = join(compiled, folder, file.replace(/\.ts$/, ".js"));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, file.endsWith(".ts") ? translated(source, target) : source);
    }
}

function translated(source: string, target: string): string {
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const code = transpileModule(source, { compilerOptions }).outputText;
  return isDoor(target) ? lazyDoor(code) : code;
}

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

describe("pulumi-dokploy command line", function () {
  this.timeout(120_000);

  before(compile);
  after(() => rmSync(compiled, { recursive: true, force: true }));

  it("--version prints the package's version, --help the commands", async () => {
    const [version, help] = await Promise.all([run("--version").ended, run("--help").ended]);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match(help.stdout, /^Usage: pulumi-dokploy <command>[\s\S]*\n {2}emulator {2}/);
    assert.deepEqual([version.code, help.code], [0, 0]);
  });

  it("ends without a word when the program that reads its output stops reading", async function () {
    if (process.platform === "win32") this.skip();
    const { child, ended } = run("env", "diff", "--help");
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, ""]);
  });

  it("what it does not understand is one message on stderr and exit code 2", async () => {
    const cases: [string[], RegExp][] = [
      [[], /No command given/],
      [["nosuch"], /Unknown command "nosuch"\. Known: .*emulator/],
      [["statsu"], /Unknown command "statsu"\. Did you mean status\? Known: /],
      [["--nosuch"], /--nosuch/],
      [["emulator", "--nosuch"], /--nosuch/],
      [["emulator", "--api-key", "a b"], /--api-key accepts letters, digits and signs, without spaces/],
      [["emulator", "--port", "abc"], /--port needs a whole number from 0 to 65535, not "abc"/],
    ];
    const results = await Promise.all(cases.map(([args]) => run(...args).ended));
    results.forEach(({ code, stderr, stdout }, index) => {
      assert.match(stderr, cases[index]?.[1] ?? /never/);
      assert.doesNotMatch(stderr, /\n {4}at /);
      assert.deepEqual([code, stdout], [2, ""]);
    });
  });

  it("a port in use is said plainly", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as { port: number };
    try {
      const { code, stderr } = await run("emulator", "--port", String(port)).ended;
      assert.match(stderr, new RegExp(`Port ${port} is in use`));
      assert.equal(code, 2);
    } finally {
      other.close();
    }
  });

  it("emulator has the same port and another key each time, and prints both ways to set them", async () => {
    const { stdout } = await run("emulator", "--help").ended;
    assert.match(stdout, /--port N .*\(default: 3030\)[\s\S]*--api-key KEY .*default: a random one/);
    const keys = new Set<string>();
    for (const _ of ["once", "again"]) {
      const { child, out, ended } = run("emulator", "--port", "0");
      try {
        while (!out().includes("listening")) await new Promise((resolve) => setTimeout(resolve, 20));
        const key = /^export DOKPLOY_API_KEY=([A-Za-z]{64})$/m.exec(out())?.[1] ?? "";
        const url = /^export DOKPLOY_URL=(\S+)$/m.exec(out())?.[1];
        assert.ok(out().includes(`\n#   pulumi config set dokploy:url ${url}\n`));
        assert.ok(key !== "" && out().includes(`\n#   pulumi config set --secret dokploy:apiKey ${key}\n`));
        keys.add(key);
      } finally {
        child.kill();
      }
      await ended;
    }
    assert.equal(keys.size, 2);
  });

  it("emulator takes the key that it is given, and no other", async () => {
    const { child, out, ended } = run("emulator", "--port", "0", "--api-key", "key-of-the-stack");
    try {
      while (!out().includes("listening")) await new Promise((resolve) => setTimeout(resolve, 20));
      const url = /^export DOKPLOY_URL=(\S+)$/m.exec(out())?.[1];
      assert.match(out(), /^export DOKPLOY_API_KEY=key-of-the-stack$/m);
      const statusWith = async (key: string) =>
        (await fetch(`${url}/api/project.all`, { headers: { "x-api-key": key } })).status;
      assert.deepEqual([await statusWith("key-of-the-stack"), await statusWith("another")], [200, 401]);
    } finally {
      child.kill();
    }
    await ended;
  });

  for (const [given, version] of [
    ["0.28.7", "v0.28.7"],
    ["0.29.x", "v0.29.14"],
    ["v0.30", "v0.30.7"],
  ] as const)
    it(`emulator --dokploy ${given} plays ${version}`, async () => {
      const { child, out, ended } = run("emulator", "--port", "0", "--dokploy", given);
      try {
        while (!out().includes("listening")) await new Promise((resolve) => setTimeout(resolve, 20));
        const url = /^export DOKPLOY_URL=(\S+)$/m.exec(out())?.[1];
        const key = /^export DOKPLOY_API_KEY=(\S+)$/m.exec(out())?.[1];
        assert.ok(url && key);
        const headers = { "x-api-key": key };
        const answer = await fetch(`${url}/api/settings.getDokployVersion`, { headers });
        assert.equal(await answer.json(), version);
        const later = await fetch(`${url}/api/overview.services`, { headers });
        assert.equal(later.status, given === "v0.30" ? 200 : 404);
      } finally {
        child.kill("SIGINT");
      }
      assert.equal((await ended).code, 0);
    });

  it("emulator --failing-command ends each command that contains the text with exit code 1", async () => {
    const { child, out, ended } = run(
      "emulator",
      "--port",
      "0",
      "--build-ms",
      "1",
      "--failing-command",
      "migrate",
    );
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    try {
      while (!out().includes("listening")) await pause();
      const url = /^export DOKPLOY_URL=(\S+)$/m.exec(out())?.[1];
      const key = /^export DOKPLOY_API_KEY=(\S+)$/m.exec(out())?.[1] ?? "";
      const headers = { "x-api-key": key, "content-type": "application/json" };
      const post = async (endpoint: string, input: object) => {
        const answer = await fetch(`${url}/api/${endpoint}`, {
          method: "POST",
          headers,
          body: JSON.stringify(input),
        });
        const text = await answer.text();
        return (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
      };
      const { environment } = await post("project.create", { name: "shop" });
      const { environmentId } = environment as { environmentId: string };
      const { applicationId, appName } = await post("application.create", { name: "api", environmentId });
      await post("application.update", {
        ...{ applicationId, sourceType: "docker", dockerImage: "api:1" },
        ...{ command: "npm run migrate", restartPolicySwarm: { Condition: "none" } },
      });
      await post("application.deploy", { applicationId });
      const query = new URLSearchParams({ appName: String(appName) });
      const tasks = async () => {
        const answer = await fetch(`${url}/api/docker.getServiceContainersByAppName?${query}`, { headers });
        return (await answer.json()) as { state: string; error: string }[];
      };
      while ((await tasks())[0]?.state !== "shutdown") await pause();
      assert.match((await tasks())[0]?.error ?? "", /non-zero exit \(1\)/);
    } finally {
      child.kill();
    }
    await ended;
  });

  it("emulator change begins and ends failures of the emulator that runs, and lists them", async () => {
    const { child, out, ended } = run(
      "emulator",
      "--port",
      "0",
      "--build-ms",
      "1",
      "--missing-image",
      "acme/api:2",
    );
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    try {
      while (!out().includes("listening")) await pause();
      const DOKPLOY_URL = /^export DOKPLOY_URL=(\S+)$/m.exec(out())?.[1] ?? "";
      const DOKPLOY_API_KEY = /^export DOKPLOY_API_KEY=(\S+)$/m.exec(out())?.[1] ?? "";
      const headers = { "x-api-key": DOKPLOY_API_KEY, "content-type": "application/json" };
      const post = async (endpoint: string, input: object) => {
        const body = JSON.stringify(input);
        const answer = await fetch(`${DOKPLOY_URL}/api/${endpoint}`, { method: "POST", headers, body });
        const text = await answer.text();
        return (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
      };
      const change = async (args: string, env: NodeJS.ProcessEnv = {}) =>
        await runIn(
          { DOKPLOY_URL, DOKPLOY_API_KEY, ...env },
          "emulator",
          "change",
          ...args.split(" ").filter(Boolean),
        ).ended;
      const { environment } = await post("project.create", { name: "shop" });
      const { environmentId } = environment as { environmentId: string };
      const { applicationId } = await post("application.create", { name: "api", environmentId });
      await post("application.update", { applicationId, sourceType: "docker", dockerImage: "acme/api:2" });
      const deployed = async () => {
        await post("application.deploy", { applicationId });
        for (;;) {
          const answer = await fetch(`${DOKPLOY_URL}/api/deployment.all?applicationId=${applicationId}`, {
            headers,
          });
          const records = (await answer.json()) as { status: string; createdAt: string }[];
          const [last] = records.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
          if (last !== undefined && last.status !== "running") return last.status;
          await pause();
        }
      };
      assert.equal(await deployed(), "error");
      assert.deepEqual(await change(""), {
        code: 0,
        stdout: "Failures that apply:\n  --missing-image acme/api:2\n",
        stderr: "",
      });
      assert.equal((await change("--end acme/api:2")).stdout, "No failure applies.\n");
      assert.equal(await deployed(), "done");
      assert.match(
        (await change("--failing-build api --missing-image x:1")).stdout,
        /^ {2}--missing-image x:1\n {2}--failing-build api$/m,
      );
      assert.equal(await deployed(), "error");
      assert.equal((await change("--end all")).stdout, "No failure applies.\n");
      assert.equal(await deployed(), "done");

      const refused: [string, NodeJS.ProcessEnv, RegExp][] = [
        ["--crashing apii", {}, /has no service apii; did you mean api\?/],
        ["--end nothing", {}, /No failure is called nothing; there are none/],
        ["", { DOKPLOY_API_KEY: "another" }, /has another key than DOKPLOY_API_KEY/],
        ["", { DOKPLOY_URL: "https://dokploy.acme.dev" }, /an emulator runs on this machine/],
        ["", { DOKPLOY_URL: "" }, /Set DOKPLOY_URL and DOKPLOY_API_KEY/],
        ["", { DOKPLOY_URL: "http://127.0.0.1:1" }, /There is no emulator at/],
        ["more", {}, /no operand, or the word change/],
      ];
      for (const [args, env, reason] of refused) {
        const { code, stderr } = await change(args, env);
        assert.match(stderr, reason);
        assert.notEqual(code, 0);
      }
      const early = await run("emulator", "--crashing", "api").ended;
      assert.match(
        early.stderr,
        /--crashing is for a running emulator: pulumi-dokploy emulator change --crashing/,
      );
    } finally {
      child.kill();
    }
    await ended;
  });

  it("emulator --dokploy takes a version alone", async () => {
    const { code, stderr } = await run("emulator", "--dokploy", "newest").ended;
    assert.match(stderr, /--dokploy needs a version such as 0\.30\.2, not "newest"/);
    assert.equal(code, 2);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    it(`emulator prints its settings, responds, and ends with 0 on ${signal}`, async () => {
      const { child, out, ended } = run("emulator", "--port", "0", "--build-ms", "1");
      try {
        while (!out().includes("listening")) await new Promise((resolve) => setTimeout(resolve, 20));
        const url = /^export DOKPLOY_URL=(\S+)$/m.exec(out())?.[1];
        const key = /^export DOKPLOY_API_KEY=(\S+)$/m.exec(out())?.[1];
        assert.ok(url && key);
        const answer = await fetch(`${url}/api/settings.getDokployVersion`, {
          headers: { "x-api-key": key },
        });
        assert.equal(await answer.json(), "v0.30.2");
      } finally {
        child.kill(signal);
      }
      assert.equal((await ended).code, 0);
    });
});

function run(...args: string[]): Run {
  return runIn({}, ...args);
}

function runIn(env: NodeJS.ProcessEnv, ...args: string[]): Run {
  const child = spawn(process.execPath, [join(compiled, "cli", "main.js"), ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, out: () => stdout, ended };
}

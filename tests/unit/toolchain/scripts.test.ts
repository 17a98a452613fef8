import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const repository = path.join(__dirname, "..", "..", "..");

interface RunOptions {
  cwd?: string;
  timeoutSeconds?: number;
  env?: NodeJS.ProcessEnv;
}
const { run } = require("../../../scripts/run.cjs") as {
  run(command: string, args: string[], options?: RunOptions): Promise<{ code: number; output: string }>;
};
const { build } = require("../../../scripts/build.cjs") as {
  build(options: { root: string; log: (line: string) => void }): Promise<boolean>;
};
const { dependenciesOutdated, nodeComplaint } = require("../../../scripts/setup.cjs") as {
  dependenciesOutdated(root: string): boolean;
  nodeComplaint(version: string): string | undefined;
};
const { installedPackages } = require("../../../scripts/bench/install-packages.cjs") as {
  installedPackages(lock: object): string[];
};
const { linesToMutate, report, testsFor } = require("../../../scripts/mutants/report.cjs") as {
  linesToMutate(root: string, named: string[], options: { sample?: string; seed: string }): string[];
  report(result: object, atLeastPercent: number): boolean;
  testsFor(mutate: string[]): string[];
};
describe("the scripts", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "scripts-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  }

  describe("packages of an install", () => {
    it("are those that are needed at any depth, found as Node finds them, without peers and tools", () => {
      const packages = {
        "": {
          dependencies: { a: "1", b: "1" },
          devDependencies: { tool: "1" },
          peerDependencies: { peer: "1" },
        },
        "node_modules/a": { dependencies: { "@s/c": "1" }, optionalDependencies: { absent: "1" } },
        "node_modules/a/node_modules/@s/c": { dependencies: { d: "1", b: "1" } },
        "node_modules/@s/c": {},
        "node_modules/b": { peerDependencies: { peer: "1" } },
        "node_modules/d": { dependencies: { a: "1" } },
        "node_modules/peer": {},
        "node_modules/tool": {},
      };
      assert.deepEqual(installedPackages({ packages }).sort(), [
        "",
        "node_modules/a",
        "node_modules/a/node_modules/@s/c",
        "node_modules/b",
        "node_modules/d",
      ]);
    });
  });

  describe("run", () => {
    it("gives the exit code and what was printed", async () => {
      const script = `console.log("out"); console.error("err"); process.exitCode = 3`;
      const { code, output } = await run(process.execPath, ["-e", script]);
      assert.equal(code, 3);
      assert.match(output, /out/);
      assert.match(output, /err/);
    });

    it("reports a program that does not exist", async () => {
      const { code, output } = await run("no-such-program-here", []);
      assert.equal(code, -1);
      assert.match(output, /ENOENT/);
    });

    it("ends a program that takes too long, with what it started", async () => {
      // The grandchild holds the pipe open: unless it ends too, this does not end within the test's time.
      const grandchild = `setTimeout(() => {}, 600_000)`;
      const script = `
        require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" });
        ${grandchild}
      `;
      const { code, output } = await run(process.execPath, ["-e", script], { timeoutSeconds: 0.5 });
      assert.equal(code, -1);
      assert.match(output, /did not end within 0\.5 s/);
    });
  });

  describe("set-up", () => {
    for (const version of ["20.19.0", "20.20.2", "22.12.0", "24.0.0", "25.1.0"]) {
      it(`accepts Node.js ${version}`, () => assert.equal(nodeComplaint(version), undefined));
    }
    for (const version of ["18.20.0", "20.18.3", "21.7.0", "22.11.0"]) {
      it(`rejects Node.js ${version}, naming it and the required version`, () => {
        assert.match(nodeComplaint(version) ?? "", new RegExp(`20\\.19.*this is ${version}`));
      });
    }

    it("installs dependencies when there are none, or older ones than the lock file's", () => {
      const lock = write("package-lock.json", "{}");
      assert.equal(dependenciesOutdated(folder), true);
      const installed = write("node_modules/.package-lock.json", "{}");
      fs.utimesSync(lock, 1000, 1000);
      fs.utimesSync(installed, 2000, 2000);
      assert.equal(dependenciesOutdated(folder), false);
      fs.utimesSync(lock, 3000, 3000);
      assert.equal(dependenciesOutdated(folder), true);
    });
  });

  describe("build", function () {
    // Each build starts the compiler, beside other tests that use all cores.
    this.timeout(240_000);
    const log = () => {};

    beforeEach(() => {
      const compilerOptions = { rootDir: ".", outDir: "dist", types: [], target: "ES2022", strict: true };
      write("tsconfig.build.json", JSON.stringify({ compilerOptions, include: ["sdk", "cli"] }));
      write("sdk/index.ts", `export const one: number = 1;`);
      write("cli/main.ts", `#!/usr/bin/env node\nexport const two: number = 2;`);
    });

    it("compiles changed files, deletes output of missing ones, and otherwise does nothing", async () => {
      const index = path.join(folder, "dist", "sdk", "index.js");
      const command = path.join(folder, "dist", "cli", "main.js");
      assert.equal(await build({ root: folder, log }), true);
      assert.match(fs.readFileSync(index, "utf8"), /one=1;/);
      assert.notEqual(fs.statSync(command).mode & 0o111, 0);
      assert.equal(await build({ root: folder, log }), false);

      write("sdk/index.ts", `export const one: number = 11;`);
      fs.rmSync(path.join(folder, "cli"), { recursive: true });
      assert.equal(await build({ root: folder, log }), true);
      assert.match(fs.readFileSync(index, "utf8"), /one=11;/);
      assert.equal(fs.existsSync(command), false);
    });

    it("fails on a type error, keeps what was built, and fails again until it is repaired", async () => {
      const index = path.join(folder, "dist", "sdk", "index.js");
      await build({ root: folder, log });
      write("sdk/index.ts", `export const one: number = "one";`);
      for (const _ of [1, 2]) {
        await assert.rejects(build({ root: folder, log }), /do not compile[\s\S]*sdk\/index\.ts/);
      }
      assert.match(fs.readFileSync(index, "utf8"), /one=1;/);
    });
  });

  describe("the start of Pulumi's SDK in tests", () => {
    const preload = path.join(repository, "scripts", "test", "lazy-sdk.cjs");
    const ended = (script: string, env: NodeJS.ProcessEnv, ...args: string[]) => {
      const options = {
        cwd: repository,
        env: { ...process.env, NODE_OPTIONS: "", ...env },
        encoding: "utf8",
      };
      const command = ["--require", preload, write("program.js", script), ...args];
      return spawnSync(process.execPath, command, options as { encoding: "utf8" });
    };

    it("leaves out what it hardly uses until that is used, which then works", () => {
      const { stdout, stderr } = ended(
        `const load = require("node:module").createRequire(${JSON.stringify(path.join(repository, "index.js"))});
        const used = () => ["@pulumi/pulumi", "typescript", "@npmcli/arborist"].filter((name) =>
          Object.keys(require.cache).some((file) => file.split("\\\\").join("/").includes("/node_modules/" + name + "/")));
        const { automation, runtime } = load("@pulumi/pulumi");
        const first = used();
        runtime.serializeFunction(() => 6 * 7).then(({ text }) =>
          console.log(JSON.stringify([first, used(), text.includes("6 * 7"), automation.LocalWorkspace.name])));`,
        {},
      );
      const then = ["@pulumi/pulumi", "typescript"];
      assert.equal(stdout, `${JSON.stringify([["@pulumi/pulumi"], then, true, "LocalWorkspace"])}\n`, stderr);
    });

    it("reads no source maps", () => {
      const { stdout, stderr } = ended(
        `require("node:module").createRequire(${JSON.stringify(path.join(repository, "index.js"))})("source-map-support/register");
        console.log(Object.keys(require.cache).some((file) => file.includes("source-map-support")));`,
        {},
      );
      assert.equal(stdout, "false\n", stderr);
    });

    for (const [main, expected] of [
      ["index.js", "undefined"],
      ["index.ts", "true"],
      [".", "true"],
    ] as const) {
      it(`${expected === "true" ? "translates" : "does not translate"} TypeScript for ${main}`, () => {
        const script = "console.log(String(process.env.PULUMI_NODEJS_TYPESCRIPT))";
        assert.equal(ended(script, { PULUMI_NODEJS_TYPESCRIPT: "true" }, main).stdout, `${expected}\n`);
      });
    }
  });

  describe("bench", () => {
    it("prints a figure of what it measures", () => {
      const script = path.join(repository, "scripts", "bench.cjs");
      const ended = spawnSync(process.execPath, [script, "--only", "members"], { encoding: "utf8" });
      assert.equal(ended.status, 0, ended.stderr);
      const figures = ended.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.ok(
        figures.every(({ value, ok }) => value > 0 && ok),
        ended.stdout,
      );
    });
  });

  describe("mutants", () => {
    const code = (lines: number) =>
      Array.from({ length: lines }, (_, n) => `export const v${n} = ${n};`).join("\n");

    it("are made of each part of the provider, the SDK, the commands and the plugin, with the tests that cover it", () => {
      write("provider/one/a.ts", code(20));
      write("cli/main.ts", code(20));
      write("cli/plan/a.ts", code(20));
      write("cli/plan/deep/b.ts", code(20));
      write("plugin/a.ts", code(20));
      write("plugin/generated/b.ts", `// Written by \`npm run docs\`.\n${code(20)}`);
      const counts = new Map<string, number>();
      const sample = linesToMutate(folder, [], { sample: "10", seed: "1" });
      for (const line of sample) {
        const part = path.posix.dirname(line).split("/").slice(0, 2).join("/");
        counts.set(part, (counts.get(part) ?? 0) + 1);
      }
      assert.deepEqual(Object.fromEntries(counts), {
        "provider/one": 10,
        cli: 10,
        "cli/plan": 10,
        plugin: 10,
      });
      assert.deepEqual(testsFor(sample), ["tests/unit", "tests/resources", "tests/unit/cli", "tests/plugin"]);
      assert.deepEqual(testsFor(["plugin/a.ts:1-1"]), ["tests/plugin"]);
    });

    it("are made of all that is written by hand, or of a sample of each folder that its seed selects", () => {
      write("provider/one/a.ts", `// Says why.\nimport x from "y";\n\n${code(20)}\n}`);
      write("provider/one/deep/b.ts", code(20));
      write("provider/one/names.ts", `// Written by \`npm run docs\`.\n${code(20)}`);
      write("provider/one/table.json", "{}");
      write("provider/two.ts", code(3));
      const named = ["provider/one", "provider/two.ts"];
      assert.deepEqual(linesToMutate(folder, named, { seed: "1" }).sort(), [
        "provider/one/a.ts",
        "provider/one/deep/b.ts",
        "provider/two.ts",
      ]);
      const sample = (seed: string) => linesToMutate(folder, named, { sample: "10", seed });
      assert.deepEqual(sample("1"), sample("1"));
      assert.notDeepEqual(sample("1"), sample("2"));
      const ofOne = sample("1").filter((line) => line.startsWith("provider/one/"));
      assert.equal(ofOne.length, 10);
      assert.equal(new Set(ofOne).size, 10);
      assert.deepEqual(sample("1").slice(10).sort(), [
        "provider/two.ts:1-1",
        "provider/two.ts:2-2",
        "provider/two.ts:3-3",
      ]);
      assert.ok(
        sample("1").every((line) => !/a\.ts:[123]-|a\.ts:24-/.test(line)),
        "lines that are no code",
      );
      assert.throws(
        () => linesToMutate(folder, ["provider/none"], { seed: "1" }),
        /There is no provider\/none/,
      );
    });

    it("are enough of them killed when they are in each folder", () => {
      const file = (killed: number, survived: number) => ({
        source: "one\ntwo",
        mutants: [
          ...Array.from({ length: killed }, (_, n) => ({ status: n === 0 ? "Timeout" : "Killed" })),
          ...Array.from({ length: survived }, (_, n) => ({ status: n === 0 ? "NoCoverage" : "Survived" })),
          { status: "Ignored" },
        ].map((mutant) => ({ ...mutant, mutatorName: "Boolean", location: { start: { line: 1 } } })),
      });
      const said: string[] = [];
      const { log } = console;
      const judged = (files: object) => {
        console.log = (line: string) => said.push(line);
        try {
          return report({ files }, 80);
        } finally {
          console.log = log;
        }
      };
      assert.equal(judged({ "provider/a/x.ts": file(8, 2), "provider/b/x.ts": file(4, 1) }), true);
      assert.ok(said.includes("provider/a: 8 of 10 killed, 80 %"), said.join("\n"));
      assert.equal(judged({ "provider/a/x.ts": file(100, 0), "provider/b/x.ts": file(3, 1) }), false);
      assert.equal(judged({}), false);
      said.length = 0;
      assert.equal(
        judged({ "sdk/x.ts": file(9, 0), "sdk/y.ts": file(0, 1), "sdk/a/x.ts": file(4, 1) }),
        true,
      );
      assert.deepEqual(said.slice(-3, -1), ["sdk: 9 of 10 killed, 90 %", "sdk/a: 4 of 5 killed, 80 %"]);
    });
  });
});

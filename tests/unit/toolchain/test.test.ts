import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const repository = path.join(__dirname, "..", "..", "..");

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
type Numbers = Record<string, number>;
const { labelled, leftOutLine, phases, slowestFirst, slowestLines, summarise, withExitCode, withPlugin } =
  require("../../../scripts/test.cjs") as {
    labelled(byFile: Numbers, phase: { env?: Record<string, string> }): Numbers;
    leftOutLine(): string;
    phases(named: string[], root: string, without?: string[]): { name: string; files: string[] }[];
    slowestFirst(files: string[], times: Numbers, size: (file: string) => number): string[];
    slowestLines(times: Numbers): string[];
    withPlugin(
      all: { name: string; files: string[] }[],
      which?: "all" | "marked",
    ): { files: string[]; env: Record<string, string> };
    summarise(counts: Counts[]): { line: string; failed: boolean };
    withExitCode(counts: Counts | undefined, code: number): Counts;
  };
const { marked, once } = require("../../../scripts/test/doors.cjs") as {
  marked: { subject: string; files: string[] }[];
  once: { reason: string; files: string[] }[];
};
const { groups } = require("../../../scripts/test/full.cjs") as {
  groups: { name: string; reason: string; files: string[] }[];
};

describe("npm test", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "tests-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  }

  function start(...args: string[]) {
    const script = path.join(repository, "scripts", "test.cjs");
    return spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  }

  it("runs the engine's tests after all others", () => {
    for (const name of ["unit/a", "unit/deep/b", "engine/c", "emulator/d"])
      write(`tests/${name}.test.ts`, "");
    write("tests/engine/cli.ts", "");
    const files = phases([], folder).map((phase) =>
      phase.files.map((file) => file.split(path.sep).join("/")),
    );
    assert.deepEqual(files, [
      ["tests/emulator/d.test.ts", "tests/unit/a.test.ts", "tests/unit/deep/b.test.ts"],
      ["tests/engine/c.test.ts"],
    ]);
  });

  it("repeats stories with the plugin, under names of their own", () => {
    const story = path.join("tests", "engine", "new.test.ts");
    const [named = ""] = once.flatMap(({ files }) => files.map((file) => path.normalize(file)));
    const again = withPlugin([
      { name: "others", files: [path.join("tests", "unit", "a.test.ts")] },
      { name: "engine", files: [named, story] },
    ]);
    assert.deepEqual([again.files, again.env], [[story], { TEST_DOOR: "plugin" }]);
    assert.deepEqual(labelled({ [story]: 1 }, again), { [`${story} (plugin)`]: 1 });
    assert.deepEqual(labelled({ [story]: 1 }, {}), { [story]: 1 });
  });

  it("repeats every story that has no reason against it, and knows only stories that exist", () => {
    const listed = once.flatMap(({ files }) => files);
    assert.equal(new Set(listed).size, listed.length);
    for (const file of listed) assert.ok(fs.existsSync(path.join(repository, file)), file);
    for (const { reason } of once) assert.match(reason, /^[A-Z].*\.$/);
  });

  it("repeats in CI those of each marked subject, all of which exist and run a second time otherwise too", () => {
    const listed = marked.flatMap(({ files }) => files);
    assert.equal(new Set(listed).size, listed.length);
    const again = withPlugin(phases([], repository), "marked").files.map((file) =>
      file.split(path.sep).join("/"),
    );
    assert.deepEqual(again.sort(), listed.sort());
    assert.deepEqual(
      marked.map(({ subject }) => subject),
      ["Registration", "Secrets", "Imports", "Failures"],
    );
  });

  it("knows no other choice of stories to repeat", () => {
    const { status, stderr, stdout } = start("--full", "--plugin", "some");
    assert.deepEqual([status, stderr], [1, "--plugin takes all or marked\n"]);
    assert.match(stdout, /0 passed, 1 failed, 0 skipped/);
  });

  it("runs just the named files and folders", () => {
    write("tests/unit/a.test.ts", "");
    write("tests/unit/b.test.ts", "");
    const [phase, ...more] = phases(["tests/unit", "tests/engine/c.test.ts"], folder);
    assert.deepEqual(phase?.files, [
      "tests/unit/a.test.ts",
      "tests/unit/b.test.ts",
      "tests/engine/c.test.ts",
    ]);
    assert.deepEqual(more, []);
  });

  it("adds up the phases, and calls a run without a passed test failed", () => {
    const phase = { passed: 2, failed: 0, skipped: 1 };
    assert.deepEqual(summarise([phase, phase]), { line: "4 passed, 0 failed, 2 skipped", failed: false });
    assert.equal(summarise([phase, { passed: 0, failed: 1, skipped: 0 }]).failed, true);
    assert.equal(summarise([{ passed: 0, failed: 0, skipped: 3 }]).failed, true);
    assert.equal(summarise([]).failed, true);
  });

  it("begins with unknown files, and continues with the slowest", () => {
    const sizes: Record<string, number> = { small: 10, large: 20, quick: 30, slow: 5 };
    const sorted = slowestFirst(Object.keys(sizes), { quick: 1, slow: 900 }, (file) => sizes[file] ?? 0);
    assert.deepEqual(sorted, ["large", "small", "slow", "quick"]);
  });

  it("names the ten slowest files", () => {
    const times = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`f${n}`, n * 1000]));
    const lines = slowestLines(times);
    assert.equal(lines.length, 10);
    assert.match(lines[0] ?? "", /11 s {2}f11$/);
  });

  it("counts a crash without a failed test as a failure", () => {
    assert.deepEqual(withExitCode(undefined, 1).failed, 1);
    assert.deepEqual(withExitCode({ passed: 5, failed: 0, skipped: 0 }, -1).failed, 1);
    assert.deepEqual(withExitCode({ passed: 5, failed: 2, skipped: 0 }, 2).failed, 2);
    assert.deepEqual(withExitCode({ passed: 5, failed: 0, skipped: 0 }, 0).failed, 0);
  });

  const good = `describe("good", () => { it("passes", () => {}); it("is skipped"); });`;
  const bad = `describe("bad", () => { it("fails", () => { throw new Error("no"); }); });`;
  const runs: { name: string; files: string[]; args: string[]; code: number; line: string }[] = [
    { name: "a good file", files: [good], args: [], code: 0, line: "1 passed, 0 failed, 1 skipped" },
    { name: "a failing one", files: [good, bad], args: [], code: 1, line: "1 passed, 1 failed, 1 skipped" },
    {
      name: "one that does not load",
      files: [good, `import "./nowhere";`],
      args: [],
      code: 1,
      line: "1 passed, 1 failed, 1 skipped",
    },
    {
      name: "one that ends the process",
      files: [`process.exit(0);`],
      args: [],
      code: 1,
      line: "0 passed, 1 failed, 0 skipped",
    },
    {
      name: "a filter that nothing matches",
      files: [good],
      args: ["--grep", "nothing-of-that-name"],
      code: 1,
      line: "0 passed, 0 failed, 0 skipped",
    },
  ];
  for (const { name, files, args, code, line } of runs) {
    it(`ends with the counts, and exit code ${code}, after ${name}`, () => {
      const written = files.map((text, index) => write(`t${index}.test.ts`, text));
      const ended = start(...args, ...written);
      assert.equal(ended.stdout.trimEnd().split("\n").at(-1), line, ended.stdout + ended.stderr);
      assert.equal(ended.status, code);
    });
  }

  it("runs all but the files and folders that leave the core, and these if they are named", () => {
    for (const name of ["unit/a", "engine/b", "engine/languages/c", "engine/languages/d"])
      write(`tests/${name}.test.ts`, "");
    const without = ["tests/engine/languages", "tests/unit/a.test.ts"];
    const run = (...named: string[]) =>
      phases(named, folder, without).flatMap(({ files }) =>
        files.map((file) => file.split(path.sep).join("/")),
      );
    assert.deepEqual(run(), ["tests/engine/b.test.ts"]);
    assert.deepEqual(run("tests/unit/a.test.ts"), ["tests/unit/a.test.ts"]);
    assert.deepEqual(run("tests/engine/languages").length, 2);
  });

  it("says what it left out and how to run it, only if it left out something", () => {
    assert.match(leftOutLine(), /^Left out: [1-9]\d* files, which `npm test -- --full` runs too/);
    assert.doesNotMatch(start(write("good.test.ts", good)).stdout, /Left out/);
  });

  it("counts the processor time of a file with that of the processes that it started", function () {
    if (process.platform !== "linux") this.skip();
    const busy =
      "const end = process.cpuUsage().user + 1_000_000;" +
      "while (process.cpuUsage().user < end) for (let n = 0; n < 1e6; n++);";
    const child = `require("node:child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(busy)}]);`;
    const file = write("busy.test.ts", `describe("b", () => { it("is", () => { ${busy} ${child} }); });`);
    const { stdout } = start(file);
    const [, measured] = /Files with most processor time:\n +(\d+) s {2}\S*busy\.test\.ts/.exec(stdout) ?? [];
    assert.ok(Number(measured) >= 2, stdout);
  });

  describe("leaves the core", () => {
    const contributing = fs.readFileSync(path.join(repository, "CONTRIBUTING.md"), "utf8");

    for (const { name, reason, files } of groups) {
      it(`${name}: tests that exist, for a reason, which CONTRIBUTING.md gives`, () => {
        assert.ok(contributing.replaceAll("\n  ", " ").includes(`- ${name}: ${reason}`), "CONTRIBUTING.md");
        for (const file of files) assert.ok(fs.existsSync(path.join(repository, file)), file);
      });
    }
  });
});

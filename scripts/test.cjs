// node scripts/test.cjs [--full [--plugin marked]] [--grep <text>] [--bail] [--jobs <n>] [file ...]: runs the tests.
// The last line is "N passed, N failed, N skipped". The lines before it name the slowest files, those with most
// processor time, and the time of each part. Without files it runs the core, which is all but what test/full.cjs names,
// and with --full all of them; those with the real Pulumi CLI run in parallel with the others. With --full, they run a second
// time with the plugin, except for those that test/doors.cjs names, and with --plugin marked only those that it marks.
// Exits with 1 when a test failed, a file did not load, or nothing ran.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { run } = require("./run.cjs");
const { doorVariable, marked, once } = require("./test/doors.cjs");
const { beyondCore } = require("./test/full.cjs");
const { processorTimes, variable } = require("./test/processor.cjs");

const repository = path.join(__dirname, "..");
/** Time for all phases together, so that the set-up and the other checks of CI fit into an hour with them. */
const runSeconds = 54 * 60;
/** The milliseconds of each file in earlier runs. */
const timesFile = path.join(repository, ".tmp", "test-times.json");
const slowestShown = 10;
/** Options of all Node.js processes that tests start, which make them start faster. */
const nodeOptions = `--require ${JSON.stringify(path.join(__dirname, "test", "lazy-sdk.cjs"))}`;
/** Settings of programs in Go, such as the CLI: most of them end before they would have to collect garbage. */
const goOptions = { GOGC: "off", GOMEMLIMIT: "1GiB" };

const options = {
  full: { type: "boolean" },
  plugin: { type: "string", default: "all" },
  grep: { type: "string", short: "g" },
  bail: { type: "boolean", short: "b" },
  jobs: { type: "string", short: "j" },
};

/**
 * Returns the sets of files to run: the named ones, or else all tests with the engine's last.
 *
 * @param {string[]} named files, folders or globs
 * @param {string} root the checkout
 * @param {string[]} without files and folders to leave out, if none are named
 * @returns {{name: string, files: string[]}[]}
 */
function phases(named, root, without = []) {
  if (named.length > 0) {
    return [{ name: "tests", files: named.flatMap((name) => testFiles(root, name)) }];
  }
  const leftOut = without.flatMap((name) => testFiles(root, path.normalize(name)));
  const engine = testFiles(root, path.join("tests", "engine"));
  const others = ["packages", "tests"]
    .filter((folder) => fs.existsSync(path.join(root, folder)))
    .flatMap((folder) => testFiles(root, folder))
    .filter((file) => !engine.includes(file));
  return [
    { name: "unit, emulator and conformance tests", files: others },
    { name: "engine tests (the Pulumi CLI)", files: engine },
  ]
    .map(({ name, files }) => ({ name, files: files.filter((file) => !leftOut.includes(file)) }))
    .filter((phase) => phase.files.length > 0);
}

function testFiles(root, name) {
  const stat = fs.statSync(path.resolve(root, name), { throwIfNoEntry: false });
  // A file or glob is passed unchanged to mocha, which reports one that matches nothing.
  if (stat === undefined || stat.isFile()) return [name];
  return fs
    .readdirSync(path.resolve(root, name), { recursive: true })
    .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"))
    .map((file) => path.join(name, file))
    .sort();
}

/**
 * Sorts the files so that the slowest begin first, and no worker has a long one left at the end. A file that was never
 * timed comes first, the larger ones before the others.
 *
 * @param {string[]} files
 * @param {Record<string, number>} times milliseconds by file
 * @param {(file: string) => number} size
 * @returns {string[]}
 */
function slowestFirst(files, times, size) {
  const cost = (file) => times[file] ?? Number.POSITIVE_INFINITY;
  return [...files].sort((a, b) => (cost(a) === cost(b) ? size(b) - size(a) : cost(b) - cost(a)));
}

/** @returns {string[]} a line for each of the files that took longest */
function slowestLines(times) {
  const slowest = Object.entries(times).sort(([, a], [, b]) => b - a);
  const shown = slowest.slice(0, slowestShown);
  return shown.map(([file, ms]) => `${seconds(ms).padStart(7)}  ${file}`);
}

function seconds(ms) {
  return `${Math.round(ms / 1000)} s`;
}

/**
 * @param {{passed: number, failed: number, skipped: number}[]} counts of the phases
 * @returns {{line: string, failed: boolean}} the last line, and whether the run as a whole failed
 */
function summarise(counts) {
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
  const line = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return { line, failed: failed > 0 || passed === 0 };
}

/**
 * Returns the stories that run again with the plugin. Their files have a name of their own in the lists of a run.
 *
 * @param {{name: string, files: string[]}[]} all phases of a full run
 * @param {"all" | "marked"} [which] the stories that test/doors.cjs marks, or all but those that it leaves out
 * @returns {{name: string, files: string[], env: Record<string, string>}}
 */
function withPlugin(all, which = "all") {
  const stories = path.join("tests", "engine", path.sep);
  const filesOf = (groups) => groups.flatMap(({ files }) => files.map((file) => path.normalize(file)));
  const [leftOut, only] = [filesOf(once), filesOf(marked)];
  const files = all
    .flatMap((phase) => phase.files)
    .filter((file) => file.startsWith(stories) && !leftOut.includes(file))
    .filter((file) => which === "all" || only.includes(file));
  return { name: "engine tests with the plugin", files, env: { [doorVariable]: "plugin" } };
}

/** Gives the files of a phase with an environment another name than they have without it. */
function labelled(byFile, { env }) {
  if (env === undefined) return byFile;
  const label = Object.values(env).join(" ");
  return Object.fromEntries(Object.entries(byFile).map(([file, value]) => [`${file} (${label})`, value]));
}

async function runPhase(phase, values, timeoutSeconds) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-test-"));
  const output = path.join(folder, "counts.json");
  const processor = path.join(folder, "processor.jsonl");
  const style = values.style;
  const args = [
    path.join(repository, "node_modules", "mocha", "bin", "mocha.js"),
    ...["--reporter", path.join(__dirname, "mocha-summary.cjs")],
    ...["--reporter-option", `output=${output},style=${style}`],
    ...["--require", path.join(__dirname, "test", "processor.cjs")],
    ...["--parallel", "--jobs", values.jobs],
    ...(values.grep === undefined ? [] : ["--grep", values.grep]),
    ...(values.bail ? ["--bail"] : []),
    ...(process.env.CI ? ["--forbid-only"] : []),
    ...slowestFirst(phase.files, readJson(timesFile) ?? {}, sizeOf),
  ];
  try {
    // Programs say more in CI, and the tests are the same everywhere.
    const { CI: _, ...ours } = process.env;
    const env = {
      ...ours,
      ...goOptions,
      ...phase.env,
      [variable]: processor,
      NODE_OPTIONS: [process.env.NODE_OPTIONS, nodeOptions].filter(Boolean).join(" "),
    };
    const bound = { cwd: repository, env, inherit: true, timeoutSeconds };
    const { code, output: reason } = await run(process.execPath, args, bound);
    if (reason) console.error(reason);
    const counted = withExitCode(readJson(output), code);
    return {
      ...counted,
      files: labelled(counted.files ?? {}, phase),
      processor: labelled(processorTimes(processor), phase),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function readJson(file) {
  if (!fs.existsSync(file)) return undefined;
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

function sizeOf(file) {
  return fs.statSync(path.resolve(repository, file), { throwIfNoEntry: false })?.size ?? 0;
}

/** Counts a failure of mocha without a failed test: a file that does not load, a crash, no time left. */
function withExitCode(counts = { passed: 0, failed: 0, skipped: 0 }, code = 0) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

function keepTimes(times) {
  const ours = Object.entries(times).filter(([file]) => !file.startsWith("..") && file.endsWith(".ts"));
  const all = { ...readJson(timesFile), ...Object.fromEntries(ours) };
  fs.mkdirSync(path.dirname(timesFile), { recursive: true });
  fs.writeFileSync(timesFile, JSON.stringify(all, undefined, 2));
}

/**
 * Runs the phases in parallel, because one waits while another computes. After `--bail`, they run in their order,
 * so that a broken unit ends the run before the slow tests that it breaks too.
 */
async function runPhases(values, positionals) {
  // More than the machine has cores, because many tests wait: for a process, a server, a clock.
  const jobs = values.jobs ?? String(Math.min(8, Math.ceil(1.5 * os.availableParallelism())));
  const style = positionals.length > 0 || values.grep !== undefined ? "spec" : "dot";
  const runs = [];
  const end = Date.now() + 1000 * runSeconds;
  const begin = (phase) => {
    console.log(`Running ${phase.name}`);
    const started = Date.now();
    const left = Math.max(1, Math.ceil((end - started) / 1000));
    const run = runPhase(phase, { ...values, jobs, style }, left).then((count) => {
      return { ...count, part: `${seconds(Date.now() - started).padStart(7)}  ${phase.name}` };
    });
    runs.push(run);
    return run;
  };
  const all = phases(positionals, repository, values.full ? [] : beyondCore);
  for (const phase of all) {
    const run = begin(phase);
    if (values.bail && (await run).failed > 0) return await Promise.all(runs);
  }
  if (!values.full || positionals.length > 0) return await Promise.all(runs);
  // Side by side they would not be faster: each phase has as many workers as the machine can use.
  await Promise.all(runs);
  await begin(withPlugin(all, values.plugin));
  return await Promise.all(runs);
}

function processorLine(processor) {
  const sum = Object.values(processor).reduce((total, ms) => total + ms, 0);
  return `${seconds(sum).padStart(7)}  in all files`;
}

function leftOutLine() {
  const files = beyondCore.flatMap((name) => testFiles(repository, name));
  return `Left out: ${files.length} files, which \`npm test -- --full\` runs too (scripts/test/full.cjs says why)`;
}

async function main() {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (!["all", "marked"].includes(values.plugin)) throw new Error("--plugin takes all or marked");
  const started = Date.now();
  const counts = await runPhases(values, positionals);
  const times = Object.assign({}, ...counts.map(({ files }) => files));
  // A run of some tests of a file says nothing about the file.
  if (values.grep === undefined) keepTimes(times);
  const processor = Object.assign({}, ...counts.map((count) => count.processor));
  const parts = counts.map(({ part }) => part);
  const whole = `${seconds(Date.now() - started).padStart(7)}  in all`;
  console.log(["Slowest files:", ...slowestLines(times), "Parts:", ...parts, whole].join("\n"));
  const dearest = ["Files with most processor time:", ...slowestLines(processor), processorLine(processor)];
  console.log(dearest.join("\n"));
  const { line, failed } = summarise(counts);
  if (failed && counts.every((count) => count.passed + count.failed === 0)) console.error("No test ran");
  if (positionals.length === 0 && !values.full) console.log(leftOutLine());
  console.log(line);
  process.exitCode = failed ? 1 : 0;
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    console.log("0 passed, 1 failed, 0 skipped");
    process.exitCode = 1;
  });
}

module.exports = {
  labelled,
  leftOutLine,
  phases,
  slowestFirst,
  slowestLines,
  summarise,
  withExitCode,
  withPlugin,
};

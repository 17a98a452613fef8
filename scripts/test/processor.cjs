// Measures the processor time of each test file. Mocha's workers load it (see test.cjs), and each appends a line of
// JSON for each suite of its files to the file that the environment names.
const fs = require("node:fs");
const path = require("node:path");

const variable = "PULUMI_DOKPLOY_TEST_PROCESSOR";
/** Units of /proc/<pid>/stat in a second: the same on every Linux. */
const ticksPerSecond = 100;

/**
 * Returns the milliseconds that this process has used, on Linux with those of the processes that it started and that
 * ended. Processes whose parent ended before them are not counted, as few run for long.
 */
function processorMs() {
  if (process.platform !== "linux") {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
  // The name of the program, in parentheses, may contain anything; after it follow the fields from the third on.
  const fields = fs
    .readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  // utime, stime, cutime, cstime
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return (ticks / ticksPerSecond) * 1000;
}

/** Milliseconds that belong to earlier suites, or to the start of the worker. */
let counted = processorMs();

/** Adds what this process used since the last suite, so with loading the file, to the file of this one. */
function count(suite) {
  const now = processorMs();
  const file = path.relative(process.cwd(), suite.file ?? "");
  fs.appendFileSync(process.env[variable], `${JSON.stringify([file, now - counted])}\n`);
  counted = now;
}

const mochaHooks = {
  // A worker has one file after the other, and mocha without workers has all in one.
  beforeAll() {
    for (const suite of this.test.parent.suites) suite.afterAll(() => count(suite));
  },
};

/** Returns the milliseconds of each file that a run has written. */
function processorTimes(file) {
  const times = {};
  const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  for (const [name, ms] of lines.map((line) => JSON.parse(line))) times[name] = (times[name] ?? 0) + ms;
  return times;
}

module.exports = { mochaHooks, processorTimes, variable };

// Runs plans without changes of two stacks in turn, and returns how much longer those of the first take.
const fs = require("node:fs");
const { median, round, summary } = require("./statistics.cjs");
const { timed } = require("./stack.cjs");

const pairCount = 5;

/** Compares two stacks that are up and unchanged since. */
async function comparePreviews(a, doNothing) {
  // The first run of each fills caches.
  for (const stack of [a, doNothing]) await preview(stack);
  const pairs = [];
  for (let pair = 0; pair < pairCount; pair += 1) {
    pairs.push({ ours: await preview(a), doNothing: await preview(doNothing) });
  }
  const ratios = (of) => pairs.map((pair) => round(of(pair.ours) / of(pair.doNothing), 3));
  const wall = ratios(({ milliseconds }) => milliseconds);
  const cpu = ratios(({ cpuMs }) => cpuMs);
  return {
    value: median(wall),
    details: {
      pairs: wall,
      oursMs: summary(pairs.map(({ ours }) => ours.milliseconds)),
      doNothingMs: summary(pairs.map((pair) => pair.doNothing.milliseconds)),
      // The CPU time depends less on the load of the machine.
      ...(cpu.every(Number.isFinite) ? { cpuRatio: median(cpu) } : {}),
    },
  };
}

async function preview(stack) {
  const before = childrenCpuMs();
  const milliseconds = await timed(stack, "preview", "--expect-no-changes");
  return { milliseconds, cpuMs: childrenCpuMs() - before };
}

/** Returns the CPU time of all child processes that have ended, and of their children; NaN without /proc. */
function childrenCpuMs() {
  if (!fs.existsSync("/proc/self/stat")) return Number.NaN;
  // "<pid> (<name>) <state> …": cutime and cstime are the 14th and 15th after the name, in hundredths of a second.
  const afterName = fs
    .readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(afterName[13]) + Number(afterName[14])) * 10;
}

module.exports = { comparePreviews };

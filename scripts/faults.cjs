// node scripts/faults.cjs [<part of a name>]: injects every possible fault at every call of every operation. Checks
// that the next run repairs the damage, and that each run changes only what its preview said. Prints each case that
// does not converge, a JSON line with the counts, and a line for people; exits with 1 when a case lost or doubled
// something, or did not converge.
const { fork } = require("node:child_process");
const os = require("node:os");

/** Runs its part of the cases in a separate process, and returns the counts. */
function startPart(only, part, of) {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [only, String(part), String(of)], {
      env: { ...process.env, FAULTS_PART: "1" },
    });
    let counts;
    child.once("message", (message) => {
      counts = message;
    });
    child.once("exit", (code) => {
      if (counts !== undefined && code === 0) resolve(counts);
      else reject(new Error(`Part ${part + 1} of ${of} ended with code ${code} before its last case`));
    });
  });
}

async function playPart([only, part, of]) {
  // The process that waits for the counts has ended.
  process.once("disconnect", () => process.exit());
  require("ts-node/register");
  require("./test/quiet.cjs");
  const { playPart } = require("../tests/faults/all");
  process.send(await playPart(only, Number(part), Number(of)));
}

async function main([only = ""]) {
  const started = Date.now();
  // Each process waits for responses half of its time.
  const of = Math.min(12, 3 * os.availableParallelism());
  const parts = await Promise.all(Array.from({ length: of }, (_, part) => startPart(only, part, of)));
  const counts = parts.reduce((sum, part) =>
    Object.fromEntries(Object.keys(sum).map((name) => [name, sum[name] + part[name]])),
  );
  const { tried, failedRuns, converged, advised, lost, doubled, hidden, diverged } = counts;
  console.log(JSON.stringify({ ...counts, seconds: Math.round((Date.now() - started) / 1000) }));
  console.log(
    `${tried} faults tried, ${failedRuns} of them ended the run: ${converged} converged by the next run, ${advised} after ` +
      `the advice of its message, ${lost} lost something, ${doubled} doubled something, ${hidden} changed something hidden from ` +
      `the preview, ${diverged} did not converge.`,
  );
  return tried > 0 && lost + doubled + hidden + diverged === 0;
}

// Anything that ends the process before its regular end is a failure.
process.exitCode = 1;
(process.env.FAULTS_PART
  ? playPart(process.argv.slice(2)).then(() => true)
  : main(process.argv.slice(2))
).then(
  (converged) => {
    process.exitCode = converged ? 0 : 1;
    if (process.connected) process.disconnect();
  },
  (error) => {
    const isExpected = !process.env.FAULTS_PART || error instanceof RangeError;
    console.error(isExpected ? error.message : (error.stack ?? error));
    if (process.connected) process.disconnect();
  },
);

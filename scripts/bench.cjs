// node scripts/bench.cjs [--only <name>] [--check]: measures speed and size, and prints one JSON line for each figure.
// A missed limit is shown as `"ok": false`; it fails the command only with `--check`. The files in
// bench/ explain their figures.
const measurements = {
  "install-packages": require("./bench/install-packages.cjs").measure,
  package: require("./bench/package.cjs").measure,
  members: require("./bench/members.cjs").measure,
  "state-bytes": require("./bench/state-bytes.cjs").measure,
  "preview-200": require("./bench/preview-200.cjs").measure,
  "mixed-300": require("./bench/mixed-300.cjs").measure,
  calls: require("./bench/calls.cjs").measure,
  "require-ms": require("./bench/require-ms.cjs").measure,
  "preview-split": require("./bench/preview-split.cjs").measure,
  "plan-summary": require("./bench/plan-summary.cjs").measure,
  "codec-mbps": require("./bench/codec-mbps.cjs").measure,
  "slowest-text": require("./bench/slowest-text.cjs").measure,
  "deploy-50": require("./bench/deploy-50.cjs").measure,
  "changes-30": require("./bench/changes-30.cjs").measure,
  plugin: require("./bench/plugin.cjs").measure,
  "export-100": require("./bench/export-100.cjs").measure,
};

async function main(args) {
  const { only, check } = parse(args);
  let missed = false;
  for (const [name, measure] of Object.entries(measurements)) {
    if (only !== undefined && name !== only) continue;
    for (const figure of await measure()) {
      const line = judged(figure);
      missed ||= !line.ok;
      console.log(JSON.stringify(line));
    }
  }
  if (check && missed) process.exitCode = 1;
}

/**
 * @param {{figure: string, value: number, unit: string, atMost?: number, atLeast?: number, details?: object}} figure
 */
function judged({ figure, value, unit, atMost, atLeast, details }) {
  const ok = value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
  return { figure, value, unit, limit: atMost ?? atLeast ?? null, ok, ...details };
}

function parse(args) {
  const options = { only: undefined, check: false };
  for (let index = 0; index < args.length; index += 1) {
    if (args[index] === "--check") options.check = true;
    else if (args[index] === "--only" && args[index + 1] in measurements) options.only = args[++index];
    else {
      const names = Object.keys(measurements).join(", ");
      throw new Error(`Usage: npm run bench -- [--only <name>] [--check], where a name is one of ${names}`);
    }
  }
  return options;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// What importing the package adds to the start of a program that has loaded Pulumi's SDK.
const { run } = require("../run.cjs");
const { median, round, summary } = require("./statistics.cjs");
const { repository } = require("./stack.cjs");

const processCount = 15;
const limitMs = 40;

const importing = (first, measured) => `
  require(${JSON.stringify(first)});
  const start = performance.now();
  require(${JSON.stringify(measured)});
  console.log(performance.now() - start);
`;

async function measure() {
  const program = await inFreshProcesses(importing("@pulumi/pulumi", "pulumi-dokploy"));
  // What a program does not wait for, but the first resource in a provider process does.
  const provider = await inFreshProcesses(importing("@pulumi/pulumi", "pulumi-dokploy/runtime"));
  return [figure("require-ms", program, limitMs), figure("require-runtime-ms", provider, undefined)];
}

function figure(name, times, atMost) {
  const value = round(median(times), 1);
  return {
    figure: name,
    value,
    unit: "ms",
    atMost,
    details: { processes: processCount, ...summary(times, 1) },
  };
}

async function inFreshProcesses(script) {
  const times = [];
  // The first one fills the disk's cache and is dropped.
  for (let process_ = 0; process_ <= processCount; process_ += 1) {
    const { code, output } = await run(process.execPath, ["-e", script], { cwd: repository });
    if (code !== 0) throw new Error(`The package cannot be imported:\n${output}`);
    times.push(Number(output));
  }
  return times.slice(1);
}

module.exports = { measure };

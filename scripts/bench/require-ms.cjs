// Measures the CPU time that importing the package adds to the start of a program that has loaded Pulumi's SDK.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { run } = require("../run.cjs");
const { median, round, summary } = require("./statistics.cjs");
const { repository } = require("./stack.cjs");

const processCount = 15;
const limitMs = 40;
const definitionCount = 40;
const definitionsLimitMs = 80;

const importing = (first, measured, then = "") => `
  require(${JSON.stringify(first)});
  const start = process.cpuUsage();
  const loaded = require(${JSON.stringify(measured)});
  ${then}
  const { user, system } = process.cpuUsage(start);
  console.log((user + system) / 1000);
`;

async function measure() {
  const program = await inFreshProcesses(importing("@pulumi/pulumi", "pulumi-dokploy"));
  // A program does not wait for this, but the first resource in a provider process does.
  const provider = await inFreshProcesses(importing("@pulumi/pulumi", "pulumi-dokploy/runtime"));
  return [
    figure("require-ms", program, limitMs),
    figure("require-runtime-ms", provider, undefined),
    ...(await withManyDefinitions()),
  ];
}

/**
 * Measures loading the handlers of one kind, and of all kinds, in a copy of the package with forty definitions: the
 * existing ones, and copies of the largest simple one.
 */
async function withManyDefinitions() {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-bench-"));
  try {
    fs.cpSync(path.join(repository, "dist"), path.join(copy, "dist"), { recursive: true });
    fs.copyFileSync(path.join(repository, "package.json"), path.join(copy, "package.json"));
    fs.symlinkSync(path.join(repository, "node_modules"), path.join(copy, "node_modules"));
    const built = path.join(copy, "dist", "provider");
    const table = path.join(built, "resources", "generated", "definitions.js");
    const domain = fs.readFileSync(path.join(built, "resources", "domain.js"), "utf8");
    const lines = fs.readFileSync(table, "utf8").split("\n");
    const start = lines.findIndex((line) => /^const load = \{/.test(line));
    const there = lines.slice(start).findIndex((line) => line.startsWith("}")) - 1;
    const kinds = Array.from({ length: definitionCount - there }, (_, index) => `Made${index}`);
    for (const kind of kinds) {
      const text = domain
        .replace('kind: "Domain"', `kind: "${kind}"`)
        .replaceAll("exports.domain", "exports.made");
      fs.writeFileSync(path.join(built, "resources", `${kind}.js`), text);
    }
    lines.splice(start + 1, 0, ...kinds.map((kind) => `${kind}: () => require("../${kind}").made,`));
    fs.writeFileSync(table, lines.join("\n"));
    const runtime = path.join(built, "runtime.js");
    const handlers = (names) =>
      inFreshProcesses(
        importing(
          "@pulumi/pulumi",
          runtime,
          `for (const kind of ${JSON.stringify(names)}) loaded.provider(kind);`,
        ),
      );
    const one = await handlers(["Domain"]);
    const all = await handlers(["Application", "Compose", "Domain", ...kinds]);
    return [
      figure("require-runtime-of-40-ms", one, definitionsLimitMs),
      figure("require-runtime-all-40-ms", all, undefined),
    ];
  } finally {
    fs.rmSync(copy, { recursive: true, force: true });
  }
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

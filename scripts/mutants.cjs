// node scripts/mutants.cjs [--sample <lines>] [--seed <text>] [--tests <folder or file>]... [--jobs <n>]
// [folder, file or file:line-line of provider/, sdk/, cli/ or plugin/ ...]: changes the code in small ways and counts the changes
// that no unit or resource test notices. All of it takes hours; a sample takes that many lines of each folder, the same for
// the same seed. Prints what survived, the share that was killed for each folder, and a JSON line; exits with 1 when a share
// is too small. docs/contributing/mutants.md explains it.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { parseArgs } = require("node:util");
const { run } = require("./run.cjs");
const { installSet } = require("./compat/packages.cjs");
const { filesIn, linesToMutate, report, testsFor } = require("./mutants/report.cjs");

const repository = path.join(__dirname, "..");
const atLeastPercent = 80;
const timeoutSeconds = 12 * 3600;
/** The newest versions that run on the lowest supported Node.js. */
const versions = { "@stryker-mutator/core": "9.6.1", "@stryker-mutator/mocha-runner": "9.6.1" };

/** Tests that read the sources, take minutes, or start the built package: they cannot notice a mutant. */
const otherTests =
  /(?:unit\/(?:linear-time|layout|imports|visible|types|docs|toolchain)|plugin\/process(?!-parts))\b/;

/** @param {string[]} named folders and files */
function testFiles(named) {
  const all = [...new Set(named.flatMap((name) => filesIn(repository, name)))];
  return all.filter((file) => file.endsWith(".test.ts") && !otherTests.test(file)).sort();
}

async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: "1" },
      tests: { type: "string", multiple: true, default: [] },
      jobs: { type: "string", short: "j", default: String(os.availableParallelism()) },
    },
    allowPositionals: true,
  });
  const mutate = linesToMutate(repository, positionals, values);
  const { typescript } = require("../package.json").devDependencies;
  const packages = { ...versions, mocha: "11.7.5", typescript };
  const set = await installSet(`mutants-${Object.values(packages).join("-")}`, packages);
  const modules = path.join(set, "node_modules");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-mutants-"));
  try {
    const output = path.join(folder, "mutants.json");
    const mocha = path.join(folder, "mocha.json");
    const register = require.resolve("ts-node/register/transpile-only");
    fs.writeFileSync(mocha, JSON.stringify({ extension: ["ts"], timeout: 20_000, require: [register] }));
    const config = path.join(folder, "stryker.json");
    fs.writeFileSync(
      config,
      JSON.stringify({
        mutate,
        testRunner: "mocha",
        plugins: [
          pathToFileURL(path.join(modules, "@stryker-mutator", "mocha-runner", "dist", "src", "index.js")),
        ],
        mochaOptions: {
          spec: testFiles(values.tests.length > 0 ? values.tests : testsFor(mutate)),
          config: mocha,
        },
        coverageAnalysis: "perTest",
        // Code outside functions runs once, when a file is loaded: each of its mutants would need all tests.
        ignoreStatic: true,
        concurrency: Number(values.jobs),
        // It caches its searches, so that a mutant would get results of the code before it.
        maxTestRunnerReuse: mutate.some((name) => name.startsWith("provider/env/masking/")) ? 1 : 0,
        timeoutMS: 20_000,
        dryRunTimeoutMinutes: 60,
        reporters: ["progress-append-only", "json"],
        jsonReporter: { fileName: output },
        tempDirName: path.join(folder, "sandbox"),
        disableTypeChecks: false,
        ignorePatterns: [".git"],
        checkers: [],
        allowEmpty: false,
      }),
    );
    const stryker = path.join(modules, "@stryker-mutator", "core", "bin", "stryker.js");
    const bound = { cwd: repository, inherit: true, timeoutSeconds };
    const { code } = await run(process.execPath, [stryker, "run", config], bound);
    if (code !== 0 || !fs.existsSync(output))
      throw new Error("The run of the mutants did not come to its end.");
    return report(JSON.parse(fs.readFileSync(output, "utf8")), atLeastPercent);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = 1;
main(process.argv.slice(2)).then(
  (isEnough) => {
    process.exitCode = isEnough ? 0 : 1;
  },
  (error) => {
    console.error(error.message);
  },
);

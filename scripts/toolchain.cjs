// Finds a Pulumi CLI that this project can use, or installs one, and returns the environment to run it in. It neither
// reads nor writes the user's own Pulumi set-up (login, home, plugins, stacks).
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { cacheFolderOf, executable, firstExecutable, makeOnce, readMarker } = require("./cache.cjs");
const { buildProgram, moduleWith, requireGo, requiredVersion } = require("./go-build.cjs");
const { lastLines, run } = require("./run.cjs");

const repository = path.join(__dirname, "..");

/** The CLI version that is installed or built when none is found. */
const cliVersion = requiredVersion("pulumi", "github.com/pulumi/pulumi/pkg/v3");

/**
 * The oldest CLI that is accepted: it was released together with the oldest SDK that the package supports, the first
 * in which `read` may return inputs.
 */
const minimumVersion = "3.216.0";

/** A Node.js program needs all three; the dynamic provider is a script of `@pulumi/pulumi`. */
const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

/**
 * Returns an existing Pulumi CLI: on PATH when new enough, or of the version in the options, else in the cache. Installs
 * nothing.
 *
 * @returns {Promise<import("./toolchain.cjs").Toolchain | undefined>}
 */
async function findPulumi(options = {}) {
  const { env = process.env, version } = options;
  const found = await findOnPath(env);
  const isWanted = version === undefined || found?.version === version;
  return (isWanted ? found : undefined) ?? readCache(cacheFolder(options));
}

/**
 * Returns an existing Pulumi CLI, or installs one with Pulumi's installer or, when that cannot be reached, by a build
 * with Go. It stays in the user's cache folder, for all checkouts.
 *
 * @returns {Promise<import("./toolchain.cjs").Toolchain>}
 * @throws an Error that names the program to install, when no way works
 */
async function ensurePulumi(options = {}) {
  const { log = console.log, methods = [officialInstaller, goBuild], staleMilliseconds, version } = options;
  const found = await findPulumi(options);
  if (found !== undefined) return found;

  const failures = [];
  const made = await makeOnce(cacheFolder(options), readCache, {
    methods: methods.map((method) => (partial) => checked(method, partial, log, version)),
    onFailure: (message) => {
      failures.push(message);
      log(message);
    },
    onWait: () => log("Waiting for another process that is getting the Pulumi CLI"),
    staleMilliseconds,
  });
  if (made.isNew) log(`Pulumi CLI ${made.value.version}: ${made.value.bin}`);
  if (made.value !== undefined) return made.value;
  throw new Error(
    [
      "No usable Pulumi CLI, and none could be made:",
      ...failures.map((failure) => `  - ${failure}`),
      `Install the Pulumi CLI ${minimumVersion} or newer (https://www.pulumi.com/docs/install/) so that \`pulumi\` is on PATH,`,
      `or install Go ${requiredVersion("pulumi", "go")} or newer (https://go.dev/dl/) to have it built, then run this again.`,
    ].join("\n"),
  );
}

/** Returns the facts of the CLI that a method made in a folder. */
async function checked(method, folder, log, version = cliVersion) {
  const origin = await method(folder, log, version);
  const missing = programs.filter((name) => executable(path.join(folder, "bin"), name) === undefined);
  if (missing.length > 0) throw new Error(`${missing.join(", ")} missing from what was made`);
  return { version, origin };
}

function readCache(folder) {
  const facts = readMarker(folder);
  const binDir = path.join(folder, "bin");
  const files = programs.map((name) => executable(binDir, name));
  if (facts === undefined || files.includes(undefined)) return undefined;
  return { bin: files[0], binDir, ...facts };
}

async function findOnPath(env) {
  const folders = (env.PATH ?? env.Path ?? "")
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder));
  const bin = firstExecutable(folders, "pulumi");
  if (bin === undefined) return undefined;
  const beside = [path.dirname(bin), path.dirname(fs.realpathSync(bin)), ...folders];
  if (programs.some((name) => firstExecutable(beside, name) === undefined)) return undefined;
  const version = await askVersion(bin, env);
  if (version === undefined || !isAtLeast(version, minimumVersion)) return undefined;
  return { bin, binDir: path.dirname(bin), version, origin: "path" };
}

async function askVersion(bin, env) {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-version-"));
  try {
    const { code, output } = await run(bin, ["version"], {
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeoutSeconds: 20,
    });
    return code === 0 ? parseVersion(output) : undefined;
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

async function officialInstaller(folder, log, version) {
  log(`Installing the Pulumi CLI ${version} with Pulumi's installer`);
  const script = path.join(__dirname, "official-installer.cjs");
  const { code, output } = await run(process.execPath, [script, version, folder], { timeoutSeconds: 300 });
  if (code !== 0) throw new Error(`Pulumi's installer failed: ${lastLines(output, 1)}`);
  return "installer";
}

async function goBuild(folder, log, version) {
  await requireGo();
  log(`Building the Pulumi CLI ${version} with Go (3 to 8 minutes, once)`);
  const bin = path.join(folder, "bin");
  const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  await buildProgram(bin, "pulumi-language-nodejs", {
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    log,
  });
  const pinned = ["pkg/v3/cmd/pulumi", "sdk/v3"].map(
    (name) => `github.com/pulumi/pulumi/${name}@v${version}`,
  );
  await buildProgram(bin, "pulumi", {
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: `-X ${versionVariable}=v${version}`,
    log,
    ...(version === cliVersion ? {} : { module: await moduleWith(path.join(folder, "module"), pinned) }),
  });
  const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json", { paths: [repository] }));
  const script = `pulumi-resource-pulumi-nodejs${process.platform === "win32" ? ".cmd" : ""}`;
  fs.copyFileSync(path.join(sdk, script), path.join(bin, script));
  fs.chmodSync(path.join(bin, script), 0o755);
  const built = await askVersion(executable(bin, "pulumi"), process.env);
  if (built !== version) throw new Error(`The CLI that Go built does not run (version: ${built})`);
  return "go";
}

/**
 * Returns the environment in which Pulumi writes only inside `folder`: state in `<folder>/state` (created), home in
 * `<folder>/home`. It is `options.env` without the variables of the user's Pulumi, Dokploy or ts-node set-up.
 *
 * @param {{binDir: string}} toolchain
 * @param {string} folder absolute
 * @param {{env?: NodeJS.ProcessEnv, color?: boolean}} [options] `env`: default this process's; `color`: false turns
 * colours off, default leaves that to the CLI
 * @returns {NodeJS.ProcessEnv}
 */
function pulumiEnv(toolchain, folder, options = {}) {
  const { env = process.env, color } = options;
  const state = path.join(folder, "state");
  fs.mkdirSync(state, { recursive: true });
  const kept = Object.entries(env).filter(([name]) => !/^(PULUMI_|DOKPLOY_|TS_NODE_|(PATH|CI)$)/i.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [toolchain.binDir, env.PATH ?? env.Path].filter(Boolean).join(path.delimiter),
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${state.split(path.sep).join("/")}`,
    PULUMI_CONFIG_PASSPHRASE: "pulumi-dokploy",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_SKIP_CONFIRMATIONS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...(color === false ? { NO_COLOR: "1" } : {}),
  };
}

/** Returns the folder of the CLI in the user's cache. */
function cacheFolder(options = {}) {
  return cacheFolderOf(`pulumi-${options.version ?? cliVersion}`, options);
}

/** Returns `3.216.0-alpha.1` for `v3.216.0-alpha.1`; undefined when the text contains no version. */
function parseVersion(text) {
  return /^v?(\d+\.\d+\.\d+\S*)/m.exec(text)?.[1];
}

/** Compares major, minor and patch, and ignores the rest (a pre-release, a build). */
function isAtLeast(version, minimum) {
  const [left, right] = [version, minimum].map((text) => text.split(/[-+]/)[0].split(".").map(Number));
  for (const [index, wanted] of right.entries()) {
    const given = left[index] ?? 0;
    if (given !== wanted) return given > wanted;
  }
  return true;
}

module.exports = {
  cacheFolder,
  cliVersion,
  ensurePulumi,
  findPulumi,
  isAtLeast,
  minimumVersion,
  parseVersion,
  pulumiEnv,
};

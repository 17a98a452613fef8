// Finds a Pulumi CLI that this project can use, or installs one, and returns the environment to run it in. It neither
// reads nor writes the user's own Pulumi set-up (login, home, plugins, stacks).
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { run } = require("./run.cjs");
const { withLock } = require("./lock.cjs");

const repository = path.join(__dirname, "..");
const cliBuild = path.join(__dirname, "cli-build");

/** The CLI version that is installed or built when none is found. */
const cliVersion = pinnedVersion("pulumi", "github.com/pulumi/pulumi/pkg/v3");

/**
 * The oldest CLI that is accepted: it was released together with the oldest SDK that the package supports, the first
 * in which `read` may return inputs.
 */
const minimumVersion = "3.216.0";

/** A Node.js program needs all three; the dynamic provider is a script of `@pulumi/pulumi`. */
const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"];

const marker = "complete.json";

/**
 * Returns an existing Pulumi CLI: on PATH when new enough, else in the cache. Installs nothing.
 *
 * @returns {Promise<import("./toolchain.cjs").Toolchain | undefined>}
 */
async function findPulumi(options = {}) {
  const { env = process.env } = options;
  return (await findOnPath(env)) ?? readCache(cacheFolder(options));
}

/**
 * Returns an existing Pulumi CLI, or installs one with Pulumi's installer or, when that cannot be reached, by a build
 * with Go. It stays in the user's cache folder, for all checkouts.
 *
 * @returns {Promise<import("./toolchain.cjs").Toolchain>}
 * @throws an Error that names the program to install, when no way works
 */
async function ensurePulumi(options = {}) {
  const { log = console.log, methods = [officialInstaller, goBuild], staleMilliseconds } = options;
  const found = await findPulumi(options);
  if (found !== undefined) return found;

  const folder = cacheFolder(options);
  return withLock(`${folder}.lock`, () => fillCache(folder, methods, log), {
    onWait: () => log("Waiting for another process that is getting the Pulumi CLI"),
    staleMilliseconds,
  });
}

async function fillCache(folder, methods, log) {
  const made = readCache(folder);
  if (made !== undefined) return made;
  sweepPartials(folder);
  const failures = [];
  for (const method of methods) {
    // Made in another folder and renamed at the end, so that a killed process leaves no incomplete CLI.
    const partial = fs.mkdtempSync(`${folder}.partial-`);
    const remove = () => fs.rmSync(partial, { recursive: true, force: true });
    process.once("exit", remove);
    try {
      const origin = await method(partial, log);
      const missing = programs.filter((name) => executable(path.join(partial, "bin"), name) === undefined);
      if (missing.length > 0) throw new Error(`${missing.join(", ")} missing from what was made`);
      fs.writeFileSync(path.join(partial, marker), JSON.stringify({ version: cliVersion, origin }));
      publish(partial, folder);
      const toolchain = readCache(folder);
      log(`Pulumi CLI ${toolchain.version}: ${toolchain.bin}`);
      return toolchain;
    } catch (error) {
      failures.push(error.message);
      log(error.message);
    } finally {
      process.removeListener("exit", remove);
      remove();
    }
  }
  throw new Error(
    [
      "No usable Pulumi CLI, and none could be made:",
      ...failures.map((failure) => `  - ${failure}`),
      `Install the Pulumi CLI ${minimumVersion} or newer (https://www.pulumi.com/docs/install/) so that \`pulumi\` is on PATH,`,
      `or install Go ${goVersion()} or newer (https://go.dev/dl/) to have it built, then run this again.`,
    ].join("\n"),
  );
}

function publish(partial, folder) {
  // Without its marker it is unusable: an interrupted removal left it.
  if (readCache(folder) === undefined) fs.rmSync(folder, { recursive: true, force: true });
  try {
    fs.renameSync(partial, folder);
  } catch (error) {
    // Another process was faster, and its result is as good.
    if (readCache(folder) === undefined) throw error;
  }
}

function sweepPartials(folder) {
  const hour = 3600 * 1000;
  const parent = path.dirname(folder);
  for (const name of fs.readdirSync(parent)) {
    if (!name.startsWith(`${path.basename(folder)}.partial-`)) continue;
    const left = path.join(parent, name);
    const stat = fs.statSync(left, { throwIfNoEntry: false });
    // A younger one may be in use, by a process that was suspended and lost the lock.
    if (stat !== undefined && Date.now() - stat.mtimeMs > hour)
      fs.rmSync(left, { recursive: true, force: true });
  }
}

function readCache(folder) {
  try {
    const { version, origin } = JSON.parse(fs.readFileSync(path.join(folder, marker), "utf8"));
    const binDir = path.join(folder, "bin");
    const files = programs.map((name) => executable(binDir, name));
    if (files.includes(undefined)) return undefined;
    return { bin: files[0], binDir, version, origin };
  } catch {
    return undefined;
  }
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

async function officialInstaller(folder, log) {
  log(`Installing the Pulumi CLI ${cliVersion} with Pulumi's installer`);
  const script = path.join(__dirname, "official-installer.cjs");
  const { code, output } = await run(process.execPath, [script, cliVersion, folder], { timeoutSeconds: 300 });
  if (code !== 0) throw new Error(`Pulumi's installer failed: ${lastLines(output, 1)}`);
  return "installer";
}

async function goBuild(folder, log) {
  const go = await run("go", ["version"], { timeoutSeconds: 20 });
  if (go.code !== 0) throw new Error(`Go cannot build it either: ${lastLines(go.output, 1)}`);
  log(`Building the Pulumi CLI ${cliVersion} with Go (3 to 8 minutes, once)`);
  const bin = path.join(folder, "bin");
  fs.mkdirSync(bin);
  const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  await goBuildProgram(bin, "pulumi-language-nodejs", {
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    ldflags: "-s -w",
    log,
  });
  await goBuildProgram(bin, "pulumi", {
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ldflags: `-s -w -X ${versionVariable}=v${cliVersion}`,
    log,
  });
  const sdk = path.dirname(require.resolve("@pulumi/pulumi/package.json", { paths: [repository] }));
  const script = `pulumi-resource-pulumi-nodejs${process.platform === "win32" ? ".cmd" : ""}`;
  fs.copyFileSync(path.join(sdk, script), path.join(bin, script));
  fs.chmodSync(path.join(bin, script), 0o755);
  const version = await askVersion(executable(bin, "pulumi"), process.env);
  if (version !== cliVersion) throw new Error(`The CLI that Go built does not run (version: ${version})`);
  return "go";
}

async function goBuildProgram(bin, name, options) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const progress = setInterval(() => options.log(`  ${name}: building for ${seconds()} s`), 30_000);
  try {
    const output = path.join(bin, process.platform === "win32" ? `${name}.exe` : name);
    const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", options.ldflags];
    const built = await run("go", ["build", ...flags, "-o", output, options.package], {
      cwd: path.join(cliBuild, name),
      env: { ...process.env, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" },
      timeoutSeconds: 40 * 60,
    });
    if (built.code !== 0) throw new Error(`Go could not build ${name}: ${lastLines(built.output, 5)}`);
    options.log(`  ${name}: built in ${seconds()} s`);
  } finally {
    clearInterval(progress);
  }
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
  const kept = Object.entries(env).filter(([name]) => !/^(PULUMI_|DOKPLOY_|TS_NODE_|PATH$)/i.test(name));
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

/** Returns `<the user's cache folder>/pulumi-dokploy/pulumi-<version>-<os>-<arch>`. */
function cacheFolder(options = {}) {
  const {
    env = process.env,
    platform = process.platform,
    arch = process.arch,
    home = os.homedir(),
  } = options;
  return path.join(
    userCache(env, platform, home),
    "pulumi-dokploy",
    `pulumi-${cliVersion}-${platform}-${arch}`,
  );
}

function userCache(env, platform, home) {
  if (env.XDG_CACHE_HOME !== undefined && path.isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  if (platform === "darwin") return path.join(home, "Library", "Caches");
  if (platform === "win32") return env.LOCALAPPDATA ?? path.join(home, "AppData", "Local");
  return path.join(home, ".cache");
}

function firstExecutable(folders, name) {
  for (const folder of folders) {
    const file = executable(folder, name);
    if (file !== undefined) return file;
  }
  return undefined;
}

function executable(folder, name) {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  for (const ending of endings) {
    const file = path.join(folder, name + ending);
    try {
      fs.accessSync(file, fs.constants.X_OK);
      if (fs.statSync(file).isFile()) return file;
    } catch {
      // It does not exist, or cannot be run.
    }
  }
  return undefined;
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

function pinnedVersion(folder, module) {
  const text = fs.readFileSync(path.join(cliBuild, folder, "go.mod"), "utf8");
  const found = text.split("\n").find((line) => line.trim().startsWith(`${module} v`));
  return found.trim().split(" ")[1].slice(1);
}

function goVersion() {
  return /^go (\S+)$/m.exec(fs.readFileSync(path.join(cliBuild, "pulumi", "go.mod"), "utf8"))[1];
}

function lastLines(text, count) {
  return text.trim().split("\n").slice(-count).join("\n").trim();
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

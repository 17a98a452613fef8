// Finds Pulumi's language hosts, which run programs in YAML, Python and Go, or builds them with Go when a test first uses
// them. Pulumi's installer installs them with the CLI; only a CLI that was built with Go lacks them.
const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");
const { cacheFolderOf, executable, firstExecutable, makeOnce, readMarker } = require("./cache.cjs");
const { buildProgram, moduleFolder, requireGo, requiredVersion } = require("./go-build.cjs");
const { findPulumi } = require("./toolchain.cjs");

const sdk = "github.com/pulumi/pulumi/sdk/v3";

/** Programs by the name that {@link languageTool} takes: how Go builds each. */
const tools = {
  yaml: {
    program: "pulumi-language-yaml",
    module: "pulumi-language-yaml",
    pinned: "github.com/pulumi/pulumi-yaml",
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  },
  python: {
    program: "pulumi-language-python",
    module: "pulumi-language-nodejs",
    pinned: sdk,
    package: `${sdk}/python/cmd/pulumi-language-python`,
    beside: "python/cmd/pulumi-language-python-exec",
  },
  go: {
    program: "pulumi-language-go",
    module: "pulumi-language-go",
    pinned: sdk,
    package: `${sdk}/go/pulumi-language-go`,
  },
  /** Writes SDKs, which the language hosts that Go can build do not. */
  "generate-sdk": {
    program: "generate-sdk",
    module: "generate-sdk",
    pinned: "github.com/pulumi/pulumi/pkg/v3",
    package: ".",
    source: "main.go",
  },
};

/** Time in which one is built, or else given up. */
const buildSeconds = 5 * 60;

/** Time for which one that could not be built is not tried again: another test of the same run would wait as long. */
const failureMilliseconds = 15 * 60 * 1000;

/**
 * Returns a language host, or says why there is none.
 *
 * @param {keyof typeof tools} name
 * @param {object} [options]
 * @param {(line: string) => void} [options.log] receives progress lines; default `console.log`
 * @param {NodeJS.ProcessEnv} [options.env] default: this process's
 * @param {number} [options.timeoutSeconds] time in which it is built; default 5 minutes
 * @returns {Promise<import("./language-hosts.cjs").LanguageTool>}
 */
async function languageTool(name, options = {}) {
  const { env = process.env, log = console.log, timeoutSeconds = buildSeconds } = options;
  const tool = tools[name];
  const installed = await besideCli(tool.program, env);
  if (installed !== undefined) return installed;

  const folder = cacheFolderOf(`${tool.program}-${versionOf(tool)}`, { env });
  let reason;
  const { value } = await makeOnce(folder, (made) => readTool(made, tool), {
    methods: [(partial) => build(tool, partial, { env, log, timeoutSeconds, failed: `${folder}.failed` })],
    onFailure: (message) => {
      reason = message;
    },
    onWait: () => log(`Waiting for another process that is building ${tool.program}`),
  });
  return value ?? { reason };
}

/** Returns the one of the CLI, which is of the right version. */
async function besideCli(program, env) {
  const cli = await findPulumi({ env });
  if (cli === undefined) return undefined;
  const file = firstExecutable([cli.binDir, path.dirname(fs.realpathSync(cli.bin))], program);
  return file === undefined ? undefined : { file, binDir: path.dirname(file), origin: "pulumi" };
}

function readTool(folder, { program }) {
  const file = executable(folder, program);
  if (file === undefined || readMarker(folder) === undefined) return undefined;
  return { file, binDir: folder, origin: "go" };
}

async function build(tool, folder, { env, log, timeoutSeconds, failed }) {
  const earlier = fs.statSync(failed, { throwIfNoEntry: false });
  if (earlier !== undefined && Date.now() - earlier.mtimeMs < failureMilliseconds)
    throw new Error(fs.readFileSync(failed, "utf8"));
  try {
    await requireGo(env);
    log(`Building ${tool.program} with Go (up to ${Math.ceil(timeoutSeconds / 60)} minutes, once)`);
    await buildProgram(folder, tool.program, { ...tool, env, log, timeoutSeconds });
    if (tool.beside !== undefined) await copyBeside(tool, folder, env);
    fs.rmSync(failed, { force: true });
    return { version: versionOf(tool) };
  } catch (error) {
    fs.writeFileSync(failed, error.message);
    throw error;
  }
}

async function copyBeside({ module, pinned, beside }, folder, env) {
  const copy = path.join(folder, path.basename(beside));
  fs.copyFileSync(path.join(await moduleFolder(module, pinned, env), beside), copy);
  fs.chmodSync(copy, 0o755);
}

/** Returns the version of a program; with its source's hash when that is in this repository. */
function versionOf({ module, pinned, source }) {
  const version = requiredVersion(module, pinned);
  if (source === undefined) return version;
  const text = fs.readFileSync(path.join(__dirname, "cli-build", module, source));
  return `${version}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

module.exports = { languageTool };

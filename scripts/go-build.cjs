// Builds programs of Pulumi with Go, in the versions that the modules of cli-build/ pin, unless another one is asked for.
const fs = require("node:fs");
const path = require("node:path");
const { lastLines, run } = require("./run.cjs");

const cliBuild = path.join(__dirname, "cli-build");

/** @throws an Error when Go does not run */
async function requireGo(env = process.env) {
  const go = await run("go", ["version"], { env, timeoutSeconds: 20 });
  if (go.code !== 0) throw new Error(`There is no Go to build it with: ${lastLines(go.output, 1)}`);
}

/**
 * @param {string} bin folder for the program, created
 * @param {string} name name of the program
 * @param {object} options
 * @param {string} options.package import path of the program
 * @param {string} [options.module] folder of `cli-build/`, or absolute, that pins it; default: the name
 * @param {string} [options.ldflags]
 * @param {(line: string) => void} options.log receives progress lines
 * @param {NodeJS.ProcessEnv} [options.env] default: this process's
 * @param {number} [options.timeoutSeconds] default 40 minutes
 * @throws an Error with the end of what Go printed
 */
async function buildProgram(bin, name, options) {
  const { module = name, ldflags = "", log, env, timeoutSeconds = 40 * 60 } = options;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const progress = setInterval(() => log(`  ${name}: building for ${seconds()} s`), 30_000);
  try {
    const output = path.join(bin, process.platform === "win32" ? `${name}.exe` : name);
    const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", `-s -w ${ldflags}`.trim()];
    const built = await run("go", ["build", ...flags, "-o", output, options.package], {
      cwd: path.resolve(cliBuild, module),
      env: goEnvironment(env),
      timeoutSeconds,
    });
    if (built.code !== 0) throw new Error(`Go could not build ${name}: ${lastLines(built.output, 5)}`);
    log(`  ${name}: built in ${seconds()} s`);
  } finally {
    clearInterval(progress);
  }
}

/**
 * Makes a module that pins packages, such as `example.com/tool/cmd@v1.2.0`, with what they need.
 *
 * @param {string} folder created
 * @returns {Promise<string>} the folder
 * @throws an Error with the end of what Go printed
 */
async function moduleWith(folder, packages) {
  fs.mkdirSync(folder, { recursive: true });
  for (const args of [
    ["mod", "init", "pinned"],
    ["get", ...packages],
  ]) {
    const { code, output } = await run("go", args, {
      cwd: folder,
      env: goEnvironment(),
      timeoutSeconds: 10 * 60,
    });
    if (code !== 0) throw new Error(`Go could not get ${packages.join(", ")}: ${lastLines(output, 3)}`);
  }
  return folder;
}

/** Returns the folder into which Go has downloaded a module that a module of `cli-build/` requires. */
async function moduleFolder(module, name, env) {
  const args = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", name];
  const { code, output } = await run("go", args, {
    cwd: path.join(cliBuild, module),
    env: goEnvironment(env),
    timeoutSeconds: 60,
  });
  if (code !== 0) throw new Error(`Go did not find ${name}: ${lastLines(output, 1)}`);
  return output.trim();
}

function goEnvironment(env = process.env) {
  return { ...env, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" };
}

/**
 * @param {string} module folder of `cli-build/`
 * @param {string} name a module that it requires, or `go`
 * @returns {string} the version, without `v`
 */
function requiredVersion(module, name) {
  const text = fs.readFileSync(path.join(cliBuild, module, "go.mod"), "utf8");
  const words = text.split("\n").map((line) => line.trim().split(" "));
  const line = words.find((parts) => parts.includes(name));
  return line[line.indexOf(name) + 1].replace(/^v/, "");
}

module.exports = { buildProgram, moduleFolder, moduleWith, requireGo, requiredVersion };

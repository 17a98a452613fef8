// node scripts/setup.cjs: installs everything that the other scripts need, on a fresh clone with only Node.js and npm:
// dependencies, dist/ and a Pulumi CLI. Prints nothing when everything exists.
const fs = require("node:fs");
const path = require("node:path");

const repository = path.join(__dirname, "..");

/** Returns a message for the user about an unsupported version of Node.js; undefined for a supported one. */
function nodeComplaint(version) {
  const [major, minor] = version.split(".").map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (supported) return undefined;
  return `pulumi-dokploy needs Node.js 20.19, 22.12 or newer; this is ${version}. Get one at https://nodejs.org`;
}

/** True when node_modules is missing or older than package-lock.json. */
function dependenciesOutdated(root) {
  const installed = fs.statSync(path.join(root, "node_modules", ".package-lock.json"), {
    throwIfNoEntry: false,
  });
  return (
    installed === undefined || fs.statSync(path.join(root, "package-lock.json")).mtimeMs > installed.mtimeMs
  );
}

async function setUp() {
  const { withLock } = require("./lock.cjs");
  const { build } = require("./build.cjs");
  const { ensurePulumi } = require("./toolchain.cjs");
  await withLock(
    path.join(repository, ".tmp", "setup.lock"),
    async () => {
      if (dependenciesOutdated(repository)) await installDependencies(repository);
      await build();
    },
    { onWait: () => console.log("Waiting for another set-up of this checkout") },
  );
  await ensurePulumi();
}

/** Installs what the lock of a folder says, with npm. */
async function installDependencies(folder) {
  const { run } = require("./run.cjs");
  const name = path.relative(repository, folder);
  console.log(`Installing dependencies ${name === "" ? "" : `of ${name}/ `}with npm`);
  const started = Date.now();
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // Under `npm run`, the npm that runs this; it need not be on PATH.
  const npm = process.env.npm_execpath;
  const { code, output } = /npm-cli\.c?js$/.test(npm ?? "")
    ? await run(process.execPath, [npm, ...args], { cwd: folder })
    : await run(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd: folder });
  if (code !== 0) throw new Error(`npm could not install the dependencies:\n${output.trim()}`);
  console.log(`Installed dependencies in ${Math.round((Date.now() - started) / 1000)} s`);
}

if (require.main === module) {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== undefined) {
    console.error(complaint);
    process.exitCode = 1;
  } else {
    setUp().catch((error) => {
      console.error(error.message);
      process.exitCode = 1;
    });
  }
}

module.exports = { dependenciesOutdated, installDependencies, nodeComplaint };

// Packages of npm at exact versions, each set in a folder of the user's cache, so that a second run installs nothing.
const fs = require("node:fs");
const path = require("node:path");
const { withLock } = require("../lock.cjs");
const { run } = require("../run.cjs");
const { cacheFolder, isAtLeast } = require("../toolchain.cjs");

const marker = "complete.json";
const day = 24 * 3600 * 1000;

/** Sets that no run has used for this long are removed. */
const keptMilliseconds = 30 * day;

const folderOfSets = () => path.join(path.dirname(cacheFolder()), "compat");

/** Error when npm has no registry to ask, which says nothing about the packages. */
class NoRegistry extends Error {}

/** Runs npm to its end: under `npm run` the npm that runs this, which need not be on PATH. */
async function npm(cwd, ...args) {
  const script = process.env.npm_execpath ?? "";
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  // Warnings of a newer Node.js about npm would mix with npm's output.
  const bound = { cwd, env: { ...process.env, NODE_NO_WARNINGS: "1" }, timeoutSeconds: 300 };
  const { code, output } = /npm-cli\.c?js$/.test(script)
    ? await run(process.execPath, [script, ...args, ...quiet], bound)
    : await run(process.platform === "win32" ? "npm.cmd" : "npm", [...args, ...quiet], bound);
  if (code === 0) return output;
  const unreachable =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|EIDLETIMEOUT/.exec(output);
  if (unreachable !== null) throw new NoRegistry(`npm has no registry to ask (${unreachable[0]})`);
  throw new Error(`npm ${args[0]} failed:\n${output.trim()}`);
}

/**
 * Returns the newest version that a range allows, without pre-releases.
 *
 * @param {string} name of the package
 * @param {string} range in npm's notation: `20`, `^3.216.0`
 * @param {string} fallback for when there is no registry to ask
 * @returns {Promise<string>}
 * @throws an Error when the registry has no such version
 */
async function newestVersion(name, range, fallback) {
  try {
    const answer = await npm(folderForNpm(), "view", `${name}@${range}`, "version", "--json");
    if (answer.trim() === "") throw new Error(`There is no ${name} ${range} in the registry`);
    return [JSON.parse(answer)].flat().reduce((best, version) => (isAtLeast(version, best) ? version : best));
  } catch (error) {
    if (error instanceof NoRegistry) return fallback;
    throw error;
  }
}

/**
 * Returns the folder that holds a set of packages in its node_modules; they are installed unless they were before.
 *
 * @param {string} name of the folder, which contains the versions
 * @param {Record<string, string>} dependencies as in package.json
 * @returns {Promise<string>}
 */
async function installSet(name, dependencies) {
  const parent = folderForNpm();
  const folder = path.join(parent, name);
  await withLock(`${folder}.lock`, async () => {
    if (fs.existsSync(path.join(folder, marker))) return;
    fs.rmSync(folder, { recursive: true, force: true });
    const partial = fs.mkdtempSync(`${folder}.partial-`);
    try {
      fs.writeFileSync(
        path.join(partial, "package.json"),
        JSON.stringify({ name: "compat", private: true, dependencies }),
      );
      await npm(partial, "install", "--prefer-offline", "--ignore-scripts", "--engine-strict=false");
      fs.writeFileSync(path.join(partial, marker), JSON.stringify(dependencies));
      fs.renameSync(partial, folder);
    } finally {
      fs.rmSync(partial, { recursive: true, force: true });
    }
  });
  const now = new Date();
  fs.utimesSync(path.join(folder, marker), now, now);
  return folder;
}

/**
 * Lists the installed versions of a prefix, the oldest first: `20.20.2` for `node-20.20.2` and the prefix `node-20.`.
 */
function installedVersions(prefix) {
  const parent = folderOfSets();
  if (!fs.existsSync(parent)) return [];
  return fs
    .readdirSync(parent)
    .filter((name) => name.startsWith(prefix) && fs.existsSync(path.join(parent, name, marker)))
    .map((name) => /\d+\.\d+\.\d+/.exec(name)[0])
    .sort((one, other) => (isAtLeast(one, other) ? 1 : -1));
}

function removeUnusedSets() {
  const parent = folderForNpm();
  for (const name of fs.readdirSync(parent)) {
    const folder = path.join(parent, name);
    // A killed process left a set without a marker, unless it is being installed right now.
    const stat = fs.statSync(path.join(folder, marker), { throwIfNoEntry: false }) ?? fs.statSync(folder);
    const kept = name.includes(".partial-") ? day : keptMilliseconds;
    if (Date.now() - stat.mtimeMs > kept) fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns an existing folder outside any checkout whose package.json npm would use. */
function folderForNpm() {
  const folder = folderOfSets();
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

module.exports = { installedVersions, installSet, NoRegistry, newestVersion, npm, removeUnusedSets };

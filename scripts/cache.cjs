// The user's cache folder of this project. Folders in it are made once, for all checkouts, and are complete or absent.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { withLock } = require("./lock.cjs");

const marker = "complete.json";

/** Returns `<the user's cache folder>/pulumi-dokploy/<name>-<os>-<arch>`. */
function cacheFolderOf(name, options = {}) {
  const {
    env = process.env,
    platform = process.platform,
    arch = process.arch,
    home = os.homedir(),
  } = options;
  return path.join(userCache(env, platform, home), "pulumi-dokploy", `${name}-${platform}-${arch}`);
}

function userCache(env, platform, home) {
  if (env.XDG_CACHE_HOME !== undefined && path.isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME;
  if (platform === "darwin") return path.join(home, "Library", "Caches");
  if (platform === "win32") return env.LOCALAPPDATA ?? path.join(home, "AppData", "Local");
  return path.join(home, ".cache");
}

/**
 * Returns what `read` finds in a folder, or makes the folder first: with the methods in turn, under a lock, after a
 * look for what another process made in the meantime.
 *
 * @template T
 * @param {string} folder
 * @param {(folder: string) => T | undefined} read returns undefined for a folder that is not usable
 * @param {object} options
 * @param {((partial: string) => Promise<object>)[]} options.methods each fills an empty folder, and returns the facts
 * that {@link readMarker} gives
 * @param {(message: string) => void} options.onFailure called with the reason when a method fails
 * @param {() => void} [options.onWait]
 * @param {number} [options.staleMilliseconds]
 * @returns {Promise<{value: T | undefined, isNew: boolean}>} no value when all methods failed
 */
async function makeOnce(folder, read, { methods, onFailure, ...lock }) {
  const find = () => {
    const value = read(folder);
    return value === undefined ? undefined : { value, isNew: false };
  };
  const make = async () => {
    sweepPartials(folder);
    for (const method of methods) {
      try {
        await fill(folder, read, method);
        return { value: read(folder), isNew: true };
      } catch (error) {
        onFailure(error.message);
      }
    }
    return { value: undefined, isNew: false };
  };
  return find() ?? (await withLock(`${folder}.lock`, async () => find() ?? (await make()), lock));
}

async function fill(folder, read, method) {
  // Made in another folder and renamed at the end, so that a killed process leaves nothing incomplete.
  const partial = fs.mkdtempSync(`${folder}.partial-`);
  const remove = () => fs.rmSync(partial, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    const facts = await method(partial);
    fs.writeFileSync(path.join(partial, marker), JSON.stringify(facts));
    publish(partial, folder, read);
  } finally {
    process.removeListener("exit", remove);
    remove();
  }
}

function publish(partial, folder, read) {
  // Without its marker it is unusable: an interrupted removal left it.
  if (read(folder) === undefined) fs.rmSync(folder, { recursive: true, force: true });
  try {
    fs.renameSync(partial, folder);
  } catch (error) {
    // Another process was faster, and its result is as good.
    if (read(folder) === undefined) throw error;
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

/** Returns the facts that were noted when a folder was made; undefined for one that is not complete. */
function readMarker(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, marker), "utf8"));
  } catch {
    return undefined;
  }
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

module.exports = { cacheFolderOf, executable, firstExecutable, makeOnce, readMarker };

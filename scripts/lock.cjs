// A lock between processes, made of one file. It avoids doing work twice, but the work must be correct without it: a
// process that was suspended for long can lose the lock to another one.
const fs = require("node:fs");
const path = require("node:path");
const { randomUUID } = require("node:crypto");
const { setTimeout: sleep } = require("node:timers/promises");

/**
 * Runs `work` with the lock `file`, after waiting for a process that has it. The lock of a process that died is seized
 * after `staleMilliseconds`.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {object} [options]
 * @param {() => void} [options.onWait] called once when the lock is not free
 * @param {number} [options.staleMilliseconds] default 15000; the owner renews the lock five times as often
 * @returns {Promise<T>}
 */
async function withLock(file, work, options = {}) {
  const { onWait, staleMilliseconds = 15000 } = options;
  const token = randomUUID();
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let waited = false;
  while (!acquire(file, token)) {
    if (age(file) > staleMilliseconds) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!waited) onWait?.();
    waited = true;
    await sleep(Math.min(300, staleMilliseconds / 5));
  }
  const renewal = setInterval(() => touch(file, token), staleMilliseconds / 5);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if (owner(file) === token) fs.rmSync(file, { force: true });
  }
}

function acquire(file, token) {
  try {
    fs.writeFileSync(file, token, { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

function owner(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function age(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? 0 : Date.now() - stat.mtimeMs;
}

function touch(file, token) {
  if (owner(file) !== token) return;
  const now = new Date();
  try {
    fs.utimesSync(file, now, now);
  } catch {
    // Another process seized and released it between the two calls.
  }
}

module.exports = { withLock };

// Removes folders in which processes that have just been killed may still write.
const fs = require("node:fs");

const tries = 100;
const pause = 50;

/**
 * Removes a folder with all that is in it, also where a file comes while it is removed: the retries of `fs.rmSync` do not
 * remove that file.
 *
 * @param {string} folder
 * @throws the error of the last try, after five seconds
 */
function removeFolder(folder) {
  for (let tried = 1; ; tried += 1) {
    try {
      return fs.rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tried === tries) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

module.exports = { removeFolder };

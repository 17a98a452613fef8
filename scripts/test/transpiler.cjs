// Translates TypeScript for ts-node (tsconfig.json names it), and keeps the result in .tmp/, because each of the many
// processes that run tests would translate the same files again. `npm run typecheck` checks the types.
const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");
const ts = require("typescript");
const { isDoor, lazyDoor } = require("../build/lazy-doors.cjs");

const folder = path.join(__dirname, "..", "..", ".tmp", "transpiled");

const hash = (text) => createHash("sha1").update(text).digest("hex");

/** Called by ts-node with its settings. */
function create({ service }) {
  const compilerOptions = {
    ...service.config.options,
    noEmit: false,
    sourceMap: true,
    inlineSourceMap: false,
  };
  const same = hash(JSON.stringify([ts.version, compilerOptions]));
  return {
    transpile(source, { fileName }) {
      // One file for each source, so that old results do not pile up.
      const kept = path.join(folder, hash(fileName));
      const version = `${same} ${hash(source)}`;
      try {
        const { of, ...result } = JSON.parse(fs.readFileSync(kept, "utf8"));
        if (of === version) return result;
      } catch {
        // It was never translated.
      }
      const { outputText: code, sourceMapText } = ts.transpileModule(source, { fileName, compilerOptions });
      const outputText = isDoor(fileName) ? lazyDoor(code) : code;
      fs.mkdirSync(folder, { recursive: true });
      // Renamed, because another process may read it at the same time.
      fs.writeFileSync(`${kept}.${process.pid}`, JSON.stringify({ of: version, outputText, sourceMapText }));
      fs.renameSync(`${kept}.${process.pid}`, kept);
      return { outputText, sourceMapText };
    },
  };
}

module.exports = { create };

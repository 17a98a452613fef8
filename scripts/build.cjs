// node scripts/build.cjs: compiles the sources into dist/. Does nothing when dist/ is up to date.
const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");
const { run } = require("./run.cjs");

const repository = path.join(__dirname, "..");

/** Folders of tsconfig.build.json. */
const sourceFolders = ["sdk", "provider", "cli", "emulator", "packages", "plugin"];
const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];

/**
 * Compiles when a source was changed, added or removed since the last build.
 *
 * @param {object} [options]
 * @param {(line: string) => void} [options.log] default `console.log`
 * @param {string} [options.root] the checkout; default: this one
 * @returns {Promise<boolean>} true when it compiled
 * @throws an Error with the compiler's messages; then dist/ is unchanged
 */
async function build(options = {}) {
  const { log = console.log, root = repository } = options;
  const dist = path.join(root, "dist");
  // Not in dist/, because all files there are published.
  const stamp = path.join(root, ".tmp", "built-sources");
  const sources = sourceFolders.flatMap((folder) => listFiles(path.join(root, folder)));
  const compiler = path.join(__dirname, "build");
  const fingerprint = fingerprintOf(root, [
    ...[...sources, ...listFiles(compiler)],
    ...settings.map((name) => path.join(root, name)),
  ]);
  if (fs.existsSync(dist) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === fingerprint)
    return false;

  const started = Date.now();
  const { code, output } = await run(process.execPath, [path.join(compiler, "compile.cjs"), root], {
    cwd: root,
  });
  if (code !== 0) throw new Error(`The sources do not compile:\n${output.trim()}`);
  removeOrphans(root, dist);
  const command = path.join(dist, "cli", "main.js");
  if (fs.existsSync(command)) fs.chmodSync(command, 0o755);
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, fingerprint);
  log(`Built dist/ in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return true;
}

// Times and sizes instead of contents: reading hundreds of files would make each run without changes slower.
function fingerprintOf(root, files) {
  const lines = files.sort().map((file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return `${path.relative(root, file)} ${stat?.size} ${stat?.mtimeMs}`;
  });
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

// Removes modules without a source, which could still be imported, and would be published.
function removeOrphans(root, dist) {
  for (const file of listFiles(dist)) {
    const relative = path.relative(dist, file);
    const module = relative.replace(/\.(d\.ts|js)$/, "");
    const source = module === relative ? relative : `${module}.ts`;
    if (/\.(ts|json|map)$/.test(source) && !fs.existsSync(path.join(root, source))) fs.rmSync(file);
  }
}

function listFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

if (require.main === module) {
  build().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { build, fingerprintOf, listFiles };

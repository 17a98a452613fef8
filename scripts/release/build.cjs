// Makes all that a release consists of, in a folder, and publishes nothing.
const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");
const { forPlatforms } = require("../plugin-archive.cjs");
const { run } = require("../run.cjs");
const { buildSite, built } = require("../site.cjs");
const { sectionOf } = require("./changelog.cjs");

const repository = path.join(__dirname, "..", "..");

/**
 * Makes, below a folder: `npm/` with the package, as npm would publish it; `archives/` with those of the plugin, and
 * `SHA256SUMS` of both; `notes.md`; and `artifact.tar`, the site as GitHub Pages takes it.
 *
 * @param {string} folder
 * @param {string} version
 * @returns {Promise<string[]>} its files
 */
async function buildRelease(folder, version) {
  const notes = sectionOf(fs.readFileSync(path.join(repository, "CHANGELOG.md"), "utf8"), version);
  const [packages, archives] = ["npm", "archives"].map((name) => path.join(folder, name));
  for (const each of [packages, archives]) fs.mkdirSync(each, { recursive: true });
  fs.writeFileSync(path.join(folder, "notes.md"), notes);
  await succeeds(process.execPath, [path.join(repository, "scripts", "plugin-archive.cjs"), archives]);
  for (const name of fs.readdirSync(archives)) forPlatforms(path.join(archives, name));
  await npm("pack", "--ignore-scripts", "--pack-destination", packages);
  const [archive] = fs.readdirSync(packages);
  // Checks what npm checks before it publishes.
  await npm("publish", path.join(packages, archive), "--dry-run", "--access", "public");
  const sums = [packages, archives].flatMap((each) =>
    fs.readdirSync(each).map((name) => {
      const sum = createHash("sha256")
        .update(fs.readFileSync(path.join(each, name)))
        .digest("hex");
      return `${sum}  ${name}\n`;
    }),
  );
  fs.writeFileSync(path.join(folder, "SHA256SUMS"), sums.join(""));
  await buildSite();
  await succeeds("tar", ["--create", "--file", path.join(folder, "artifact.tar"), "--directory", built, "."]);
  return fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
}

async function npm(...args) {
  const path_ = process.env.npm_execpath ?? "";
  if (/npm-cli\.c?js$/.test(path_)) return await succeeds(process.execPath, [path_, ...args]);
  return await succeeds(process.platform === "win32" ? "npm.cmd" : "npm", args);
}

async function succeeds(command, args) {
  const { code, output } = await run(command, args, { cwd: repository });
  if (code !== 0) throw new Error(`${path.basename(command)} ${args.join(" ")}:\n${output.trim()}`);
}

module.exports = { buildRelease };

// Writes a new version into the files that have it.
const fs = require("node:fs");
const path = require("node:path");
const { released } = require("./changelog.cjs");

/** Names of archives, arguments of installs, and tags of actions: what pages say of the version that they belong to. */
const inPages = (version) =>
  new RegExp(
    `(?<=pulumi-dokploy-|dokploy-native[ -]v?|pulumi-dokploy |@v|pulumi-dokploy 'v)${version.replaceAll(".", "\\.")}(?![\\d.]*\\d)`,
    "g",
  );

/**
 * Returns the files that a new version changes, with their new texts.
 *
 * @param {string} root
 * @param {string} version the new one
 * @param {string} date such as `2026-12-01`
 * @returns {Record<string, string>} by their paths in the checkout
 */
function prepared(root, version, date) {
  const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
  const { version: former, workspaces } = JSON.parse(read("package.json"));
  const own = ["", ...workspaces];
  const lock = JSON.parse(read("package-lock.json"));
  lock.version = version;
  for (const folder of own) lock.packages[folder].version = version;
  const manifests = own.map((folder) => path.posix.join(folder, "package.json"));
  const asJson = (value) => `${JSON.stringify(value, undefined, 2)}\n`;
  const pages = ["docs", "examples", ".github", "actions", "templates"]
    .flatMap((folder) =>
      fs
        .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
        .map((name) => path.posix.join(folder, name.replaceAll(path.sep, "/"))),
    )
    .concat("README.md")
    .filter((file) => /\.(?:md|yml)$/.test(file) && !file.includes("node_modules"));
  const changed = pages.flatMap((file) => {
    const [text, next] = [read(file), read(file).replaceAll(inPages(former), version)];
    return text === next ? [] : [[file, next]];
  });
  return {
    ...Object.fromEntries(manifests.map((file) => [file, asJson({ ...JSON.parse(read(file)), version })])),
    "package-lock.json": asJson(lock),
    "CHANGELOG.md": released(read("CHANGELOG.md"), version, date),
    ...Object.fromEntries(changed),
  };
}

module.exports = { prepared };

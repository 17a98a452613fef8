// node scripts/site.cjs: builds the site of the documentation into site/dist, with the schemas at their addresses. The
// generator is a package of site/ alone, so that an install of this repository needs no more than its tests do.
const fs = require("node:fs");
const path = require("node:path");
const { fingerprintOf, listFiles } = require("./build.cjs");
const { withLock } = require("./lock.cjs");
const { run } = require("./run.cjs");
const { dependenciesOutdated, installDependencies } = require("./setup.cjs");
const { checkLinks } = require("./site/links.cjs");
const { addresses, redirects, repository } = require("./site/pages.cjs");

const site = path.join(repository, "site");
const built = path.join(site, "dist");
const stamp = path.join(repository, ".tmp", "built-site");
const inputs = [
  ...["docs", "schemas", "site/.vitepress", "scripts/site", "site/package-lock.json", "scripts/site.cjs"],
  ...["package.json", "README.md", "SECURITY.md", "CHANGELOG.md"],
];

/** Runs one piece of work on the site at a time, also with those of other processes. */
function alone(work) {
  return withLock(path.join(repository, ".tmp", "site.lock"), work);
}

/**
 * Installs the generator where it is missing.
 *
 * @returns {Promise<void>} fails with what npm says, such as that it reaches no registry
 */
async function installGenerator() {
  await alone(async () => {
    if (dependenciesOutdated(site)) await installDependencies(site);
  });
}

/** @returns {Promise<{links: number}>} the site, built if a page changed; fails with a message for people, also for dead links */
async function buildSite() {
  await installGenerator();
  await alone(async () => {
    const files = inputs.flatMap((name) => {
      const file = path.join(repository, name);
      return fs.statSync(file).isDirectory() ? listFiles(file) : [file];
    });
    const fingerprint = fingerprintOf(repository, files);
    const isBuilt =
      fs.existsSync(built) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === fingerprint;
    if (isBuilt) return;
    fs.rmSync(stamp, { force: true });
    const cli = path.join(site, "node_modules", "vitepress", "bin", "vitepress.js");
    const { code, output } = await run(process.execPath, [cli, "build", "."], { cwd: site });
    if (code !== 0) throw new Error(`The site cannot be built:\n${output.trim()}`);
    fs.cpSync(path.join(repository, "schemas"), path.join(built, "schemas"), { recursive: true });
    writeRedirects();
    fs.writeFileSync(stamp, fingerprint);
  });
  const { count, dead } = checkLinks(built, new URL(addresses().site).pathname);
  if (dead.length > 0) throw new Error(`Links of the site lead nowhere:\n${dead.join("\n")}`);
  return { links: count };
}

/** Writes a page at each address whose text is a section of another page. */
function writeRedirects() {
  const index = fs.readFileSync(path.join(repository, "docs", "reference", "README.md"), "utf8");
  const base = new URL(addresses().site).pathname;
  for (const { page, target } of redirects(index)) {
    const address = `${base}${target}`;
    fs.writeFileSync(
      path.join(built, page),
      `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${address}"><title>Moved</title><a href="${address}">Moved</a>\n`,
    );
  }
}

if (require.main === module) {
  buildSite().then(
    ({ links }) => console.log(`${built}: ${links} links lead somewhere`),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}

module.exports = { buildSite, built, installGenerator };

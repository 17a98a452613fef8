// Measures the package as npm would publish it, and the archive of the plugin.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { makeArchive } = require("../plugin-archive.cjs");
const { run } = require("../run.cjs");

/** Limit of the package in kB, which its test has too. */
const limitKb = 960;
const archiveLimitKb = 1000;

async function measure() {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const cwd = path.join(__dirname, "..", "..");
  const { code, output } = await run(process.platform === "win32" ? "npm.cmd" : "npm", args, { cwd });
  if (code !== 0) throw new Error(output);
  const [{ size, unpackedSize, entryCount }] = JSON.parse(output);
  return [
    {
      figure: "package-kb",
      value: Math.round(size / 1000),
      unit: "kB",
      atMost: limitKb,
      details: { unpackedKb: Math.round(unpackedSize / 1000), files: entryCount },
    },
    { figure: "plugin-archive-kb", value: await archiveKb(), unit: "kB", atMost: archiveLimitKb },
  ];
}

async function archiveKb() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-archive-"));
  try {
    return Math.round(fs.statSync(await makeArchive(folder)).size / 1000);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { limitKb, measure };

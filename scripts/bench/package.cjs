// Measures the package as npm would publish it.
const path = require("node:path");
const { run } = require("../run.cjs");

const limitKb = 700;

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
  ];
}

module.exports = { measure };

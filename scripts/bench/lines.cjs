// Counts the lines of code by part. Tests do not count.
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const repository = path.join(__dirname, "..", "..");
const limitProduct = 36_000;

/** Parts by the paths of their files; the first that fits counts. */
const parts = [
  ["tests", /(?:^|\/)tests\//],
  ["generated", /\/generated\//],
  ["compose-checks", /^packages\/compose-checks\//],
  ["emulator", /^emulator\//],
  ["plugin", /^plugin\//],
  ["product", /^(?:sdk|provider|cli|packages)\//],
];

async function measure() {
  const listed = execFileSync("git", ["ls-files", "*.ts"], { cwd: repository, encoding: "utf8" });
  const lines = Object.fromEntries(parts.map(([part]) => [part, 0]));
  for (const file of listed.trim().split("\n")) {
    const [part] = parts.find(([, paths]) => paths.test(file)) ?? [];
    if (part) lines[part] += fs.readFileSync(path.join(repository, file), "utf8").split("\n").length - 1;
  }
  return Object.entries(lines).map(([part, value]) => ({
    figure: `lines-${part}`,
    value,
    unit: "lines",
    ...(part === "product" ? { atMost: limitProduct } : {}),
  }));
}

module.exports = { measure };

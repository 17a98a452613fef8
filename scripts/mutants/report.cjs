// Chooses the lines to mutate, and reports the result of the mutants.
const fs = require("node:fs");
const path = require("node:path");
const { createHash } = require("node:crypto");

/** Folders of sources, with the tests that cover each quickly. */
const testsOf = {
  provider: ["tests/unit", "tests/resources"],
  sdk: ["tests/unit", "tests/resources"],
  cli: ["tests/unit/cli"],
  plugin: ["tests/plugin"],
};

/** Lists the files of each part: a folder, or the files that are in no folder. */
function partsIn(root) {
  return Object.keys(testsOf)
    .filter((top) => fs.existsSync(path.join(root, top)))
    .flatMap((top) => {
      const files = sourcesIn(root, top);
      const parts = new Set(files.map((file) => partOf(file)));
      return [...parts].sort().map((part) => files.filter((file) => partOf(file) === part));
    });
}

/** Returns the first two folders of a file: `cli/plan`, `plugin`. */
function partOf(file) {
  return path.posix.dirname(file).split("/").slice(0, 2).join("/");
}

/** Lists the folders of tests that cover these lines or files. */
function testsFor(mutate) {
  return [...new Set(mutate.flatMap((name) => testsOf[name.split("/")[0]] ?? []))];
}

/**
 * Returns the files, or with a sample some lines of each folder, in Stryker's notation: `provider/env/block.ts:10-10`.
 *
 * @param {string} root
 * @param {string[]} named folders, files, and lines as Stryker takes them; none for all folders
 * @param {{sample?: string, seed: string}} options
 */
function linesToMutate(root, named, { sample, seed }) {
  const lines = named.filter((name) => /\.ts:\d/.test(name));
  const others = named.filter((name) => !lines.includes(name));
  const parts = named.length > 0 ? others.map((name) => sourcesIn(root, name)) : partsIn(root);
  if (sample === undefined) return [...lines, ...parts.flat()];
  const rank = (line) => createHash("sha256").update(`${seed} ${line}`).digest("hex");
  const drawn = parts.flatMap((files) =>
    files
      .flatMap((file) => linesOf(root, file))
      .map((line) => [rank(line), line])
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, Number(sample))
      .map(([, line]) => line),
  );
  return [...lines, ...drawn];
}

/** Lists the lines with code in Stryker's notation. */
function linesOf(root, file) {
  const lines = fs.readFileSync(path.join(root, file), "utf8").split("\n");
  return lines.flatMap((text, index) => (isCode(text) ? [`${file}:${index + 1}-${index + 1}`] : []));
}

/** Lists sources that are written by hand. */
function sourcesIn(root, name) {
  return filesIn(root, name)
    .filter((file) => file.endsWith(".ts"))
    .filter((file) => {
      const start = fs.readFileSync(path.join(root, file), "utf8").slice(0, 300);
      return !/(?:written|made) by `npm run \w+`/i.test(start);
    });
}

function filesIn(root, name) {
  const full = path.join(root, name);
  if (!fs.existsSync(full)) throw new Error(`There is no ${name}.`);
  if (fs.statSync(full).isFile()) return [name];
  return fs
    .readdirSync(full, { recursive: true })
    .map((inner) => path.posix.join(name, inner.replaceAll("\\", "/")));
}

function isCode(line) {
  return !/^\s*(?:$|\/\/|\/\*|\*|import |export type |\} from|[)}\];,]*\s*$)/.test(line);
}

/**
 * Prints the surviving mutants, and the shares.
 *
 * @param {{files: Record<string, {source: string, mutants: object[]}>}} result in the schema of mutation testing
 * @returns {boolean} true when enough were killed in each folder
 */
function report({ files }, atLeastPercent) {
  const counts = new Map();
  for (const [file, { source, mutants }] of Object.entries(files).sort()) {
    const lines = source.split("\n");
    const folder = partOf(file);
    for (const { status, location, replacement, mutatorName } of mutants) {
      const isKilled = status === "Killed" || status === "Timeout";
      if (!isKilled && status !== "Survived" && status !== "NoCoverage") continue;
      const count = counts.get(folder) ?? { killed: 0, all: 0 };
      counts.set(folder, { killed: count.killed + (isKilled ? 1 : 0), all: count.all + 1 });
      if (isKilled) continue;
      const line = lines[location.start.line - 1]?.trim() ?? "";
      const what = `${mutatorName}: ${(replacement ?? "").replace(/\s+/g, " ").slice(0, 80)}`;
      console.log(
        `${file}:${location.start.line} ${status === "NoCoverage" ? "(no test) " : ""}${what}\n    ${line}`,
      );
    }
  }
  const total = { killed: 0, all: 0 };
  const shares = [...counts].sort().map(([folder, { killed, all }]) => {
    console.log(`${folder}: ${killed} of ${all} killed, ${percent(killed, all)} %`);
    total.killed += killed;
    total.all += all;
    return percent(killed, all);
  });
  console.log(JSON.stringify({ ...total, percent: percent(total.killed, total.all), atLeastPercent }));
  return shares.length > 0 && shares.every((share) => share >= atLeastPercent);
}

function percent(part, whole) {
  return whole === 0 ? 0 : Math.round((1000 * part) / whole) / 10;
}

module.exports = { filesIn, linesToMutate, report, testsFor };

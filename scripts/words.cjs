// node scripts/words.cjs [--check | --update] [<path> …]: checks the prose of the repository (pages, docstrings,
// comments, messages and titles of tests) by the rules of words/words.json. Prints each sentence that breaks one as
// "path:line: rule: sentence", for the named paths or for all. `--check` prints them only for files that have more than
// words/baseline.json allows, and then exits with 1. `--update` lowers the baseline to today's counts; it never raises
// one, except for a file that moved. Without a baseline it writes one.
const fs = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { compare, countsOf, grown } = require("./words/baseline.cjs");
const { checkerOf } = require("./words/rules.cjs");
const { markdownTexts } = require("./words/markdown.cjs");
const { titleTexts, typescriptTexts } = require("./words/typescript.cjs");
const rules = require("./words/words.json");

const repository = path.join(__dirname, "..");
const baselineFile = path.join(__dirname, "words", "baseline.json");
const pages = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
const folders = [
  "docs",
  "provider",
  "sdk",
  "cli",
  "emulator",
  "plugin",
  "packages",
  "examples",
  "scripts",
  "tests",
];
/** The reference is generated from docstrings, which are checked in their own files. */
const leftOut =
  /(?:^|\/)(?:node_modules|dist|generated)\/|^docs\/reference\/|\.d\.ts$|^tests\/.*(?<!\.test\.ts)$|\/tests\//;

/** Lists the files whose prose is checked, with slashes. */
function proseFiles(root) {
  const inFolders = folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((name) => /\.(?:ts|cjs|md)$/.test(name) && !leftOut.test(name)),
  );
  return [...pages, ...inFolders.sort()];
}

/**
 * Checks the files.
 *
 * @param {string} root
 * @param {readonly string[]} files
 * @returns {Map<string, import("./words/rules.cjs").Finding[]>} by path
 */
function findingsIn(root, files) {
  const check = checkerOf(rules);
  return new Map(
    files.map((file) => {
      const source = fs.readFileSync(path.join(root, file), "utf8");
      return [file, check(textsOf(file, source))];
    }),
  );
}

function textsOf(file, source) {
  if (file.endsWith(".md")) return markdownTexts(source);
  return file.startsWith("tests/") ? titleTexts(source) : typescriptTexts(source);
}

function readBaseline() {
  return fs.existsSync(baselineFile) ? JSON.parse(fs.readFileSync(baselineFile, "utf8")) : undefined;
}

function printRules(names) {
  for (const { rule, reason, instead } of rules)
    if (names.has(rule)) console.log(`${rule}: ${reason} Instead: ${instead}`);
}

function printFindings(findings, isShown) {
  const names = new Set();
  for (const [file, found] of findings)
    for (const { line, rule, sentence } of found)
      if (isShown(file, rule)) {
        names.add(rule);
        console.log(`${file}:${line}: ${rule}: ${sentence}`);
      }
  if (names.size > 0) console.log("");
  printRules(names);
}

/** Compares the counts with the baseline; entries of files that were not asked for stay as they are. */
function compareWithBaseline(findings, isAsked, isUpdate) {
  const all = readBaseline();
  const counts = countsOf(findings);
  const baseline = Object.fromEntries(
    Object.entries(all ?? (isUpdate ? counts : {})).filter(([file]) => isAsked(file)),
  );
  const exists = (file) => fs.existsSync(path.join(repository, file));
  const { more, fewer } = compare(baseline, counts);
  const refused = isUpdate ? grown(baseline, counts, exists) : more;
  if (refused.length > 0) {
    const isShown = (file, rule) => refused.some((one) => one.path === file && one.rule === rule);
    printFindings(findings, isShown);
    for (const { path: file, rule, was, is } of refused)
      console.log(`${file}: ${is} of "${rule}", and the baseline allows ${was}`);
    console.log("Rewrite these sentences: the counts of scripts/words/baseline.json never grow.");
    process.exitCode = 1;
  } else if (isUpdate) {
    const others = Object.entries(all ?? {}).filter(([file]) => !isAsked(file));
    const entries = [...others, ...Object.entries(counts)].sort(([one], [other]) => (one < other ? -1 : 1));
    fs.writeFileSync(baselineFile, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  } else if (fewer.length > 0) {
    console.log(`${fewer.length} counts are below the baseline. Lower it: npm run words -- --update`);
  }
}

function main(args) {
  const options = { check: { type: "boolean" }, update: { type: "boolean" } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const named = positionals.map((name) =>
    path.posix.normalize(name.replaceAll("\\", "/")).replace(/\/$/, ""),
  );
  const isAsked = (file) =>
    named.length === 0 || named.some((name) => name === "." || file === name || file.startsWith(`${name}/`));
  const findings = findingsIn(repository, proseFiles(repository).filter(isAsked));
  if (values.check || values.update) compareWithBaseline(findings, isAsked, values.update === true);
  else printFindings(findings, () => true);
}

if (require.main === module) main(process.argv.slice(2));

module.exports = { findingsIn, proseFiles };

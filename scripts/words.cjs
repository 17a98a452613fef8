// node scripts/words.cjs [--check] [<path> …]: checks the prose of the repository (pages, docstrings, comments, messages and
// titles of tests) by the rules of words/words.json. Prints each sentence that breaks one as "path:line: rule: sentence", for
// the named paths or for all. With `--check`, it exits with 1 when there is one.
const fs = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { checkerOf } = require("./words/rules.cjs");
const { markdownTexts } = require("./words/markdown.cjs");
const { titleTexts, typescriptTexts } = require("./words/typescript.cjs");
const rules = require("./words/words.json");

const repository = path.join(__dirname, "..");
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
  const present = folders.filter((folder) => fs.existsSync(path.join(root, folder)));
  const inFolders = present.flatMap((folder) =>
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

function printRules(names) {
  for (const { rule, reason, instead } of rules)
    if (names.has(rule)) console.log(`${rule}: ${reason} Instead: ${instead}`);
}

function printFindings(findings) {
  const names = new Set();
  for (const [file, found] of findings)
    for (const { line, rule, sentence } of found) {
      names.add(rule);
      console.log(`${file}:${line}: ${rule}: ${sentence}`);
    }
  if (names.size > 0) console.log("");
  printRules(names);
}

/**
 * @param {string[]} args
 * @param {string} [root] the checkout
 * @returns {number} the exit code
 */
function main(args, root = repository) {
  const options = { check: { type: "boolean" } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const named = positionals.map((name) =>
    path.posix.normalize(name.replaceAll("\\", "/")).replace(/\/$/, ""),
  );
  const isAsked = (file) =>
    named.length === 0 || named.some((name) => name === "." || file === name || file.startsWith(`${name}/`));
  const findings = findingsIn(root, proseFiles(root).filter(isAsked));
  printFindings(findings);
  return values.check && [...findings.values()].flat().length > 0 ? 1 : 0;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));

module.exports = { findingsIn, main, proseFiles };

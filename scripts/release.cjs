// npm run release: the steps before a tag. Each exits with 1 and names the missing things.
// `prepare <version>` writes a version into package.json, the changelog and the pages. `check [--tag <tag>]` checks that this
// commit can be released as the version that it has. `build <folder>` makes the package, the archives, the site and the
// notes, and publishes nothing.
// .github/workflows/release.yml takes the last two steps when a tag is pushed, and publishes.
const fs = require("node:fs");
const path = require("node:path");
const { execFileSync } = require("node:child_process");
const { parseArgs } = require("node:util");
const { parse, problemsOf } = require("./release/checks.cjs");

const repository = path.join(__dirname, "..");
/** Names and types that programs use, one on each line. */
const snapshots = ["docs/contributing/public-types.txt", "plugin/generated/names.txt"];

function git(...args) {
  return execFileSync("git", args, { cwd: repository, encoding: "utf8", maxBuffer: 2 ** 26 });
}

function lines(text) {
  return text.split("\n").filter((line) => line !== "");
}

/** Returns the lines of the public types, names and states that a version had, and that this commit lacks. */
function removedSince(version) {
  const kept = lines(git("ls-tree", "--name-only", version, "--", ...snapshots));
  return kept.flatMap((snapshot) => {
    const now = new Set(lines(fs.readFileSync(path.join(repository, snapshot), "utf8")));
    return lines(git("show", `${version}:${snapshot}`)).filter((line) => !now.has(line));
  });
}

function prepare(version) {
  parse(version);
  const { prepared } = require("./release/prepare.cjs");
  const files = prepared(repository, version, new Date().toISOString().slice(0, 10));
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(path.join(repository, file), text);
  console.log(`Written: ${Object.keys(files).join(", ")}

Next: npm run docs, the states of this version (tests/states/README.md), and a commit.`);
}

/** Says what this commit lacks, or how to release it. */
function check(version, tag) {
  const isFormer = (name) => name !== "" && name !== tag;
  const last = git("tag", "--list", "v*", "--sort=-version:refname").split("\n").find(isFormer);
  const problems = problemsOf({
    version,
    last,
    tag,
    changelog: fs.readFileSync(path.join(repository, "CHANGELOG.md"), "utf8"),
    states: fs.readdirSync(path.join(repository, "tests", "states")),
    uncommitted: lines(git("status", "--porcelain")).map((line) => line.slice(3)),
    removed: last === undefined ? [] : removedSince(last),
  });
  if (problems.length > 0) throw new Error(problems.join("\n"));
  console.log(`${version} can be released:

  npm test -- --full && npm run test:faults && npm run test:pairs && npm run test:compat
  git tag -a v${version} -m "${version}"
  git push origin v${version}`);
}

async function build(folder, version) {
  const { buildRelease } = require("./release/build.cjs");
  console.log((await buildRelease(path.resolve(folder), version)).join("\n"));
}

async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { tag: { type: "string" } },
    allowPositionals: true,
  });
  const { version } = JSON.parse(fs.readFileSync(path.join(repository, "package.json"), "utf8"));
  const [step = "check", operand] = positionals;
  if (step === "prepare" && operand !== undefined) return prepare(operand);
  if (step === "build" && operand !== undefined) return await build(operand, version);
  if (step === "check" && operand === undefined) return check(version, values.tag);
  throw new Error("Usage: npm run release -- prepare <version> | check [--tag <tag>] | build <folder>");
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

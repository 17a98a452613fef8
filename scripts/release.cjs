// node scripts/release.cjs [<version>]: checks that this commit can be released as that version, by default the one of
// package.json, and prints the commands that release it. If it cannot, it prints the missing steps and exits with 1.
const fs = require("node:fs");
const path = require("node:path");
const { execFileSync } = require("node:child_process");

const repository = path.join(__dirname, "..");
/** Names and types that programs use, one on each line. */
const snapshots = ["docs/contributing/public-types.txt", "plugin/generated/names.txt"];

/** @returns {number[]} major, minor, patch */
function parse(version) {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (parts === undefined) throw new Error(`${JSON.stringify(version)} is not a version such as 1.4.2.`);
  return parts;
}

/** Returns the part of a version that a change raises: before 1.0.0, a breaking change raises the minor version. */
function raised([major, minor], [nextMajor, nextMinor]) {
  if (nextMajor > major) return "major";
  return nextMajor === major && nextMinor > minor ? "minor" : "patch";
}

/**
 * @param {object} facts
 * @param {string} facts.version the one to release
 * @param {string} facts.manifest the version in package.json
 * @param {string | undefined} facts.last the last one that was released
 * @param {string} facts.changelog
 * @param {string[]} facts.uncommitted files that differ from the commit
 * @param {string[]} facts.removed lines of the public types and states that the last release had
 * @returns {string[]} reasons why the commit cannot be released
 */
function problemsOf({ version, manifest, last, changelog, uncommitted, removed }) {
  const next = parse(version);
  const problems = [];
  if (uncommitted.length > 0) problems.push(`Not committed: ${uncommitted.join(", ")}`);
  if (manifest !== version) problems.push(`package.json has version ${manifest}, not ${version}.`);
  const heading = new RegExp(`^## ${version.replaceAll(".", "\\.")} - \\d{4}-\\d{2}-\\d{2}$`, "m");
  if (!heading.test(changelog))
    problems.push(`CHANGELOG.md has no section "## ${version} - <year>-<month>-<day>".`);
  const unreleased = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog)?.[1] ?? "";
  if (unreleased.trim() !== "") problems.push("CHANGELOG.md still has entries under Unreleased.");
  if (last === undefined) return problems;
  const former = parse(last);
  const isNewer = next.map((part, at) => part - former[at]).find((difference) => difference !== 0) > 0;
  if (!isNewer) problems.push(`${version} is not newer than ${last}, which was released.`);
  const needed = former[0] === 0 ? ["minor", "major"] : ["major"];
  if (removed.length > 0 && isNewer && !needed.includes(raised(former, next)))
    problems.push(
      `${version} needs a new ${needed[0]} version: programs or states of ${last} may no longer fit.\n` +
        removed.map((line) => `  - ${line.slice(0, 200)}`).join("\n"),
    );
  return problems;
}

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

function main([given]) {
  const { version: manifest } = JSON.parse(fs.readFileSync(path.join(repository, "package.json"), "utf8"));
  const version = given ?? manifest;
  const last = git("tag", "--list", "v*", "--sort=-version:refname").split("\n")[0] || undefined;
  const problems = problemsOf({
    version,
    manifest,
    last,
    changelog: fs.readFileSync(path.join(repository, "CHANGELOG.md"), "utf8"),
    uncommitted: lines(git("status", "--porcelain")).map((line) => line.slice(3)),
    removed: last === undefined ? [] : removedSince(last),
  });
  if (problems.length > 0) {
    console.log(problems.join("\n"));
    return false;
  }
  console.log(`${version} can be released:

  npm test -- --full && npm run test:faults && npm run test:compat
  git tag -a v${version} -m "${version}"
  git push origin v${version}
  npm publish --provenance --access public`);
  return true;
}

if (require.main === module) process.exitCode = main(process.argv.slice(2)) ? 0 : 1;

module.exports = { problemsOf };

// Checks that a commit can be released as a version.

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
 * @param {string | undefined} facts.last the last one that was released
 * @param {string} facts.changelog
 * @param {string | undefined} facts.tag the tag that is released, if there is one yet
 * @param {string[]} facts.states versions of which `tests/states` has states
 * @param {string[]} facts.uncommitted files that differ from the commit
 * @param {string[]} facts.removed lines of the public types and states that the last release had
 * @returns {string[]} reasons why the commit cannot be released
 */
function problemsOf({ version, last, tag, changelog, states, uncommitted, removed }) {
  const next = parse(version);
  const problems = [];
  if (uncommitted.length > 0) problems.push(`Not committed: ${uncommitted.join(", ")}`);
  if (tag !== undefined && tag !== `v${version}`) problems.push(`The tag ${tag} is not that of ${version}.`);
  if (!states.includes(version))
    problems.push(`tests/states/${version} does not exist; tests/states/README.md says how to record it.`);
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

module.exports = { parse, problemsOf };

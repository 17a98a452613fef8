// Sections of CHANGELOG.md.

/**
 * @param {string} changelog
 * @param {string} version
 * @returns {string} what changed in a version, without its heading
 * @throws if it has no section
 */
function sectionOf(changelog, version) {
  const section = changelog.split(/^(?=## )/m).find((text) => text.split("\n")[0].split(" ")[1] === version);
  if (section === undefined) throw new Error(`CHANGELOG.md has no section of ${version}.`);
  return `${section.slice(section.indexOf("\n")).trim()}\n`;
}

/**
 * @param {string} changelog
 * @param {string} version
 * @param {string} date such as `2026-12-01`
 * @returns {string} the changelog, in which what was unreleased is that version's
 * @throws if nothing is unreleased
 */
function released(changelog, version, date) {
  if (sectionOf(changelog, "Unreleased").trim() === "")
    throw new Error("CHANGELOG.md has nothing under Unreleased.");
  return changelog.replace(/^## Unreleased$/m, `## Unreleased\n\n## ${version} - ${date}`);
}

module.exports = { released, sectionOf };

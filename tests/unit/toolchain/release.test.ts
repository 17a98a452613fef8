import * as assert from "node:assert/strict";
import * as path from "node:path";

interface Facts {
  version: string;
  manifest: string;
  last: string | undefined;
  changelog: string;
  uncommitted: string[];
  removed: string[];
}

const { problemsOf } = require(path.join(__dirname, "..", "..", "..", "scripts", "release.cjs")) as {
  problemsOf: (facts: Facts) => string[];
};

describe("a release", () => {
  const changelog =
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-12-01\n\n- A change.\n\n## 0.1.0 - 2026-01-01\n";
  const good: Facts = {
    version: "0.2.0",
    manifest: "0.2.0",
    last: "v0.1.0",
    changelog,
    uncommitted: [],
    removed: [],
  };

  it("is possible with its version, its changelog and nothing left to commit, also as the first one", () => {
    assert.deepEqual(problemsOf(good), []);
    assert.deepEqual(problemsOf({ ...good, last: undefined }), []);
  });

  const bad: [what: string, facts: Partial<Facts>, problem: RegExp][] = [
    ["what is not committed", { uncommitted: ["sdk/index.ts"] }, /^Not committed: sdk\/index\.ts$/],
    [
      "another version in package.json",
      { manifest: "0.1.0" },
      /package\.json has version 0\.1\.0, not 0\.2\.0/,
    ],
    ["a changelog without it", { changelog: "## Unreleased\n\n## 0.2.0\n" }, /no section "## 0\.2\.0 - /],
    [
      "entries that no version has",
      { changelog: changelog.replace("Unreleased\n", "Unreleased\n\n- Another.\n") },
      /still has entries under Unreleased/,
    ],
    ["a version that is there", { last: "v0.2.0" }, /0\.2\.0 is not newer than v0\.2\.0/],
    ["an older version", { last: "v0.10.0" }, /0\.2\.0 is not newer than v0\.10\.0/],
  ];
  for (const [what, facts, problem] of bad) {
    it(`is refused for ${what}`, () => {
      const [found = "", ...more] = problemsOf({ ...good, ...facts });
      assert.match(found, problem);
      assert.deepEqual(more, []);
    });
  }

  it("that takes away what programs use raises the minor version before 1.0.0, and then the major one", () => {
    const of = (last: string, version: string) =>
      problemsOf({
        ...good,
        last,
        version,
        manifest: version,
        changelog: `## ${version} - 2026-12-01\n`,
        removed: ["class Application.name: Output<string>"],
      });
    assert.deepEqual(of("v0.1.0", "0.2.0"), []);
    assert.deepEqual(of("v1.4.0", "2.0.0"), []);
    assert.match(
      of("v0.1.0", "0.1.1").join(),
      /0\.1\.1 needs a new minor version.*\n {2}- class Application\.name/,
    );
    assert.match(of("v1.4.0", "1.5.0").join(), /1\.5\.0 needs a new major version/);
  });
});

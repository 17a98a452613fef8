import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

interface Facts {
  version: string;
  last: string | undefined;
  tag: string | undefined;
  states: string[];
  changelog: string;
  uncommitted: string[];
  removed: string[];
}

const root = path.join(__dirname, "..", "..", "..");
const { problemsOf } = require("../../../scripts/release/checks.cjs") as {
  problemsOf(facts: Facts): string[];
};
const { released, sectionOf } = require("../../../scripts/release/changelog.cjs") as {
  released(changelog: string, version: string, date: string): string;
  sectionOf(changelog: string, version: string): string;
};
const { prepared } = require("../../../scripts/release/prepare.cjs") as {
  prepared(root: string, version: string, date: string): Record<string, string>;
};

describe("a release", () => {
  const changelog =
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 - 2026-12-01\n\n- A change.\n\n## 0.1.0 - 2026-01-01\n";
  const good: Facts = {
    version: "0.2.0",
    last: "v0.1.0",
    tag: undefined,
    states: ["0.1.0", "0.2.0"],
    changelog,
    uncommitted: [],
    removed: [],
  };

  it("is possible with its version, its changelog and nothing left to commit, also as the first one", () => {
    assert.deepEqual(problemsOf(good), []);
    assert.deepEqual(problemsOf({ ...good, last: undefined }), []);
    assert.deepEqual(problemsOf({ ...good, tag: "v0.2.0" }), []);
  });

  const bad: [what: string, facts: Partial<Facts>, problem: RegExp][] = [
    ["what is not committed", { uncommitted: ["sdk/index.ts"] }, /^Not committed: sdk\/index\.ts$/],
    ["a changelog without it", { changelog: "## Unreleased\n\n## 0.2.0\n" }, /no section "## 0\.2\.0 - /],
    [
      "entries that no version has",
      { changelog: changelog.replace("Unreleased\n", "Unreleased\n\n- Another.\n") },
      /still has entries under Unreleased/,
    ],
    ["the tag of another version", { tag: "v0.2.1" }, /^The tag v0\.2\.1 is not that of 0\.2\.0\.$/],
    ["a version without states", { states: ["0.1.0"] }, /^tests\/states\/0\.2\.0 does not exist/],
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
        states: [version],
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

  it("has the section of its version as notes", () => {
    assert.equal(sectionOf(changelog, "0.2.0"), "- A change.\n");
    assert.equal(sectionOf("## 0.1.0\n\nFirst.\n", "0.1.0"), "First.\n");
    assert.throws(() => sectionOf(changelog, "0.3.0"), /no section of 0\.3\.0/);
    assert.throws(() => sectionOf(changelog, "0.2"), /no section of 0\.2/);
  });

  it("takes what was unreleased, and leaves the heading for the next changes", () => {
    const text = "# Changelog\n\n## Unreleased\n\n- A change.\n\n## 0.1.0 - 2026-01-01\n";
    const next = released(text, "0.2.0", "2026-12-01");
    assert.deepEqual(problemsOf({ ...good, changelog: next }), []);
    assert.equal(sectionOf(next, "0.2.0"), "- A change.\n");
    assert.throws(() => released(next, "0.3.0", "2026-12-02"), /nothing under Unreleased/);
  });

  it("is prepared in every file that names the version, and in no other place", () => {
    const files = prepared(root, "9.8.7", "2026-12-01");
    for (const [file, text] of Object.entries(files)) {
      if (file === "CHANGELOG.md") continue;
      const former = fs.readFileSync(path.join(root, file), "utf8").split("\n");
      const lines = text.split("\n");
      assert.equal(lines.length, former.length, file);
      const changed = lines.filter((line, at) => line !== former[at]);
      assert.ok(changed.length > 0, file);
      for (const line of changed) assert.match(line, /9\.8\.7/, file);
    }
    const names = Object.keys(files);
    for (const needed of [
      ...["package.json", "package-lock.json", "packages/compose-checks/package.json", "CHANGELOG.md"],
      ...["docs/start/new-project.md", "docs/operations/languages.md", "examples/quickstart/README.md"],
      ...["examples/deployment-repository/.github/workflows/preview.yml", "actions/README.md"],
      ...["examples/deployment-repository/.gitlab-ci.yml", "examples/deployment-repository/.gitlab/plan.yml"],
    ])
      assert.ok(names.includes(needed), needed);
    assert.match(files["CHANGELOG.md"] ?? "", /^## Unreleased\n\n## 9\.8\.7 - 2026-12-01$/m);
    assert.match(files["docs/operations/languages.md"] ?? "", /dokploy-native 9\.8\.7 --file .*-v9\.8\.7/);
    assert.match(files["docs/start/ci.md"] ?? "", /`@v9\.8\.7`[\s\S]* 'v9\.8\.7\^\{\}'$/m);
    // Sentences about what 0.1.0 did stay.
    assert.ok(!names.includes("docs/everyday/renaming.md"));
  });
});

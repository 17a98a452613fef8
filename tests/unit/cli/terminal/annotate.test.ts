import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { annotate } from "../../../../cli/terminal";
import { removeFolder } from "../../../../scripts/remove.cjs";

describe("an annotation in a job of GitHub", () => {
  let folder: string;
  let summary: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-dokploy-annotate-"));
    summary = join(folder, "summary.md");
    writeFileSync(summary, "### Before\n\n");
  });
  afterEach(() => removeFolder(folder));

  function annotated(title: string, lines: readonly string[], env: NodeJS.ProcessEnv = {}): string {
    const { write } = process.stderr;
    let written = "";
    process.stderr.write = (text) => {
      written += String(text);
      return true;
    };
    try {
      annotate(title, lines, { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary, ...env });
    } finally {
      process.stderr.write = write;
    }
    return written;
  }

  it("is an error of the run, and a part of its summary", () => {
    assert.equal(
      annotated("Not deployed: no", ["It differs, 100%:", "  api (Application): env.A"]),
      "::error title=Not deployed%3A no::It differs, 100%25:%0A  api (Application): env.A\n",
    );
    assert.equal(
      readFileSync(summary, "utf8"),
      "### Before\n\n### Not deployed: no\n\n    It differs, 100%:\n      api (Application): env.A\n\n",
    );
  });

  it("has the first lines; the summary has all", () => {
    const lines = Array.from({ length: 14 }, (_, at) => `line ${at + 1}`);
    assert.match(annotated("No", lines), /line 10%0Aand 4 more lines in the summary\n$/);
    assert.match(readFileSync(summary, "utf8"), /^ {4}line 14$/m);
  });

  it("does nothing elsewhere, and needs no summary", () => {
    assert.equal(annotated("No", ["a"], { GITHUB_ACTIONS: undefined }), "");
    assert.match(annotated("No", ["a"], { GITHUB_STEP_SUMMARY: undefined }), /^::error/);
    assert.equal(readFileSync(summary, "utf8"), "### Before\n\n");
  });

  it("is one line of the log, and adds no Markdown, with any names in it", () => {
    const hostile = fc.constantFrom(
      "\n::stop-commands::x",
      "\r",
      "%0A",
      "##[group]",
      "\u202e",
      "\n# x",
      "\n\n",
      "a",
    );
    fc.assert(
      fc.property(fc.array(fc.array(hostile).map((parts) => parts.join(""))), (lines) => {
        writeFileSync(summary, "");
        const written = annotated("No", lines);
        assert.equal(written.indexOf("\n"), written.length - 1);
        assert.doesNotMatch(written, /\r|##\[|\u202e/);
        const [heading, empty, ...rest] = readFileSync(summary, "utf8").split("\n");
        assert.deepEqual([heading, empty], ["### No", ""]);
        assert.ok(rest.every((line) => line === "" || /^ {4}/.test(line)));
      }),
    );
  });
});

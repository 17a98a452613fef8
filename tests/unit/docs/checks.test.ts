import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { composeRules } from "../../../packages/compose-checks/checks";
import { planChecks, serverChecks } from "../../../provider/dokploy";

const page = "docs/everyday/compose-checks.md";
const text = fs.readFileSync(path.join(__dirname, "..", "..", "..", page), "utf8");

/** Returns the rows of the table below a heading: names of checks, and their levels. */
function rowsBelow(heading: string): [name: string, level: string][] {
  const [, section = ""] = text.split(`\n## ${heading}\n`);
  const rows = (section.split("\n## ")[0] ?? "").matchAll(/^\| `([\w-]+)` \| (\w+) \|/gm);
  return [...rows].map(([, name = "", level = ""]) => [name, level]);
}

describe("the page of checks", () => {
  for (const [heading, checks] of [
    ["Checks of programs and their files", planChecks],
    ["Checks of the server", serverChecks],
    ["Rules for compose files", composeRules],
  ] as const) {
    it(`has each check with its level: ${heading}`, () => {
      const rows = rowsBelow(heading);
      const names = rows.map(([name]) => name);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(Object.fromEntries(rows), checks, `the tables of ${page} and the levels differ`);
    });
  }
});

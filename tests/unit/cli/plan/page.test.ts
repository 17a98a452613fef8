import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { missingPage, planOf, planPage, readPreview, render } from "../../../../cli/plan";
import { count, type Part, partsOf, textOf } from "../page/markup";
import { contents, mark, previewOf } from "./hostile";

const recorded = (name: string) => readFileSync(path.join(__dirname, "previews", name), "utf8");
const pageOf = (name: string) => partsOf(planPage(planOf(readPreview(recorded(name))), undefined));

/** The cells of a table's rows. */
function rowsOf(parts: readonly Part[]): string[][] {
  const rows: string[][] = [];
  for (const { tag, text = "", within } of parts) {
    if (tag === "tr") rows.push([]);
    else if (tag === "td" || tag === "th") rows.at(-1)?.push("");
    else if (within.includes("tr")) rows.at(-1)?.push((rows.at(-1)?.pop() ?? "") + text);
  }
  return rows;
}

describe("the page of a plan", () => {
  it("shows the changes of each resource, and the deployments", () => {
    const parts = pageOf("change.json");
    const text = textOf(parts);
    assert.match(text, /Plan for shop\/dev/);
    assert.match(
      text,
      /5 to update · deploys 2 services, reloads 1 service, saves 1 service without applying/,
    );
    const rows = rowsOf(parts);
    assert.ok(
      rows.some((row) => row.join("|") === "LEVEL|~ changed|info|debug"),
      JSON.stringify(rows),
    );
    assert.ok(rows.some((row) => row.join("|") === "NEWSECRET|+ added||secret"));
    assert.ok(rows.some((row) => row.join("|") === "OLDSECRET|− removed|secret|"));
    const changed = parts.filter(({ attributes }) => /^(?:add|del)$/.test(attributes.get("class") ?? ""));
    assert.deepEqual(
      changed.map(({ attributes }) => attributes.get("class")),
      ["del", "add"],
    );
  });

  it("begins with the data that the update destroys, and unfolds it", () => {
    const parts = pageOf("delete.json");
    assert.match(textOf(parts), /Deletes /);
    assert.ok(parts.some(({ tag, attributes }) => tag === "details" && attributes.has("open")));
  });

  it("says what the Markdown says, in the same words", () => {
    for (const name of [
      "adopt.json",
      "create.json",
      "delete.json",
      "replace.json",
      "released.json",
      "drift.json",
    ]) {
      const sentences = render(planOf(readPreview(recorded(name))), { maxLength: 65_000 })
        .split("\n")
        .filter((line) => /^[A-Z*]/.test(line))
        .map((line) => line.replace(/[`*]/g, ""));
      const text = textOf(pageOf(name));
      assert.ok(sentences.length > 0, name);
      for (const sentence of sentences.filter((each) => !each.includes("&#")))
        assert.ok(text.includes(sentence), `${name}: ${sentence}`);
    }
  });

  it("shows why a preview failed, and that there is none", () => {
    assert.match(textOf(pageOf("failed-check.json")), /The preview failed, so an update would fail too/);
    assert.match(textOf(partsOf(missingPage("It is empty.", "shop"))), /There is no plan\.It is empty\./);
  });

  it("consists only of our elements, for a plan full of markup too", () => {
    fc.assert(
      fc.property(contents, (given) => {
        const plan = planOf(previewOf(given));
        const parts = partsOf(planPage(plan, undefined));
        assert.equal(count(parts, "h1"), 1);
        assert.equal(count(parts, "details"), plan.resources.length);
        assert.equal(count(parts, "li"), plan.warnings.length + plan.findings.length);
        assert.ok(textOf(parts).includes(mark));
        assert.ok(!parts.some(({ tag, attributes }) => tag === "a" && attributes.get("href") !== "#content"));
      }),
      { numRuns: 150 },
    );
  });
});

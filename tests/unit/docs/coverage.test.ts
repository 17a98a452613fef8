import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as document from "../../../provider/dokploy/generated/endpoints.json";

const root = path.join(__dirname, "..", "..", "..");
const page = fs.readFileSync(path.join(root, "docs", "reference", "coverage.md"), "utf8");
const { reasons } = require("../../../scripts/docs/coverage-reasons.cjs") as {
  reasons: readonly (readonly [operations: string, reason: string])[];
};

/** The operations of the page, by what it says of them: `Used`, `Not used, since it …`, `Open`. */
const said: (readonly [operation: string, what: string])[] = page
  .split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [category = ""] = section.split("\n");
    return [...section.matchAll(/^- (Used|Not used, since it .*?|Open): (`.*)$/gm)].flatMap(
      ([, what = "", verbs = ""]) =>
        [...verbs.matchAll(/`(\w+)`/g)].map(([, verb]) => [`${category}.${verb}`, what] as const),
    );
  });

describe("the page of what the product covers", () => {
  it("says of every operation of Dokploy's document one thing", () => {
    assert.deepEqual(said.map(([operation]) => operation).sort(), Object.keys(document.endpoints).sort());
  });

  it("counts them", () => {
    const count = (of: string) => said.filter(([, what]) => what.startsWith(of)).length;
    const [used, left, open] = [count("Used"), count("Not used"), count("Open")];
    assert.ok(page.includes(`| **all** | **${used}** | **${left}** | **${open}** |`));
  });

  it("knows the calls whose responses the code reads, with literal and computed names", () => {
    const table = fs.readFileSync(path.join(root, "provider", "dokploy", "endpoints.ts"), "utf8");
    const read = [...table.matchAll(/^ {2}"(\w+\.\w+)":/gm)].map(([, name]) => name ?? "");
    assert.ok(read.length > 30);
    const used = said.flatMap(([operation, what]) => (what === "Used" ? [operation] : []));
    const others = ["redis.deploy", "mongo.one", "domain.create", "registry.all", "redirects.delete"];
    for (const name of [...read, ...others]) assert.ok(used.includes(name), name);
    for (const name of ["postgres.rebuild", "application.killBuild", "compose.import"])
      assert.ok(!used.includes(name), name);
  });

  it("has its reasons once, each in words", () => {
    const texts = reasons.map(([, reason]) => reason);
    assert.equal(new Set(texts).size, texts.length);
    for (const reason of texts) assert.match(reason, /^[a-z]\w* .*[\w`]$/);
  });

  it("has no reason without an operation, and none for a used one", () => {
    for (const [pattern, reason] of reasons) {
      assert.ok(
        said.some(([, what]) => what === `Not used, since it ${reason}`),
        `no operation is unused, since it ${reason}: remove that reason`,
      );
      const fits = new RegExp(`^(?:${pattern})$`);
      assert.deepEqual(
        said.filter(([operation, what]) => what === "Used" && fits.test(operation)),
        [],
        `used, though it ${reason}`,
      );
    }
  });
});

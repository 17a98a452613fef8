import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parse } from "yaml";
import type { Expression } from "../../../../cli/export/expression";
import { yamlLines } from "../../../../cli/export/yaml";
import { readYaml } from "../../../../sdk/env-files/yaml-file";

const writing = { reference: () => ({ id: "x", note: "y" }), secret: (name: string) => `!secret ${name}` };
const { tree } = fc.letrec<{ tree: Expression; record: Expression; list: Expression; plain: Expression }>(
  (tie) => ({
    plain: fc
      .oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("yes", "1", "~", "a: b", "- x", "# c", "\u2028"),
        fc.integer(),
        fc.boolean(),
      )
      .map((value) => ({ type: "plain", value })),
    list: fc.array(tie("tree"), { maxLength: 3 }).map((items) => ({ type: "list", items })),
    record: fc
      .dictionary(fc.string({ unit: "grapheme", minLength: 1 }), tie("tree"), {
        maxKeys: 3,
        noNullPrototype: true,
      })
      .map((all) => ({ type: "record", entries: Object.entries(all) })),
    tree: fc.oneof({ depthSize: "small", withCrossShrink: true }, tie("plain"), tie("list"), tie("record")),
  }),
);

function plainOf(expression: Expression): unknown {
  if (expression.type === "plain") return expression.value;
  if (expression.type === "list") return expression.items.map(plainOf);
  assert.equal(expression.type, "record");
  return expression.type === "record"
    ? Object.fromEntries(expression.entries.map(([name, value]) => [name, plainOf(value)]))
    : undefined;
}

describe("the YAML of an exported repository", () => {
  it("has any values as they were", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const record = { type: "record", entries: [["value", value]] } as const;
        assert.deepEqual(parse(yamlLines(record, writing).join("\n")), { value: plainOf(value) });
      }),
    );
  });

  it("has variables as a program reads them", () => {
    const names = fc.string({ unit: fc.constantFrom(..."abAB_19.-"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: "grapheme" }), { noNullPrototype: true }), (env) => {
        const entries = Object.entries(env).map(([name, value]) => [name, { type: "plain", value }] as const);
        const text = yamlLines({ type: "record", entries }, writing).join("\n");
        const read = readYaml({ path: "env.yaml", text }).entries;
        const found = read.map(({ key, value }) => [key, value.kind === "text" ? value.text : undefined]);
        assert.deepEqual(Object.fromEntries(found), env);
      }),
    );
  });
});

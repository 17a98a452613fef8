import * as assert from "node:assert/strict";
import { createContext, runInNewContext } from "node:vm";
import * as fc from "fast-check";
import * as ts from "typescript";
import { parse, parseDocument } from "yaml";
import { type Expression, expressionOf } from "../../../../../cli/server/export/expression";
import type { Item } from "../../../../../cli/server/export/item";
import type { Reference } from "../../../../../cli/server/export/references";
import { comment, print } from "../../../../../cli/server/export/typescript";
import { yamlFile } from "../../../../../cli/server/export/yaml";
import { definitionOf } from "../../../../../provider/resources";
import { readYaml } from "../../../../../sdk/env-files";

const writing = {
  reference: () => ({ id: "x", note: "y" }),
  secret: (name: string) => ({ tag: "!secret", name }),
  address: () => "api:3000",
  file: () => undefined,
  image: () => undefined,
};
const compose = definitionOf("Compose");
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

/** Texts that somebody may write to break out of their place, or to be read otherwise than they look. */
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        ..."\n\r\t\0\u001b\u0085\u009b\u00a0\u061c\u200b\u200d\u2028\u2029\u202e\u2066\ufeff\u3164\ud800",
        "\u{e0041}",
        "😀",
        ..."#:-!&*|>'\"\\{}[], ",
        "\nimage: evil/image:1\n",
        "*/",
        "##[error]",
        "<{%x%}>",
      ),
      { maxLength: 12 },
    )
    .map((pieces) => pieces.join("")),
);

/** Hidden characters, but for the ends of lines. */
function hiddenIn(text: string): string[] {
  return (
    text
      .match(/[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u00a0\u3000]/gu)
      ?.filter((one) => one !== "\n") ?? []
  );
}

describe("a text of the server in generated files", () => {
  it("is that text for a parser of YAML, and nothing else, wherever it is", () => {
    fc.assert(
      fc.property(
        fc.array(hostile, { minLength: 5, maxLength: 5 }),
        ([key = "", text = "", id = "", note = "", first = ""]) => {
          const reference = { type: "reference", reference: {} as Reference } as const;
          const entries = [
            ["key", { type: "record", entries: [[`${key}x`, { type: "plain", value: text }]] }],
            ["list", { type: "list", items: [{ type: "plain", value: text }, reference] }],
            ["id", reference],
            ["secret", { type: "secret", name: "api-TOKEN" }],
            ["last", { type: "plain", value: text }],
          ] as const;
          const file = yamlFile(
            { type: "record", entries },
            { ...writing, reference: () => ({ id, note }) },
            [first, note],
          );
          assert.deepEqual(hiddenIn(file), []);
          const document = parseDocument(file, {
            customTags: [{ tag: "!secret", resolve: (name: string) => `secret ${name}` }],
          });
          assert.deepEqual([document.errors, document.warnings], [[], []]);
          const read = document.toJS() as { key: object };
          assert.deepEqual(
            { ...read, key: Object.entries(read.key) },
            { key: [[`${key}x`, text]], list: [text, id], id, secret: "secret api-TOKEN", last: text },
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is that text as the lines of a file", () => {
    const line = fc.string({ unit: fc.constantFrom(..."ab #:-|>'\"\\{}\t"), maxLength: 6 });
    const lines = fc.array(line, { maxLength: 5 }).map((all) => all.join("\n"));
    fc.assert(
      fc.property(
        fc.oneof(
          lines,
          lines.map((text) => `${text}\n`),
        ),
        (text) => {
          const entry = ["content", { type: "text", text, places: new Map(), file: "a" }] as const;
          const list = ["list", { type: "list", items: [{ type: "record", entries: [entry] }] }] as const;
          const file = yamlFile({ type: "record", entries: [entry, list] }, writing);
          assert.deepEqual(parse(file), { content: text, list: [{ content: text }] }, file);
        },
      ),
      { numRuns: 1000 },
    );
    const short = { type: "text", text: "a: 1\nb: 2\n", places: new Map(), file: "a" } as const;
    assert.equal(
      yamlFile({ type: "record", entries: [["content", short]] }, writing),
      "content: |\n  a: 1\n  b: 2\n",
    );
  });

  it("is that text for TypeScript, and comments are comments", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (key, text, note) => {
        const expression = {
          type: "record",
          entries: [
            [key, { type: "plain", value: text }],
            ["list", { type: "list", items: [{ type: "plain", value: text }] }],
          ],
        } as const;
        const none = () => assert.fail();
        const writing = {
          reference: none,
          resource: none,
          secret: none,
          composeFile: none,
          text: none,
          image: none,
        };
        const code = print(expression, writing, 0, 0);
        const file = `${comment(note)}result = ${code};\n${comment(note)}`;
        assert.deepEqual(hiddenIn(file), []);
        assert.equal(file.split("\n").filter((line) => line.startsWith("// ")).length, 2);
        const { outputText } = ts.transpileModule(file, {
          compilerOptions: { target: ts.ScriptTarget.ES2022 },
        });
        const context: { result?: object } = {};
        runInNewContext(outputText, createContext(context));
        const expected = Object.fromEntries([[key, text]]);
        assert.deepEqual(
          Object.entries(context.result ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
          Object.entries({ ...expected, list: [text] }).map(([name, value]) => [name, JSON.stringify(value)]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it("is not in a file of its own as a compose file, if something in it is hidden", () => {
    const typeFor = (composeFile: string) => {
      const source = { type: "raw", composeFile };
      const item = {
        kind: "Compose",
        definition: compose,
        id: "c",
        inputs: { source },
        secrets: [],
        maybeSecrets: [],
        hidden: [],
        notes: [],
      } as unknown as Item;
      const [[, value] = []] = expressionOf(item, {
        references: new Map(),
        secretName: () => undefined,
        placesIn: () => undefined,
        piecesAt: () => undefined,
      }).entries;
      return value?.type;
    };
    assert.equal(typeFor("services:\r\n  web: {}\n# 😀 ä\n"), "composeFile");
    for (const odd of ["\u001b[2K", "\u202e", "\r", "\ufeff", "\0", "\ud800", "\u200b"])
      assert.equal(typeFor(`services: {} # ${odd}x\n`), "record", JSON.stringify(odd));
  });
});

describe("the YAML of an exported repository", () => {
  it("has any values as they were", () => {
    fc.assert(
      fc.property(tree, (value) => {
        const record = { type: "record", entries: [["value", value]] } as const;
        assert.deepEqual(parse(yamlFile(record, writing)), { value: plainOf(value) });
      }),
    );
  });

  it("has variables as a program reads them", () => {
    const names = fc.string({ unit: fc.constantFrom(..."abAB_19.-"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.dictionary(names, fc.string({ unit: "grapheme" }), { noNullPrototype: true }), (env) => {
        const entries = Object.entries(env).map(([name, value]) => [name, { type: "plain", value }] as const);
        const text = yamlFile({ type: "record", entries }, writing);
        const read = readYaml({ path: "env.yaml", text }).entries;
        const found = read.map(({ key, value }) => [key, value.kind === "text" ? value.text : undefined]);
        assert.deepEqual(Object.fromEntries(found), env);
      }),
    );
  });
});

import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parse, stringify } from "yaml";
import { LineIndex } from "../../yaml/line-index";
import { entryAt, type Node } from "../../yaml/nodes";
import { parseDocument } from "../../yaml/parse";
import { type TreeFault, treeOf } from "../../yaml/tree";

interface Reading {
  readonly root: Node | undefined;
  readonly faults: readonly string[];
}

function read(text: string, { maxDepth = 50, maxNodes = 1000, merge = true } = {}): Reading {
  const parsed = parseDocument(text, { schema: "core", second: "second", tooDeep: "deep" });
  assert.ok("contents" in parsed && parsed.contents, JSON.stringify(parsed));
  const faults: string[] = [];
  const lines = new LineIndex(text);
  const wrong = (fault: TreeFault, offset: number) => {
    const { line, column } = lines.at(offset);
    faults.push(`${line}:${column} ${fault}`);
  };
  return { root: treeOf(parsed.contents, text, { maxDepth, maxNodes, merge, wrong }), faults };
}

/** Returns the value that the tree represents. */
function plain(node: Node | undefined): unknown {
  if (node === undefined) return "nothing";
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key, plain(value)]));
}

/** Lists the keys that are not at the position that their entry states. */
function misplaced(node: Node, text: string): string[] {
  if (node.kind === "list") return node.items.flatMap((item) => misplaced(item, text));
  if (node.kind === "scalar") return [];
  return [...node.entries.values()].flatMap(({ key, offset, value }) => [
    ...(text.startsWith(key, offset) || /["'?]/.test(text[offset] ?? "") ? [] : [key]),
    ...misplaced(value, text),
  ]);
}

describe("the tree of a YAML document", () => {
  it("says what the library says, and where it stands", () => {
    const name = fc.stringMatching(/^[a-z]{1,4}$/);
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(name, fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 5 })),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(name, tie("value"), { maxKeys: 4 }),
        // A repeated object becomes an anchor and an alias.
        tie("value").map((shared) => ({ a: shared, b: [shared] })),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, maxKeys: 4 }), (wanted) => {
        const text = stringify(wanted);
        const { root, faults } = read(text, { maxNodes: 100_000 });
        assert.deepEqual(faults, []);
        assert.deepEqual(plain(root), parse(text));
        assert.deepEqual(root && misplaced(root, text), []);
      }),
    );
  });

  it("merges as the library does, where it is asked to", () => {
    const text = "a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { <<: [*a, *b], z: 3 }\n";
    assert.deepEqual(plain(read(text).root), parse(text, { merge: true }));
    assert.deepEqual(plain(read("a: &a { x: 1 }\nb: { <<: *a }\n", { merge: false }).root), {
      a: { x: 1 },
      b: { "<<": { x: 1 } },
    });
  });

  it("knows where an alias stands, and where what it stands for", () => {
    const { root } = read("a: &x text\nb: *x\n");
    const value = root && entryAt(root, "b")?.value;
    assert.deepEqual([value?.offset, value?.alias], [6, 14]);
  });

  for (const [what, text, faults, options] of [
    ["an alias without an anchor", "a: [*x]\n", ["1:5 no-anchor"]],
    ["an alias above its anchor", "a: *x\nb: &x 1\n", ["1:4 no-anchor"]],
    ["an alias of what it is in", "a: &x { b: [*x] }\n", ["1:13 endless"]],
    ["a key that is there twice", "a: 1\nb: 2\na: 3\n", ["3:1 twice"]],
    ["a key that is no text", "? [a]\n: 1\nb: 2\n", ["1:3 no-text"]],
    ["two merge keys", "a: &a {}\nb:\n  <<: *a\n  <<: *a\n", ["4:3 merge-twice"]],
    ["a merge of a text", "a: { <<: x }\n", ["1:6 merge-of-text"]],
    ["what is too deep, each", "a: [[1, 2], 3]\n", ["1:6 too-deep", "1:9 too-deep"], { maxDepth: 2 }],
    ["what is too large, once", "a: [1, 2, 3, 4, 5]\n", ["1:11 too-large"], { maxNodes: 4 }],
    ["what aliases make too large, where the alias stands", "a: &a [1, 2, 3]\nb: [*a]\n", ["2:5 too-large"], { maxNodes: 7 }], // biome-ignore format: one line
  ] as const) {
    it(`tells ${what}, and leaves it out`, () => {
      const { root, faults: found } = read(text, options);
      assert.deepEqual(found, faults);
      assert.ok(root);
    });
  }

  it("keeps what is there twice", () => {
    const { root } = read("a: 1\na: 2\n");
    assert.ok(root?.kind === "map");
    assert.deepEqual(plain(root), { a: 1 });
    assert.deepEqual(
      root.again.map(({ key, value }) => [key, plain(value)]),
      [["a", 2]],
    );
  });
});

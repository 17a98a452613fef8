import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { isMap, isScalar, parseDocument } from "yaml";
import { removeValue, setValue } from "../../../../cli/files";
import { FileError } from "../../../../sdk/files";

const tags = ["config", "dokploy:imageTags", "api"];
const edit = (text: string, path: readonly string[] = tags, value = "1.5") =>
  setValue({ path: "Pulumi.prod.yaml", text }, path, { text: value, isQuoted: true });

describe("an edit of a YAML file", () => {
  it("replaces a value, and keeps comments, order and all other bytes", () => {
    const before = [
      "# Settings of prod",
      "encryptionsalt:   v1:abc",
      "config:",
      "    dokploy:imageTags: # by service",
      "        web:   '2'   # the page",
      "        api:   1.4   # the api",
      "    shop:TOKEN:",
      "        secure: v1:xyz",
      "",
    ].join("\n");
    assert.equal(edit(before), before.replace("api:   1.4   #", 'api:   "1.5"   #'));
    assert.equal(edit(before, ["config", "dokploy:imageTags", "web"], "3"), before.replace("'2'", "'3'"));
  });

  it("adds a key after the last one of its map, before what follows", () => {
    const before = "config:\n  dokploy:imageTags:\n    web: a\n    # the end\n  z: 1 # last\n";
    assert.equal(edit(before), before.replace("web: a\n", 'web: a\n    api: "1.5"\n'));
    const without = "config:\n  z:\n    - a\n    - b: 1 # last\n# end\n";
    assert.equal(
      edit(without),
      without.replace("# last\n", '# last\n  dokploy:imageTags:\n    api: "1.5"\n'),
    );
  });

  it("adds maps that are missing, also to a file without any", () => {
    const whole = 'config:\n  dokploy:imageTags:\n    api: "1.5"\n';
    assert.equal(edit(""), whole);
    assert.equal(edit("# nothing yet\n"), `# nothing yet\n${whole}`);
    assert.equal(edit("# nothing yet"), `# nothing yet\n${whole.trimEnd()}`);
    assert.equal(edit("config: # none\n"), whole.replace("config:", "config: # none"));
    assert.equal(edit("config:"), whole.trimEnd());
    assert.equal(edit("config: {}\n"), 'config: { dokploy:imageTags: { api: "1.5" } }\n');
    assert.equal(edit("config: ~\n"), 'config: { dokploy:imageTags: { api: "1.5" } }\n');
    assert.equal(edit("config: { a: 1 }\n", ["config", "b"]), 'config: { a: 1, b: "1.5" }\n');
    assert.equal(edit("config:\n  a:\n", ["config", "a"]), 'config:\n  a: "1.5"\n');
  });

  it("keeps the line ends of Windows, block scalars and a missing last line end", () => {
    assert.equal(edit("config:\r\n  a: 1\r\n", ["config", "b"]), 'config:\r\n  a: 1\r\n  b: "1.5"\r\n');
    assert.equal(edit("a: |\n  text\nb: 1\n", ["a"]), 'a: "1.5"\nb: 1\n');
    assert.equal(edit("a: |\n  text\n", ["b"]), 'a: |\n  text\nb: "1.5"\n');
    assert.equal(edit("a: 1", ["b"]), 'a: 1\nb: "1.5"');
  });

  it("quotes keys that are no texts in YAML", () => {
    for (const key of ["1.5", "on", "Yes", "null", "a b", "a:", "-"]) {
      const edited = edit("a: 1\n", [key]);
      assert.equal(edited, `a: 1\n${JSON.stringify(key)}: "1.5"\n`);
    }
  });

  it("is refused with the place where others refer to the value, or where there is no map", () => {
    for (const [text, place, why] of [
      ["config: 1\n", "1:9", "is not a map"],
      ["config:\n  dokploy:imageTags:\n    - api\n", "3:5", "is not a map"],
      ["a: &x {}\nconfig: *x\n", "2:9", "is an alias"],
      ["config:\n  dokploy:imageTags:\n    api: &x 1\n", "3:13", "has an anchor"],
      ["config:\n  dokploy:imageTags:\n    api: { secure: v1 }\n", "3:10", "is not a single value"],
      ["config:\n  a: 1\nconfig:\n  b: 1\n", "3:1", "has a key that appears twice"],
      ["config: [\n", "", ""],
    ] as const) {
      assert.throws(
        () => edit(text),
        (error: unknown) => {
          assert.ok(error instanceof FileError, String(error));
          assert.ok(error.message.startsWith(`Pulumi.prod.yaml:${place}`), error.message);
          assert.ok(error.message.includes(why), error.message);
          return true;
        },
        text,
      );
    }
  });

  it("removes a key with its value and the comment behind it, and nothing else", () => {
    for (const [before, path, after] of [
      ["# a\nA: 1 # one\n# b\nB: 2\n", ["A"], "# a\n# b\nB: 2\n"],
      ["A: 1\nB: 2", ["B"], "A: 1"],
      ["A: 1\r\nB: |\r\n  x\r\n\r\n# c\r\nC: 3\r\n", ["B"], "A: 1\r\n\r\n# c\r\nC: 3\r\n"],
      ["A: 1 # one\n", ["A"], ""],
      ["config:\n  a: 1 # one\nz: 2\n", ["config", "a"], "config:\n  {} # one\nz: 2\n"],
      ["A: { rotate: { current: !secret a, next: !secret b } }\nB: 2\n", ["A"], "B: 2\n"],
      ["{ A: 1, B: 2, C: 3 }\n", ["B"], "{ A: 1, C: 3 }\n"],
      ["{ A: 1, B: 2 }\n", ["B"], "{ A: 1 }\n"],
      ["{\n  A: 1, # one\n  B: 2,\n}\n", ["B"], "{\n  A: 1, # one\n  \n}\n"],
      ["A: 1\n", ["B"], "A: 1\n"],
      ["config: ~\n", ["config", "a"], "config: ~\n"],
      ["", ["A"], ""],
    ] as const) {
      assert.equal(removeValue({ path: "a.yaml", text: before }, path), after);
    }
    for (const text of ["A: &x 1\nB: *x\n", "A: { k: &x 1 }\n", "A: [\n", "A: 1\nA: 2\n"])
      assert.throws(() => removeValue({ path: "a.yaml", text }, ["A"]), FileError, text);
  });

  describe("in any layout", () => {
    const keys = ["A", "B", "C", "D"];
    const leaf = fc.constantFrom(
      ...["v", "1.10", "'it''s'", '"x\\n"', "!secret s", "!plain 'x'", "!op  a/b", "", "~", "*x", "{ k: v }"],
      ...[
        "[1, 2]",
        "&y v",
        "plain\n    of two",
        "|- # why\n    a\n\n    b",
        ">+\n    a\n",
        "\n  # what\n    v",
      ],
    );
    const entry = fc.record({
      ...{ leaf, key: fc.constantFrom(...keys), above: fc.constantFrom("", "# above\n", "\n") },
      behind: fc.constantFrom("", " # why", "   "),
    });
    const file = fc.record({
      entries: fc.uniqueArray(entry, { selector: ({ key }) => key, maxLength: 4 }),
      ...{ isNested: fc.boolean(), isEnded: fc.boolean(), lineEnd: fc.constantFrom("\n", "\r\n") },
    });
    const value = fc.record({
      text: fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: fc.constantFrom(..."ab1 \t\n#:!'\"\\|>-?&*%@{}[],~") }),
        fc.constantFrom("1.10", "on", "null", "a\nb", "a\nb\n", "a: b", "<<"),
      ),
      tag: fc.constantFrom(undefined, "!secret"),
      isQuoted: fc.boolean(),
    });
    type Layout = typeof file extends fc.Arbitrary<infer T> ? T : never;

    /** Writes the parts of a file: what is before the entries, each entry, and what is after them. */
    function written({ entries, isNested, isEnded, lineEnd }: Layout) {
      const indent = isNested ? "  " : "";
      const lines = (text: string) => text.replaceAll("\n", lineEnd);
      const parts = entries.map(({ key, leaf: inner, above, behind }) => ({
        key,
        above: lines(above === "" || above === "\n" ? above : indent + above),
        own: lines(`${indent}${key}: ${inner}${/[|>].*\n/.test(inner) ? "" : behind}\n`),
      }));
      const head = lines(`# top\ntop: &x 1\n${isNested ? "config:\n" : ""}`);
      const end = lines(isNested ? "end: true\n" : "");
      const whole = head + parts.map(({ above, own }) => above + own).join("") + end;
      const text = isEnded || end === "" ? whole : whole.slice(0, -lineEnd.length);
      return { text, parts, path: (key: string) => (isNested ? ["config", key] : [key]) };
    }

    /** Reads all values with their tags, by their paths. */
    function valuesOf(text: string): Map<string, string> {
      const found = new Map<string, string>();
      const add = (node: unknown, at: string): void => {
        if (isMap(node)) for (const pair of node.items) add(pair.value, `${at}/${String(pair.key)}`);
        else if (isScalar(node)) found.set(at, `${node.tag ?? ""} ${String(node.value ?? "")}`);
        else found.set(at, String(node));
      };
      const document = parseDocument(text, { schema: "failsafe", uniqueKeys: true });
      assert.deepEqual(document.errors, []);
      add(document.contents, "");
      return found;
    }

    it("sets one value, while all other bytes stay", () => {
      let edits = 0;
      fc.assert(
        fc.property(file, fc.constantFrom(...keys), value, (layout, key, wanted) => {
          const { text, parts, path } = written(layout);
          const there = layout.entries.find((each) => each.key === key)?.leaf;
          const source = { path: "a.yaml", text };
          if (there !== undefined && /^[{[&]/.test(there)) {
            assert.throws(() => setValue(source, path(key), wanted), FileError);
            return;
          }
          const after = setValue(source, path(key), wanted);
          edits += 1;
          const expected = valuesOf(text);
          if (layout.isNested && layout.entries.length === 0) expected.delete("/config");
          expected.set(`/${path(key).join("/")}`, `${wanted.tag ?? ""} ${wanted.text}`);
          assert.deepEqual(new Map([...valuesOf(after)].sort()), new Map([...expected].sort()));
          const own = parts.find((part) => part.key === key)?.own;
          const start = own === undefined ? commonStart(text, after) : text.indexOf(own);
          const rest = own === undefined ? text.slice(start) : text.slice(start + own.length);
          assert.ok(after.startsWith(text.slice(0, start)), "what is before it stays");
          assert.ok(after.endsWith(rest), "what is after it stays");
          if (own?.includes("# why")) assert.ok(after.slice(start).includes("# why"), "its comment stays");
          if (text !== "") assert.equal(after.endsWith("\n"), text.endsWith("\n"));
          if (text.includes("\r\n")) assert.doesNotMatch(after, /(?<!\r)\n/);
        }),
        { numRuns: 500 },
      );
      assert.ok(edits > 200);
    });

    it("removes one key, while all other bytes stay, or refuses where the text before it would get its line breaks", () => {
      let edits = 0;
      fc.assert(
        fc.property(file, fc.constantFrom(...keys), (layout, key) => {
          const { text, parts, path } = written(layout);
          const source = { path: "a.yaml", text };
          const part = parts.find((each) => each.key === key);
          if (part === undefined) return assert.equal(removeValue(source, path(key)), text);
          if (part.own.includes("&y")) return assert.throws(() => removeValue(source, path(key)), FileError);
          const expected = valuesOf(text);
          for (const at of [...expected.keys()])
            if (`${at}/`.startsWith(`/${path(key).join("/")}/`)) expected.delete(at);
          const start = text.indexOf(part.own);
          const after = removedOrRefused(source, path(key));
          if (after === undefined) {
            const rest = text.slice(0, start) + text.slice(start + part.own.length);
            const cut = text.endsWith("\n") ? rest : rest.replace(/\r?\n$/, "");
            assert.notDeepEqual(
              valuesOf(cut),
              expected,
              "only an edit that changes another value is refused",
            );
            return;
          }
          edits += 1;
          assert.deepEqual(valuesOf(after), expected);
          assert.ok(after.startsWith(text.slice(0, start)), "what is before it stays");
          assert.ok(after.endsWith(text.slice(start + part.own.length)), "what is after it stays");
        }),
        { numRuns: 500 },
      );
      assert.ok(edits > 150);
    });
  });
});

/** Returns undefined where the edit is refused. */
function removedOrRefused(...[source, path]: Parameters<typeof removeValue>): string | undefined {
  try {
    return removeValue(source, path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return undefined;
  }
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

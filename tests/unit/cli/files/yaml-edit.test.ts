import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parse } from "yaml";
import { setText } from "../../../../cli/files/yaml-edit";
import { FileError } from "../../../../sdk/files/source";

const tags = ["config", "dokploy:imageTags", "api"];
const edit = (text: string, path: readonly string[] = tags, value = "1.5") =>
  setText({ path: "Pulumi.prod.yaml", text }, path, value);

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
    assert.equal(edit("# nothing yet"), `# nothing yet\n${whole}`);
    assert.equal(edit("config: # none\n"), whole.replace("config:", "config: # none"));
    assert.equal(edit("config:"), whole);
    assert.equal(edit("config: {}\n"), 'config: { dokploy:imageTags: { api: "1.5" } }\n');
    assert.equal(edit("config: ~\n"), 'config: { dokploy:imageTags: { api: "1.5" } }\n');
    assert.equal(edit("config: { a: 1 }\n", ["config", "b"]), 'config: { a: 1, b: "1.5" }\n');
    assert.equal(edit("config:\n  a:\n", ["config", "a"]), 'config:\n  a: "1.5"\n');
  });

  it("keeps the line ends of Windows, block scalars and a missing last line end", () => {
    assert.equal(edit("config:\r\n  a: 1\r\n", ["config", "b"]), 'config:\r\n  a: 1\r\n  b: "1.5"\r\n');
    assert.equal(edit("a: |\n  text\nb: 1\n", ["a"]), 'a: "1.5"\nb: 1\n');
    assert.equal(edit("a: |\n  text\n", ["b"]), 'a: |\n  text\nb: "1.5"\n');
    assert.equal(edit("a: 1", ["b"]), 'a: 1\nb: "1.5"\n');
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
      ["config:\n  dokploy:imageTags:\n    api: &x 1\n", "3:13", "has a tag or an anchor"],
      ["config:\n  dokploy:imageTags:\n    api: !secret x\n", "3:18", "has a tag or an anchor"],
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

  it("changes one value and nothing else, in any layout", () => {
    const word = fc.stringMatching(/^[a-z]{1,3}$/);
    const leaf = fc.constantFrom(
      "1",
      "'x'",
      '"y"',
      "plain text",
      "",
      "{}",
      "{ k: v }",
      "[1, 2]",
      "|\n      block",
    );
    const comment = fc.constantFrom("", " # why", "\n  # between");
    const entries = fc.uniqueArray(fc.tuple(word, leaf, comment), { selector: ([key]) => key, maxLength: 5 });
    fc.assert(
      fc.property(entries, word, fc.string(), (list, key, value) => {
        const text = `# top\nconfig:\n${list.map(([name, inner, after]) => `  ${name}: ${inner}${inner.startsWith("|") ? "" : after}\n`).join("")}end: true\n`;
        const before = parse(text) as { config: Record<string, unknown> | null };
        const held = before.config?.[key];
        if (typeof held === "object" && held !== null) return;
        const edited = edit(text, ["config", key], value);
        assert.deepEqual(parse(edited), { ...before, config: { ...before.config, [key]: value } });
        for (const line of text.split("\n").filter((line) => line.includes("#"))) {
          assert.ok(edited.includes(line.slice(line.indexOf("#"))), "comments stay");
        }
      }),
    );
  });
});

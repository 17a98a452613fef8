import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { aligned, fitted, wrapped } from "../../../../cli/terminal";

describe("a table in the terminal", () => {
  it("separates columns by two spaces, counts characters, and ends no line with spaces", () => {
    const rows = [
      ["", "KEY", ""],
      ["~", "😀é", "different"],
      ["+", "LOG_LEVEL", ""],
    ];
    assert.deepEqual(aligned(rows), ["     KEY", "  ~  😀é         different", "  +  LOG_LEVEL"]);
    assert.deepEqual(aligned([["a", "b"]], ""), ["a  b"]);
    assert.deepEqual(aligned([]), []);
  });

  it("lets a very long text stick out of its column", () => {
    const [long, short] = ["x".repeat(200), "y"];
    assert.deepEqual(aligned([[long, "1"], [short, "2"]], ""), [`${long}  1`, `${short.padEnd(80)}  2`]); // biome-ignore format: one line
  });
});

describe("a table that fits into a terminal", () => {
  const rows = [
    ["service", "runs", "image", "addresses"],
    ["api", "2/2", "ghcr.io/acme/api:1.4.2", "https://api.example.com https://www.example.com"],
    ["db", "-", "-", "-"],
  ];

  it("has all columns where they fit", () => {
    assert.deepEqual(fitted(rows, 90, "-"), aligned(rows));
  });

  it("has the last columns below each row where they do not fit, without those that say nothing", () => {
    assert.deepEqual(fitted(rows, 80, "-"), [
      "  service  runs  image",
      "    addresses",
      "  api      2/2   ghcr.io/acme/api:1.4.2",
      "    https://api.example.com https://www.example.com",
      "  db       -     -",
    ]);
    assert.deepEqual(fitted(rows, 30, "-"), [
      "  service  runs",
      "    image  addresses",
      "  api      2/2",
      "    ghcr.io/acme/api:1.4.2",
      "    https://api.example.com",
      "    https://www.example.com",
      "  db       -",
    ]);
  });

  it("is as wide as allowed, unless a word is longer, and has each word", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "é", "😀"), minLength: 1, maxLength: 12 });
    const cell = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, cell, cell), { minLength: 1 }),
        fc.integer({ min: 20, max: 90 }),
        (table, most) => {
          const lines = fitted(table, most, "-");
          assert.ok(lines.every((line) => [...line].length <= most));
          const words = (text: string) => text.split(/\s+/).filter(Boolean).sort();
          assert.deepEqual(words(lines.join(" ")), words(table.flat().join(" ")));
        },
      ),
    );
  });

  it("wraps a text behind its first indentation", () => {
    assert.deepEqual(wrapped("one two three", 9, "    ", "  "), ["  one two", "    three"]);
  });
});

import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { diffBlock } from "../../../../cli/plan/markdown";
import { Effort, firstLines, textDiff } from "../../../../cli/plan/text-diff";

const diff = (before: string | undefined, after: string | undefined) => textDiff(before, after, new Effort());

/** Both texts, as the signs tell them; right where nothing is left out. */
function sides(lines: readonly string[]): [string[], string[]] {
  const of = (signs: string) =>
    lines.filter((line) => line === "" || signs.includes(line.charAt(0))).map((line) => line.slice(2));
  return [of(" -"), of(" +")];
}

describe("texts compared by lines", () => {
  it("shows changes with two lines around them", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\n";
    assert.deepEqual(diff(before, before.replace("e", "E")), [
      "…",
      "  c",
      "  d",
      "- e",
      "+ E",
      "  f",
      "  g",
      "…",
    ]);
    assert.deepEqual(diff(undefined, "a\n\nb\n"), ["+ a", "+", "+ b"]);
    assert.deepEqual(diff("x\na\nb\nc\n", "a\nx\nb\nc\n"), ["- x", "  a", "+ x", "  b", "  c"]);
    assert.deepEqual(diff("a\n", undefined), ["- a"]);
    assert.deepEqual(diff("a\nb\na\nb\n", "b\na\nb\na\n"), ["- a", "  b", "  a", "  b", "+ a"]);
  });

  it("shows both texts, and no change if there is none", () => {
    const text = fc
      .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 5 })
      .map((lines) => `${lines.join("\n")}\n`);
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = diff(before, after);
        if (before === after) assert.ok(lines.every((line) => line === "…"));
        else if (!lines.includes("…")) {
          assert.deepEqual(
            sides(lines),
            [before, after].map((each) => each.slice(0, -1).split("\n")),
          );
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("reports a missing line break at the end, and spaces there", () => {
    assert.deepEqual(diff("a\nb", "a\nb\n"), ["  a", "  b", "- (no line break at the end)"]);
    assert.deepEqual(diff("a\n", "a \n"), ["- a", "+ a "]);
    assert.equal(diffBlock(["- a", "+ a  ", "+ \tb\r", ""]), "```diff\n- a\n+ a\\x20\\x20\n+ \\tb\\r\n\n```");
  });

  it("ends for texts with little in common and many repetitions", () => {
    const long = (shift: number) =>
      Array.from({ length: 900 }, (_, at) => ((at * at + shift * at) % 7) % 3).join("\n");
    const effort = new Effort();
    const [before, after] = [long(1), long(2)];
    for (let round = 0; round < 200; round += 1) {
      const lines = textDiff(before, after, effort);
      assert.ok(lines.length >= 900);
    }
  });

  it("counts the lines that are not shown", () => {
    assert.deepEqual(firstLines(["1", "2", "3"], 2), ["1", "2", "… 1 more lines"]);
    assert.deepEqual(firstLines(["1", "2"], 2), ["1", "2"]);
  });
});

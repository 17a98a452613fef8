import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { parseTemplate, type Segment, substitute } from "../checks/interpolation";

/** Prints `A` for a variable, `A:-(…)` for one with an operand, `!` for a malformed template. */
function shown(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.kind === "literal") return JSON.stringify(segment.text);
      if (segment.kind === "malformed") return "!";
      const { name, colon, operator, operand } = segment;
      return operator === undefined ? name : `${name}${colon ? ":" : ""}${operator}(${shown(operand)})`;
    })
    .join(" ");
}

describe("templates of compose files", () => {
  const cases: [text: string, shown: string][] = [
    ["", ""],
    ["plain", '"plain"'],
    ["$A", "A"],
    ["$A_1-x", 'A_1 "-x"'],
    ["${A}", "A"],
    ["a${A}b$B", '"a" A "b" B'],
    ["$$A $${A}", '"$A ${A}"'],
    ["$$$A", '"$" A'],
    ["${A:-x}", 'A:-("x")'],
    ["${A-x}", 'A-("x")'],
    ["${A:-}", "A:-()"],
    ["${A:?not set}", 'A:?("not set")'],
    ["${A?x}", 'A?("x")'],
    ["${A:+x}", 'A:+("x")'],
    ["${A+x}", 'A+("x")'],
    ["${A:-${B:-c}}d", 'A:-(B:-("c")) "d"'],
    ["${A:-a\nb}", 'A:-("a\\nb")'],
    ["$1 $(x) $", '"$1 $(x) $"'],
    ["${}", "!"],
    ["a${", '"a" !'],
    ["${1}", "!"],
    ["${A B}", "!"],
    ["${{project.X}}", "!"],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${JSON.stringify(text)} as Compose does`, () =>
      assert.equal(shown(parseTemplate(text)), expected));
  }

  it("refuses a dollar sign of its own where Swarm reads the file", () => {
    assert.equal(shown(parseTemplate("a $1", true)), '"a " !');
    assert.equal(shown(parseTemplate("a $$1", true)), '"a $1"');
  });

  it("knows how each variable is written, so that its place can be found", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", " ", "$$", "$A", "${B}", "${C:-$D}", "${E:?no}", "$1", "}")),
        (parts) => {
          const text = parts.join("");
          let from = 0;
          for (const segment of parseTemplate(text)) {
            if (segment.kind !== "variable") continue;
            const at = text.indexOf(segment.source, from);
            assert.notEqual(at, -1);
            from = at + segment.source.length;
          }
        },
      ),
    );
  });

  it("puts values in place, or none when one is missing", () => {
    const segments = parseTemplate("a${A}b$$");
    assert.equal(
      substitute(segments, () => "1"),
      "a1b$",
    );
    assert.equal(
      substitute(segments, () => undefined),
      undefined,
    );
  });

  it("reads a long text of open braces in no time", () => {
    assert.equal(parseTemplate("${".repeat(500_000)).length, 1);
    parseTemplate("${A:-".repeat(50_000) + "}".repeat(50_000));
  });
});

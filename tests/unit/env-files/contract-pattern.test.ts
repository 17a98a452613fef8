import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { matchesPattern, maxPatternValue, patternProblem } from "../../../sdk/env-files/contract-pattern";

describe("a pattern of a contract", () => {
  it("matches whole values up to its limit", () => {
    assert.equal(matchesPattern("a|bc", "bc"), true);
    assert.equal(matchesPattern("a|bc", "abc"), false);
    assert.equal(matchesPattern("^a+$", "aaa\n"), false);
    assert.equal(matchesPattern("a*", "a".repeat(maxPatternValue)), true);
    assert.equal(matchesPattern("a*", "a".repeat(maxPatternValue + 1)), false);
  });

  for (const pattern of [
    "^[A-Z]{3}$",
    "[a-z]+-[a-z]+-\\d+",
    "(?:eu|us)-\\w+",
    "(\\d{1,3}\\.){3}\\d{1,3}".replaceAll("{1,3}", "\\d?"),
    "https://.+\\.example\\.com(?::\\d+)?",
    "(?:[0-9a-f]{2}:)*",
    "\\p{Lu}\\p{Script=Greek}\\u{1F600}?",
    "[(a+)+|{2}]*",
    "a\\(b\\)+c\\?",
    "a+?b*?c{2,}?",
    "(?:a*b|c*d|e*f|g*h)",
  ]) {
    it(`may be ${pattern}`, () => assert.equal(patternProblem(pattern), undefined));
  }

  const refused: Readonly<Record<string, RegExp>> = {
    "(": /is not a regular expression/,
    "a{": /is not a regular expression/,
    "(a+)+": /repeats a group/,
    "(?:a|a)*": /repeats a group/,
    "(?:a?){2,}": /repeats a group/,
    "((a|b)c)+": /repeats a group/,
    ".*.*.*.*": /at most three/,
    "(a*){4}": /at most three/,
    "((((x{256}){256}){256}){256})": /at most three/,
    "(?:(?:(?:(?:){256}){256}){256}){256}": /at most three/,
    "(a)\\1": /back reference/,
    "(?<a>a)\\k<a>": /\(\?/,
    "(?=a)": /\(\?/,
    "(?<!a)b": /\(\?/,
    ["a".repeat(1001)]: /over 1000/,
  };
  for (const [pattern, message] of Object.entries(refused)) {
    it(`may not be ${pattern.slice(0, 40)}`, () => assert.match(patternProblem(pattern) ?? "", message));
  }

  it("is refused, or ends after a bounded number of steps", () => {
    /** Counts the steps that backtracking takes at worst, for patterns of single letters and groups. */
    type Node = { text: string; ways: number };
    const leaf: fc.Arbitrary<Node> = fc
      .constantFrom("a", "b", "[ab]", "\\w")
      .map((text) => ({ text, ways: 1 }));
    const { node } = fc.letrec<{ node: Node }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("node"), { minLength: 1, maxLength: 4 }).map((parts) => ({
          text: parts.map(({ text }) => text).join(""),
          ways: parts.reduce((all, { ways }) => all * ways, 1),
        })),
        fc.array(tie("node"), { minLength: 2, maxLength: 3 }).map((arms) => ({
          text: `(?:${arms.map(({ text }) => text).join("|")})`,
          ways: arms.reduce((all, { ways }) => all + ways, 0),
        })),
        tie("node").map(({ text, ways }) => ({ text: `(?:${text})?`, ways: ways + 1 })),
        tie("node").map(({ text, ways }) => ({
          text: `(?:${text})*`,
          ways: ways === 1 ? maxPatternValue : Number.POSITIVE_INFINITY,
        })),
        tie("node").map(({ text, ways }) => ({ text: `(?:${text}){3}`, ways: ways ** 3 })),
      ),
    }));
    let accepted = 0;
    fc.assert(
      fc.property(node, ({ text, ways }) => {
        if (patternProblem(text) !== undefined) return;
        accepted += 1;
        assert.ok(ways <= 2 ** 24, `${text}: ${ways}`);
      }),
      { numRuns: 2000 },
    );
    assert.ok(accepted > 100, `${accepted}`);
  });
});

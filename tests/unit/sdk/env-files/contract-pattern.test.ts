import * as assert from "node:assert/strict";
import { matchesPattern, patternProblem } from "../../../../sdk/env-files/contract-pattern";

describe("a pattern of a contract", () => {
  it("matches whole values of any length", () => {
    assert.equal(matchesPattern("a|bc", "bc"), true);
    assert.equal(matchesPattern("a|bc", "abc"), false);
    assert.equal(matchesPattern("^a+$", "aaa\n"), false);
    assert.equal(matchesPattern("a*", "a".repeat(100_000)), true);
    assert.equal(matchesPattern("\\p{Lu}\\x{1F600}?", "Ä😀"), true);
  });

  it("takes no longer on a value that others never end with", () => {
    assert.equal(matchesPattern("(?:(?:a*)*|a?)+b", "a".repeat(10_000)), false);
  });

  for (const pattern of [
    "^[A-Z]{3}$",
    "[a-z]+-[a-z]+-\\d+",
    "(?:eu|us)-\\w+",
    "(\\d{1,3}\\.){3}\\d{1,3}",
    "https://.+\\.example\\.com(?::\\d+)?",
    "(?:[0-9a-f]{2}:)*",
    "\\p{Lu}\\p{Greek}",
    "(?i)yes|no",
    "(a+)+",
    ".*.*.*.*",
    "[0-9a-f]{1000}",
  ]) {
    it(`may be ${pattern}`, () => assert.equal(patternProblem(pattern), undefined));
  }

  const refused: Readonly<Record<string, RegExp>> = {
    "(": /is not a regular expression of RE2.*: missing closing \): `\(`$/,
    "[z-a]": /invalid character class range/,
    "((x{256}){256})": /invalid repeat count/,
    "(?:(?:a?b?c?){500}){2}": /repeats too much/,
    "(a)\\1": /no back references.*invalid escape sequence/,
    "(?<a>a)\\k<a>": /no back references.*invalid escape sequence/,
    "(?=a)": /no look-around.*invalid or unsupported/,
    "(?<!a)b": /no look-around/,
    "(?<=a)b": /no look-around/,
    ["a".repeat(1001)]: /over 1000/,
  };
  for (const [pattern, message] of Object.entries(refused)) {
    it(`may not be ${pattern.slice(0, 40)}`, () => assert.match(patternProblem(pattern) ?? "", message));
  }
});

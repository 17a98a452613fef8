import * as assert from "node:assert/strict";
import { afterParsing, quoteForCompose } from "../../../provider/env/unquoted";

describe("a value without Dokploy's quotes, as Compose reads it", () => {
  for (const [source, arrival] of [
    ["plain", "plain"],
    ["  \tplain  ", "plain"],
    ["a #b", "a"],
    ["a# b", "a# b"],
    ["a\n# b\n\n", "a"],
    ["a\nb", undefined],
    ["a$$b", "a$b"],
    ["$", "$"],
    ["'a b' # c", "a b"],
    ["'a' b", undefined],
    ["'a", undefined],
    ["'a$b'", "a$b"],
    ["'it\\'s'", "it's"],
    ['"a$$b"', "a$b"],
    ['"a\\nb\\tc\\\\d\\"e"', 'a\nb\tc\\d"e'],
    ['"\\a\\b\\f\\r\\v\\c"', "\x07\b\f\r\v\\c"],
    ['"a\\$b"', "a$b"],
    ['"\\0101"', "A"],
    ['"\\0377"', "ÿ"],
    ['"\\0477"', "\\477"],
    ['"\\018"', "\\18"],
    ['"\\01018"', "A8"],
    ['"\\0"', "\\"],
    ["", ""],
  ] as const) {
    it(`is ${JSON.stringify(arrival ?? "a failure")} of ${JSON.stringify(source)}`, () => {
      assert.deepEqual(afterParsing(source), arrival === undefined ? "fails" : { text: arrival });
    });
  }

  for (const [source, arrival] of [
    ["$HOME", "unknown"],
    ["a ${HOME} b", "unknown"],
    ['"$A"', "unknown"],
    ["${A:-b}", "unknown"],
    ["${A:-b", "fails"],
    ["${", "fails"],
    ["${A?b}", "unknown"],
    ["${A:-${B}}", "unknown"],
    ["${1}", "fails"],
  ] as const) {
    it(`is ${arrival} of ${JSON.stringify(source)}`, () => assert.equal(afterParsing(source), arrival));
  }

  it("is the same value, with the simplest suitable quotes", () => {
    assert.deepEqual(
      ["plain", "a$b", " a", "a #b", "it's #1", "'", "a\nb", "x\\", "a ${{B}} $c"].map(quoteForCompose),
      ["plain", "a$$b", "' a'", "'a #b'", '"it\'s #1"', '"\'"', "'a\nb'", "x\\", "'a ${{B}} $c'"],
    );
  });
});

import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { checkEnv, otherLines, writeEnv } from "../../../provider/env";

describe("lines of a text that hold more than a variable, or none", () => {
  const cases: readonly (readonly [text: string, lines: readonly number[]])[] = [
    ["", []],
    ["A=1\n\nB='x\n# in a value\ny'\n  export C = 2\n", []],
    ["# by hand\nA=1", [1]],
    ["A=1 # note\nB=2", [1]],
    ["A=1\r\nno variable\r\nB=2\r\n; x", [2, 4]],
    ["A='x\ny' # note", [2]],
    ["A=1\nA=2", [1]],
    ["#\n # \nA=1", []],
    ["\ufeffA=1", []],
  ];
  for (const [text, lines] of cases) {
    it(`are ${lines.join(", ") || "none"} in ${JSON.stringify(text)}`, () => {
      assert.deepEqual(otherLines(text), lines);
    });
  }

  it("do not exist in a text that was written from variables", () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,5}$/);
    const value = fc.string({ unit: fc.constantFrom("a", " ", "#", "=", "'", '"', "\n", "\\", "$", "`") });
    fc.assert(
      fc.property(fc.dictionary(name, value), (env) => {
        fc.pre(checkEnv(env, "compose").every(({ reference, warning }) => reference || warning));
        assert.deepEqual(otherLines(writeEnv(env, "compose")), []);
      }),
    );
  });
});

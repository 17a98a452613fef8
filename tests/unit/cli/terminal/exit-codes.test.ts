import * as assert from "node:assert/strict";
import { exitCodesHelp } from "../../../../cli/terminal";

describe("the exit codes in a help", () => {
  it("are those with a meaning, in lines that fit into a terminal", () => {
    assert.deepEqual(exitCodesHelp({ done: "it is deployed" }), [
      "Exit codes: 0 it is deployed; 2 an option is wrong.",
    ]);
    const [done, failed, named] = ["a ".repeat(40).trim(), "b ".repeat(20).trim(), "c"];
    assert.deepEqual(exitCodesHelp({ done, failed, wrong: "an argument is wrong", named }), [
      `Exit codes: 0 ${done}; 1 ${"b ".repeat(12).trim()}`,
      `${"b ".repeat(8).trim()}; 2 an argument is wrong; 3 c.`,
    ]);
  });
});

import * as assert from "node:assert/strict";
import { aligned } from "../../../../cli/terminal";

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

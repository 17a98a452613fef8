import * as assert from "node:assert/strict";
import { containsUnknown, unknownValue } from "../../../packages/values";

describe("a value that is not known yet", () => {
  it("is found in maps and lists of any depth, next to known ones", () => {
    for (const value of [
      unknownValue,
      { a: 1, b: unknownValue },
      [1, unknownValue],
      { a: [{ b: unknownValue }] },
    ])
      assert.equal(containsUnknown(value), true, JSON.stringify(value));
    for (const value of [undefined, null, "text", 7, {}, [], { a: [{ b: "text" }] }])
      assert.equal(containsUnknown(value), false, JSON.stringify(value));
  });
});

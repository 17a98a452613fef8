import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { keyedHash } from "../../../packages/values";

describe("a keyed hash", () => {
  it("is the same for the same key, purpose and values, in any order of names", () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (key, values) => {
        const reversed = Object.fromEntries(Object.entries(values).reverse());
        assert.equal(keyedHash(key, "use", values), keyedHash(key, "use", reversed));
      }),
    );
    assert.equal(keyedHash("key", "use", "value").length, 44);
  });

  it("differs for another key, purpose or value", () => {
    const hashes = [
      keyedHash("key", "use", "a", "b"),
      keyedHash("other", "use", "a", "b"),
      keyedHash("key", "other", "a", "b"),
      keyedHash("key", "use", ["a", "b"]),
      keyedHash("key", "use", "a,b"),
      keyedHash("key", "use", { a: "b" }),
      keyedHash("key", "use", [["a", "b"]]),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
  });
});

import * as assert from "node:assert/strict";
import { unknownValue } from "../../packages/values";
import { type Path, sealed, unsealed } from "../../plugin/values";
import type { Values } from "./calls";

describe("values with marks of secrets", () => {
  const roundtrip = (values: Values, secrets: readonly Path[]) => unsealed(sealed(values, secrets));

  it("come back with a mark at each secret, also in lists, and without one at a missing value", () => {
    const values = { a: { b: ["x", { c: "y" }] }, d: null, e: 1, f: false };
    const secrets = [["a", "b", "0"], ["a", "b", "1", "c"], ["e"]];
    assert.deepEqual(roundtrip(values, secrets), { values, secrets });
    assert.deepEqual(unsealed(sealed({ ...values, g: [undefined] }, [["g", "0"]])).secrets, []);
    assert.deepEqual(roundtrip(values, [["d"], ["x"], ["a", "x"], ["e", "x"]]), { values, secrets: [] });
  });

  it("have one mark around a secret in a secret, and around a value that is not known", () => {
    assert.deepEqual(roundtrip({ a: { b: "x" } }, [["a"], ["a", "b"]]).secrets, [["a"]]);
    const { values, secrets } = roundtrip({ a: unknownValue }, [["a", "b"]]);
    assert.deepEqual([values, secrets], [{ a: unknownValue }, [["a"]]]);
  });

  it("leave out undefined values, and keep places in lists", () => {
    assert.deepEqual(roundtrip({ a: undefined, b: [undefined, { c: undefined }] }, []).values, {
      b: [null, {}],
    });
    assert.deepEqual(unsealed(undefined), { values: {}, secrets: [] });
  });
});

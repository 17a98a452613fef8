import * as assert from "node:assert/strict";
import { unknownValue, valueAt } from "../../../packages/values";

describe("a value at a path", () => {
  const values = { env: { TOKEN: "t", "A.B": 1 }, ports: [{ target: 80 }], later: unknownValue };

  it("is found in maps and lists", () => {
    assert.equal(valueAt(values, []), values);
    assert.equal(valueAt(values, ["env", "A.B"]), 1);
    assert.equal(valueAt(values, ["ports", "0", "target"]), 80);
    assert.equal(valueAt(values, ["ports", 0, "target"]), 80);
  });

  it("is undefined where nothing has that name, which an object inherits or not", () => {
    for (const path of [
      ["none"],
      ["none", "below"],
      ["env", "TOKEN", "length"],
      ["constructor"],
      ["ports", "1"],
    ])
      assert.equal(valueAt(values, path), undefined, path.join("."));
  });

  it("is not known below a value that is not known", () => {
    assert.equal(valueAt(values, ["later"]), unknownValue);
    assert.equal(valueAt(values, ["later", "below", "0"]), unknownValue);
  });
});

import * as assert from "node:assert/strict";
import { someOf } from "../../packages/text";

describe("names in a message", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`);

  it("are all of them up to ten, and the number of the others", () => {
    assert.equal(someOf([]), "");
    assert.equal(someOf(names(2)), "n1, n2");
    assert.equal(someOf(names(10)), names(10).join(", "));
    assert.equal(someOf(names(12)), `${names(10).join(", ")} and 2 more`);
    assert.equal(someOf(names(3), "; ", 2), "n1; n2 and 1 more");
  });
});

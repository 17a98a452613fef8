import * as assert from "node:assert/strict";
import { Claims } from "../../../provider/run/claims";

describe("the owners of the variables of a text in a run", () => {
  const text = "application/a/env";

  it("may be missing, one for each key, or one for the whole text", () => {
    const claims = new Claims();
    assert.deepEqual(claims.unclaimed(text, ["A", "B"]), ["A", "B"]);
    assert.deepEqual([...claims.claimed(text)], []);
    claims.claim(text, ["A"]);
    claims.claim(text, ["C"]);
    claims.claim("application/b/env", ["B"]);
    assert.deepEqual(claims.unclaimed(text, ["A", "B", "C"]), ["B"]);
    assert.deepEqual([...claims.claimed(text)], ["A", "C"]);
    claims.claim(text);
    assert.deepEqual(claims.unclaimed(text, ["A", "B"]), []);
    assert.deepEqual([...claims.claimed(text)], ["A", "C"], "the whole text names none");
    assert.deepEqual(claims.unclaimed("application/b/env", ["A", "B"]), ["A"]);
  });

  it("a save without a response leaves its own place in doubt, and no other", () => {
    const claims = new Claims();
    claims.doubt("application/a");
    assert.deepEqual(
      ["application/a", "application/b"].map((place) => claims.isDoubtful(place)),
      [true, false],
    );
  });
});

import * as assert from "node:assert/strict";
import { Run } from "../../../../provider/lifecycle";

describe("the owners of the variables of a text in a run", () => {
  const text = "application/a/env";

  it("may be missing, one for each key, or one for the whole text", () => {
    const run = new Run();
    assert.deepEqual(run.ownership.unclaimed(text, ["A", "B"]), ["A", "B"]);
    assert.deepEqual([...run.ownership.claimed(text)], []);
    run.ownership.claim(text, ["A"]);
    run.ownership.claim(text, ["C"]);
    run.ownership.claim("application/b/env", ["B"]);
    assert.deepEqual(run.ownership.unclaimed(text, ["A", "B", "C"]), ["B"]);
    assert.deepEqual([...run.ownership.claimed(text)], ["A", "C"]);
    run.ownership.claim(text);
    assert.deepEqual(run.ownership.unclaimed(text, ["A", "B"]), []);
    assert.deepEqual([...run.ownership.claimed(text)], ["A", "C"], "the whole text names none");
    assert.deepEqual(run.ownership.unclaimed("application/b/env", ["A", "B"]), ["A"]);
  });

  it("a save without a response leaves its own place in doubt, and no other", () => {
    const run = new Run();
    run.ownership.doubt("application/a");
    assert.deepEqual(
      ["application/a", "application/b"].map((place) => run.ownership.isDoubtful(place)),
      [true, false],
    );
  });
});

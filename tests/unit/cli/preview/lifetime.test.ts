import * as assert from "node:assert/strict";
import { endOf, reasonToRemove } from "../../../../cli/preview/lifetime";

describe("the lifetime of a preview", () => {
  const updated = new Date("2026-11-01T12:00:00.000Z");
  const day = 24 * 3_600_000;
  const at = (ms: number) => new Date(updated.valueOf() + ms);

  it("is seven days, or what the rules say in days or hours", () => {
    for (const [lifetime, ms] of [
      [undefined, 7 * day],
      ["2d", 2 * day],
      ["36h", 1.5 * day],
    ] as const)
      assert.deepEqual(endOf(updated, lifetime === undefined ? {} : { lifetime }), at(ms));
  });

  it("ends with its last moment, and at once when the pull request is closed", () => {
    const reason = (now: Date, open?: ReadonlySet<string>) =>
      reasonToRemove({ number: "12", updated }, open, { lifetime: "1d" }, now);
    assert.equal(reason(at(day - 1)), undefined);
    assert.equal(reason(at(day)), "expired");
    assert.equal(reason(at(1), new Set(["12"])), undefined);
    assert.equal(reason(at(1), new Set()), "closed");
    assert.equal(reason(at(day), new Set(["12"])), "expired");
  });
});

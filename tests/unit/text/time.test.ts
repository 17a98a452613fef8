import { strict as assert } from "node:assert";
import { shownMinute } from "../../../packages/text";

describe("shownMinute", () => {
  it("gives the minute in UTC, for dates and for milliseconds", () => {
    const time = new Date("2026-11-29T06:49:59+01:00");
    assert.equal(shownMinute(time), "2026-11-29 05:49 UTC");
    assert.equal(shownMinute(time.valueOf()), "2026-11-29 05:49 UTC");
  });
});

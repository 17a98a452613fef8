import * as assert from "node:assert/strict";
import { CheckFailedError, PartialFailureError, UserError } from "../../../provider/errors";

describe("the message of an expected error", () => {
  it("has a line for each problem, with the input that it concerns", () => {
    const error = new CheckFailedError([
      { property: "name", reason: "is taken" },
      { property: "", reason: "the server is away" },
    ]);
    assert.ok(error instanceof UserError);
    assert.equal(error.message, "name: is taken\nthe server is away");
  });

  it("of an object that exists although its creation failed is that of the cause", () => {
    const cause = new UserError("the build failed");
    assert.equal(String(new PartialFailureError("a-1", {}, cause)), "PartialFailureError: the build failed");
    assert.equal(new PartialFailureError("a-1", {}, "no answer").message, "no answer");
  });
});

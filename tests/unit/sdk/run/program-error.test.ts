import * as assert from "node:assert/strict";
import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi";
import { ProgramError } from "../../../../sdk/run";

describe("an error of the program", () => {
  const error = Object.assign(new ProgramError("KEY is missing"), {
    promise: Promise.resolve({ large: "rest" }),
  });

  it("is shown by Pulumi without a stack trace", () => {
    assert.ok(RunError.isInstance(error));
    assert.equal(error.message, "KEY is missing");
  });

  it("is inspected without its references, which can be the whole program", () => {
    assert.equal(inspect(error, { colors: true }), "KEY is missing");
  });
});

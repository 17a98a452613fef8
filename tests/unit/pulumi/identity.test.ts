import * as assert from "node:assert/strict";
import { identityKey, separate } from "../../../provider/pulumi";

describe("what the class of a resource reports in addition to the inputs", () => {
  it("is for the check alone, but for the identity", () => {
    const secrets = [["env", "TOKEN"]];
    const given = { name: "api", [identityKey]: { identity: "abcdefgh", secrets } };
    assert.deepEqual(separate(given), {
      inputs: { name: "api", [identityKey]: "abcdefgh" },
      secrets,
    });
  });

  it("is nothing if the inputs are those of a state, which may be older than the identity", () => {
    for (const given of [{ name: "api", [identityKey]: "abcdefgh" }, { name: "api" }]) {
      assert.deepEqual(separate(given), { inputs: given, secrets: undefined });
    }
  });
});

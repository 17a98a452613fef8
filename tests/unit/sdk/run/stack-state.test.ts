import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readStackState } from "../../../../sdk/run";

describe("the stack's own state", () => {
  /** Reads it in a run of its own, whose engine gives these answers one after the other. */
  async function read(answers: readonly (string | object)[]): Promise<{ state?: object; calls: number }> {
    let calls = 0;
    const call = () => {
      const next = answers[calls++];
      // As gRPC has what the engine says.
      if (typeof next === "string") throw Object.assign(new Error(), { details: next });
      return next ?? {};
    };
    const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({ id: name, state: inputs });
    await pulumi.runtime.setMocks({ newResource, call }, "shop", "test", false, "acme");
    let state: object | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
      state = await readStackState().catch((error: Error) => error);
      return {};
    });
    return { ...(state === undefined ? {} : { state }), calls };
  }

  const halfWritten =
    "invocation of pulumi:pulumi:readStackResourceOutputs returned an error: failed to load checkpoint: EOF";

  it("is read again if a file of it was just being written", async () => {
    const outputs = { "urn:a": { outputs: { id: "1" } } };
    assert.deepEqual(await read([halfWritten, halfWritten, { outputs }]), { state: outputs, calls: 3 });
  });

  it("is not read again for another reason, and not forever", async () => {
    const other = await read(["no such stack"]);
    assert.match(String(other.state), /no such stack/);
    assert.equal(other.calls, 1);
    const never = await read(Array.from({ length: 20 }, () => halfWritten));
    assert.match(String(never.state), /failed to load checkpoint/);
    assert.equal(never.calls, 6);
  }).timeout(10_000);
});

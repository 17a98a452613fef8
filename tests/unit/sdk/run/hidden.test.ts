import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { noteSecret, withoutSecrets } from "../../../../sdk/run";
import { mocks } from "../../../resources/lookups";

const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
  withLocalStorage<T>(work: () => T): T;
};

/** One program, as the Automation API runs several in a process. */
async function run(program: () => Promise<void> | void): Promise<void> {
  await withLocalStorage(async () => {
    await pulumi.runtime.setMocks(mocks, "shop", "test");
    await pulumi.runtime.runInPulumiStack(async () => program());
  });
}

describe("a secret that a program has read", () => {
  it("is hidden in messages of this program, but not in those of another one in the process", async () => {
    let hasNoted: () => void = () => {};
    const noted = new Promise<void>((resolve) => {
      hasNoted = resolve;
    });
    let hasLooked: () => void = () => {};
    const looked = new Promise<void>((resolve) => {
      hasLooked = resolve;
    });
    const said = "of-the-first deep-of-the-first 47110 second-secret";
    await Promise.all([
      run(async () => {
        noteSecret("of-the-first");
        noteSecret({ nested: ["deep-of-the-first"], port: 47110 });
        hasNoted();
        await looked;
        assert.equal(withoutSecrets(said), "[secret] [secret] [secret] second-secret");
      }),
      run(async () => {
        await noted;
        noteSecret("second-secret");
        assert.equal(withoutSecrets(said), "of-the-first deep-of-the-first 47110 [secret]");
        hasLooked();
      }),
    ]);
  });

  it("is hidden in all of them if it was read before any began, as in a shared module", async () => {
    withLocalStorage(() => noteSecret("of-a-module"));
    await run(() => assert.equal(withoutSecrets("of-a-module"), "[secret]"));
  });
});

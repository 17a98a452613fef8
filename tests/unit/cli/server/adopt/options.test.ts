import * as assert from "node:assert/strict";
import { runAdopt } from "../../../../../cli/server";
import { UsageError } from "../../../../../cli/terminal";

describe("adopt, before it reads anything", () => {
  it("refuses arguments without a stack, operands and unknown options", async () => {
    const never = new Proxy({}, { get: () => assert.fail("nothing is asked") });
    for (const args of [[], ["--yes"], ["prod"], ["--stage", "prod", "api"], ["--stage", "prod", "--force"]])
      await assert.rejects(runAdopt(args, never as never), UsageError, args.join(" "));
  });
});

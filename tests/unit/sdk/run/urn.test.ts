import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { urnOf } from "../../../../sdk/run";

const type = "pulumi-nodejs:dynamic/dokploy:Application";

describe("the URN that a resource is going to have", () => {
  for (const name of ["api", "a::b", "ä ö", ""]) {
    it(`is that of Pulumi for ${JSON.stringify(name)}`, async () => {
      await pulumi.runtime.setMocks(
        { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: ({ inputs }) => inputs },
        "shop",
        "test",
      );
      const { promise } = pulumi.createUrn(name, type) as unknown as { promise(): Promise<string> };
      assert.equal(await urnOf(type, name, undefined), await promise());
    });
  }
});

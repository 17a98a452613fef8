import * as assert from "node:assert/strict";
import { parseUrn } from "../../../provider/pulumi";

describe("a URN", () => {
  it("shows what it names, in a component too, for any name", () => {
    const parent = "acme:Team$acme:Part$";
    const own = "pulumi-nodejs:dynamic/dokploy:Application";
    for (const name of ["api", "a::b", "a$b\nc", ""]) {
      assert.deepEqual(parseUrn(`urn:pulumi:dev::shop::${parent}${own}::${name}`), {
        stack: "dev",
        project: "shop",
        types: parent + own,
        type: own,
        kind: "Application",
        name,
      });
    }
  });

  it("of another package has no kind", () => {
    const of = parseUrn("urn:pulumi:dev::shop::aws:s3/bucket:Bucket::files");
    assert.deepEqual([of?.type, of?.kind], ["aws:s3/bucket:Bucket", undefined]);
  });

  it("has no other form", () => {
    for (const text of ["", "api", "urn:pulumi:dev::shop::api"]) assert.equal(parseUrn(text), undefined);
  });
});

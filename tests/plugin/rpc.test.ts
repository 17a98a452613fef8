import * as assert from "node:assert/strict";
import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { method } from "../../plugin/rpc";
import { currentUrn } from "../../provider/pulumi/subject";

describe("a method of the plugin", () => {
  const getter = (name: string, thrown: unknown) =>
    Object.defineProperty(new Error("x"), name, {
      get() {
        throw thrown;
      },
    });
  const errors: Readonly<Record<string, unknown>> = {
    "whose message throws": getter("message", new Error("canary")),
    "whose stack throws what throws again": getter("stack", getter("message", "canary")),
    "whose message has no text": { message: Object.create(null) },
  };
  for (const [name, error] of Object.entries(errors)) {
    it(`responds to Pulumi with an error ${name}`, async () => {
      const response = await new Promise<Partial<StatusObject> | null>((resolve) => {
        const call = { request: {}, metadata: new Metadata() } as Parameters<ReturnType<typeof method>>[0];
        method(() => {
          throw error;
        })(call, (failure) => resolve(failure as Partial<StatusObject> | null));
      });
      assert.deepEqual(response, { code: status.UNKNOWN, details: "an error whose text cannot be read" });
    });
  }

  it("shows its messages at the resource that Pulumi asks about", async () => {
    const seen = async (request: object) =>
      await new Promise((resolve) => {
        const call = { request, metadata: new Metadata() } as Parameters<ReturnType<typeof method>>[0];
        method(() => currentUrn())(call, (_, response) => resolve(response));
      });
    const urn = "urn:pulumi:dev::shop::dokploy-native:index:Tag::one";
    assert.equal(await seen({ getUrn: () => urn }), urn);
    assert.equal(await seen({}), undefined);
  });
});

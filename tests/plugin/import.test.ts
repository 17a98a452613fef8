import * as assert from "node:assert/strict";
import { Metadata } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { stateOf } from "../../plugin/import";
import { resourceAt } from "../../plugin/resources";
import { Server } from "../../plugin/server";
import { sealed } from "../../plugin/values";
import { importedKey } from "../../provider/lifecycle/imported";
import { pluginPrefix } from "../../provider/pulumi/urn";
import { provider } from "../../provider/runtime";

describe("an import of the plugin, of an object that Dokploy does not have", () => {
  const server = new Server((kind) => ({
    ...provider(kind),
    configure: async () => {},
    import: async () => ({ id: "" }),
  }));

  /** Reads the object; returns its id, or the message of the error. */
  function read(kind: string, inputs: object, properties: object): Promise<string> {
    const request = new proto.ReadRequest();
    request.setId("NothingHasThisIdAtAll");
    request.setUrn(`urn:pulumi:test::shop::${pluginPrefix}${kind}::web`);
    request.setInputs(sealed({ ...inputs }, []));
    request.setProperties(sealed({ ...properties }, []));
    return new Promise((resolve) => {
      server.read({ request, metadata: new Metadata() } as never, (error, response) => {
        resolve(error ? String(error.details) : (response as proto.ReadResponse).getId());
      });
    });
  }

  it("is refused, and the kind and the id are named", async () => {
    assert.match(
      await read("Application", {}, {}),
      /^Dokploy has no Application with the id NothingHasThisIdAtAll, .*look it up in Dokploy\.$/,
    );
  });

  it("finds a deletion when the object was imported before", async () => {
    assert.equal(await read("Application", { name: "web", [importedKey]: true }, { name: "web" }), "");
  });

  it("is refused for a kind that does not exist, such as a component", async () => {
    assert.match(
      await read("DeploymentRepository", {}, {}),
      /has no resource "DeploymentRepository"\. Check the name/,
    );
  });
});

describe("the state of an import in the plugin", () => {
  it("has only the inputs that the program gives", () => {
    const { entity } = resourceAt(`urn:pulumi:test::shop::${pluginPrefix}Tag::web`, provider);
    const state = sealed({ name: "web", color: "#112233", [importedKey]: {} }, []);
    const inputs = sealed({ name: "web", color: "#112233", [importedKey]: true }, []);
    assert.deepEqual(stateOf({ entity }, state, inputs, { name: "new" }).values, { name: "web" });
  });
});

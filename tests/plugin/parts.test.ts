import * as assert from "node:assert/strict";
import type * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { configurationOf } from "../../plugin/configuration";
import { detailsOf } from "../../plugin/details";
import { withNamedParts } from "../../plugin/inputs";
import { bare, resourceAt } from "../../plugin/resources";
import { method, Unfinished } from "../../plugin/rpc";
import { unsealed } from "../../plugin/values";
import { handedKey } from "../../provider/dokploy/settings/handed";
import { providerKey } from "../../provider/pulumi/handlers-text";
import { identityKey } from "../../provider/pulumi/identity";

describe("a part in a list of the plugin's inputs", () => {
  const host = "a.example.com";

  it("has its key as its name, or its position where that is secret, and keeps its marks", () => {
    const named = (...secrets: string[][]) => {
      const { values, secrets: moved } = withNamedParts("Application", {
        values: { domains: [{ host, port: 80 }] },
        secrets,
      });
      return { names: Object.keys(values["domains"] as object), moved };
    };
    const [open = ""] = named().names;
    assert.ok(open.includes(host));
    assert.deepEqual(named(["domains", "0", "port"]), { names: [open], moved: [["domains", open, "port"]] });
    for (const mark of [
      ["domains", "0", "host"],
      ["domains", "0"],
    ])
      assert.deepEqual(named(mark), { names: ["[0]"], moved: [["domains", "[0]", ...mark.slice(2)]] });
    assert.deepEqual(named(["domains"]), { names: ["[0]"], moved: [["domains"]] });
  });
});

describe("the providers that Pulumi itself creates", () => {
  it("are known by their whole first word", () => {
    const isOfProgram = (name: string) => configurationOf(name, {}, {})(handedKey) !== undefined;
    assert.deepEqual(["default", "default_0_1_0", "default_0_1_0_https"].map(isOfProgram), [
      false,
      false,
      false,
    ]);
    assert.deepEqual(["defaults", "default-eu", "eu", "my_default"].map(isOfProgram), [
      true,
      true,
      true,
      true,
    ]);
  });
});

describe("the details of a difference in the plugin", () => {
  const detailsFor = (kind: string, olds: object, news: object) => {
    const urn = `urn:pulumi:dev::shop::dokploy-native:index:${kind}::it`;
    const { entity } = resourceAt(urn, () => ({}) as never);
    return Object.fromEntries(detailsOf(entity, { ...olds }, { ...news }));
  };

  it("say whether an input is added, removed or changed, and whether that replaces the object", () => {
    const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
    assert.deepEqual(
      detailsFor("Environment", { projectId: "a", name: "x" }, { projectId: "b", name: "y" }),
      {
        projectId: UPDATE_REPLACE,
        name: UPDATE,
      },
    );
    assert.deepEqual(detailsFor("Environment", { name: "x", description: "y" }, { name: "x" }), {
      description: DELETE,
    });
    assert.deepEqual(
      detailsFor(
        "Application",
        { env: { A: "1", B: "1", "C.D": "1" } },
        { env: { A: "2", "C.D": "2", E: "1" } },
      ),
      { "env.A": UPDATE, "env.B": DELETE, 'env["C.D"]': UPDATE, "env.E": ADD },
    );
  });

  it("name of a part only what changes in it", () => {
    const domain = (port: number) => ({ domains: { a: { host: "a.example.com", port } } });
    assert.deepEqual(detailsFor("Application", domain(80), domain(81)), {
      "domains.a.port": PropertyDiff.Kind.UPDATE,
    });
  });
});

describe("values that the plugin returns", () => {
  it("lack what only dynamic providers keep in a state", () => {
    assert.deepEqual(bare({ name: "a", [identityKey]: "b", [providerKey]: "code" }), { name: "a" });
  });
});

describe("an object that exists although its creation failed", () => {
  it("is reported with its properties, and reasons in which everything is visible", async () => {
    const failing = method((): never => {
      throw new Unfinished({ message: "it failed", id: "id1", reasons: ["a\u001b[2J"] }, { token: "x" }, [
        ["token"],
      ]);
    });
    const error = await new Promise<Partial<grpc.StatusObject>>((resolve) =>
      failing({ request: {} } as never, (failure) => resolve(failure as Partial<grpc.StatusObject>)),
    );
    assert.equal(error.details, "it failed");
    const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
    const [packed] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
    const detail = ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() ?? new Uint8Array());
    assert.equal(detail.getId(), "id1");
    assert.deepEqual(detail.getReasonsList(), ["a\\x1b[2J"]);
    assert.deepEqual(unsealed(detail.getProperties()), { values: { token: "x" }, secrets: [["token"]] });
  });
});

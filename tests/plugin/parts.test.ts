import * as assert from "node:assert/strict";
import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { unknownValue } from "../../packages/values";
import { configurationOf } from "../../plugin/configuration";
import { detailsOf } from "../../plugin/details";
import { withNamedParts } from "../../plugin/inputs";
import { bare, resourceAt } from "../../plugin/resources";
import { method, Unfinished } from "../../plugin/rpc";
import { unsealed } from "../../plugin/values";
import { providerSettingsKey } from "../../provider/dokploy/settings/provider-settings";
import { providerKey } from "../../provider/pulumi/handlers-text";
import { identityKey } from "../../provider/pulumi/identity";
import { samePart } from "../../sdk/program-checks/part-names";

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
    assert.deepEqual(named(["args", "0"]).moved, [["args", "0"]]);
  });

  it("has its position as its name where its key is not known yet", () => {
    const domains = [{ host }, { host: unknownValue }];
    const { values, failures } = withNamedParts("Application", { values: { domains }, secrets: [] });
    assert.deepEqual(values["domains"], { [`${host}/`]: domains[0], "[1]": domains[1] });
    assert.deepEqual(failures, []);
  });

  it("has a place of its own: the problem names both places, and what makes two parts the same", () => {
    const domains = [{ host, port: 1 }, { host: "b.example.com" }, { host, port: 2 }];
    const { failures } = withNamedParts("Application", { values: { domains }, secrets: [] });
    assert.deepEqual(failures, [{ property: "domains[0]", reason: `and [2] ${samePart("Domain")}` }]);
    assert.match(samePart("Domain"), /host/);
  });
});

describe("the providers that Pulumi itself creates", () => {
  it("are known by their whole first word", () => {
    const isOfProgram = (name: string) => configurationOf(name, {}, {})(providerSettingsKey) !== undefined;
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

const detailsFor = (kind: string, olds: object, news: object) => {
  const urn = `urn:pulumi:dev::shop::dokploy-native:index:${kind}::it`;
  const { entity } = resourceAt(urn, () => ({}) as never);
  return Object.fromEntries(detailsOf(entity, { ...olds }, { ...news }));
};

describe("the details of a difference in the plugin", () => {
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

  it("name what differs inside a list and a map, and these as a whole where they are new or gone", () => {
    const { ADD, DELETE, UPDATE } = PropertyDiff.Kind;
    const details = (olds: object, news: object) => detailsFor("Application", olds, news);
    assert.deepEqual(details({ args: ["a", "b"] }, { args: ["a", "c", "d"] }), {
      "args[1]": UPDATE,
      "args[2]": ADD,
    });
    assert.deepEqual(details({ args: ["a", "b"] }, { args: ["a"] }), { "args[1]": DELETE });
    assert.deepEqual(details({}, { args: ["a"] }), { args: ADD });
    assert.deepEqual(details({ args: ["a"] }, {}), { args: DELETE });
    const swarm = (labels: object, condition: string) => ({
      swarm: { labels, restartPolicy: { Condition: condition } },
    });
    assert.deepEqual(
      details(swarm({ "a.b": "1", team: "x" }, "any"), swarm({ "a.b": "2", of: "y" }, "none")),
      {
        'swarm.labels["a.b"]': UPDATE,
        "swarm.labels.team": DELETE,
        "swarm.labels.of": ADD,
        "swarm.restartPolicy.Condition": UPDATE,
      },
    );
  });

  it("name a map as a whole where it is new, gone or not known yet", () => {
    const { ADD, DELETE, UPDATE } = PropertyDiff.Kind;
    const [without, known, later] = [{}, { env: { A: "1" } }, { env: unknownValue }];
    const details = (olds: object, news: object) => detailsFor("Application", olds, news);
    assert.deepEqual(details(without, known), { env: ADD });
    assert.deepEqual(details(known, without), { env: DELETE });
    for (const [olds, news] of [
      [known, later],
      [later, known],
    ] as const)
      assert.deepEqual(details(olds, news), { env: UPDATE });
    const part = (inputs: unknown) => ({ domains: { a: inputs } });
    assert.deepEqual(details(part({ host: "a.dev" }), part(unknownValue)), { "domains.a": UPDATE });
  });

  it("name of a part only what changes in it", () => {
    const domain = (port: number) => ({ domains: { a: { host: "a.example.com", port } } });
    const { ADD, DELETE, UPDATE } = PropertyDiff.Kind;
    assert.deepEqual(detailsFor("Application", domain(80), domain(81)), { "domains.a.port": UPDATE });
    const open = { domains: { a: { host: "a.example.com" } } };
    assert.deepEqual(detailsFor("Application", open, domain(80)), { "domains.a.port": ADD });
    assert.deepEqual(detailsFor("Application", domain(80), open), { "domains.a.port": DELETE });
  });
});

describe("the details of an input that only checks use", () => {
  it("say how it changes, though Dokploy has no place for it", () => {
    const { ADD, DELETE, UPDATE } = PropertyDiff.Kind;
    const [open, strict, loose] = [{}, { checks: { latest: "error" } }, { checks: { latest: "warning" } }];
    const details = (olds: object, news: object) => detailsFor("Compose", olds, news);
    assert.deepEqual(details(open, strict), { checks: ADD });
    assert.deepEqual(details(strict, loose), { checks: UPDATE });
    assert.deepEqual(details(loose, open), { checks: DELETE });
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
      failing({ request: {}, metadata: new grpc.Metadata() } as never, (failure) =>
        resolve(failure as Partial<grpc.StatusObject>),
      ),
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

import * as assert from "node:assert/strict";
import { parseStack } from "../../../provider/pulumi/stack-state";

const mark = "4dabf18193072939515e22adb298388d";
const urn = (kind: string, name: string, parents = "") =>
  `urn:pulumi:dev::shop::${parents}pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

function exported(...resources: object[]): string {
  const stack = { urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", type: "pulumi:pulumi:Stack" };
  return JSON.stringify({ version: 3, deployment: { resources: [stack, ...resources] } });
}

describe("the state of a stack, as exported", () => {
  it("gives the resources of this package with their ids, and no value", () => {
    const found = parseStack(
      exported(
        { urn: urn("Application", "api"), id: "a1", outputs: { name: "api", env: { A: "canary-1" } } },
        { urn: urn("Compose", "jobs", "acme:Team$"), id: "c1", outputs: { name: "jobs" } },
        { urn: urn("Application", "a::b"), id: "a2", outputs: {} },
        { urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::files", id: "b1" },
      ),
    );
    assert.deepEqual(
      found?.map(({ kind, name, id }) => ({ kind, name, id })),
      [
        { kind: "Application", name: "api", id: "a1" },
        { kind: "Compose", name: "jobs", id: "c1" },
        { kind: "Application", name: "a::b", id: "a2" },
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /canary/);
  });

  it("leaves out resources that are only read, and marks those that wait to be created again", () => {
    const found = parseStack(
      exported(
        { urn: urn("Application", "read"), id: "a1", external: true },
        { urn: urn("Application", "replaced"), id: "a1", pendingReplacement: true },
        { urn: urn("Application", "made"), id: "" },
        { urn: urn("Application", "deleted"), id: "a1", delete: true },
      ),
    );
    assert.deepEqual(
      found?.map(({ name, isWaiting }) => [name, isWaiting]),
      [
        ["replaced", true],
        ["deleted", false],
      ],
    );
  });

  it("reports which variables a block owns, and takes the whole text if it cannot see the names", () => {
    const block = (outputs: object) => ({ urn: urn("EnvironmentBlock", "b"), id: "application/a1", outputs });
    const found = parseStack(
      exported(
        block({ mode: "additive", env: { A: "1", B: { [mark]: "secret", ciphertext: "…" } } }),
        block({ mode: "additive", env: { [mark]: "secret", ciphertext: "…" }, buildArgs: { C: "2" } }),
        block({ env: { A: "1" } }),
        { urn: urn("Application", "api"), id: "a1", outputs: { env: { A: "1" } } },
        { urn: urn("Application", "bare"), id: "a2", outputs: { env: null } },
        { urn: urn("Application", "built"), id: "a3", outputs: { buildSecrets: { D: "3" } } },
      ),
    );
    assert.deepEqual(
      found?.map(({ variables }) => variables),
      [
        { env: ["A", "B"] },
        { env: "all", buildArgs: ["C"] },
        { env: "all" },
        { env: "all" },
        {},
        { buildSecrets: "all" },
      ],
    );
    assert.deepEqual(
      found?.map(({ names }) => names),
      [
        { env: ["A", "B"] },
        { buildArgs: ["C"] },
        { env: ["A"] },
        { env: ["A"] },
        {},
        { buildSecrets: ["D"] },
      ],
    );
  });

  it("reports where secrets are, in inputs, maps and lists", () => {
    const secret = { [mark]: "secret", ciphertext: "…" };
    const api = { urn: urn("Application", "api"), id: "a1", inputs: { args: ["x", secret], name: secret } };
    const found = parseStack(exported({ ...api, outputs: { env: { A: "1", B: secret } } }));
    assert.deepEqual(found?.[0]?.secrets, [["args", "1"], ["name"], ["env", "B"]]);
  });

  it("reports which identity a resource has, and which is tainted", () => {
    const found = parseStack(
      exported(
        { urn: urn("Application", "api"), id: "a1", outputs: { __urn: "12345678" } },
        { urn: urn("Application", "old"), id: "a2", taint: true },
      ),
    );
    assert.deepEqual(
      found?.map(({ identity, isTainted }) => [identity, isTainted]),
      [
        ["12345678", false],
        [undefined, true],
      ],
    );
  });

  it("is refused if it belongs to another stack or project, or is not a state", () => {
    const state = exported({ urn: urn("Application", "api"), id: "a1" });
    assert.equal(parseStack(state, { project: "shop", stack: "dev" })?.length, 1);
    assert.equal(parseStack(state, { project: undefined, stack: undefined })?.length, 1);
    assert.equal(parseStack(state, { project: "shop", stack: "prod" }), undefined);
    assert.equal(parseStack(state, { project: "bank" }), undefined);
    for (const broken of ["", "{", "[]", "null", '{"deployment":null}', '{"deployment":{"resources":7}}']) {
      assert.equal(parseStack(broken), undefined, broken);
    }
    assert.deepEqual(parseStack('{"version":3,"deployment":{}}'), []);
    assert.deepEqual(parseStack('{"deployment":{"resources":[null,7]}}'), []);
  });
});

import * as assert from "node:assert/strict";
import { Claims, nameClaim, objectClaim, sameObject, textClaims } from "../../../../provider/lifecycle";

const of = (name: string) => ({ resource: `id of ${name}`, label: `EnvironmentBlock "${name}"` });

describe("the claims of a run", () => {
  it("clash if two resources claim the same key in the same place, and in no other case", () => {
    const claims = new Claims();
    const name = (environmentId: string, kind = "Application") => nameClaim(kind, environmentId, "web");
    assert.equal(claims.enter(of("one"), name("a")), undefined);
    assert.equal(claims.enter(of("one"), name("a")), undefined, "its own");
    assert.equal(claims.enter(of("two"), name("b")), undefined, "elsewhere");
    assert.equal(claims.enter(of("two"), name("a", "Compose")), undefined, "another part");
    assert.match(
      claims.enter(of("two"), name("a")) ?? "",
      /^EnvironmentBlock "two" and EnvironmentBlock "one"/,
    );
  });

  it("are free again when a resource releases them", () => {
    const claims = new Claims();
    const [env] = textClaims("application", "a", { env: {} });
    assert.ok(env);
    claims.enter(of("one"), env);
    claims.release("id of one");
    assert.equal(claims.enter(of("two"), env), undefined);
    assert.match(claims.enter(of("one"), env) ?? "", /both own env of the same application/);
  });

  it("of variables name those that both have, and the whole text clashes with any", () => {
    const claims = new Claims();
    const texts = (inputs: object) =>
      textClaims("application", "a", inputs, (map) => Object.keys(map as object));
    const enter = (name: string, inputs: object) =>
      texts(inputs).map((claim) => claims.enter(of(name), claim)).find(Boolean); // biome-ignore format: one line
    assert.equal(enter("one", { env: { A: "1", B: "1" }, buildArgs: { A: "1" } }), undefined);
    assert.equal(enter("two", { env: { C: "1" }, buildArgs: { B: "1" } }), undefined);
    assert.match(enter("three", { env: { B: "1", C: "1" } }) ?? "", /both own env\.B of/);
    const [whole] = textClaims("application", "a", { buildArgs: {} });
    assert.match((whole && claims.enter(of("all"), whole)) ?? "", /both own buildArgs of/);
  });

  it("of objects give the inputs of the key without their values, and why they must differ", () => {
    const facts = {
      kind: "Backup",
      key: [["prefix", "/"], ["destinationId"]],
      duplicates: "would mix",
    } as const;
    const problem = sameObject(facts, " for the same service");
    assert.equal(
      problem,
      "are the same Backup: they have the same prefix and destinationId for the same service and would mix. Keep one of the two",
    );
    const { clash, keys } = objectClaim(facts, "a", ["canary", "b"]);
    assert.deepEqual(keys, ['["canary","b"]']);
    assert.equal(clash("one", "two", undefined), `one and two ${problem}.`);
    assert.match(sameObject({ kind: "WebServerSettings", key: [] }), /: a server has one\. Keep/);
  });
});

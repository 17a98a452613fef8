import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { unknownValue } from "../../packages/values";
import { type Path, sealed, unsealed } from "../../plugin/values";
import { identityKey, identityOf } from "../../provider/pulumi/identity";
import { Calls, call, filled, urnOf, type Values } from "./calls";

describe("the server of the plugin, in the check of a resource", () => {
  let calls: Calls;
  beforeEach(() => {
    calls = new Calls();
  });

  const check = async (kind: string, news: Values, more: Values = {}, results: Values = {}) => {
    const server = calls.serverOf({
      check: (_olds: Values, inputs: Values) => ({ inputs, failures: [], ...results }),
    });
    const request = filled(new proto.CheckRequest(), {
      ...{ Urn: urnOf(kind), News: sealed(news, []), Name: "one" },
      ...more,
    });
    const response = await call<proto.CheckResponse>(server.check, request);
    const about = calls.of("check")?.[1]?.[identityKey] as Values;
    return {
      inputs: unsealed(response.getInputs()),
      struct: response.getInputs(),
      about,
      reasons: response.getFailuresList().map((failure) => failure.getReason()),
    };
  };

  it("marks values that are secret by their nature: keys, passwords in an address, and those of parts", async () => {
    const { inputs, about } = await check("Application", {
      name: "api",
      source: { type: "git", url: "https://ada:canary@git.example.com/a.git" },
      buildSecrets: { A: "canary", B: "canary" },
      preview: { buildSecrets: { C: "canary" }, env: { D: "1" } },
      security: [{ username: "ada", password: "canary" }],
    });
    const marks = ["buildSecrets.A", "buildSecrets.B", "preview.buildSecrets.C", "security.ada.password"];
    assert.deepEqual(inputs.secrets.map((path) => path.join(".")).sort(), [...marks, "source.url"]);
    const passed = (about["secrets"] as Path[]).map((path) => path.join("."));
    assert.deepEqual(passed.sort(), [...marks, "source.url"]);
    const open = await check("Application", {
      source: { type: "git", url: "https://git.example.com/a.git" },
    });
    assert.deepEqual([open.inputs.secrets, open.reasons], [[], []]);
  });

  it("marks a map that holds no variables as a whole, and variables that are not known yet", async () => {
    const channel = { type: "custom", endpoint: "https://a.dev", headers: { Authorization: "canary" } };
    const { inputs } = await check("Notification", { name: "a", channel });
    assert.deepEqual(inputs.secrets.map((path) => path.join(".")).sort(), [
      "channel.endpoint",
      "channel.headers",
    ]);
    for (const source of [null, "docker", unknownValue])
      assert.deepEqual((await check("Application", { source })).inputs.secrets, []);
    const later = await check("Application", { buildSecrets: unknownValue });
    assert.deepEqual(later.inputs.secrets, [["buildSecrets"]]);
  });

  it("passes the identity in the former inputs too, where there are any", async () => {
    await check("Tag", { name: "a" });
    assert.deepEqual(calls.of("check")?.[0], {});
    await check("Tag", { name: "a" }, { Olds: sealed({ name: "b" }, []) });
    assert.deepEqual(calls.of("check")?.[0], { name: "b", [identityKey]: identityOf(urnOf("Tag")) });
  });

  it("knows a resource without inputs again, for which Pulumi gives the same former inputs as for a new one", async () => {
    const { inputs, struct: first } = await check("GeneratedSecret", {});
    assert.deepEqual([inputs.values, calls.of("check")?.[0]], [{}, {}]);
    await check("GeneratedSecret", {}, { Olds: first });
    assert.deepEqual(calls.of("check")?.[0], { [identityKey]: identityOf(urnOf("GeneratedSecret")) });
  });

  it("returns the inputs without what only the handlers need", async () => {
    // Pulumi takes inputs from a state, which may be one of dynamic providers, by the option `ignoreChanges`.
    const { inputs, about } = await check("Tag", { name: "a", [identityKey]: "former" });
    assert.deepEqual(inputs.values, { name: "a" });
    assert.equal(about["name"], "one");
    assert.equal(about["identity"], identityOf(urnOf("Tag")));
  });

  it("passes on what a program for Node.js says about the compose service of a resource, and nothing else", async () => {
    const said = { compose: "wiki", identity: "other", adopts: "other" };
    const { inputs, about } = await check("Domain", { host: "a.dev", [identityKey]: said });
    assert.deepEqual(inputs.values, { host: "a.dev" });
    const identity = identityOf(urnOf("Domain"));
    assert.deepEqual(about, { compose: "wiki", identity, name: "one", secrets: [] });
    assert.equal("compose" in (await check("Domain", { host: "a.dev" })).about, false);
  });

  it("has the problems of files, of parts with one name, and of the handlers, each with its property", async () => {
    const domains = [{ host: "a.dev" }, { host: "b.dev" }, { host: "a.dev" }];
    const failures = [
      { property: "name", reason: "must be a string" },
      { property: "", reason: "is wrong" },
    ];
    const { reasons } = await check("Application", { domains, envFiles: "x" }, {}, { failures });
    assert.match(reasons[0] ?? "", /^envFiles: must be a list of paths/);
    assert.match(reasons[1] ?? "", /^domains\[0\]: and \[2\] \w+ .*\w$/);
    assert.match(reasons[2] ?? "", /^name: must be a string\. In YAML, quote a text/);
    assert.equal(reasons[3], "is wrong");
    assert.equal(reasons.length, 4);
  });

  it("adopts the object that the file names, while the resource is new", async () => {
    fs.mkdirSync(".tmp", { recursive: true });
    const folder = fs.mkdtempSync(path.join(process.cwd(), ".tmp", "dokploy-adopt-"));
    const file = path.join(folder, "adopt.json");
    fs.writeFileSync(file, JSON.stringify({ Tag: { one: "abc" } }));
    process.env["DOKPLOY_ADOPT"] = file;
    try {
      assert.equal((await check("Tag", { name: "a" })).about["adopts"], "abc");
      assert.equal("adopts" in (await check("Project", { name: "a" })).about, false);
      const Olds = sealed({ name: "a" }, []);
      assert.equal("adopts" in (await check("Tag", { name: "a" }, { Olds })).about, false);
      process.env["DOKPLOY_ADOPT"] = "";
      assert.equal("adopts" in (await check("Tag", { name: "a" })).about, false);
    } finally {
      delete process.env["DOKPLOY_ADOPT"];
      fs.rmSync(folder, { recursive: true });
    }
  });
});

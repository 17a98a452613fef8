import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { StatusObject } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Server } from "../../plugin/server";
import { type Path, sealed, unsealed } from "../../plugin/values";
import { identityKey, identityOf } from "../../provider/pulumi/identity";
import { unknownValue } from "../../provider/pulumi/unknown";
import { pluginPrefix } from "../../provider/pulumi/urn";
import type { Provider } from "../../provider/runtime";

type Values = Record<string, unknown>;

const urnOf = (kind: string) => `urn:pulumi:dev::shop::${pluginPrefix}${kind}::one`;
const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
const { ADD, UPDATE } = proto.PropertyDiff.Kind;

/** Calls a method of a server. */
const call = <Response>(method: unknown, request: unknown = {}) =>
  new Promise<Response>((resolve, reject) => {
    (method as (call: object, done: (error: unknown, response: Response) => void) => void)(
      { request },
      (error, response) => (error ? reject(error) : resolve(response)),
    );
  });

/** Makes a request, whose setters take these values. */
function filled<Request extends object>(
  request: Request,
  values: Readonly<Record<string, unknown>>,
): Request {
  const setters = request as Record<string, (value: unknown) => void>;
  for (const [name, value] of Object.entries(values)) setters[`set${name}`]?.call(request, value);
  return request;
}

describe("the server of the plugin", () => {
  const calls: (readonly [name: string, ...args: unknown[]])[] = [];
  beforeEach(() => {
    calls.length = 0;
  });

  /** Returns a server whose handlers note their calls, and give these results. */
  function serverOf(results: Readonly<Record<string, unknown>> = {}): Server {
    const handlers = new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          async (...args: unknown[]) => {
            calls.push([name, ...args]);
            const result = results[name];
            return typeof result === "function" ? result(...args) : result;
          },
      },
    );
    return new Server(() => handlers as Provider);
  }
  const called = (name: string) => calls.findLast(([of]) => of === name)?.slice(1) as Values[] | undefined;
  const withoutIdentity = ({ [identityKey]: _, ...values }: Values) => values;

  describe("for a provider", () => {
    it("takes and returns secrets and previews, and has the version of its schema", async () => {
      const server = serverOf();
      const handshake = await call<proto.ProviderHandshakeResponse>(server.handshake);
      assert.equal(handshake.getAcceptSecrets(), true);
      const configured = await call<proto.ConfigureResponse>(
        server.configure,
        filled(new proto.ConfigureRequest(), { Args: sealed({ "dokploy:url": "https://a.dev" }, []) }),
      );
      assert.deepEqual([configured.getAcceptsecrets(), configured.getSupportspreview()], [true, true]);
      const schema = await call<proto.GetSchemaResponse>(server.getSchema);
      const info = await call<{ getVersion(): string }>(server.getPluginInfo);
      const { version, name } = JSON.parse(schema.getSchema()) as Values;
      assert.equal(name, "dokploy-native");
      assert.equal(info.getVersion(), version);
    });

    it("marks its key as secret, whether the program did or not", async () => {
      for (const key of ["apiKey", "dokploy:apiKey"]) {
        const News = sealed({ url: "https://a.dev", [key]: "canary" }, []);
        const checked = await call<proto.CheckResponse>(
          serverOf().checkConfig,
          filled(new proto.CheckRequest(), { News }),
        );
        assert.deepEqual(unsealed(checked.getInputs()).secrets, [[key]]);
        assert.deepEqual(checked.getFailuresList(), []);
      }
    });

    it("names the settings that changed since the last run", async () => {
      const diff = async (OldInputs: Values, News: Values) =>
        await call<proto.DiffResponse>(
          serverOf().diffConfig,
          filled(new proto.DiffRequest(), { OldInputs: sealed(OldInputs, []), News: sealed(News, []) }),
        );
      const changed = await diff({ url: "https://a.dev" }, { url: "https://b.dev" });
      assert.deepEqual([changed.getChanges(), changed.getDiffsList()], [DIFF_SOME, ["url"]]);
      const same = await diff({ url: "https://a.dev" }, { url: "https://a.dev", version: "2" });
      assert.deepEqual([same.getChanges(), same.getDiffsList()], [DIFF_NONE, []]);
    });

    it("gives its settings to the handlers of each resource", async () => {
      const server = serverOf({ delete: undefined });
      const Args = sealed({ "dokploy:url": "https://a.dev" }, []);
      await call(server.configure, filled(new proto.ConfigureRequest(), { Args }));
      await call(server.delete, filled(new proto.DeleteRequest(), { Urn: urnOf("Tag"), Id: "x" }));
      const [{ config } = {}] = called("configure") ?? [];
      assert.equal((config as { get(key: string): unknown }).get("dokploy:url"), "https://a.dev");
    });
  });

  describe("in the check of a resource", () => {
    const check = async (kind: string, news: Values, more: Values = {}, results: Values = {}) => {
      const server = serverOf({
        check: (_olds: Values, inputs: Values) => ({ inputs, failures: [], ...results }),
      });
      const request = filled(new proto.CheckRequest(), {
        ...{ Urn: urnOf(kind), News: sealed(news, []), Name: "one" },
        ...more,
      });
      const response = await call<proto.CheckResponse>(server.check, request);
      const about = called("check")?.[1]?.[identityKey] as Values;
      return {
        inputs: unsealed(response.getInputs()),
        about,
        reasons: response.getFailuresList().map((failure) => failure.getReason()),
      };
    };

    it("marks values that are secret by their nature: keys, passwords in an address, and those of parts", async () => {
      const gitUrl = "https://ada:canary@git.example.com/a.git";
      const { inputs, about } = await check("Application", {
        name: "api",
        source: { type: "git", url: gitUrl },
        security: [{ username: "ada", password: "canary" }],
      });
      const marks = inputs.secrets.map((path) => path.join("."));
      assert.ok(marks.includes("security.ada.password"), marks.join());
      const passed = (about["secrets"] as Path[]).map((path) => path.join("."));
      assert.deepEqual(passed.sort(), marks.sort());
      const open = await check("Application", {
        source: { type: "git", url: "https://git.example.com/a.git" },
      });
      assert.deepEqual(open.inputs.secrets, []);
    });

    it("passes the identity in the former inputs too, where there are any", async () => {
      await check("Tag", { name: "a" });
      assert.deepEqual(called("check")?.[0], {});
      await check("Tag", { name: "a" }, { Olds: sealed({ name: "b" }, []) });
      assert.deepEqual(called("check")?.[0], { name: "b", [identityKey]: identityOf(urnOf("Tag")) });
    });

    it("returns the inputs without what only the handlers need", async () => {
      const { inputs, about } = await check("Tag", { name: "a" });
      assert.deepEqual(inputs.values, { name: "a" });
      assert.equal(about["name"], "one");
      assert.equal(about["identity"], identityOf(urnOf("Tag")));
    });

    it("has the problems of files, of parts with one name, and of the handlers, each with its property", async () => {
      const domains = [{ host: "a.dev" }, { host: "b.dev" }, { host: "a.dev" }];
      const failures = [
        { property: "name", reason: "must be a string" },
        { property: "", reason: "is wrong" },
      ];
      const { reasons } = await check("Application", { domains, envFiles: "x" }, {}, { failures });
      assert.match(reasons[0] ?? "", /^envFiles: must be a list of paths/);
      assert.match(reasons[1] ?? "", /^domains\[0\]: and \[2\] /);
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

  describe("in the difference of a resource", () => {
    const diff = async (result: Values, olds: Values, news: Values) =>
      await call<proto.DiffResponse>(
        serverOf({ diff: result }).diff,
        filled(new proto.DiffRequest(), {
          ...{ Urn: urnOf("Application"), Id: "id" },
          ...{ Olds: sealed({ ...olds, appName: "x" }, []), News: sealed(news, []) },
        }),
      );

    it("does not report values that differ only in form", async () => {
      const response = await diff({ changes: false }, { name: "a" }, { name: "b" });
      assert.equal(response.getChanges(), DIFF_NONE);
      assert.deepEqual([response.getDiffsList(), response.getHasdetaileddiff()], [[], false]);
      assert.deepEqual(response.getStablesList(), ["appName"]);
    });

    it("names what replaces the object, and in which order", async () => {
      const result = { changes: true, replaces: ["environmentId"], deleteBeforeReplace: true };
      const response = await diff(
        result,
        { environmentId: "a", env: { A: "1" } },
        { environmentId: "b", env: { A: "1", B: "2" } },
      );
      assert.equal(response.getChanges(), DIFF_SOME);
      assert.deepEqual(response.getReplacesList(), ["environmentId"]);
      assert.equal(response.getDeletebeforereplace(), true);
      assert.equal(response.getHasdetaileddiff(), true);
      assert.deepEqual([...response.getDiffsList()].sort(), ["env", "environmentId"]);
      const details = response.getDetaileddiffMap();
      assert.equal(details.get("environmentId")?.getKind(), UPDATE);
      assert.equal(details.get("env.B")?.getKind(), ADD);
      assert.equal(details.get("env.B")?.getInputdiff(), true);
      assert.equal(
        (await diff({ changes: true }, { name: "a" }, { name: "b" })).getDeletebeforereplace(),
        false,
      );
    });

    it("passes the id, the state and the inputs to the handlers", async () => {
      await diff({ changes: false }, { name: "a" }, { name: "b" });
      const [id, olds = {}, news = {}] = called("diff") ?? [];
      assert.equal(id, "id");
      assert.deepEqual(withoutIdentity(olds), { name: "a", appName: "x" });
      assert.deepEqual(withoutIdentity(news), { name: "b" });
      assert.equal(olds[identityKey], identityOf(urnOf("Application")));
    });
  });

  describe("in a creation, a change and a deletion", () => {
    it("creates nothing in a preview, whose outputs are not known", async () => {
      const Properties = sealed({ name: "a" }, []);
      const request = filled(new proto.CreateRequest(), {
        ...{ Urn: urnOf("Application"), Properties, Preview: true },
      });
      const response = await call<proto.CreateResponse>(serverOf().create, request);
      assert.equal(called("create"), undefined);
      assert.equal(response.getId(), "");
      const unknown = Object.fromEntries(
        ["appName", "lastDeployment", "status"].map((name) => [name, unknownValue]),
      );
      assert.deepEqual(unsealed(response.getProperties()).values, { ...unknown, name: "a" });
    });

    it("changes nothing in a preview, which knows the outputs that stay", async () => {
      const request = filled(new proto.UpdateRequest(), {
        ...{ Urn: urnOf("Application"), Id: "id", Preview: true },
        ...{ Olds: sealed({ name: "a", appName: "x", status: "done" }, []), News: sealed({ name: "b" }, []) },
      });
      const response = await call<proto.UpdateResponse>(serverOf().update, request);
      assert.equal(called("update"), undefined);
      const { appName, status, name } = unsealed(response.getProperties()).values;
      assert.deepEqual([appName, status, name], ["x", unknownValue, "b"]);
    });

    it("gives the id and the outputs of the object", async () => {
      const server = serverOf({
        create: { id: "new", outs: { name: "a", appName: "x", [identityKey]: "y" } },
      });
      const request = filled(new proto.CreateRequest(), {
        ...{ Urn: urnOf("Application"), Properties: sealed({ name: "a" }, []) },
      });
      const response = await call<proto.CreateResponse>(server.create, request);
      assert.equal(response.getId(), "new");
      assert.deepEqual(unsealed(response.getProperties()).values, { name: "a", appName: "x" });
    });

    it("passes the id, the state and the inputs of a change", async () => {
      const request = filled(new proto.UpdateRequest(), {
        ...{ Urn: urnOf("Application"), Id: "id" },
        ...{ Olds: sealed({ name: "a" }, []), News: sealed({ name: "b" }, []) },
      });
      const server = serverOf({ update: { outs: { name: "b" } } });
      const response = await call<proto.UpdateResponse>(server.update, request);
      const [id, olds = {}, news = {}] = called("update") ?? [];
      assert.deepEqual(
        [id, withoutIdentity(olds), withoutIdentity(news)],
        ["id", { name: "a" }, { name: "b" }],
      );
      assert.deepEqual(unsealed(response.getProperties()).values, { name: "b" });
    });

    it("keeps the mark of a secret output, and not that of an input that is no longer secret", async () => {
      const request = filled(new proto.UpdateRequest(), {
        ...{ Urn: urnOf("Application"), Id: "id", News: sealed({ name: "b" }, []) },
        Olds: sealed({ name: "a", appName: "x" }, [["name"], ["appName"]]),
      });
      const server = serverOf({ update: { outs: { name: "b", appName: "x" } } });
      const response = await call<proto.UpdateResponse>(server.update, request);
      assert.deepEqual(unsealed(response.getProperties()).secrets, [["appName"]]);
    });

    it("passes the id and the state of a deletion", async () => {
      const request = filled(new proto.DeleteRequest(), {
        ...{ Urn: urnOf("Tag"), Id: "id", Properties: sealed({ name: "a" }, []) },
      });
      await call(serverOf().delete, request);
      const [id, state = {}] = called("delete") ?? [];
      assert.deepEqual([id, withoutIdentity(state)], ["id", { name: "a" }]);
    });

    for (const [name, request] of [
      ["create", new proto.CreateRequest()],
      ["update", new proto.UpdateRequest()],
    ] as const)
      it(`keeps the object of a failed ${name}, and an error without an object as it is`, async () => {
        const failing = (facts: object) =>
          call(
            serverOf({
              [name]: () => {
                throw Object.assign(new Error("it failed"), facts);
              },
            })[name],
            filled(request, { Urn: urnOf("Tag") }),
          ).then(
            () => assert.fail("it does not fail"),
            (error: Partial<StatusObject>) => error,
          );
        const kept = await failing({ id: "x", properties: { name: "a" }, reasons: ["no"] });
        assert.equal(kept.details, "it failed");
        assert.equal(kept.metadata?.get("grpc-status-details-bin").length, 1);
        assert.equal((await failing({})).metadata, undefined);
      });
  });

  describe("in a read", () => {
    const read = async (result: Values, properties: Values) =>
      await call<proto.ReadResponse>(
        serverOf({ read: result, import: result }).read,
        filled(new proto.ReadRequest(), {
          ...{ Urn: urnOf("Tag"), Id: "id" },
          ...{ Properties: sealed(properties, []), Inputs: sealed(properties, []) },
        }),
      );

    it("says of an object in the state that it is gone", async () => {
      const response = await read({ id: "" }, { name: "a" });
      assert.equal(response.getId(), "");
      assert.equal(response.hasProperties(), false);
      assert.equal(called("import"), undefined);
    });

    it("imports an object that is not in the state", async () => {
      const response = await read({ id: "id", inputs: { name: "a" }, props: { name: "a" }, secrets: [] }, {});
      assert.equal(called("read"), undefined);
      assert.deepEqual(called("import"), ["id"]);
      assert.deepEqual(unsealed(response.getInputs()).values, { name: "a" });
    });
  });

  it("says which calls of Pulumi it does not know", async () => {
    const server = serverOf();
    for (const name of ["attach", "call", "getMapping", "getMappings", "parameterize"] as const)
      await assert.rejects(call(server[name]), { code: 12 }, name);
    let emitted: unknown;
    const stream = { emit: (_: string, error: unknown) => (emitted = error) };
    server.list(stream as never);
    assert.deepEqual(emitted, { code: 12, details: "List" });
  });
});

describe("values with marks of secrets", () => {
  const roundtrip = (values: Values, secrets: readonly Path[]) => unsealed(sealed(values, secrets));

  it("come back with a mark at each secret, also in lists, and without one at a missing value", () => {
    const values = { a: { b: ["x", { c: "y" }] }, d: null, e: 1, f: false };
    const secrets = [["a", "b", "0"], ["a", "b", "1", "c"], ["e"]];
    assert.deepEqual(roundtrip(values, secrets), { values, secrets });
    assert.deepEqual(roundtrip(values, [["d"], ["x"], ["a", "x"], ["e", "x"]]), { values, secrets: [] });
  });

  it("have one mark around a secret in a secret, and around a value that is not known", () => {
    assert.deepEqual(roundtrip({ a: { b: "x" } }, [["a"], ["a", "b"]]).secrets, [["a"]]);
    const { values, secrets } = roundtrip({ a: unknownValue }, [["a", "b"]]);
    assert.deepEqual([values, secrets], [{ a: unknownValue }, [["a"]]]);
  });

  it("leave out undefined values, and keep places in lists", () => {
    assert.deepEqual(roundtrip({ a: undefined, b: [undefined, { c: undefined }] }, []).values, {
      b: [null, {}],
    });
    assert.deepEqual(unsealed(undefined), { values: {}, secrets: [] });
  });
});

import * as assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { StatusObject } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { unknownValue } from "../../packages/values";
import { shared } from "../../plugin/server";
import { sealed, unsealed } from "../../plugin/values";
import { UserError } from "../../provider/errors/problem";
import { importedKey } from "../../provider/lifecycle/imported";
import { identityKey, identityOf, plainKey } from "../../provider/pulumi/identity";
import { Calls, call, filled, urnOf, type Values, withoutIdentity } from "./calls";

const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
const { ADD, UPDATE } = proto.PropertyDiff.Kind;

describe("the server of the plugin", () => {
  let calls: Calls;
  beforeEach(() => {
    calls = new Calls();
  });

  describe("in the difference of a resource", () => {
    const diff = async (result: Values, olds: Values, news: Values) =>
      await call<proto.DiffResponse>(
        calls.serverOf({ diff: result }).diff,
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
      assert.deepEqual(response.getDiffsList(), ["environmentId", "env"]);
      const details = response.getDetaileddiffMap();
      assert.equal(details.get("environmentId")?.getKind(), UPDATE);
      assert.equal(details.get("env.B")?.getKind(), ADD);
      assert.equal(details.get("env.B")?.getInputdiff(), true);
      assert.equal(
        (await diff({ changes: true }, { name: "a" }, { name: "b" })).getDeletebeforereplace(),
        false,
      );
    });

    it("says that it knows the changes from the first one on", async () => {
      const known = async (name: string) =>
        (await diff({ changes: true }, { name: "a" }, { name })).getHasdetaileddiff();
      assert.deepEqual([await known("a"), await known("b")], [false, true]);
    });

    it("compares of an imported object only what the program gives", async () => {
      const response = await diff(
        { changes: true },
        { name: "a", description: "by hand", [importedKey]: {} },
        { name: "b" },
      );
      const [, olds = {}] = calls.of("diff") ?? [];
      assert.deepEqual(withoutIdentity(olds), { name: "a", appName: "x" });
      assert.deepEqual(response.getDiffsList(), ["name"]);
    });

    it("passes the id, the state and the inputs to the handlers", async () => {
      // The state has the identity that the resource had under another name.
      await diff({ changes: false }, { name: "a", [identityKey]: "former" }, { name: "b" });
      const [id, olds = {}, news = {}] = calls.of("diff") ?? [];
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
      const response = await call<proto.CreateResponse>(calls.serverOf().create, request);
      assert.equal(calls.of("create"), undefined);
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
      const response = await call<proto.UpdateResponse>(calls.serverOf().update, request);
      assert.equal(calls.of("update"), undefined);
      const { appName, status, name } = unsealed(response.getProperties()).values;
      assert.deepEqual([appName, status, name], ["x", unknownValue, "b"]);
    });

    it("gives the id and the outputs of the object", async () => {
      const server = calls.serverOf({
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
      const server = calls.serverOf({ update: { outs: { name: "b", [identityKey]: "y" } } });
      const response = await call<proto.UpdateResponse>(server.update, request);
      const [id, olds = {}, news = {}] = calls.of("update") ?? [];
      assert.deepEqual(
        [id, withoutIdentity(olds), withoutIdentity(news)],
        ["id", { name: "a" }, { name: "b" }],
      );
      assert.deepEqual(unsealed(response.getProperties()).values, { name: "b" });
    });

    it("changes of an imported object only what the program gives", async () => {
      const request = filled(new proto.UpdateRequest(), {
        ...{ Urn: urnOf("Application"), Id: "id", News: sealed({ name: "b" }, []) },
        Olds: sealed({ name: "a", description: "by hand", appName: "x", [importedKey]: {} }, []),
      });
      await call(calls.serverOf({ update: { outs: {} } }).update, request);
      const [, olds = {}] = calls.of("update") ?? [];
      assert.deepEqual(withoutIdentity(olds), { name: "a", appName: "x" });
    });

    it("keeps the mark of a secret output, and not that of an input that is no longer secret", async () => {
      const request = filled(new proto.UpdateRequest(), {
        ...{ Urn: urnOf("Application"), Id: "id", News: sealed({ name: "b" }, []) },
        Olds: sealed({ name: "a", appName: "x" }, [["name"], ["appName"]]),
      });
      const server = calls.serverOf({ update: { outs: { name: "b", appName: "x" } } });
      const response = await call<proto.UpdateResponse>(server.update, request);
      assert.deepEqual(unsealed(response.getProperties()).secrets, [["appName"]]);
    });

    it("passes the id and the state of a deletion", async () => {
      const request = filled(new proto.DeleteRequest(), {
        ...{ Urn: urnOf("Tag"), Id: "id", Properties: sealed({ name: "a" }, []) },
      });
      await call(calls.serverOf().delete, request);
      const [id, state = {}] = calls.of("delete") ?? [];
      assert.deepEqual([id, withoutIdentity(state)], ["id", { name: "a" }]);
    });

    it("fails where the deletion fails", async () => {
      const failing = async () => {
        await setImmediate();
        throw new UserError("It is in use.");
      };
      const request = filled(new proto.DeleteRequest(), { Urn: urnOf("Tag"), Id: "id" });
      await assert.rejects(call(calls.serverOf({ delete: failing }).delete, request), {
        details: "It is in use.",
      });
    });

    for (const [name, request] of [
      ["create", new proto.CreateRequest()],
      ["update", new proto.UpdateRequest()],
    ] as const)
      it(`keeps the object of a failed ${name}, and an error without an object as it is`, async () => {
        const failing = (facts: object) =>
          call(
            calls.serverOf({
              [name]: () => {
                throw Object.assign(new Error("it failed"), facts);
              },
            })[name],
            filled(request, { Urn: urnOf("Tag") }),
          ).then(
            () => assert.fail("it does not fail"),
            (error: Partial<StatusObject>) => error,
          );
        const properties = { name: "a", [identityKey]: "y" };
        const kept = await failing({ id: "x", properties, reasons: ["no"] });
        assert.equal(kept.details, "it failed");
        const [bytes] = kept.metadata?.get("grpc-status-details-bin") ?? [];
        const [packed] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
        const detail = proto.ErrorResourceInitFailed.deserializeBinary(packed?.getValue_asU8() as Uint8Array);
        assert.deepEqual(unsealed(detail.getProperties()).values, { name: "a" });
        assert.equal((await failing({})).metadata, undefined);
      });
  });

  describe("in a read", () => {
    const read = async (result: Values, properties: Values) =>
      await call<proto.ReadResponse>(
        calls.serverOf({ read: result, import: result }).read,
        filled(new proto.ReadRequest(), {
          ...{ Urn: urnOf("Tag"), Id: "id" },
          ...{ Properties: sealed(properties, []), Inputs: sealed(properties, []) },
        }),
      );

    it("says of an object in the state that it is gone", async () => {
      const response = await read({ id: "" }, { name: "a" });
      assert.equal(response.getId(), "");
      assert.equal(response.hasProperties(), false);
      assert.equal(calls.of("import"), undefined);
    });

    it("returns the object without what only the handlers need", async () => {
      const values = { name: "b", [identityKey]: "y" };
      const response = await read({ id: "id", inputs: values, props: values }, { name: "a" });
      assert.equal(response.getId(), "id");
      assert.deepEqual(unsealed(response.getInputs()).values, { name: "b" });
      assert.deepEqual(unsealed(response.getProperties()).values, { name: "b" });
    });

    it("keeps the places of plain secrets in the inputs, which outputs do not have", async () => {
      const server = calls.serverOf({
        read: (id: string, { [identityKey]: _, ...values }: Values) => ({
          id,
          inputs: values,
          props: values,
        }),
      });
      const inputs = { name: "a", [plainKey]: ["env.DB_PASSWORD"] };
      const response = await call<proto.ReadResponse>(
        server.read,
        filled(new proto.ReadRequest(), {
          ...{ Urn: urnOf("Tag"), Id: "id" },
          ...{ Properties: sealed({ name: "a" }, []), Inputs: sealed(inputs, []) },
        }),
      );
      assert.deepEqual(unsealed(response.getInputs()).values, inputs);
      assert.deepEqual(unsealed(response.getProperties()).values, { name: "a" });
    });

    it("imports an object that is not in the state, with its secrets", async () => {
      const values = { name: "a", color: "canary" };
      const response = await read({ id: "id", inputs: values, props: values, secrets: [["color"]] }, {});
      assert.equal(response.getId(), "id");
      assert.equal(calls.of("read"), undefined);
      assert.deepEqual(calls.of("import"), ["id"]);
      for (const found of [response.getInputs(), response.getProperties()])
        assert.deepEqual(unsealed(found), { values, secrets: [["color"]] });
    });
  });

  it("says which calls of Pulumi it does not know", async () => {
    const server = calls.serverOf();
    const { attach, getMapping, getMappings, parameterize } = server;
    const unknown = { Attach: attach, Call: server.call, GetMapping: getMapping, GetMappings: getMappings };
    for (const [details, method] of Object.entries({ ...unknown, Parameterize: parameterize }))
      await assert.rejects(call(method), { code: 12, details });
    const emitted: unknown[] = [];
    server.list({ emit: (...event: unknown[]) => emitted.push(...event) } as never);
    assert.deepEqual(emitted, ["error", { code: 12, details: "List" }]);
  });

  it("is one for all calls of the process, since it keeps the settings", () => {
    assert.equal(shared(), shared());
  });
});

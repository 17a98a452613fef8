import * as assert from "node:assert/strict";
import { Metadata } from "@grpc/grpc-js";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { unknownValue } from "../../packages/values";
import { Server } from "../../plugin/server";
import { type Path, sealed, unsealed } from "../../plugin/values";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import { pluginPrefix } from "../../provider/pulumi/urn";
import { throughPlugin } from "./handlers";

type Values = Record<string, unknown>;

/** Handlers that keep the inputs and add these outputs. */
const handlers = (outputs: Values): Handlers => ({
  check: async (_olds, inputs) => ({ inputs, failures: [] }),
  diff: async () => ({ changes: true }),
  create: async (inputs) => ({ id: "id", outs: { ...inputs, ...outputs } }),
  read: async (id, state) => ({ id, inputs: state, props: { ...state, ...outputs } }),
  import: async (id) => ({ id }),
  update: async (_id, _olds, inputs) => ({ outs: { ...inputs, ...outputs } }),
  delete: async () => {},
});

describe("the marks of secrets in what the plugin returns", () => {
  const serverOf = (outputs: Values = {}) =>
    new Server(() => ({ ...handlers(outputs), configure: async () => {} }));
  const urnOf = (kind: string) => `urn:pulumi:dev::shop::${pluginPrefix}${kind}::one`;

  const call = <Response>(method: unknown, request: unknown) =>
    new Promise<Response>((resolve, reject) => {
      (method as (call: object, done: (error: unknown, response: Response) => void) => void)(
        { request, metadata: new Metadata() },
        (error, response) => (error ? reject(error) : resolve(response)),
      );
    });

  /** Where each secret may be: in a map, in a list, in a list of maps, as a whole. */
  const inputs: Values = {
    name: "api",
    env: { OPEN: "1", TOKEN: "canary" },
    args: ["--port", "canary"],
    source: { type: "docker", image: "acme/api:1" },
    swarm: { healthCheck: { Test: ["CMD", "canary"] }, networks: [{ Target: "net", Aliases: ["canary"] }] },
  };
  const secrets: readonly Path[] = [
    ["env", "TOKEN"],
    ["args", "1"],
    ["swarm", "healthCheck", "Test", "1"],
    ["swarm", "networks", "0", "Aliases", "0"],
  ];
  const marksIn = (properties: Parameters<typeof unsealed>[0]) =>
    unsealed(properties)
      .secrets.map((path) => path.join("."))
      .sort();
  const all = secrets.map((path) => path.join(".")).sort();

  it("of inputs come back from the check", async () => {
    const request = new proto.CheckRequest();
    request.setUrn(urnOf("Application"));
    request.setNews(sealed(inputs, secrets));
    const response = await call<proto.CheckResponse>(serverOf().check, request);
    assert.deepEqual(marksIn(response.getInputs()), all);
  });

  for (const isPreview of [false, true]) {
    const when = isPreview ? "a preview" : "an update";
    it(`of inputs are in the state after a creation, in ${when}`, async () => {
      const request = new proto.CreateRequest();
      request.setUrn(urnOf("Application"));
      request.setProperties(sealed(inputs, secrets));
      request.setPreview(isPreview);
      const response = await call<proto.CreateResponse>(serverOf().create, request);
      assert.deepEqual(marksIn(response.getProperties()), all);
      if (!isPreview) assert.deepEqual(unsealed(response.getProperties()).values, inputs);
    });

    it(`of inputs and of outputs are in the state after a change, in ${when}`, async () => {
      const outputs = { appName: "canary-app", status: "done" };
      const request = new proto.UpdateRequest();
      request.setUrn(urnOf("Application"));
      request.setId("id");
      request.setOlds(
        sealed({ ...inputs, ...outputs }, [...secrets, ["appName"], ["status"], ["description"]]),
      );
      request.setNews(sealed(inputs, secrets));
      request.setPreview(isPreview);
      const response = await call<proto.UpdateResponse>(serverOf(outputs).update, request);
      assert.deepEqual(marksIn(response.getProperties()), [...all, "appName", "status"].sort());
      const { appName, status } = unsealed(response.getProperties()).values;
      assert.deepEqual([appName, status], ["canary-app", isPreview ? unknownValue : "done"]);
    });
  }

  it("of inputs and of outputs are in the state after a refresh", async () => {
    const request = new proto.ReadRequest();
    request.setUrn(urnOf("Application"));
    request.setId("id");
    request.setInputs(sealed(inputs, secrets));
    request.setProperties(sealed({ ...inputs, appName: "canary-app" }, [...secrets, ["appName"]]));
    const response = await call<proto.ReadResponse>(serverOf({ appName: "canary-app" }).read, request);
    assert.deepEqual(marksIn(response.getInputs()), all);
    assert.deepEqual(marksIn(response.getProperties()), [...all, "appName"].sort());
  });

  it("are around a value that is not known yet, in which a secret was", async () => {
    const request = new proto.UpdateRequest();
    request.setUrn(urnOf("Application"));
    request.setPreview(true);
    request.setOlds(sealed({ ...inputs, status: { of: "canary" } }, [["status", "of"]]));
    request.setNews(sealed(inputs, []));
    const response = await call<proto.UpdateResponse>(serverOf().update, request);
    assert.deepEqual(marksIn(response.getProperties()), ["status"]);
  });

  it("are checked by every test that goes through the plugin", async () => {
    const identity = { identity: "one", secrets };
    const kept = throughPlugin("Application", handlers({}));
    const checked = await kept.check({}, { ...inputs, __urn: identity });
    assert.deepEqual((checked.inputs as Values)["args"], inputs["args"]);
    const { outs } = await kept.create(checked.inputs as Values);
    assert.deepEqual((outs as Values)["args"], inputs["args"]);
  });
});

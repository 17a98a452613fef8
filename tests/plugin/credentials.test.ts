/** `pulumi new` tries the settings of a new project: it configures a provider with an id that no other one has. */
import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { type Emulator, startEmulator } from "../../emulator";
import { sealed } from "../../plugin/values";
import { newProjectId } from "../../provider/pulumi";
import { useNamespace } from "../../provider/pulumi/namespace";
import { Calls, call, filled, type Values } from "./calls";

const { setStackResource } = require("@pulumi/pulumi/runtime/state") as {
  setStackResource(resource: object | undefined): void;
};

describe("the plugin, asked by `pulumi new`", () => {
  let dokploy: Emulator;
  const former = runtime.getStackResource();
  before(async () => {
    dokploy = await startEmulator();
  });
  beforeEach(() => {
    // A run of its own: a connection is made once in a run.
    setStackResource({ getProvider: () => undefined });
    dokploy.clearCalls();
  });
  after(async () => {
    useNamespace("dokploy");
    setStackResource(former);
    await dokploy.close();
  });

  const configure = (args: Values, id = newProjectId) =>
    call(
      new Calls().serverOf().configure,
      filled(new proto.ConfigureRequest(), { Args: sealed(args, []), Name: "default", Id: id }),
    );

  it("accepts a key that Dokploy takes", async () => {
    await configure({ url: dokploy.url, apiKey: dokploy.apiKey });
    assert.equal(dokploy.calls.length, 1);
  });

  it("says that Dokploy refuses the key, without the key", async () => {
    await assert.rejects(
      configure({ url: dokploy.url, apiKey: "canary" }),
      ({ details }: { details: string }) => /dokploy-native:apiKey/.test(details) && !/canary/.test(details),
    );
  });

  it("tries no key that it cannot see, because Pulumi does not decrypt it for that", async () => {
    await configure({ url: dokploy.url });
    await configure({});
    assert.equal(dokploy.calls.length, 0);
  });

  it("asks in no other run", async () => {
    await configure({ url: dokploy.url, apiKey: "canary" }, "0b2d9a5c-3c5e-4a39-9d1c-1c6a7a3f1f8e");
    assert.equal(dokploy.calls.length, 0);
  });
});

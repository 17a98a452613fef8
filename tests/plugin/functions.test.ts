import * as assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { runtime } from "@pulumi/pulumi";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { type Emulator, startEmulator } from "../../emulator";
import { callFunction } from "../../plugin/functions";
import { Server } from "../../plugin/server";
import { sealed, unsealed } from "../../plugin/values";
import { call as callServer, filled } from "./calls";

const { setStackResource } = require("@pulumi/pulumi/runtime/state") as {
  setStackResource(resource: object | undefined): void;
};

describe("a function of the plugin", () => {
  let dokploy: Emulator;
  let others: NodeJS.UnhandledRejectionListener[];
  const former = runtime.getStackResource();
  const unhandled: unknown[] = [];
  const note = (error: unknown) => {
    unhandled.push(error);
  };
  before(async () => {
    dokploy = await startEmulator();
    // A run of its own, which has no connection of another test file in this process.
    setStackResource({ getProvider: () => undefined });
    others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  });
  after(async () => {
    process.off("unhandledRejection", note);
    for (const other of others) process.on("unhandledRejection", other);
    setStackResource(former);
    await dokploy.close();
  });

  const call = (name: string, args: Record<string, unknown>) => {
    const settings: Record<string, string> = { "dokploy:url": dokploy.url, "dokploy:apiKey": dokploy.apiKey };
    return callFunction(`dokploy-native:index:${name}`, args, (key) => settings[key]);
  };

  it("gives a result that is no object as `result`", async () => {
    assert.deepEqual(await call("getVersion", {}), { values: { result: "0.30.2" }, secrets: [] });
  });

  it("marks the secrets of a result", async () => {
    await fetch(`${dokploy.url}/api/settings.updateTraefikFile`, {
      method: "POST",
      headers: { "x-api-key": dokploy.apiKey, "content-type": "application/json" },
      body: JSON.stringify({ path: "/etc/dokploy/traefik/dynamic/a.yml", traefikConfig: "# canary\n" }),
    });
    const { values, secrets } = await call("getTraefikFile", { path: "dynamic/a.yml" });
    assert.deepEqual([values["content"], secrets], ["# canary\n", [["content"]]]);
    const server = new Server();
    const Args = sealed({ "dokploy:url": dokploy.url, "dokploy:apiKey": dokploy.apiKey }, []);
    await callServer(server.configure, filled(new proto.ConfigureRequest(), { Args }));
    const request = {
      Tok: "dokploy-native:index:getTraefikFile",
      Args: sealed({ path: "dynamic/a.yml" }, []),
    };
    const response = await callServer<proto.InvokeResponse>(
      server.invoke,
      filled(new proto.InvokeRequest(), request),
    );
    const returned = unsealed(response.getReturn());
    assert.deepEqual([returned.values["content"], returned.secrets], ["# canary\n", secrets]);
  });

  it("is named where this version does not have it", async () => {
    for (const name of ["getNothing", "Application", "toString"])
      await assert.rejects(call(name, {}), {
        message: `This version of pulumi-dokploy has no function ${name}: update the plugin.`,
      });
  });

  // An unhandled rejection ends the plugin, and with it the run.
  for (const [name, args] of [
    ["getApplication", { applicationId: "AAAAAAAAAAAAAAAAAAAAA" }],
    ["getTag", { name: "nothing" }],
  ] as const) {
    it(`fails with one error that its caller handles: ${name}`, async () => {
      await assert.rejects(call(name, args), (error: Error) => error.message.startsWith(`${name}: `));
      await setImmediate();
      assert.deepEqual(unhandled, []);
    });
  }
});

import * as assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { configurationOf, serverOf } from "../../plugin/configuration";
import { sealed, unsealed } from "../../plugin/values";
import { providerSettingsKey, sourcesOf } from "../../provider/dokploy";
import { useNamespace } from "../../provider/pulumi/namespace";
import { Calls, call, filled, urnOf, type Values } from "./calls";

const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;

describe("the server of the plugin, for a provider", () => {
  let calls: Calls;
  beforeEach(() => {
    calls = new Calls();
  });

  it("takes and returns secrets and previews, and has the version of its schema", async () => {
    const server = calls.serverOf();
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
        calls.serverOf().checkConfig,
        filled(new proto.CheckRequest(), { News }),
      );
      assert.deepEqual(unsealed(checked.getInputs()).secrets, [[key]]);
      assert.deepEqual(checked.getFailuresList(), []);
    }
  });

  it("names the settings that changed since the last run", async () => {
    const diff = async (OldInputs: Values, News: Values) =>
      await call<proto.DiffResponse>(
        calls.serverOf().diffConfig,
        filled(new proto.DiffRequest(), { OldInputs: sealed(OldInputs, []), News: sealed(News, []) }),
      );
    const changed = await diff({ url: "https://a.dev" }, { url: "https://b.dev" });
    assert.deepEqual([changed.getChanges(), changed.getDiffsList()], [DIFF_SOME, ["url"]]);
    const same = await diff({ url: "https://a.dev" }, { url: "https://a.dev", version: "2" });
    assert.deepEqual([same.getChanges(), same.getDiffsList()], [DIFF_NONE, []]);
    const request = { Olds: sealed({ url: "https://a.dev" }, []), News: sealed({}, []) };
    const earlier = await call<proto.DiffResponse>(
      calls.serverOf().diffConfig,
      filled(new proto.DiffRequest(), request),
    );
    assert.deepEqual(earlier.getDiffsList(), ["url"], "an engine without inputs in a state");
  });

  /** Returns the settings that the handlers of a resource have after these inputs of a provider. */
  const settingsAfter = async (request: Values) => {
    const server = calls.serverOf({
      configure: async () => {
        await setImmediate();
        calls.all.push(["configured"]);
      },
    });
    await call(server.configure, filled(new proto.ConfigureRequest(), request));
    await call(server.delete, filled(new proto.DeleteRequest(), { Urn: urnOf("Tag"), Id: "x" }));
    const [{ config } = {}] = calls.of("configure") ?? [];
    return config as { get(key: string): string | undefined };
  };

  it("gives its settings to the handlers of each resource before it calls them", async () => {
    const config = await settingsAfter({ Args: sealed({ "dokploy:url": "https://a.dev" }, []) });
    assert.equal(config.get("dokploy:url"), "https://a.dev");
    assert.deepEqual(
      calls.all.map(([name]) => name),
      ["configure", "configured", "delete"],
    );
  });

  describe("of the program", () => {
    const { PULUMI_CONFIG } = process.env;
    afterEach(() => {
      if (PULUMI_CONFIG === undefined) delete process.env["PULUMI_CONFIG"];
      else process.env["PULUMI_CONFIG"] = PULUMI_CONFIG;
      useNamespace("dokploy");
    });

    it("takes what it does not set from the stack, and is known by its name", async () => {
      process.env["PULUMI_CONFIG"] = JSON.stringify({ url: "https://stack.dev", concurrency: "4" });
      const config = await settingsAfter({ Name: "eu", Args: sealed({ url: "https://a.dev" }, []) });
      assert.equal(config.get("dokploy:url"), "https://a.dev");
      assert.equal(config.get("dokploy:concurrency"), "4");
      assert.equal(JSON.parse(config.get(providerSettingsKey) ?? "").name, "eu");
    });

    it("is refused where Pulumi did not give the stack's configuration, which is not quoted", async () => {
      process.env["PULUMI_CONFIG"] = "{canary";
      await assert.rejects(settingsAfter({ Name: "eu", Args: sealed({}, []) }), {
        details: "PULUMI_CONFIG in the environment of the plugin is not JSON: start it with Pulumi.",
      });
    });

    it("names its server as the npm package does, through which provider, unless the key is of another one", () => {
      const { DOKPLOY_URL: url, ...others } = process.env;
      try {
        process.env = { ...others };
        const line = (name: string, inputs: Values) =>
          serverOf(sourcesOf(configurationOf(name, inputs, {}), process.env))?.join(" ");
        const given = { url: "https://a.dev/api", apiKey: "canary" };
        assert.equal(line("default_0_1_0", given), "Dokploy: this plan is for a.dev server a.dev");
        assert.equal(
          line("eu", given),
          'Dokploy: this plan is for a.dev, through the provider "eu" server a.dev',
        );
        assert.equal(line("default", {}), undefined);
        process.env["DOKPLOY_URL"] = "https://b.dev";
        assert.equal(line("default", { url: "https://a.dev" }), undefined);
      } finally {
        process.env = { ...others, ...(url === undefined ? {} : { DOKPLOY_URL: url }) };
      }
    });

    it("has its settings named as Pulumi reads them, unless a Node.js program makes it", async () => {
      const reasonAfter = async (inputs: Values) => {
        const failures = [{ property: "", reason: "dokploy:url is missing" }];
        const server = calls.serverOf({ check: { inputs: {}, failures } });
        await call(server.configure, filled(new proto.ConfigureRequest(), { Args: sealed(inputs, []) }));
        const request = filled(new proto.CheckRequest(), { Urn: urnOf("Tag"), News: sealed({}, []) });
        const response = await call<proto.CheckResponse>(server.check, request);
        return response.getFailuresList().map((failure) => failure.getReason());
      };
      assert.deepEqual(await reasonAfter({ [providerSettingsKey]: "{}" }), ["dokploy:url is missing"]);
      assert.deepEqual(await reasonAfter({ url: "https://a.dev" }), ["dokploy-native:url is missing"]);
    });
  });
});

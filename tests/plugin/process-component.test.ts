import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ServiceError } from "@grpc/grpc-js";
import { Alias } from "@pulumi/pulumi/proto/alias_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { startEmulator } from "../../emulator";
import { unknownValue } from "../../packages/values";
import { onFirstUse } from "../../plugin/lazy-sdk";
import { sealed, unsealed } from "../../plugin/values";
import { pluginPrefix } from "../../provider/pulumi/urn";
import { filled, urnOf, type Values } from "./calls";
import { componentRequest, Engine, PluginProcess } from "./engine";

const built = path.join(__dirname, "..", "..", "dist", "plugin");
const component = `${pluginPrefix}DeploymentRepository`;

describe("a component in a process of the plugin", function () {
  this.timeout(60_000);
  let dir: string;
  let engine: Engine;
  let plugin: PluginProcess;
  const start = async (more: { options?: string[]; file?: string } = {}) => {
    plugin = await PluginProcess.start(engine, { dir, ...more });
  };
  beforeEach(async () => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "dokploy-component-"));
    engine = await Engine.start();
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:${IMAGE_TAG}\n");
    write("envs/dev/api.yaml", "LEVEL: info\nTOKEN: !secret token\n");
  });
  afterEach(async () => {
    await plugin.stop();
    engine.close();
    fs.rmSync(dir, { recursive: true });
  });

  function write(file: string, text: string): void {
    fs.mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(dir, file), text);
  }
  const constructed = (request: proto.ConstructRequest) =>
    called<proto.ConstructResponse>((done) => plugin.client.construct(request, done));
  const registered = (name: string) => {
    const request = engine.requests.find((one) => one.getName() === name);
    assert.ok(request, `${name} is not among ${engine.registered.join()}`);
    return request;
  };
  const config = { "shop:token": "canary-token", "dokploy:imageTag": "1" };

  it("has the options that the program gives, and its resources are those of this plugin", async () => {
    await start();
    const request = componentRequest(engine, component, { environmentId: "env1" }, config);
    const [parent, other, former] = ["Parent", "Other", "Former"].map(
      (name) => `urn:pulumi:dev::shop::acme:index:${name}::one`,
    ) as [string, string, string];
    const provider = "urn:pulumi:dev::shop::pulumi:providers:dokploy-native::eu::id1";
    request.setParent(parent);
    request.setProtect(true);
    request.setDependenciesList([other]);
    request.getProvidersMap().set("dokploy-native", provider);
    const [byUrn, bySpec] = [new Alias(), new Alias()];
    byUrn.setUrn(former);
    bySpec.setSpec(new Alias.Spec());
    request.setAliasesList([byUrn, bySpec]);
    const response = await constructed(request);
    const [shop, api] = [registered("shop"), registered("api")];
    assert.deepEqual([shop.getType(), shop.getParent(), shop.getProtect()], [component, parent, true]);
    assert.ok(shop.getDependenciesList().includes(other), shop.getDependenciesList().join());
    // The last is its type under dynamic providers.
    assert.deepEqual(
      shop.getAliasesList().map((alias) => (alias.hasUrn() ? alias.getUrn() : alias.getSpec()?.getType())),
      [former, "dokploy:index:DeploymentRepository"],
    );
    assert.deepEqual([api.getType(), api.getProvider()], [`${pluginPrefix}Application`, provider]);
    assert.equal(response.getUrn(), `urn:pulumi:dev::shop::${component}::shop`);
    assert.equal(api.getParent(), response.getUrn());
    assert.deepEqual(unsealed(response.getState()).values, { environmentId: "env1" });
  });

  it("reads the stack's configuration, whose secrets it marks, and the settings of its provider first", async () => {
    await start();
    const Args = sealed({ imageTag: "2", apiKey: "canary-key" }, []);
    await called((done) =>
      plugin.client.configure(filled(new proto.ConfigureRequest(), { Name: "eu", Args }), done),
    );
    await constructed(componentRequest(engine, component, {}, config));
    const api = unsealed(registered("api").getObject());
    const source = api.values["source"] as Record<string, unknown>;
    assert.equal(source["image"], "acme/api:2");
    assert.deepEqual(api.values["env"], { LEVEL: "info", TOKEN: "canary-token" });
    assert.deepEqual(api.secrets, [["env", "TOKEN"]]);
    const { version } = JSON.parse(fs.readFileSync(path.join(built, "generated", "schema.json"), "utf8"));
    assert.equal(registered("api").getVersion(), version);
    const project = engine.requests.find((one) => one.getType() === `${pluginPrefix}Project`);
    assert.equal(unsealed(project?.getObject()).values["name"], "shop-dev");
    // Another one in the same process has a configuration of its own.
    write("other/services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\n");
    write("other/envs/dev/web.yaml", "TOKEN: !secret token\n");
    const others = { "shop:token": "canary-other" };
    await constructed(componentRequest(engine, component, { directory: "other" }, others));
    assert.deepEqual(unsealed(registered("web").getObject()).values["env"], { TOKEN: "canary-other" });
  });

  it("takes inputs that a preview does not know for its resources, and no others", async () => {
    await start();
    write(
      "services/db/dokploy-app.yaml",
      "kind: postgres\ndatabase: shop\nuser: shop\nbackups: [{ destination: main, schedule: 0 3 * * * }]\n",
    );
    write("envs/dev/db.yaml", "");
    const inputs = { environmentId: unknownValue, destinations: { main: unknownValue } };
    const response = await constructed(componentRequest(engine, component, inputs, config));
    assert.deepEqual(unsealed(response.getState()).values, { environmentId: unknownValue });
    const backup = unsealed(registered("db/backup").getObject()).values;
    assert.equal(backup["destinationId"], unknownValue);
    const problem = await plugin.construct(
      componentRequest(engine, component, { ...inputs, stage: unknownValue }, config),
    );
    assert.equal(
      problem,
      'DeploymentRepository "shop": stage is not known yet, and decides which resources there are: give a value that ' +
        "a preview knows.",
    );
  });

  it("asks Pulumi which services its stack has, where a setting leaves some out", async () => {
    await start();
    write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\n");
    const request = componentRequest(engine, component, {}, { ...config, "dokploy:only": "api" });
    request.setOrganization("acme");
    await constructed(request);
    assert.deepEqual(engine.invoked, [{ stackName: "acme/shop/dev" }]);
    assert.deepEqual(engine.registered.toSorted(), ["api", "shop", "shop"]);
  });

  it("fails with one sentence, without the secrets of the stack", async () => {
    await start();
    const type = `${pluginPrefix}Nothing`;
    assert.equal(
      await plugin.construct(componentRequest(engine, type, {})),
      `This version of pulumi-dokploy has no component ${type}: update the plugin.`,
    );
    const settings = { ...config, "dokploy:only": "canary-service" };
    const problem = await plugin.construct(componentRequest(engine, component, {}, settings));
    assert.match(problem ?? "", /^dokploy:only names "\[secret\]", but the repository has api: correct/);
  });

  it("starts without the packages that Pulumi's SDK alone has, or that it rarely uses, also from the archive", async () => {
    write(
      "hiding.cjs",
      `const Module = require("node:module");
       const resolve = Module._resolveFilename;
       const hasPackages = process.argv[1].endsWith("standalone.js");
       Module._resolveFilename = (name, parent, ...others) => {
         const file = parent?.filename ?? "";
         if (/[\\\\/]@pulumi[\\\\/]pulumi[\\\\/]/.test(file) && ${onFirstUse}.test(name))
           process.stderr.write(name + " is loaded");
         if (!hasPackages && file.startsWith(${JSON.stringify(built)}) && /^(?:@grpc|google-protobuf)\\//.test(name))
           throw new Error("Cannot find module " + name);
         return resolve(name, parent, ...others);
       };`,
    );
    const options = ["--require", path.join(dir, "hiding.cjs")];
    for (const more of [{ options }, { options, file: path.join(built, "standalone.js") }]) {
      await start(more);
      const request = componentRequest(engine, component, { environmentId: "env1" }, config);
      assert.equal(await plugin.construct(request), undefined);
      await plugin.stop();
      assert.equal(plugin.output, "");
    }
  });

  it("takes requests that are larger than the default limit of gRPC", async () => {
    await start();
    const request = { Olds: sealed({}, []), News: sealed({ url: "x".repeat(5 * 2 ** 20) }, []) };
    const response = await called<proto.DiffResponse>((done) =>
      plugin.client.diffConfig(filled(new proto.DiffRequest(), request), done),
    );
    assert.deepEqual(response.getDiffsList(), ["url"]);
  });

  it("ends its waits for Dokploy when Pulumi is interrupted, and keeps what exists", async () => {
    const dokploy = await startEmulator({ buildMs: 3_600_000 });
    try {
      await start();
      const Args = sealed({ url: dokploy.url, apiKey: dokploy.apiKey }, []);
      await called((done) =>
        plugin.client.configure(filled(new proto.ConfigureRequest(), { Name: "eu", Args }), done),
      );
      const create = (kind: string, inputs: Values) => {
        const request = { Urn: urnOf(kind), Properties: sealed(inputs, []) };
        return called<proto.CreateResponse>((done) =>
          plugin.client.create(filled(new proto.CreateRequest(), request), done),
        );
      };
      const project = await create("Project", { name: "shop" });
      const { defaultEnvironmentId: environmentId } = unsealed(project.getProperties()).values;
      const source = { type: "docker", image: "acme/api:1" };
      const created = create("Application", { environmentId, name: "api", source }).then(
        () => assert.fail("it does not fail"),
        (error: ServiceError) => error,
      );
      while (!dokploy.calls.some(({ endpoint }) => endpoint === "application.deploy")) await setImmediate();
      await called((done) => plugin.client.cancel(new Empty(), done));
      const { details, metadata } = await created;
      assert.match(details, /continues in Dokploy.*Pulumi was interrupted\./);
      assert.equal(metadata.get("grpc-status-details-bin").length, 1);
    } finally {
      await dokploy.close();
    }
  });
});

function called<Response>(call: (done: (error: ServiceError | null, response: Response) => void) => unknown) {
  return new Promise<Response>((resolve, reject) => {
    call((error, response) => (error ? reject(error) : resolve(response)));
  });
}

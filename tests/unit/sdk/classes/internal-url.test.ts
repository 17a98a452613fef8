import * as assert from "node:assert/strict";
import { type Output, runtime } from "@pulumi/pulumi";
import { Application, Compose } from "../../../../sdk";

describe("the address of a service inside Docker", () => {
  const outputs: Readonly<Record<string, string>> = { api: "shop-api-4kq2ax", cache: "shop-cache-7p1s9d" };
  beforeEach(async () => {
    runtime.setAllConfig({});
    const newResource = ({ name, inputs }: runtime.MockResourceArgs) => ({
      id: `${name}_id`,
      state: { ...inputs, appName: outputs[name] },
    });
    await runtime.setMocks({ newResource, call: () => ({}) }, "shop", "test", false);
  });

  const known = (output: Output<string>) => (output as unknown as { promise(): Promise<string> }).promise();
  const application = () =>
    new Application("api", {
      environmentId: "e",
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
    });
  const compose = (composeType: "docker-compose" | "stack") =>
    new Compose("cache", {
      environmentId: "e",
      name: "cache",
      composeType,
      source: { type: "raw", composeFile: "services:\n  redis:\n    image: redis:8\n" },
    });

  it("has the name, the port, and optionally another scheme and a path", async () => {
    const api = application();
    assert.equal(await known(api.internalUrl(3000)), "http://shop-api-4kq2ax:3000");
    assert.equal(
      await known(api.internalUrl(80, { scheme: "grpc", path: "/v1?a=b" })),
      "grpc://shop-api-4kq2ax:80/v1?a=b",
    );
  });

  it("names a container of a compose service as Compose or Swarm does", async () => {
    const options = { scheme: "redis" };
    const ofCompose = await known(compose("docker-compose").internalUrl("redis", 6379, options));
    assert.equal(ofCompose, "redis://shop-cache-7p1s9d-redis-1:6379");
    const ofStack = await known(compose("stack").internalUrl("redis", 6379, options));
    assert.equal(ofStack, "redis://shop-cache-7p1s9d_redis:6379");
  });

  it("is refused with a port, a scheme or a path that no address has", async () => {
    const api = application();
    await assert.rejects(
      known(api.internalUrl(65_536)),
      /: the port of an address is a number from 1 to 65535/,
    );
    assert.throws(() => api.internalUrl(80, { scheme: "a b" }), /: the scheme of an address is a word/);
    assert.throws(() => api.internalUrl(80, { path: "v1" }), /: the path of an address begins with \//);
  });
});

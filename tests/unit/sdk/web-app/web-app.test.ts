import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { WebApp, type WebAppArgs } from "../../../../sdk/web-app";

/** Inputs of the resources that a web application declares, by their names. */
async function declared(args: object): Promise<Record<string, Record<string, unknown>>> {
  const made: Record<string, Record<string, unknown>> = {};
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs, type }) => {
      if (!type.endsWith("WebApp")) made[name] = inputs as Record<string, unknown>;
      return { id: `${name}_id`, state: inputs as object };
    },
    call: () => ({}),
  });
  const given = {
    environmentId: "e",
    image: "acme/shop:1",
    host: "shop.acme.dev",
    healthPath: "/health",
    ...args,
  };
  const app = new WebApp("shop", given as WebAppArgs);
  await new Promise((resolve) => app.application.urn.apply(resolve));
  return made;
}

describe("a web application", () => {
  it("keeps its defaults where an input is undefined, as in a condition of the program", async () => {
    const { shop } = await declared({
      healthCheck: undefined,
      resources: undefined,
      name: undefined,
      env: undefined,
    });
    assert.deepEqual(shop?.["healthCheck"], { path: "/health", port: 3000 });
    assert.deepEqual(shop?.["resources"], { memoryLimit: "512MiB" });
    assert.equal(shop?.["name"], "shop");
  });

  it("takes what the program gives instead", async () => {
    const { shop } = await declared({ resources: { cpuLimit: 1 }, name: "store", port: 80 });
    assert.deepEqual(shop?.["healthCheck"], { path: "/health", port: 80 });
    assert.deepEqual(shop?.["resources"], { cpuLimit: 1 });
    assert.equal(shop?.["name"], "store");
  });

  it("says which databases it can have, in a program whose types nobody checks", async () => {
    const message =
      /^WebApp "shop": database\.kind must be one of "postgres", "mysql", "mariadb"\. Declare any other database yourself\.$/;
    for (const database of ["postgres", {}, { kind: "mongo" }, { kind: "constructor" }])
      await assert.rejects(declared({ database }), ({ message: said }: Error) => message.test(said));
  });

  it("refuses a backup of nothing, and takes one of a volume", async () => {
    const backup = { destinationId: "d" };
    const folder = { type: "bind", hostPath: "/srv/shop", mountPath: "/files" };
    for (const mounts of [undefined, [], [folder]])
      await assert.rejects(
        declared({ backup, mounts }),
        /^Error: WebApp "shop": backup has nothing to save\. Give a database/,
      );
    const volume = { type: "volume", volumeName: "uploads", mountPath: "/data" };
    await declared({ backup, mounts: [folder, volume] });
  });
});

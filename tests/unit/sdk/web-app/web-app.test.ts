import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { WebApp, type WebAppArgs } from "../../../../sdk/web-app";

/** Inputs of the resources that a web application declares, by their names; those of backups by `<name> backup`. */
async function declared(
  args: object,
  name = "shop",
  outputs: object = {},
): Promise<Record<string, Record<string, unknown>>> {
  const made: Record<string, Record<string, unknown>> = {};
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs, type }) => {
      const given = Object.entries(inputs as object).filter(([key]) => !key.startsWith("__"));
      if (!type.endsWith("WebApp"))
        made[/Backup$/.test(type) ? `${name} backup` : name] = Object.fromEntries(given);
      return { id: `${name}_id`, state: { ...(inputs as object), ...outputs } };
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
  const app = new WebApp(name, given as WebAppArgs);
  await new Promise((resolve) => app.application.urn.apply(resolve));
  await pulumi.runtime.disconnect();
  return made;
}

/** Names of the variables, which are secret together once one of them is the address. */
function namesIn({ env }: Record<string, unknown> = {}): string[] {
  return Object.keys((env as { value: object }).value).sort();
}

/** A web application with the outputs that a run gives it. */
async function running(args: object, options?: pulumi.ComponentResourceOptions) {
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => {
      const outputs = { appName: `${name}-4kq2ax`, connectionUrl: `canary://${name}` };
      return { id: `${name}_id`, state: { ...(inputs as object), ...outputs } };
    },
    call: () => ({}),
  });
  const given = { environmentId: "e", image: "acme/shop:1", host: "shop.acme.dev", healthPath: "/health" };
  const app = new WebApp("shop", { ...given, ...args } as WebAppArgs, options);
  const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
  return { app, known };
}

describe("a web application", () => {
  it("has the address, id and name of its application, and the database where one is wanted", async () => {
    const { app, known } = await running({
      host: pulumi.output("shop.acme.dev"),
      database: { kind: "mysql" },
    });
    const outputs = [app.url, app.applicationId, app.appName, app.internalUrl(8080)];
    assert.deepEqual(await Promise.all(outputs.map(known)), [
      ...["https://shop.acme.dev", "shop_id", "shop-4kq2ax", "http://shop-4kq2ax:8080"],
    ]);
    assert.ok(app.database);
    assert.equal(await known(app.database.id), "shop-db_id");
    assert.equal((await running({})).app.database, undefined);
  });

  it("is the parent of all its parts, which its options hold for", async () => {
    const volume = { type: "volume", volumeName: "uploads", mountPath: "/data" };
    const args = { database: { kind: "mariadb" }, backup: { destinationId: "d" }, mounts: [volume] };
    const reached: string[] = [];
    const transformations = [
      ({ name, type }: pulumi.ResourceTransformationArgs) => {
        reached.push(`${type.split(":").at(-1)} ${name}`);
        return undefined;
      },
    ];
    const { app, known } = await running(args, { transformations });
    const urn = await known(app.application.urn);
    await pulumi.runtime.disconnect();
    assert.match(urn, /WebApp\$/);
    assert.deepEqual(reached.sort(), [
      ...[
        "Application shop",
        "Backup shop-db",
        "MariaDb shop-db",
        "VolumeBackup shop-uploads",
        "WebApp shop",
      ],
    ]);
  });

  it("runs the image in the environment, with the other inputs of an application as they are", async () => {
    const mounts = [{ type: "volume", volumeName: "uploads", mountPath: "/data" }];
    const { shop } = await declared({ replicas: 2, mounts, env: { A: "1" } });
    assert.deepEqual(shop?.["source"], { type: "docker", image: "acme/shop:1" });
    assert.deepEqual([shop["environmentId"], shop["replicas"]], ["e", 2]);
    assert.deepEqual(Object.values(shop["mounts"] as object), mounts);
    assert.deepEqual(shop["env"], { A: "1" });
    for (const own of ["image", "host", "port", "healthPath", "database", "backup"])
      assert.equal(own in shop, false, own);
  });

  it("takes the health check of an application instead of a path", async () => {
    const healthCheck = { path: "/up", port: 9000 };
    const { shop } = await declared({ healthPath: undefined, healthCheck });
    assert.deepEqual(shop?.["healthCheck"], healthCheck);
  });

  it("gives the application the address of its database, also with variables that are an output", async () => {
    const secretOf = (env: unknown) => (env as { value: unknown }).value;
    for (const env of [{ A: "1" }, pulumi.output({ A: "1" }), Promise.resolve({ A: "1" })]) {
      const made = await declared({ database: { kind: "postgres" }, env }, "shop", {
        connectionUrl: "postgres://canary",
      });
      assert.deepEqual(secretOf(made["shop"]?.["env"]), { A: "1", DATABASE_URL: "postgres://canary" });
    }
  });

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
    assert.deepEqual(shop?.["domains"], {
      "shop.acme.dev/": { host: "shop.acme.dev", port: 3000, https: true, certificateType: "letsencrypt" },
    });
  });

  it("takes what the program gives instead", async () => {
    const { shop } = await declared({ resources: { cpuLimit: 1 }, name: "store", port: 80 });
    assert.deepEqual(shop?.["healthCheck"], { path: "/health", port: 80 });
    assert.deepEqual(
      Object.values(shop["domains"] as object).map(({ port }) => port),
      [80],
    );
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
    const made = await declared({ backup, mounts: [folder, volume] });
    assert.deepEqual(Object.keys(made).sort(), ["shop", "shop-uploads backup"]);
  });

  it("declares a database with its backup, one of each volume, and the address as a variable", async () => {
    const volume = { type: "volume", volumeName: "uploads", mountPath: "/data" };
    const [database, backup] = [{ kind: "postgres" }, { destinationId: "d" }];
    const made = await declared({ database, backup, mounts: [volume], env: { A: "1" } });
    assert.deepEqual(Object.keys(made).sort(), ["shop", "shop-db", "shop-db backup", "shop-uploads backup"]);
    assert.deepEqual(made["shop-db backup"], {
      ...{ postgresId: "shop-db_id", database: "shop", destinationId: "d" },
      ...{ schedule: "0 3 * * *", keepLatestCount: 14 },
    });
    assert.deepEqual(made["shop-uploads backup"], {
      ...{ applicationId: "shop_id", name: "uploads", volumeName: "uploads", destinationId: "d" },
      ...{ cronExpression: "0 3 * * *", keepLatestCount: 14 },
    });
    assert.deepEqual(namesIn(made["shop"]), ["A", "DATABASE_URL"]);
    const alone = await declared({ database, backup });
    assert.deepEqual(Object.keys(alone).sort(), ["shop", "shop-db", "shop-db backup"]);
    for (const kind of ["mysql", "mariadb"]) {
      const saved = (await declared({ database: { kind }, backup }))["shop-db backup"];
      assert.equal(saved?.[`${kind}Id`], "shop-db_id", kind);
    }
    const own = { ...backup, schedule: "0 4 * * *", keepLatestCount: 3 };
    const chosen = await declared({ database, backup: own, mounts: [volume] });
    assert.deepEqual(
      [chosen["shop-db backup"]?.["schedule"], chosen["shop-db backup"]?.["keepLatestCount"]],
      ["0 4 * * *", 3],
    );
    assert.deepEqual(
      [chosen["shop-uploads backup"]?.["cronExpression"], chosen["shop-uploads backup"]?.["keepLatestCount"]],
      ["0 4 * * *", 3],
    );
  });

  it("gives its database the inputs that the program names, and its own defaults", async () => {
    const of = async (database: object) => (await declared({ database }))["shop-db"];
    assert.deepEqual(await of({ kind: "mariadb" }), {
      ...{ environmentId: "e", name: "shop-db", database: "shop", user: "shop" },
      resources: { memoryLimit: "1GiB" },
    });
    assert.deepEqual(
      await of({
        ...{ kind: "mysql", image: "mysql:8", memoryLimit: "2GiB", allowReplacementOf: "shop-db" },
      }),
      {
        ...{ environmentId: "e", name: "shop-db", database: "shop", user: "shop", image: "mysql:8" },
        ...{ resources: { memoryLimit: "2GiB" }, allowReplacementOf: "shop-db" },
      },
    );
  });

  it("names its database and user by a word of SQL", async () => {
    const made = await declared({ database: { kind: "postgres" } }, "my-shop.-2");
    const { name, database, user } = made["my-shop.-2-db"] ?? {};
    assert.deepEqual([name, database, user], ["my-shop.-2-db", "my_shop_2", "my_shop_2"]);
  });

  it("refuses a variable with the name of the address, wherever it stands, and takes another name", async () => {
    const database = { kind: "postgres" };
    const given = { A: "1", DATABASE_URL: "mine", Z: "2" };
    const says = /env gives DATABASE_URL, which is the address of its database/;
    await assert.rejects(declared({ database, env: given }), says);
    const { shop } = await declared({ database: { ...database, variable: "PG_URL" }, env: given });
    assert.deepEqual(namesIn(shop), ["A", "DATABASE_URL", "PG_URL", "Z"]);
  });

  it("asks for one way to know that it is healthy, and for volumes that are known before the run", async () => {
    await assert.rejects(declared({ healthPath: undefined }), /healthPath is missing\. Give the path/);
    await assert.rejects(declared({ healthCheck: { path: "/", port: 80 } }), /exclude each other/);
    const backup = { destinationId: "d" };
    for (const mounts of [
      pulumi.output([]),
      Promise.resolve([]),
      [undefined],
      [pulumi.output({})],
      [{ type: "volume", volumeName: pulumi.output("a") }],
    ])
      await assert.rejects(declared({ backup, mounts }), /must be plain values and not outputs/);
  });
});

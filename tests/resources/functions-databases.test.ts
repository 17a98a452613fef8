import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { listsIn } from "../../provider/engine/simple/lists";
import { traits } from "../../provider/schema/kinds";
import { Mapping } from "../../provider/schema/mapping";
import * as dokploy from "../../sdk";
import { callerOf } from "../../sdk/lookups/words";
import { databaseData, databases } from "./database-data";
import { messageOf, run, seen } from "./lookups";
import { makeProject, type Server, startServer } from "./server";

type Values = Record<string, unknown>;
type Plain = (args?: Values) => Promise<Values>;
type Outputs = pulumi.Output<Values> & Record<string, pulumi.Output<unknown>>;

const functions = dokploy as unknown as Readonly<Record<string, unknown>>;
const CANARY = "canary-Zx81";
const missing = "PQqzqTGCVtx0St2SA3vCi";

describe("functions that look up databases", () => {
  let server: Server;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  for (const { kind, database, schema } of databases) {
    const one = callerOf(kind);
    const getOne = functions[one] as Plain;
    const getOneOutput = functions[`${one}Output`] as (args: Values) => Outputs;
    const idName = `${database}Id`;

    describe(kind, () => {
      let environmentId: string;
      let project: string;
      let id: string;
      let byId: Values;
      const inputs: Values = {
        ...databaseData[kind]?.inputs,
        name: "orders",
        description: "All orders",
        password: `${CANARY}-1`,
        externalPort: 15_000 + databases.findIndex((other) => other.kind === kind),
        resources: { memoryLimit: "512MiB" },
        env: { TOKEN: `${CANARY}-2` },
        deploy: false,
      };

      before(async () => {
        project = `shop-${database}`;
        ({ environmentId } = await makeProject(server, project));
        server.newRun();
        ({ id } = await server.of(kind).create({ ...inputs, environmentId }));
        byId = { [idName]: id };
      });

      it("is found by its id and by its name, with all inputs and defaults, and without secrets", async () => {
        const { value, calls } = await run(server, () => getOne(byId));
        assert.deepEqual(calls, [`${database}.one`]);
        const { name, description, externalPort, resources, envKeys, status, projectName } = value;
        assert.deepEqual(
          { name, description, externalPort, resources, envKeys, status, projectName, id: value[idName] },
          {
            ...{ name: "orders", description: "All orders", externalPort: inputs["externalPort"] },
            ...{ resources: { memoryLimit: "512MiB" }, envKeys: ["TOKEN"], status: "idle" },
            ...{ projectName: project, id },
          },
        );
        for (const [input, given] of Object.entries(databaseData[kind]?.inputs ?? {}))
          assert.equal(value[input], given, input);
        const { always } = new Mapping(schema).secretByNature();
        for (const input of Object.keys(schema.shape)) {
          const own = [
            "env",
            "deploy",
            "import",
            "allowReplacementOf",
            "overwriteVariables",
            "appNamePrefix",
          ];
          const isOwn = [...own, ...listsIn(schema).keys()].includes(input);
          assert.equal(input in value, !isOwn && !always.includes(input), input);
        }
        assert.ok(!JSON.stringify(value).includes(CANARY));
        const named = await run(server, () => getOne({ name: "orders", environmentId }));
        assert.deepEqual(named, { value, calls: ["environment.one", `${database}.one`] });
        for (const place of [{ project }, { project, environment: "production" }])
          assert.deepEqual((await run(server, () => getOne({ name: "orders", ...place }))).value, value);
      });

      it("has its passwords, addresses and variables as separate secrets", async () => {
        const { value } = await run(server, async () => {
          const found = getOneOutput({ name: pulumi.output("orders"), environmentId });
          const { env, password, connectionUrl, externalUrl } = found;
          const secrets = [env, password, connectionUrl, externalUrl] as pulumi.Output<unknown>[];
          return { result: await seen(found), secrets: await Promise.all(secrets.map((one) => seen(one))) };
        });
        assert.equal(value.result.isSecret, false);
        assert.ok(!JSON.stringify(value.result).includes(CANARY));
        assert.ok(value.secrets.every(({ isSecret }) => isSecret));
        const [env, password, inside, outside] = value.secrets.map((one) => one.value);
        assert.deepEqual(env, { TOKEN: `${CANARY}-2` });
        assert.equal(password, `${CANARY}-1`);
        assert.match(String(inside), databaseData[kind]?.url ?? /^$/);
        const { hostname } = new URL(server.emulator.url);
        assert.ok(String(outside).includes(`${CANARY}-1@${hostname}:${inputs["externalPort"]}`));
      });

      it("is unknown while an argument is, and without a call", async () => {
        const unknown = pulumi.output(pulumi.unknown as string);
        const look = async () => {
          const found = getOneOutput({ [idName]: unknown });
          return [await seen(found), await seen(found["connectionUrl"] as pulumi.Output<unknown>)];
        };
        const { value, calls } = await run(server, look, true);
        assert.deepEqual(value, [
          { value: "unknown", isSecret: false },
          { value: "unknown", isSecret: true },
        ]);
        assert.deepEqual(calls, []);
      });

      it("that does not exist is reported, with what exists", async () => {
        const { noun } = traits[database];
        assert.equal(
          await messageOf(server, () => getOne({ [idName]: missing })),
          `${one}: Dokploy has no ${noun} with the id "${missing}". It was deleted, or the id is wrong: look it up in ` +
            "Dokploy.",
        );
        assert.match(
          await messageOf(server, () => getOne({ name: "order", environmentId })),
          new RegExp(`has no ${noun} named "order"\\. Did you mean "orders" \\(${id}\\)\\?`),
        );
        assert.match(
          await messageOf(server, () => getOne({ name: "orders" })),
          new RegExp(
            `^${one} takes \\{ ${idName} \\}, \\{ name, environmentId \\} or .*; it got \\{ name \\}`,
          ),
        );
        assert.match(
          await messageOf(server, () => getOne({ [idName]: "canary of the job" })),
          new RegExp(`^${one}: ${idName} is not an id `),
        );
      });
    });
  }

  it("name the function that finds the service of another kind", async () => {
    const { environmentId } = await makeProject(server, "kinds");
    server.newRun();
    const { id } = await server.of("MySql").create({
      ...{ environmentId, name: "orders", database: "shop", user: "shop", deploy: false },
    });
    const says = `There is a MySQL database of that name (${id}): getMySql finds it.`;
    for (const look of [dokploy.getPostgres, dokploy.getApplication])
      assert.ok((await messageOf(server, () => look({ name: "orders", environmentId }))).includes(says));
  });

  it("list all of an environment with one call, and are reported for none", async () => {
    const { projectId, environmentId } = await makeProject(server, "many");
    const { environmentId: empty } = await server.byHand<{ environmentId: string }>("environment.create", {
      projectId,
      name: "empty",
    });
    server.newRun();
    const made = [];
    for (const { kind } of databases) {
      const name = `db-${kind}`;
      const inputs = { ...databaseData[kind]?.inputs, environmentId, name, deploy: false };
      const { id } = await server.of(kind).create({ ...inputs, password: CANARY, description: "" });
      made.push({ kind, id, name, description: undefined });
    }
    const expected = made.sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.equal(expected.length, 6);
    const { value, calls } = await run(server, () => dokploy.getDatabases({ environmentId }));
    assert.deepEqual(value, expected);
    assert.deepEqual(calls, ["environment.one"]);
    const { value: later } = await run(server, () => seen(dokploy.getDatabasesOutput({ project: "many" })));
    assert.deepEqual(later, { value: expected, isSecret: false });
    assert.deepEqual(
      (await run(server, () => dokploy.getDatabases({ project: "many", environment: "empty" }))).value,
      [],
    );
    assert.match(
      await messageOf(server, () => dokploy.getDatabases({ environmentId: missing })),
      /^getDatabases: Dokploy has no environment with the id/,
    );
    assert.equal(empty.length, 21);
  });

  it("accept only arguments that name one, as the compiler checks", async () => {
    const id = missing;
    const wrong: (() => Promise<unknown>)[] = [
      // @ts-expect-error two ways at once
      () => dokploy.getPostgres({ postgresId: id, name: "orders" }),
      // @ts-expect-error of another kind
      () => dokploy.getPostgres({ mysqlId: id }),
      // @ts-expect-error a name alone says not where
      () => dokploy.getRedis({ name: "cache" }),
      // @ts-expect-error two places
      () => dokploy.getDatabases({ environmentId: id, project: "shop" }),
      // @ts-expect-error nothing
      async () => dokploy.getMongoOutput({}),
    ];
    for (const look of wrong) assert.match(await messageOf(server, look), /^get\w+ takes \{ .* \}; it got /);
    const typed = (found: dokploy.GetPostgresResult, output: ReturnType<typeof dokploy.getMySqlOutput>) => {
      const database: string = found.database;
      const port: number | undefined = found.externalPort;
      const url: pulumi.Output<string> = output.connectionUrl;
      const root: pulumi.Output<string> = output.rootPassword;
      // @ts-expect-error a secret stands in no result
      const password = found.password;
      return [database, port, url, root, password];
    };
    assert.equal(typed.length, 2);
  });
});

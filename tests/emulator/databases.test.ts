import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index";
import { databases } from "../../emulator/instance/databases";
import { Dokploy } from "../conformance/http";

type Row = Record<string, unknown>;

/** What a container of each kind gets from Dokploy itself. */
const own: Readonly<Record<string, Record<string, string>>> = {
  postgres: { POSTGRES_DB: "db", POSTGRES_USER: "u", POSTGRES_PASSWORD: "Passw0rd" },
  mysql: { MYSQL_USER: "u", MYSQL_DATABASE: "db", MYSQL_PASSWORD: "Passw0rd", MYSQL_ROOT_PASSWORD: "Root1" },
  mariadb: {
    MARIADB_DATABASE: "db",
    MARIADB_USER: "u",
    MARIADB_PASSWORD: "Passw0rd",
    MARIADB_ROOT_PASSWORD: "Root1",
  },
  mongo: { MONGO_INITDB_ROOT_USERNAME: "u", MONGO_INITDB_ROOT_PASSWORD: "Passw0rd" },
  redis: { REDIS_PASSWORD: "Passw0rd" },
  libsql: { SQLD_NODE: "primary", SQLD_HTTP_AUTH: "basic:dTpQYXNzdzByZA==" },
};

describe("the emulator's databases", () => {
  let emulator: Emulator;
  let server: Dokploy;
  let projectId: string;
  let environmentId: string;

  before(async () => {
    emulator = await startEmulator();
    server = new Dokploy(emulator.url, emulator.apiKey);
    const { body } = await server.post("project.create", { name: "shop", env: "REGION=eu" });
    const made = body as { project: Row; environment: Row };
    projectId = String(made.project["projectId"]);
    environmentId = String(made.environment["environmentId"]);
    await server.post("environment.update", { environmentId, env: "STAGE=test" });
  });
  after(() => emulator.close());

  async function make(kind: string, more: Row = {}): Promise<{ key: string; id: string }> {
    const key = `${kind}Id`;
    const needed =
      kind === "libsql"
        ? {
            appName: "db",
            description: null,
            sqldNode: "primary",
            sqldPrimaryUrl: null,
            serverId: null,
            databaseUser: "u",
          }
        : { databaseName: "db", databaseUser: "u", databaseRootPassword: "Root1" };
    const input = { name: "db", environmentId, databasePassword: "Passw0rd", ...needed, ...more };
    const { status, body } = await server.post(`${kind}.create`, input);
    assert.equal(status, 200, JSON.stringify(body));
    if (kind !== "libsql") return { key, id: String((body as Row)[key]) };
    const one = await server.get("environment.one", { environmentId });
    const rows = (one.body as Record<string, Row[]>)[kind] ?? [];
    return { key, id: String(rows.at(-1)?.[key]) };
  }

  async function status(kind: string, key: string, id: string): Promise<unknown> {
    return ((await server.get(`${kind}.one`, { [key]: id })).body as Row)["applicationStatus"];
  }

  for (const { name: kind } of databases) {
    it(`${kind}: its container gets Dokploy's variables, then the user's, with references resolved`, async () => {
      const { key, id } = await make(kind);
      assert.equal(emulator.containerEnv(id), undefined);
      const [first = ""] = Object.keys(own[kind] ?? {});
      const env = `WHERE=\${{project.REGION}}-\${{environment.STAGE}}\nCOPY=\${{${first}}}\n`;
      await server.post(`${kind}.saveEnvironment`, { [key]: id, env });
      assert.equal(emulator.containerEnv(id), undefined, "saving alone changes nothing that runs");
      assert.equal((await server.post(`${kind}.deploy`, { [key]: id })).status, 200);
      assert.deepEqual(emulator.containerEnv(id), {
        ...own[kind],
        WHERE: "eu-test",
        COPY: own[kind]?.[first],
      });
    });

    it(`${kind}: a variable of the user wins over Dokploy's own`, async () => {
      const { key, id } = await make(kind);
      const [first = ""] = Object.keys(own[kind] ?? {});
      await server.post(`${kind}.saveEnvironment`, { [key]: id, env: `${first}=mine` });
      await server.post(`${kind}.deploy`, { [key]: id });
      assert.equal(emulator.containerEnv(id)?.[first], "mine");
    });

    it(`${kind}: an injected failure is returned and kept as the status, and the old container keeps running`, async () => {
      const { key, id } = await make(kind);
      await server.post(`${kind}.deploy`, { [key]: id });
      await server.post(`${kind}.saveEnvironment`, { [key]: id, env: "NEW=1" });
      emulator.setOutcome(id, { status: "error", log: "no space left on device" });
      const { status: code, body } = await server.post(`${kind}.deploy`, { [key]: id });
      assert.equal(code, 500);
      assert.equal((body as Row)["message"], `Error on deploy ${kind}Error: no space left on device`);
      assert.equal(await status(kind, key, id), "error");
      assert.equal(emulator.containerEnv(id)?.["NEW"], undefined);
      emulator.setOutcome(id, undefined);
      await server.post(`${kind}.deploy`, { [key]: id });
      assert.equal(emulator.containerEnv(id)?.["NEW"], "1");
      assert.equal(await status(kind, key, id), "done");
    });

    it(`${kind}: a reload starts the container again with the variables that it had`, async () => {
      const { key, id } = await make(kind);
      await server.post(`${kind}.deploy`, { [key]: id });
      await server.post(`${kind}.saveEnvironment`, { [key]: id, env: "NEW=1" });
      assert.equal((await server.post(`${kind}.reload`, { [key]: id, appName: "any" })).body, true);
      assert.equal(emulator.containerEnv(id)?.["NEW"], undefined);
    });
  }

  it("an unknown shared variable and a missing image fail the deployment", async () => {
    const { key, id } = await make("postgres");
    await server.post("postgres.saveEnvironment", { [key]: id, env: "A=${{project.NOPE}}" });
    const unknown = await server.post("postgres.deploy", { [key]: id });
    assert.equal(
      (unknown.body as Row)["message"],
      "Error on deploy postgresError: Invalid project environment variable: project.NOPE",
    );
    const other = await make("redis", { dockerImage: "acme/redis:missing" });
    const missing = await server.post("redis.deploy", { [other.key]: other.id });
    assert.match(
      String((missing.body as Row)["message"]),
      /^Error on deploy redisError: Error response from daemon: manifest/,
    );
  });

  it("a start needs a service, and a port that a running database has is taken", async () => {
    const { key, id } = await make("mysql");
    assert.equal((await server.post("mysql.start", { [key]: id })).status, 500);
    assert.equal(
      (await server.post("mysql.saveExternalPort", { [key]: id, externalPort: 13306 })).status,
      200,
    );
    assert.deepEqual(await status("mysql", key, id), "done");
    assert.equal(
      (await server.post("mysql.saveExternalPort", { [key]: id, externalPort: 13306 })).status,
      409,
    );
  });

  it("goes with its volume's row when it or its project is removed", async () => {
    const { key, id } = await make("mongo");
    await server.post("mongo.deploy", { [key]: id });
    assert.equal((await server.post("mongo.remove", { [key]: id })).status, 200);
    assert.equal(emulator.containerEnv(id), undefined);
    const other = await make("mongo");
    assert.equal((await server.post("project.remove", { projectId })).status, 200);
    assert.equal((await server.get("mongo.one", { [other.key]: other.id })).status, 404);
  });
});

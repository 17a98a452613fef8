import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("an id that Dokploy does not have", () => {
  let server: Server;
  let shop: { projectId: string; environmentId: string };
  let applicationId: string;
  let composeId: string;
  let postgresId: string;
  before(async () => {
    server = await startServer();
    shop = await makeProject(server, "shop");
    const { environmentId } = shop;
    const make = (kind: string) =>
      server.byHand<Values>(`${kind}.create`, { name: `the-${kind}`, environmentId });
    applicationId = String((await make("application"))["applicationId"]);
    composeId = String((await make("compose"))["composeId"]);
    const database = { databaseName: "d", databaseUser: "u", databasePassword: "p4ssw0rd", environmentId };
    const row = await server.byHand<Values>("postgres.create", { name: "orders", ...database });
    postgresId = String(row["postgresId"]);
  });
  after(() => server.close());
  beforeEach(() => server.newRun());

  const source = { type: "docker", image: "acme/api:1" };
  const reasonOf = async (
    kind: "Application" | "Compose" | "EnvironmentBlock" | "Project",
    inputs: Values,
  ) => {
    const { failures } = await server[kind].check({}, withProvider(inputs));
    assert.equal(failures.length, 1, JSON.stringify(failures));
    return `${failures[0]?.property}: ${failures[0]?.reason}`;
  };
  const block = (target: Values) => reasonOf("EnvironmentBlock", { target, env: {} });
  const api = (environmentId: string) => reasonOf("Application", { environmentId, name: "api", source });
  const nobodys = "PQqzqTGCVtx0St2SA3vCi";
  const noId = "is not an id of Dokploy (21 letters, digits, - and _)";
  const none = (noun: string, id: string) => `Dokploy has no ${noun} ${id} (or this key cannot see it)`;

  it("of an environment is reported as the project's, with the id of its default environment", async () => {
    assert.equal(
      await api(shop.projectId),
      `environmentId: ${none("environment", shop.projectId)}: that is the id of the project "shop"; use the project's ` +
        `defaultEnvironmentId (${shop.environmentId})`,
    );
  });

  it("of an environment is reported as a service's, with that service's environment", async () => {
    assert.match(
      await api(composeId),
      new RegExp(`the id of the compose service "the-compose"; its environment is ${shop.environmentId}$`),
    );
  });

  it("of an application is reported as what it is", async () => {
    assert.equal(
      await block({ applicationId: composeId }),
      `target.applicationId: ${none("application", composeId)}: that is the id of the compose service "the-compose"; ` +
        "give it as composeId, or the id of an application",
    );
    assert.match(
      await block({ applicationId: postgresId }),
      /that is the id of a Postgres.*; give it as postgresId/,
    );
    assert.match(
      await block({ environmentId: shop.projectId }),
      /the id of the project "shop"; use the project's/,
    );
    assert.match(
      await block({ projectId: shop.environmentId }),
      new RegExp(`its project is ${shop.projectId} \\("shop"\\)$`),
    );
  });

  it("is reported as a name, with the id", async () => {
    assert.equal(
      await block({ applicationId: "the-application" }),
      `target.applicationId: ${noId}: that is the name of an application; give its id ${applicationId}`,
    );
    assert.match(
      await api("production"),
      new RegExp(`the name of an environment; give its id ${shop.environmentId}$`),
    );
    assert.equal(
      await reasonOf("Compose", {
        environmentId: shop.environmentId,
        name: "x",
        source: { type: "raw", composeFile: "services: { a: { image: a:1 } }" },
        import: "the-compose",
      }),
      `import: ${noId}: that is the name of a compose service; give its id ${composeId}`,
    );
  });

  it("that is invalid is neither repeated nor sent, in any place", async () => {
    const { environmentId } = shop;
    const canaries = [
      "canary-token",
      `canary${"x".repeat(80)}`,
      "canary 0St2SA3vCi0St2S",
      "canary0St2SA3vCi0St2S\n",
    ];
    const service = { environmentId, name: "x", source };
    for (const canary of canaries) {
      for (const [kind, inputs, property] of [
        ["EnvironmentBlock", { target: { applicationId: canary }, env: {} }, "target.applicationId"],
        ["EnvironmentBlock", { target: { postgresId: canary }, env: {} }, "target.postgresId"],
        ["EnvironmentBlock", { target: { environmentId: canary }, env: {} }, "target.environmentId"],
        ["Application", { ...service, environmentId: canary }, "environmentId"],
        ["Application", { ...service, import: canary }, "import"],
        ["Application", { ...service, registryId: canary }, "registryId"],
        ["Application", { ...service, serverId: canary }, "serverId"],
        ["Project", { name: "x", import: canary }, "import"],
      ] as const) {
        const [property_, ...said] = (await reasonOf(kind, inputs)).split(": ");
        assert.deepEqual([property_, said.join(": ")], [property, noId]);
      }
    }
    assert.doesNotMatch(JSON.stringify(server.emulator.calls), /canary/);
  });

  it("is taken as it is if it is that of an environment which is older than environments", async () => {
    const old = `env_prod_${shop.projectId}_1756789012.345678`;
    assert.equal(await api(old), `environmentId: ${none("environment", old)}`);
  });

  it("that is to be adopted is reported as what it is", async () => {
    const inputs = { environmentId: shop.environmentId, name: "x", source, import: composeId };
    assert.match(
      await reasonOf("Application", inputs),
      /that is the id of the compose service "the-compose"/,
    );
    assert.match(
      await reasonOf("Project", { name: "x", import: shop.environmentId }),
      /^import: .*that is the id of the environment "production"; its project is/,
    );
  });

  it("that belongs to no object is only reported as missing, even without permission to look", async () => {
    assert.equal(
      await block({ applicationId: nobodys }),
      `target.applicationId: ${none("application", nobodys)}`,
    );
    server.newRun();
    server.emulator.denyPermission("project.all");
    assert.equal(
      await block({ applicationId: composeId }),
      `target.applicationId: ${none("application", composeId)}`,
    );
  });

  it("is looked up only where something failed", async () => {
    const { failures } = await server.EnvironmentBlock.check(
      {},
      withProvider({ target: { applicationId }, env: {} }),
    );
    assert.deepEqual(failures, []);
    assert.ok(!server.calls().includes("project.all"), server.calls().join());
  });
});

import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { Dokploy } from "../conformance/http";

type Row = Record<string, unknown>;

describe("the emulator's simple objects", () => {
  let emulator: Emulator;
  let server: Dokploy;
  let applicationId: string;
  let composeId: string;

  const start = async (version?: string) => {
    emulator = await startEmulator({ buildMs: 1, ...(version === undefined ? {} : { version }) });
    server = new Dokploy(emulator.url, emulator.apiKey);
    const { environment } = (await server.post("project.create", { name: "shop" })).body as {
      environment: { environmentId: string };
    };
    const { environmentId } = environment;
    const made = await server.post("application.create", { name: "web", environmentId });
    applicationId = (made.body as { applicationId: string }).applicationId;
    const stack = await server.post("compose.create", { name: "stack", environmentId });
    composeId = (stack.body as { composeId: string }).composeId;
  };
  beforeEach(() => start());
  afterEach(() => emulator.close());

  const post = async (endpoint: string, input: Row) => await server.post(endpoint, input);
  const made = async (endpoint: string, input: Row): Promise<Row> => {
    const { status, body } = await post(endpoint, input);
    assert.equal(status, 200, JSON.stringify(body));
    return body as Row;
  };

  it("are in what they belong to, without what reads of their own add", async () => {
    const domain = await made("domain.create", { host: "a.test", applicationId });
    const port = await made("port.create", { applicationId, publishedPort: 8080, targetPort: 80 });
    await made("redirects.create", { applicationId, regex: "^a", replacement: "b", permanent: true });
    const inCompose = await made("domain.create", { host: "b.test", composeId, domainType: "compose" });
    const application = (await server.get("application.one", { applicationId })).body as Row;
    assert.deepEqual(application["domains"], [domain]);
    assert.deepEqual(application["ports"], [port]);
    const [redirect, ...others] = application["redirects"] as Row[];
    assert.deepEqual([redirect?.["regex"], redirect?.["permanent"], others], ["^a", true, []]);
    const compose = (await server.get("compose.one", { composeId })).body as Row;
    assert.deepEqual(compose["domains"], [inCompose]);
    assert.deepEqual((await server.get("domain.byComposeId", { composeId })).body, [
      { ...inCompose, compose: { composeId, appName: compose["appName"], name: "stack" } },
    ]);
  });

  it("go with what they belong to", async () => {
    const { domainId } = await made("domain.create", { host: "a.test", applicationId });
    const { portId } = await made("port.create", { applicationId, publishedPort: 8080, targetPort: 80 });
    await made("application.delete", { applicationId });
    assert.equal((await server.get("domain.one", { domainId: String(domainId) })).status, 404);
    assert.equal((await server.get("port.one", { portId: String(portId) })).status, 400);
  });

  it("keep what an update leaves out, but what the server has a default for", async () => {
    const { domainId } = await made("domain.create", {
      host: "a.test",
      applicationId,
      path: "/api",
      port: 81,
    });
    const updated = await made("domain.update", { domainId, host: "b.test", enabled: false });
    assert.deepEqual(
      ["host", "path", "port", "enabled"].map((column) => updated[column]),
      ["b.test", "/api", 81, false],
    );
    const port = { applicationId, publishedPort: 53, targetPort: 53 };
    const { portId } = await made("port.create", { ...port, protocol: "udp", publishMode: "host" });
    const changed = await made("port.update", { portId, publishedPort: 54, targetPort: 53 });
    assert.deepEqual([changed["protocol"], changed["publishMode"]], ["tcp", "ingress"]);
  });

  for (const [endpoint, input, column] of [
    ["domain.create", { host: "under_score.test" }, "host"],
    ["domain.create", { host: "" }, "host"],
    ["domain.create", { host: "a.test", port: 0 }, "port"],
    ["domain.create", { host: "a.test", port: 65_536 }, "port"],
    ["domain.create", { host: "a.test", certificateType: "self" }, "certificateType"],
    ["domain.create", { host: "a.test", middlewares: "auth" }, "middlewares"],
    ["port.create", { applicationId: "a", publishedPort: 1, targetPort: 2, protocol: "sctp" }, "protocol"],
    [
      "registry.create",
      { registryName: "r", username: "u", password: "p", registryUrl: "r.test" },
      "registryType",
    ],
  ] as const) {
    it(`are refused by ${endpoint} for ${column} of ${JSON.stringify(input)}`, async () => {
      const { status, body } = await post(endpoint, input);
      assert.equal(status, 400);
      const { zodError } = (body as { data: { zodError: { fieldErrors: Row } } }).data;
      assert.ok(column in zodError.fieldErrors, JSON.stringify(zodError));
    });
  }

  it("refuse a parent that does not exist, and make nothing", async () => {
    const answers = await Promise.all([
      post("domain.create", { host: "a.test", composeId: "nope" }),
      post("port.create", { applicationId: "nope", publishedPort: 1, targetPort: 2 }),
      post("redirects.create", { applicationId: "nope", regex: "a", replacement: "b", permanent: false }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 400, 400],
    );
    assert.equal((await server.get("domain.byComposeId", { composeId: "nope" })).status, 404);
  });

  describe("a registry", () => {
    const columns = {
      registryName: "ours",
      username: "ci",
      password: "hunter2",
      registryUrl: "registry.test",
      registryType: "cloud",
      imagePrefix: null,
    };

    it("is created when its login works, and shows its password in the list alone", async () => {
      emulator.registry.logins.set("registry.test", { username: "ci", password: "hunter2" });
      const row = await made("registry.create", columns);
      assert.equal(row["password"], "hunter2");
      const one = (await server.get("registry.one", { registryId: String(row["registryId"]) })).body as Row;
      assert.equal("password" in one, false);
      assert.deepEqual((await server.get("registry.all", {})).body, [row]);
      assert.equal((await post("registry.testRegistry", columns)).body, true);
    });

    it("is not made when its login fails, and the message does not show the password", async () => {
      emulator.registry.logins.set("registry.test", { username: "ci", password: "another" });
      for (const endpoint of ["registry.create", "registry.testRegistry"]) {
        const { status, body } = await post(endpoint, columns);
        assert.equal(status, 400);
        assert.match(JSON.stringify(body), /docker login 'registry\.test' -u 'ci'.*incorrect username/);
        assert.doesNotMatch(JSON.stringify(body), /hunter2/);
      }
      assert.deepEqual((await server.get("registry.all", {})).body, []);
    });

    it("has a host for its address, and is not changed by nothing", async () => {
      for (const registryUrl of [
        "https://registry.test",
        "registry.test/a",
        "-registry.test",
        "registry.test:",
      ]) {
        const { status, body } = await post("registry.create", { ...columns, registryUrl });
        assert.equal(status, 400, registryUrl);
        assert.match(JSON.stringify(body), /must be a valid hostname or hostname:port/);
      }
      const { registryId } = await made("registry.create", { ...columns, registryUrl: "" });
      assert.equal((await post("registry.update", { registryId })).status, 400);
    });

    it("is changed though the login with the new password fails", async () => {
      const { registryId } = await made("registry.create", columns);
      emulator.registry.logins.set("registry.test", { username: "ci", password: "hunter2" });
      const { status } = await post("registry.update", {
        registryId,
        registryName: "mine",
        password: "wrong",
      });
      assert.equal(status, 400);
      const [row] = (await server.get("registry.all", {})).body as Row[];
      assert.deepEqual([row?.["registryName"], row?.["password"]], ["mine", "wrong"]);
    });

    it("is referred to by applications until it is removed", async () => {
      const { registryId } = await made("registry.create", columns);
      await made("application.update", { applicationId, registryId });
      const application = async () => (await server.get("application.one", { applicationId })).body as Row;
      const { registry } = (await application()) as { registry: Row };
      assert.deepEqual([registry["registryName"], "password" in registry], ["ours", false]);
      await made("registry.remove", { registryId });
      const { registryId: id, registry: gone } = await application();
      assert.deepEqual([id, gone], [null, null]);
      assert.equal((await post("application.update", { applicationId, registryId })).status, 500);
    });
  });

  it("lack in an older version what came later", async () => {
    await emulator.close();
    await start("v0.29.14");
    const domain = await made("domain.create", { host: "a.test", applicationId });
    assert.equal("enabled" in domain, false);
    const updated = await made("domain.update", {
      domainId: domain["domainId"],
      host: "a.test",
      enabled: false,
    });
    assert.equal("enabled" in updated, false);
    assert.equal("middlewares" in updated, true);
  });
});

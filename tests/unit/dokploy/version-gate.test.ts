import * as assert from "node:assert/strict";
import { startEmulator } from "../../../emulator";
import { DokployClient, DokployError, type Feature } from "../../../provider/dokploy";
import { afterVersion, Fixture, json, type SeenRequest } from "./http-server";

const FEATURES: readonly Feature[] = [
  "deployment.readLogs",
  "application.update.networkIds",
  "compose.update.icon",
  "compose.update.createEnvFile",
  "compose.create.sourceType",
];

describe("a server of version", () => {
  let fixture: Fixture;
  beforeEach(() => {
    fixture = new Fixture();
  });
  afterEach(() => fixture.end());

  async function refusal(call: Promise<unknown>): Promise<DokployError | undefined> {
    try {
      await call;
      return undefined;
    } catch (error) {
      assert.ok(error instanceof DokployError);
      return error;
    }
  }

  for (const [version, changes, has] of [
    ["v0.28.6", false, []],
    ["v0.28.7-canary", false, []],
    ["v0.28.7-canary.3", false, []],
    ["v0.28.7", true, []],
    ["v0.29.4", true, []],
    ["v0.29.5", true, ["deployment.readLogs"]],
    ["v0.29.14", true, ["deployment.readLogs", "application.update.networkIds", "compose.update.icon"]],
    ["v0.30.0", true, FEATURES],
    ["v0.30.2", true, FEATURES],
    ["v0.31.0", true, FEATURES],
    ["v1.0.0", true, FEATURES],
    ["canary", true, FEATURES],
  ] as const) {
    it(`${version} is read, ${changes ? "and changed" : "but not changed"}, and has ${has.length} of the newer features`, async () => {
      const server = await fixture.server(
        afterVersion(
          (request, response) => json(response, 200, request.method === "GET" ? [] : true),
          version,
        ),
      );
      const client = fixture.client(server.url);
      assert.deepEqual(await client.call("project.all", {}), []);
      const error = await refusal(client.call("application.update", { applicationId: "a", name: "x" }));
      assert.deepEqual(
        error && [error.kind, error.outcome],
        changes ? undefined : ["unsupported-version", "not-sent"],
      );
      assert.equal(server.calls.length, changes ? 2 : 1);
      const offered = await Promise.all(FEATURES.map((feature) => client.supports(feature)));
      assert.deepEqual(
        FEATURES.filter((_, i) => offered[i]),
        has,
      );
    });
  }

  for (const [version, allowed] of [
    ["v0.28.6", false],
    ["v0.28.7", true],
    ["v0.31.0", true],
  ] as const) {
    it(`${version} ${allowed ? "makes" : "does not make"} a project in the emulator`, async () => {
      const emulator = await startEmulator({ version });
      const { url, apiKey } = emulator;
      const client = new DokployClient({ url, apiKey, auth: "x-api-key" });
      try {
        const error = await refusal(client.call("project.create", { name: "shop" }));
        assert.equal(error?.kind, allowed ? undefined : "unsupported-version");
        const names = (await client.call("project.all", {})).map(({ name }) => name);
        assert.deepEqual(names, allowed ? ["shop"] : []);
      } finally {
        client.close();
        await emulator.close();
      }
    });
  }

  /** Keeps what it is sent, without the columns that it does not know, as Dokploy does. */
  function keeping(unknown: readonly string[], version: string) {
    const row: Record<string, unknown> = { composeId: "c", name: "web", deployments: [] };
    return afterVersion((request: SeenRequest, response) => {
      if (request.method === "GET") return json(response, 200, row);
      const sent = Object.entries(JSON.parse(request.body)).filter(([name]) => !unknown.includes(name));
      Object.assign(row, Object.fromEntries(sent));
      return json(response, 200, row);
    }, version);
  }

  it("0.29.14 refuses createEnvFile: false of a compose service, as it would drop it, and writes no part of the update", async () => {
    const server = await fixture.server(keeping(["createEnvFile"], "v0.29.14"));
    const client = fixture.client(server.url);
    const error = await refusal(
      client.call("compose.update", { composeId: "c", name: "new", createEnvFile: false }),
    );
    assert.deepEqual([error?.kind, error?.outcome], ["unsupported-version", "not-sent"]);
    assert.match(
      error?.message ?? "",
      /on compose "c" failed: the server runs Dokploy v0\.29\.14, which has no createEnvFile .*It was added in Dokploy 0\.30\.0: update the server, or leave createEnvFile out/,
    );
    assert.equal((await client.call("compose.one", { composeId: "c" })).name, "web");
  });

  it("0.29.14 takes createEnvFile: true, which it does anyway, and reads it back", async () => {
    const server = await fixture.server(keeping(["createEnvFile"], "v0.29.14"));
    const client = fixture.client(server.url);
    await client.call("compose.update", { composeId: "c", createEnvFile: true });
    assert.equal((await client.call("compose.one", { composeId: "c" })).createEnvFile, true);
  });

  it("0.30.0 takes createEnvFile: false, and reads it back", async () => {
    const server = await fixture.server(keeping([], "v0.30.0"));
    const client = fixture.client(server.url);
    await client.call("compose.update", { composeId: "c", createEnvFile: false });
    assert.equal((await client.call("compose.one", { composeId: "c" })).createEnvFile, false);
  });

  it("0.28.7 refuses networks, and reads as having none", async () => {
    const server = await fixture.server(keeping(["networkIds", "detachDokployNetwork"], "v0.28.7"));
    const client = fixture.client(server.url);
    for (const columns of [{ networkIds: ["n"] }, { detachDokployNetwork: true }]) {
      const error = await refusal(client.call("application.update", { applicationId: "a", ...columns }));
      assert.match(error?.message ?? "", /It was added in Dokploy 0\.29\.14/);
    }
    await client.call("application.update", {
      applicationId: "a",
      networkIds: [],
      detachDokployNetwork: false,
    });
    const { networkIds, detachDokployNetwork } = await client.call("application.one", { applicationId: "a" });
    assert.deepEqual([networkIds, detachDokployNetwork], [[], false]);
  });

  it("0.29.14 drops sourceType when a service is created, and takes it from the update that follows", async () => {
    const row: Record<string, unknown> = { composeId: "c", appName: "web-x", sourceType: "github" };
    const server = await fixture.server(
      afterVersion((request, response) => {
        if (request.url.endsWith("compose.update")) Object.assign(row, JSON.parse(request.body));
        json(response, 200, row);
      }, "v0.29.14"),
    );
    const client = fixture.client(server.url);
    const made = await client.call("compose.create", { name: "web", environmentId: "e", sourceType: "raw" });
    assert.equal(made.sourceType, "github");
    await client.call("compose.update", { composeId: "c", sourceType: "raw" });
    assert.equal((await client.call("compose.one", { composeId: "c" })).sourceType, "raw");
  });

  it("without deployment.readLogs says since when there is one", async () => {
    const server = await fixture.server(
      afterVersion(
        (_, response) => json(response, 404, { message: "Not found", code: "NOT_FOUND" }),
        "v0.29.4",
      ),
    );
    const client = fixture.client(server.url);
    assert.equal(await client.supports("deployment.readLogs"), false);
    const error = await refusal(client.call("deployment.readLogs", { deploymentId: "d" }));
    assert.equal(error?.kind, "unsupported-version");
    assert.match(error?.message ?? "", /0\.29\.5/);
  });

  it("with older responses is understood: {projects}, {deployments}, {success: true}, status success", async () => {
    const deployments = [{ deploymentId: "d", status: "success" }];
    const answers: Readonly<Record<string, unknown>> = {
      "project.all": { projects: [{ projectId: "p", name: "n" }] },
      "deployment.all": { deployments },
      "deployment.allByCompose": { deployments },
      "application.one": { applicationId: "a", deployments },
      "compose.one": { composeId: "c", deployments },
      "application.update": { success: true },
      "application.saveEnvironment": { success: true },
      "application.deploy": { success: true },
    };
    const server = await fixture.server(
      afterVersion(
        (request, response) =>
          json(response, 200, answers[request.url.slice("/api/".length).split("?")[0] ?? ""]),
        "v0.28.7",
      ),
    );
    const client = fixture.client(server.url);
    const application = { applicationId: "a" };
    assert.deepEqual(await client.call("project.all", {}), [{ projectId: "p", name: "n" }]);
    const lists = await Promise.all([
      client.call("deployment.all", application),
      client.call("deployment.allByCompose", { composeId: "c" }),
      client.call("application.one", application).then((row) => row.deployments),
      client.call("compose.one", { composeId: "c" }).then((row) => row.deployments),
    ]);
    for (const list of lists) assert.deepEqual(list, [{ deploymentId: "d", status: "done" }]);
    await client.call("application.update", { ...application, name: "x" });
    await client.call("application.saveEnvironment", {
      ...application,
      env: "",
      buildArgs: null,
      buildSecrets: null,
      createEnvFile: true,
    });
    await client.call("application.deploy", application);
  });
});

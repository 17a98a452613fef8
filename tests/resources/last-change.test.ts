import * as assert from "node:assert/strict";
import { type Server, startServer } from "./server";

const ana = { userId: "ana", userEmail: "ana@acme.example" };

describe("who changed an object last, at a refresh that finds drift", () => {
  let server: Server;
  let applicationId: string;
  let state: Record<string, unknown>;
  const asked = () => server.calls().filter((call) => /^(?:auditLog|user)\./.test(call));
  /** Messages of a refresh of the application. */
  const refreshed = async () => {
    server.warnings.length = 0;
    await server.Application.read(applicationId, state);
    return [...server.warnings];
  };
  /** Changes variables, by the user who works in the web interface now. */
  const edit = (env: string) => server.byHand("application.update", { applicationId, env });

  beforeEach(async () => {
    server = await startServer();
    const project = await server.Project.create({ name: "shop" });
    const made = await server.Application.create({
      environmentId: project.outs["defaultEnvironmentId"],
      name: "api",
      source: { type: "docker", image: "acme/api:1" },
      env: { LOG_LEVEL: "info" },
      deploy: false,
    });
    applicationId = made.id;
    state = made.outs;
    server.emulator.audit.isLicensed = true;
    server.newRun();
    server.emulator.clearCalls();
  });
  afterEach(() => server.close());

  it("is a person with the time of the change, and never a value", async () => {
    server.emulator.audit.user = ana;
    await edit("LOG_LEVEL=canary-4711");
    const messages = await refreshed();
    assert.equal(messages.length, 1);
    assert.match(
      messages[0] ?? "",
      /^Application "api" differs from the state: last changed in Dokploy by ana@acme\.example, \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
    );
  });

  it("is asked for once in a run, and only when there is drift", async () => {
    await refreshed();
    assert.deepEqual(asked(), []);
    server.emulator.audit.user = ana;
    await edit("LOG_LEVEL=debug");
    const block = { target: { applicationId }, env: { LOG_LEVEL: "info" }, mode: "additive" };
    server.newRun();
    await server.Application.read(applicationId, state);
    await server.EnvironmentBlock.read(`application/${applicationId}`, block);
    assert.deepEqual(asked(), ["auditLog.all", "user.get"]);
    assert.equal(server.warnings.filter((message) => message.includes("ana@acme.example")).length, 2);
  });

  it("is not the user of the key, as whom pipelines work, even after a person", async () => {
    const { user } = server.emulator.audit;
    server.emulator.audit.user = ana;
    await edit("LOG_LEVEL=debug");
    server.emulator.audit.user = user;
    await edit("LOG_LEVEL=warn");
    assert.deepEqual(await refreshed(), []);
    assert.deepEqual(asked(), ["auditLog.all", "user.get"]);
  });

  it("is nobody without a license, on an error and from an odd response, and the refresh finds its drift", async () => {
    server.emulator.audit.user = ana;
    await edit("LOG_LEVEL=debug");
    const faults = [
      { status: 404 },
      { status: 401 },
      { body: { logs: [1, null, { resourceId: applicationId }] } },
      { body: "x" },
    ];
    for (const fault of faults) {
      server.newRun();
      server.emulator.faults.add({ endpoint: "auditLog.all", ...fault });
      assert.deepEqual(await refreshed(), [], JSON.stringify(fault));
    }
    server.newRun();
    server.emulator.denyPermission("user.get");
    assert.deepEqual(await refreshed(), []);
    server.newRun();
    server.emulator.audit.isLicensed = false;
    server.emulator.clearCalls();
    assert.deepEqual(await refreshed(), []);
    const { props } = await server.Application.read(applicationId, state);
    assert.deepEqual(asked(), ["auditLog.all"]);
    assert.notDeepEqual(props?.["env"], state["env"]);
  });

  it("names a person whose address has control characters harmlessly", async () => {
    server.emulator.audit.user = { userId: "x", userEmail: "x\u001b[2J@acme.example" };
    await edit("LOG_LEVEL=debug");
    assert.match((await refreshed()).join(), /by x\\x1b\[2J@acme\.example, /);
  });
});

import * as assert from "node:assert/strict";
import { isGone, makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("Deployment", () => {
  let server: Server;
  let environmentId: string;
  let applicationId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(async () => {
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      name: "api",
      environmentId,
      sourceType: "docker",
    });
    applicationId = made.applicationId;
    await server.byHand("application.update", { applicationId, dockerImage: "acme/api:1", env: "A=1" });
    server.newRun();
  });
  const inputs = (more: Values = {}) => withProvider({ target: { applicationId }, ...more });
  const records = () => server.byHand<{ title: string }[]>("deployment.all", { applicationId });

  it("deploys when it is created, and again when a trigger changes, once each", async () => {
    const { id, outs } = await server.Deployment.create(inputs({ triggers: { commit: "1" } }));
    assert.deepEqual(server.calls(), ["application.one", "application.deploy"]);
    assert.equal((outs["lastDeployment"] as Values)["status"], "done");
    assert.deepEqual(await server.Deployment.diff(id, outs, inputs({ triggers: { commit: "1" } })), {
      changes: false,
    });
    const news = inputs({ triggers: { commit: "2" } });
    assert.deepEqual(await server.Deployment.diff(id, outs, news), { deleteBeforeReplace: true });
    await server.Deployment.update(id, outs, news);
    assert.equal((await records()).length, 2);
  });

  it("is the only deployment when the other resources of the service have deploy: false", async () => {
    const block = withProvider({ target: { applicationId }, env: { A: "2" }, deploy: false });
    const { outs } = await server.EnvironmentBlock.create(block);
    assert.equal(outs["pending"], "deploy");
    assert.equal((await records()).length, 0);
    await server.Deployment.create(inputs({ triggers: { env: "2" } }));
    assert.equal((await records()).length, 1);
    assert.deepEqual(server.emulator.containerEnv(applicationId), { A: "2" });
  });

  it("uses the method that is asked for", async () => {
    const { id, outs } = await server.Deployment.create(
      inputs({ triggers: { a: "1" }, deploy: { method: "reload" } }),
    );
    assert.ok(server.calls().includes("application.deploy"), "what never ran cannot be reloaded");
    server.newRun();
    await server.Deployment.update(id, outs, inputs({ triggers: { a: "2" }, deploy: { method: "reload" } }));
    assert.deepEqual(server.calls(), ["application.one", "application.reload"]);
    const { failures } = await server.Deployment.check(
      { x: 1 },
      withProvider({ target: { composeId: "c00000000000000000000" }, deploy: { method: "reload" } }),
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["deploy.method"],
    );
  });

  it("fails with the log, is kept, and deploys again with the next run", async () => {
    await server.byHand("application.update", { applicationId, dockerImage: "acme/api:missing" });
    const failed = await server.Deployment.create(inputs()).then(
      () => assert.fail("it should have failed"),
      (error: Values & Error) => error,
    );
    assert.match(failed.message, /acme\/api:missing does not exist/);
    await server.byHand("application.update", { applicationId, dockerImage: "acme/api:1" });
    server.newRun();
    const state = failed["properties"] as Values;
    assert.deepEqual(await server.Deployment.diff(String(failed["id"]), state, inputs()), { changes: true });
    const { outs } = await server.Deployment.update(String(failed["id"]), state, inputs());
    assert.equal(outs["pending"], undefined);
  });

  it("changes nothing in Dokploy when it is deleted, and is gone when its service is", async () => {
    const { id, outs } = await server.Deployment.create(inputs());
    server.newRun();
    await server.Deployment.delete(id, outs);
    assert.deepEqual(server.calls(), []);
    await server.byHand("application.delete", { applicationId });
    assert.ok(isGone(await server.Deployment.read(id, outs)));
  });
});

import * as assert from "node:assert/strict";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("a port in host mode that is a resource of its own", function () {
  this.timeout(60_000);
  let server: Server;
  let applicationId: string;
  const source = { type: "docker", image: "mail:1" };

  beforeEach(async () => {
    server = await startServer();
    const { environment } = await server.byHand<{ environment: Values }>("project.create", { name: "shop" });
    const { environmentId } = environment;
    const made = await server.Application.create(
      withProvider({ environmentId, name: "mail", source, replicas: 12 }),
    );
    applicationId = made.id;
    server.newRun();
  });
  afterEach(() => server.close());

  const port = (more: Values = {}) =>
    withProvider({ applicationId, publishedPort: 25, targetPort: 2525, publishMode: "host", ...more });

  it("is adopted without a reload while Swarm still updates the service to it", async () => {
    const values = { publishedPort: 25, targetPort: 2525, publishMode: "host", protocol: "tcp" };
    await server.byHand("port.create", { applicationId, ...values });
    const row = await server.byHand<{ ports: { portId: string }[]; appName: string }>("application.one", {
      applicationId,
    });
    const { appName } = row;
    const adopting = port({ import: row.ports[0]?.portId });
    const plan = async () => {
      server.newRun();
      server.warnings.length = 0;
      server.notices.length = 0;
      assert.deepEqual((await server.of("Port").check({}, adopting)).failures, []);
      return /Its service is reloaded/.test([...server.warnings, ...server.notices].join("\n"));
    };
    assert.ok(await plan(), "the service does not run with it");
    // Swarm replaces the replicas one by one, which takes a while.
    await server.byHand("application.reload", { applicationId, appName });
    assert.equal(await plan(), false);
    const { UpdateStatus } = await server.byHand<{ UpdateStatus?: Values }>("docker.getConfig", {
      containerId: appName,
    });
    assert.equal(UpdateStatus?.["State"], "completed");
    await server.of("Port").create(adopting);
    assert.ok(!server.calls().includes("application.reload"));
  });
});

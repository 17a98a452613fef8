import * as assert from "node:assert/strict";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("a port in host mode that is a resource of its own", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  let applicationId: string;
  const source = { type: "docker", image: "mail:1" };

  beforeEach(async () => {
    server = await startServer();
    const { environment } = await server.byHand<{ environment: Values }>("project.create", { name: "shop" });
    environmentId = String(environment["environmentId"]);
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

  it("is compared with those of the services that its run creates on the same machine, and of no other", async () => {
    const machines = [server.emulator.connect("server"), server.emulator.connect("server")];
    const [here = "", there = ""] = machines;
    const made = async (name: string, serverId: string) =>
      (await server.Application.create(withProvider({ environmentId, name, source, serverId }))).id;
    const ids = [await made("one", here), await made("two", there), await made("three", here)];
    server.warnings.length = 0;
    const warned: boolean[] = [];
    for (const of of ids) {
      await server.of("Port").check({}, port({ applicationId: of }));
      warned.push(/Port 25\/tcp .* is the same as that of/.test(server.warnings.splice(0).join("\n")));
    }
    assert.deepEqual(warned, [false, false, true]);
  });

  describe("is warned of in a plan", () => {
    const stopFirst = { swarm: { updateConfig: { Parallelism: 1, Order: "stop-first" } } };
    const notices = () => server.warnings.filter((line) => /port in host mode/.test(line)).length;
    let inputs: Values;
    let outs: Values;

    beforeEach(async () => {
      inputs = withProvider({ environmentId, name: "web", source });
      ({ id: applicationId, outs } = await server.Application.create(inputs));
      begin();
    });
    const begin = () => {
      server.newRun();
      server.warnings.length = 0;
    };
    const planApplication = async (news: Values) => {
      assert.deepEqual((await server.Application.check(outs, news)).failures, []);
      await server.Application.diff(applicationId, outs, news);
    };
    const planPort = async (more: Values = {}) => {
      assert.deepEqual((await server.of("Port").check({}, port(more))).failures, []);
    };
    const setByHand = (updateConfigSwarm: Values) =>
      server.byHand("application.update", { applicationId, updateConfigSwarm });

    it("that creates or changes it, once for an application", async () => {
      await planPort();
      assert.equal(notices(), 1);
      await planPort({ publishedPort: 26 });
      assert.equal(notices(), 1);
      assert.match(server.warnings.join(), /Application "web" has a port in host mode, .*stop-first/);

      const made = await server.of("Port").create(port());
      begin();
      const news = port({ targetPort: 2626 });
      await server.of("Port").check(made.outs, news);
      await server.of("Port").diff(made.id, made.outs, news);
      assert.equal(notices(), 1);
    });

    it("that changes its application, once with that of the port", async () => {
      await server.of("Port").create(port());
      begin();
      await planApplication({ ...inputs, description: "only saved" });
      assert.equal(notices(), 0);
      await planApplication({ ...inputs, replicas: 2 });
      await planPort({ publishedPort: 26 });
      assert.equal(notices(), 1);
    });

    it("unless the application stops the old container first, as it is or by the same plan", async () => {
      await setByHand(stopFirst.swarm.updateConfig);
      await server.of("Port").create(port());
      begin();
      await planApplication({ ...inputs, replicas: 2 });
      await planPort({ publishedPort: 26 });
      assert.equal(notices(), 0);

      await setByHand({ Parallelism: 1, Order: "start-first" });
      begin();
      await planApplication({ ...inputs, ...stopFirst });
      await planPort({ publishedPort: 26 });
      assert.equal(notices(), 0);
    });

    it("that makes the application start the new container first", async () => {
      ({ outs } = await server.Application.update(applicationId, outs, { ...inputs, ...stopFirst }));
      await server.of("Port").create(port());
      begin();
      await planApplication(inputs);
      assert.equal(notices(), 1);
    });

    it("not in ingress mode, and not for a listed port that the plan removes or changes", async () => {
      await planPort({ publishMode: "ingress" });
      assert.equal(notices(), 0);
      const ports = (publishMode: string) => ({ smtp: { publishedPort: 25, targetPort: 2525, publishMode } });
      ({ outs } = await server.Application.update(applicationId, outs, { ...inputs, ports: ports("host") }));
      for (const left of [{}, ports("ingress")]) {
        begin();
        await planApplication({ ...inputs, ports: left, replicas: 2 });
        assert.equal(notices(), 0);
      }
    });
  });
});

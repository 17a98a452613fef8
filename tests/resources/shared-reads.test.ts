import * as assert from "node:assert/strict";
import { isGone, makeProject, type Server, startServer, waitingClock, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("Resources of one run", () => {
  let server: Server;
  let environmentId: string;
  let applicationId: string;
  let application: Values;
  let blocks: { id: string; outs: Values }[];
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(async () => {
    server.newRun();
    const made = await server.Application.create(
      withProvider({
        name: `api ${Math.random()}`,
        environmentId,
        source: { type: "docker", image: "acme/api:1" },
        deploy: false,
      }),
    );
    applicationId = made.id;
    application = made.outs;
    blocks = [];
    for (const name of ["A", "B"]) blocks.push(await server.EnvironmentBlock.create(block({ [name]: "1" })));
    server.newRun();
  });

  const block = (env: Values, more: Values = {}) =>
    withProvider({ target: { applicationId }, mode: "additive", env, deploy: false, ...more });
  const refresh = async () => {
    const read = await Promise.all([
      server.Application.read(applicationId, application),
      ...blocks.map(({ id, outs }) => server.EnvironmentBlock.read(id, outs)),
    ]);
    // What the program does not have is marked as secret.
    return read
      .slice(1)
      .map(({ inputs }) =>
        Object.entries((inputs?.["env"] ?? {}) as Values).map(([name, value]) =>
          [name, typeof value === "string" ? value : (value as { value: string }).value].join("="),
        ),
      );
  };

  it("read an application once for it and for each of its blocks in a refresh", async () => {
    assert.deepEqual(await refresh(), [["A=1"], ["B=1"]]);
    assert.deepEqual(server.calls(), ["application.one"]);
  });

  it("see in a second refresh what was changed by hand since the first", async () => {
    await refresh();
    await server.byHand("application.update", { applicationId, env: "A=2\nB=3" });
    assert.deepEqual(await refresh(), [["A=2"], ["B=3"]]);
  });

  it("see changes by another resource of the run, even during a read of everything", async () => {
    const [first, second] = blocks;
    assert.ok(first && second);
    await server.Application.read(applicationId, application);
    await server.EnvironmentBlock.update(first.id, first.outs, block({ A: "changed" }));
    const { inputs } = await server.EnvironmentBlock.read(first.id, { ...first.outs, env: { A: "changed" } });
    assert.deepEqual(inputs?.["env"], { A: "changed" });
  });

  it("read again before they write: a change by hand after the plan is not lost", async () => {
    const news = block({ C: "1" });
    await server.EnvironmentBlock.check({}, news);
    await server.byHand("application.update", { applicationId, env: "A=1\nB=1\nBY_HAND=1" });
    await server.EnvironmentBlock.create(news);
    const { env } = await server.byHand<{ env: string }>("application.one", { applicationId });
    assert.match(env, /BY_HAND=1/);
  });

  it("make an additive block and deploy it with six calls: its plan, and a look after the save and after the deployment, among them", async () => {
    server.newRun({}, waitingClock());
    // The reference makes the plan look once more.
    const news = block({ C: "${{A}}" }, { deploy: { waitFor: "deployed" } });
    assert.deepEqual((await server.EnvironmentBlock.check({}, news)).failures, []);
    await server.EnvironmentBlock.create(news);
    assert.deepEqual(server.calls(), [
      "application.one",
      "application.one",
      "application.saveEnvironment",
      "application.one",
      "application.deploy",
      "application.one",
    ]);
  });

  describe("of a service and what belongs to it", () => {
    let children: { kind: string; id: string; outs: Values }[];
    beforeEach(async () => {
      children = [];
      const made = async (kind: string, inputs: Values) => {
        const { id, outs } = await server
          .of(kind)
          .create(withProvider({ ...inputs, applicationId, deploy: false }));
        children.push({ kind, id, outs });
      };
      await made("Domain", { host: "a.example.com" });
      await made("Domain", { host: "b.example.com" });
      await made("Port", { publishedPort: 8080, targetPort: 80 });
      await made("Redirect", { regex: "a", replacement: "b", permanent: true });
      server.newRun();
    });
    const readAll = async () =>
      await Promise.all([
        server.Application.read(applicationId, application),
        ...children.map(({ kind, id, outs }) => server.of(kind).read(id, outs)),
      ]);

    it("read the service once for all of them", async () => {
      const found = await readAll();
      assert.deepEqual(
        found.map(({ id }) => id),
        [applicationId, ...children.map(({ id }) => id)],
      );
      assert.deepEqual(server.calls(), ["application.one"]);
    });

    it("read an unlisted part separately before it counts as gone", async () => {
      const gone = children[2]?.id;
      await server.byHand("port.delete", { portId: gone });
      server.newRun();
      const found = await readAll();
      assert.deepEqual(
        found.filter((one) => !isGone(one)).map(({ id }) => id),
        [applicationId, ...children.map(({ id }) => id).filter((id) => id !== gone)],
      );
      assert.deepEqual(server.calls(), ["application.one", "port.one"]);
    });

    it("read alone if the key cannot see the service", async () => {
      server.emulator.denyPermission("application.one");
      const [domain] = children;
      assert.ok(domain);
      const { id, inputs } = await server.of("Domain").read(domain.id, domain.outs);
      assert.equal(id, domain.id);
      assert.equal((inputs as Values)["host"], "a.example.com");
      server.emulator.allowPermission("application.one");
    });
  });
});

import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

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

  it("see what another resource of the run has written, also while everything is read", async () => {
    const [first, second] = blocks;
    assert.ok(first && second);
    await server.Application.read(applicationId, application);
    await server.EnvironmentBlock.update(first.id, first.outs, block({ A: "changed" }));
    const { inputs } = await server.EnvironmentBlock.read(first.id, { ...first.outs, env: { A: "changed" } });
    assert.deepEqual(inputs?.["env"], { A: "changed" });
  });

  it("write what they read for themselves: a change by hand after the plan's look is not lost", async () => {
    const news = block({ C: "1" });
    await server.EnvironmentBlock.check({}, news);
    await server.byHand("application.update", { applicationId, env: "A=1\nB=1\nBY_HAND=1" });
    await server.EnvironmentBlock.create(news);
    const { env } = await server.byHand<{ env: string }>("application.one", { applicationId });
    assert.match(env, /BY_HAND=1/);
  });

  it("make a block and deploy it with four calls, that of its plan among them", async () => {
    // The reference makes the plan look once more.
    const news = block({ C: "${{A}}" }, { deploy: { waitFor: "deployed" } });
    assert.deepEqual((await server.EnvironmentBlock.check({}, news)).failures, []);
    await server.EnvironmentBlock.create(news);
    assert.deepEqual(server.calls(), [
      "application.one",
      "application.one",
      "application.saveEnvironment",
      "application.deploy",
    ]);
  });
});

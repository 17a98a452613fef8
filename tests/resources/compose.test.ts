import * as assert from "node:assert/strict";
import { composeSchema } from "../../provider/resources/compose";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;
const raw = { type: "raw", composeFile: "services:\n  web:\n    image: acme/web:1\n    env_file: .env\n" };

const everything = {
  description: "The cache",
  icon: "https://acme.dev/icon.png",
  env: { PASSWORD: "p$w", HASH: "a#b" },
  createEnvFile: false,
  command: "compose -p shop up -d",
  randomize: true,
  suffix: "x1",
  isolatedDeployment: true,
  isolatedDeploymentsVolume: true,
  serviceNetworks: [{ serviceName: "web", networkIds: ["net1"], detachDokployNetwork: true }],
  autoDeploy: false,
  checks: { "env-file-off": "off" },
};

describe("Compose", () => {
  let server: Server;
  let environmentId: string;
  let count = 0;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());
  beforeEach(() => {
    count += 1;
    server.emulator.faults.clear();
    server.newRun();
  });
  const inputs = (more: Values = {}) =>
    withProvider({ environmentId, name: `cache ${count}`, source: raw, ...more });
  const row = (composeId: string) => server.byHand<Values>("compose.one", { composeId });

  it("is made, configured and deployed with one deployment", async () => {
    const { id, outs } = await server.Compose.create(inputs({ env: { A: "1" } }));
    assert.deepEqual(server.calls(), [
      "environment.one",
      "compose.create",
      "compose.update",
      "compose.deploy",
    ]);
    assert.equal(outs["status"], "done");
    assert.equal(server.emulator.containerEnv(id)?.["A"], "1");
  });

  it("keeps every input in Dokploy, and reads back exactly what was given", async () => {
    const news = inputs({ ...everything, deploy: false });
    assert.deepEqual((await server.Compose.check({}, news)).failures, []);
    const { id, outs } = await server.Compose.create(news);
    assert.deepEqual((await server.Compose.read(id, outs)).inputs, news);
    assert.deepEqual(await server.Compose.diff(id, outs, news), { changes: false });
  });

  it("knows every input of its schema in the test above", () => {
    const known = new Set(Object.keys(inputs(everything)));
    const elsewhere = ["appNamePrefix", "composeType", "deleteVolumes", "deploy", "import", "serverId"];
    assert.deepEqual(
      Object.keys(composeSchema.shape)
        .filter((name) => !known.has(name))
        .sort(),
      elsewhere,
    );
  });

  it("puts Dokploy's defaults back when every optional input is taken out", async () => {
    const made = await server.Compose.create(inputs({ ...everything, deploy: false }));
    const fresh = await server.Compose.create(inputs({ name: `fresh ${count}`, deploy: false }));
    await server.Compose.update(made.id, made.outs, inputs({ deploy: false }));
    const [reset, untouched] = [await row(made.id), await row(fresh.id)];
    const identity = [
      "composeId",
      "name",
      "appName",
      "createdAt",
      "refreshToken",
      "deployments",
      "environment",
      "env",
    ];
    for (const column of Object.keys(untouched)) {
      if (!identity.includes(column)) assert.deepEqual(reset[column], untouched[column], column);
    }
  });

  it("keeps and reads back a git source with its path", async () => {
    const source = {
      type: "git",
      url: "git@git.acme.dev:web.git",
      branch: "main",
      composePath: "./ops/compose.yml",
    };
    const news = inputs({ source, deploy: false });
    const { id, outs } = await server.Compose.create(news);
    assert.deepEqual((await server.Compose.read(id, outs)).inputs, news);
    const diff = await server.Compose.diff(id, outs, inputs({ deploy: false }));
    assert.deepEqual(diff, { deleteBeforeReplace: true }, "another source is a change in place");
  });

  it("keeps volumes on deletion unless told otherwise, with a real boolean", async () => {
    for (const deleteVolumes of [undefined, false, true]) {
      const name = `volumes ${count} ${deleteVolumes}`;
      const { id, outs } = await server.Compose.create(
        inputs({ name, deploy: false, ...(deleteVolumes === undefined ? {} : { deleteVolumes }) }),
      );
      server.emulator.clearCalls();
      await server.Compose.delete(id, outs);
      assert.deepEqual(server.emulator.calls.find(({ endpoint }) => endpoint === "compose.delete")?.input, {
        composeId: id,
        deleteVolumes: deleteVolumes === true,
      });
      await server.Compose.delete(id, outs);
    }
  });

  it("is refused at preview where an old server would drop an input in silence", async () => {
    const old = await startServer({ version: "v0.29.14" });
    try {
      const made = await makeProject(old);
      const news = {
        ...inputs({ createEnvFile: false, checks: everything.checks }),
        environmentId: made.environmentId,
      };
      const { failures } = await old.Compose.check({}, news);
      assert.match(failures[0]?.reason ?? "", /createEnvFile[\s\S]*0\.30\.0/);
    } finally {
      await old.close();
    }
  });

  it("is a new service for another composeType, not for naming the default", async () => {
    const { id, outs } = await server.Compose.create(inputs({ deploy: false }));
    assert.deepEqual(
      await server.Compose.diff(id, outs, inputs({ deploy: false, composeType: "docker-compose" })),
      { deleteBeforeReplace: true },
    );
    assert.deepEqual(
      (await server.Compose.diff(id, outs, inputs({ deploy: false, composeType: "stack" }))).replaces,
      ["composeType"],
    );
  });

  it("fails with the end of the log when its file is broken, and converges when it is mended", async () => {
    const broken = { type: "raw", composeFile: "services: [\n" };
    const failed = await server.Compose.create(inputs({ source: broken })).then(
      () => assert.fail("it should have failed"),
      (error: Values & Error) => error,
    );
    assert.match(failed.message, /Deployment of compose "cache \d+" failed/);
    server.newRun();
    const { outs } = await server.Compose.update(
      String(failed["id"]),
      failed["properties"] as Values,
      inputs(),
    );
    assert.equal(outs["status"], "done");
  });
});

import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { composeParts } from "../../provider/parts";
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
  serviceNetworks: [
    { serviceName: "web", networkIds: ["net100000000000000000"], detachDokployNetwork: true },
  ],
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
    const { networkId } = await server.byHand<{ networkId: string }>("network.create", { name: "inner" });
    const serviceNetworks = [{ serviceName: "web", networkIds: [networkId], detachDokployNetwork: true }];
    const news = inputs({ ...everything, serviceNetworks, deploy: false });
    assert.deepEqual((await server.Compose.check({}, news)).failures, []);
    const { id, outs } = await server.Compose.create(news);
    assert.deepEqual((await server.Compose.read(id, outs)).inputs, news);
    assert.deepEqual(await server.Compose.diff(id, outs, news), { changes: false });
  });

  it("knows every input of its schema in the test above", () => {
    const known = new Set(Object.keys(inputs(everything)));
    const elsewhere = [
      "allowReplacement",
      "appNamePrefix",
      "composeType",
      "deleteVolumes",
      "deploy",
      "import",
      "serverId",
      ...Object.keys(composeParts),
    ];
    assert.deepEqual(
      Object.keys(composeSchema.shape)
        .filter((name) => !known.has(name))
        .sort(),
      elsewhere.sort(),
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

  describe("that is to be replaced", () => {
    const keeping = (lines: string) => ({
      type: "raw",
      composeFile: `services:\n  db:\n    image: postgres:16\n    volumes:\n${lines}`,
    });
    const data = keeping("      - ../files/database:/data\n      - ../files/conf:/conf:ro\n");

    let made = 0;

    /** What the plan of a change to a stack says: Pulumi compares, and then checks the same inputs as of something new. */
    async function replaced(source: Values, more: Values = {}, deploys = true): Promise<string[]> {
      made += 1;
      const name = `cache ${count}.${made}`;
      const { id, outs } = await server.Compose.create(
        inputs({ name, source, ...(deploys ? {} : { deploy: false }) }),
      );
      if (deploys) server.emulator.serviceFolder(id)?.set("files/database/rows", "all the orders");
      server.warnings.length = 0;
      server.newRun();
      const news = inputs({ name, source, composeType: "stack", ...more });
      await server.Compose.check(outs, news);
      assert.deepEqual((await server.Compose.diff(id, outs, news)).replaces, ["composeType"]);
      const { failures } = await server.Compose.check({}, news);
      if (deploys) assert.ok(server.emulator.serviceFolder(id)?.has("files/database/rows"));
      return failures.map(({ reason }) => reason);
    }

    it("is refused where its folder goes with it, naming what is lost", async () => {
      const [reason = "", ...others] = await replaced(data);
      assert.deepEqual(others, []);
      assert.match(
        reason,
        /deletes the service and makes a new one\. .*: what is in \.\.\/files\/conf, \.\.\/files\/database is lost\. .*allowReplacement: true$/,
      );
      const unknown = await replaced(data, { description: runtime.unknownValue });
      assert.match(unknown[0] ?? "", /files\/database is lost/);
    });

    it("is made anew when the program agrees, and the plan says what is lost", async () => {
      assert.deepEqual(await replaced(data, { allowReplacement: true }), []);
      assert.match(
        server.warnings.at(-1) ?? "",
        /^Compose "cache [\d.]+" \(.*\) is replaced\. .*files\/database is lost\.$/,
      );
    });

    it("is refused where the compose file is in a repository, which may mount the folder", async () => {
      const git = { type: "git", url: "https://git.example/a.git", branch: "main" };
      assert.match((await replaced(git))[0] ?? "", /is lost, if it mounts that folder/);
      assert.deepEqual(await replaced(git, {}, false), [], "nothing was ever deployed");
    });

    it("is made anew without a word where nothing is in that folder", async () => {
      const volume = keeping("      - data:/data\nvolumes: {data: }\n");
      assert.deepEqual(await replaced(volume), []);
      assert.deepEqual(await replaced(data, {}, false), [], "nothing was ever deployed");
      assert.deepEqual(
        server.warnings.filter((line) => /is replaced\./.test(line)),
        [],
      );
    });
  });

  it("loses its whole folder when it is deleted, whatever is said about volumes", async () => {
    const { id, outs } = await server.Compose.create(inputs({ deleteVolumes: false }));
    const folder = server.emulator.serviceFolder(id);
    folder?.set("files/data", "x");
    await server.byHand("compose.deploy", { composeId: id });
    await server.Compose.delete(id, outs);
    assert.equal(server.emulator.serviceFolder(id), undefined);
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

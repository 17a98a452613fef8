import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { volumesVariable } from "../../provider/dokploy";
import { listsIn } from "../../provider/engine/simple/lists";
import { composeSchema } from "../../provider/resources/compose";
import { isGone, makeProject, type Server, startServer, withProvider } from "./server";

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

  it("is created, configured and deployed with one deployment", async () => {
    const { id, outs } = await server.Compose.create(inputs({ env: { A: "1" } }));
    assert.deepEqual(server.calls(), [
      "environment.one",
      "compose.create",
      "environment.one",
      "compose.update",
      "compose.deploy",
    ]);
    assert.equal(outs["status"], "done");
    assert.equal(server.emulator.containerEnv(id)?.["A"], "1");
  });

  it("is saved and not deployed if only comments and the like of its file change", async () => {
    const { id, outs } = await server.Compose.create(inputs());
    const source = {
      type: "raw",
      composeFile: "# ours\nservices:\n  web: # the site\n    env_file: .env\n    image: acme/web:1\n",
    };
    server.newRun();
    const commented = await server.Compose.update(id, outs, inputs({ source }));
    assert.deepEqual(server.calls(), ["compose.one", "compose.update"]);
    assert.equal((await row(id))["composeFile"], source.composeFile);
    server.newRun();
    const changed = { ...source, composeFile: source.composeFile.replace("web:1", "web:2") };
    await server.Compose.update(id, commented.outs, inputs({ source: changed }));
    assert.deepEqual(server.calls(), ["compose.one", "compose.update", "compose.deploy"]);
  });

  it("names the containers that keep running when their profile is no longer requested", async () => {
    const file = (profiles: string) => ({
      type: "raw",
      composeFile: `services:\n  web:\n    image: acme/web:1\n  jobs:\n    image: acme/jobs:1\n${profiles}`,
    });
    const source = file("    profiles: [batch]\n");
    const COMPOSE_PROFILES = "batch";
    const { id, outs } = await server.Compose.create(inputs({ source, env: { COMPOSE_PROFILES } }));
    server.warnings.length = 0;
    const update = async (olds: Values, more: Values): Promise<Values> => {
      await server.Compose.diff(id, olds, inputs(more));
      return (await server.Compose.update(id, olds, inputs(more))).outs;
    };
    await server.Compose.diff(id, outs, inputs({ source, env: {}, deploy: false }));
    assert.deepEqual(server.warnings, []);
    const off = await update(outs, { source, env: {} });
    const said = server.warnings.join();
    assert.match(
      said,
      /^Compose "[^"]+" \([\w-]+\): the containers of "jobs" keep running: their profile is no longer requested/,
    );
    assert.match(said, /Stop them in Dokploy, or remove them from the file\.$/);
    server.warnings.length = 0;
    const on = await update(off, { source, env: { COMPOSE_PROFILES } });
    const all = await update(on, { source: file(""), env: {} });
    assert.deepEqual(server.warnings, []);
    const again = await update(all, { source, env: {} });
    assert.match(server.warnings.join(), /the containers of "jobs" keep running/);
    server.warnings.length = 0;
    const own = await update(again, { source, env: { COMPOSE_PROFILES } });
    const command = "compose --profile batch up -d";
    await update(own, { source, command, env: {} });
    assert.deepEqual(server.warnings, []);
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
      "overwriteVariables",
      "serverId",
      ...listsIn(composeSchema).keys(),
    ];
    assert.deepEqual(
      Object.keys(composeSchema.shape)
        .filter((name) => !known.has(name))
        .sort(),
      elsewhere.sort(),
    );
  });

  it("restores Dokploy's defaults when every optional input is removed", async () => {
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

  it("keeps volumes on deletion unless asked otherwise, with a real boolean", async () => {
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

  it("is refused at preview if an old server would drop an input silently", async () => {
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

  it("is replaced for another composeType, but not for naming the default", async () => {
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

    /**
     * What the plan of a change says that makes a new service, of a change to a stack if of no other: Pulumi compares,
     * and then checks the same inputs as of something new.
     */
    async function replaced(
      source: Values,
      more: Values = {},
      deploys = true,
      by = "composeType",
      before: Values = {},
    ): Promise<string[]> {
      made += 1;
      const name = `cache ${count}.${made}`;
      const { id, outs } = await server.Compose.create(
        inputs({ name, source, ...before, ...(deploys ? {} : { deploy: false }) }),
      );
      if (deploys) server.emulator.serviceFolder(id)?.set("files/database/rows", "all the orders");
      server.warnings.length = 0;
      server.newRun();
      const news = inputs({ name, source, composeType: "stack", ...more });
      const reported = { ...news, __secrets: [] };
      await server.Compose.check(outs, reported);
      assert.deepEqual((await server.Compose.diff(id, outs, news)).replaces, [by]);
      const { failures } = await server.Compose.check({}, reported);
      if (deploys) assert.ok(server.emulator.serviceFolder(id)?.has("files/database/rows"));
      return failures.map(({ reason }) => reason);
    }

    it("is refused if its folder is deleted with it, and names the loss", async () => {
      const [reason = "", ...others] = await replaced(data);
      assert.deepEqual(others, []);
      assert.match(
        reason,
        /deletes the service and creates a new one\. .*: the data in \.\.\/files\/conf, \.\.\/files\/database is lost\. .*allowReplacement: true$/,
      );
      const unknown = await replaced(data, { description: runtime.unknownValue });
      assert.match(unknown[0] ?? "", /files\/database is lost/);
    });

    it("is recreated without a warning if the program lists the files that it mounts", async () => {
      const file = keeping("      - ../files/app.toml:/app.toml:ro\n");
      const mounts = {
        "/app.toml": { type: "file", filePath: "app.toml", content: "a = 1", mountPath: "/app.toml" },
      };
      assert.match((await replaced(file))[0] ?? "", /files\/app\.toml is lost/);
      assert.deepEqual(await replaced(file, { mounts }), []);
      const folder = keeping("      - ../files/conf:/conf\n");
      const one = { "/x": { ...mounts["/app.toml"], filePath: "conf/app.toml" } };
      assert.match((await replaced(folder, { mounts: one }))[0] ?? "", /files\/conf is lost/);
    });

    it("is refused if a variable names a path of that folder, which the message does not show", async () => {
      const file = keeping("      - $" + "{DATA:-../files/database}:/data\n");
      assert.match((await replaced(file))[0] ?? "", /the data in \.\.\/files \(from \$\{DATA\}\) is lost/);
      const by = keeping("      - $" + "{DATA}:/data\n");
      const [reason = ""] = await replaced(by, {}, true, "composeType", { env: { DATA: "../files/canary" } });
      assert.match(reason, /the data in \.\.\/files \(from \$\{DATA\}\) is lost/);
      assert.doesNotMatch(reason, /canary/);
    });

    it("is recreated when the program agrees, and the plan names the loss", async () => {
      assert.deepEqual(await replaced(data, { allowReplacement: true }), []);
      assert.match(
        server.warnings.at(-1) ?? "",
        /^Compose "cache [\d.]+" \(.*\) is replaced\. .*files\/database is lost\.$/,
      );
    });

    it("is refused if the compose file is in a repository, which may mount the folder", async () => {
      const git = { type: "git", url: "https://git.example/a.git", branch: "main" };
      assert.match(
        (await replaced(git))[0] ?? "",
        /is lost, if it mounts that folder .*\. The new service starts with empty volumes, if that file names some\./,
      );
      assert.deepEqual(await replaced(git, {}, false), [], "nothing was ever deployed");
    });

    const named = (volume: string) => keeping(`      - data:/data\nvolumes: {data: ${volume}}\n`);

    it("is refused if it begins with an empty volume, naming what stays behind or is deleted", async () => {
      const [reason = "", ...others] = await replaced(named(""));
      assert.deepEqual(others, []);
      assert.match(
        reason,
        /^this change deletes the service and creates a new one\. The new service starts with empty volumes: the data in [\w-]+_data stays on the server, where nothing uses it any more\. .*allowReplacement: true$/,
      );
      assert.match(
        (
          await replaced(
            named(""),
            { composeType: "docker-compose", serverId: server.emulator.connect("server") },
            true,
            "serverId",
          )
        )[0] ?? "",
        /the data in [\w-]+_data stays on the former server\./,
      );
      assert.deepEqual(await replaced(named(""), { allowReplacement: true }), []);
      assert.match(
        server.warnings.at(-1) ?? "",
        /is replaced\. The new service starts with empty volumes: .*_data stays/,
      );
    });

    it("is refused if the state says that its volumes are deleted, even if the program now says otherwise", async () => {
      const deleting = { deleteVolumes: true };
      assert.match(
        (await replaced(named("{name: orders}"), {}, true, "composeType", deleting))[0] ?? "",
        /empty volumes: the data in orders is deleted, as deleteVolumes says\./,
      );
    });

    it("leaves a volume of a fixed name to the new service, unless that is on another server", async () => {
      for (const volume of ["{name: orders}", "{external: true, name: orders}"]) {
        assert.deepEqual(await replaced(named(volume)), []);
        const moved = { composeType: "docker-compose", serverId: server.emulator.connect("server") };
        assert.match(
          (await replaced(named(volume), moved, true, "serverId"))[0] ?? "",
          /the data in orders stays on the former server/,
        );
      }
    });

    it("is recreated without a warning if nothing is lost", async () => {
      assert.deepEqual(await replaced(data, {}, false), [], "nothing was ever deployed");
      assert.deepEqual(
        server.warnings.filter((line) => /is replaced\./.test(line)),
        [],
      );
    });
  });

  it("is deleted although the response of the deletion is lost", async () => {
    const { id, outs } = await server.Compose.create(inputs({ name: `lost ${count}` }));
    server.emulator.faults.add({ endpoint: "compose.delete", cut: "after" });
    await server.Compose.delete(id, outs);
    assert.ok(isGone(await server.Compose.read(id, outs)));
  });

  it("says what happens to its volumes when it is deleted", async () => {
    const source = {
      type: "raw",
      composeFile:
        "services: {db: {image: 'postgres:16', volumes: ['data:/data']}}\nvolumes: {data: , shared: {external: true}}",
    };
    const gone = async (more: Values) => {
      const { id, outs } = await server.Compose.create(
        inputs({ source, name: `gone ${Object.keys(more)}`, ...more }),
      );
      server.warnings.length = 0;
      await server.Compose.delete(id, outs);
      return server.warnings.join("\n");
    };
    assert.match(
      await gone({}),
      /^Compose "gone " \(.*\) is deleted, and its volumes stay on the server with their data: [\w-]+_data\. Remove them/,
    );
    assert.match(
      await gone({ deleteVolumes: true }),
      /is deleted, and the data in its volumes with it: [\w-]+_data\.$/,
    );
    assert.match(await gone({ deleteVolumes: true, composeType: "stack" }), /its volumes stay on the server/);
    assert.equal(await gone({ deploy: false }), "", "nothing was ever deployed");
    process.env[volumesVariable] = "true";
    try {
      server.newRun();
      assert.equal(await gone({ composeType: "stack" }), "", "the removal of a preview deletes them");
    } finally {
      delete process.env[volumesVariable];
      server.newRun();
    }
  });

  it("loses its whole folder when it is deleted, with any deleteVolumes", async () => {
    const { id, outs } = await server.Compose.create(inputs({ deleteVolumes: false }));
    const folder = server.emulator.serviceFolder(id);
    folder?.set("files/data", "x");
    await server.byHand("compose.deploy", { composeId: id });
    await server.Compose.delete(id, outs);
    assert.equal(server.emulator.serviceFolder(id), undefined);
  });

  it("fails with the end of the log when its file is broken, and converges when it is corrected", async () => {
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

import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { identityKey } from "../../provider/pulumi/identity";
import { serverKey } from "../../provider/pulumi/stack-state";
import { inState, makeProject, plain, type Server, startServer, withProvider } from "./server";
import { CANARY } from "./simple-data";

type Values = Record<string, unknown>;

describe("an object that Dokploy lost", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  afterEach(() => server.close());

  const application = (more: Values = {}): Values =>
    withProvider({
      ...{ name: "web", environmentId, source: { type: "docker", image: "acme/web:1" } },
      ...{ env: { TOKEN: `${CANARY}-env` }, ...more },
    });
  const postgres = (more: Values = {}): Values =>
    withProvider({ name: "db", environmentId, database: "d", user: "u", password: `${CANARY}-db`, ...more });
  const compose = (composeFile: string, more: Values = {}): Values =>
    withProvider({ name: "wiki", environmentId, source: { type: "raw", composeFile }, ...more });
  const withVolume =
    "services:\n  db:\n    image: acme/db:1\n    volumes:\n      - data:/data\nvolumes:\n  data:\n";

  /** Creates an object after a dump of Dokploy's database, puts that back, and refreshes. */
  async function lose(kind: string, inputs: Values): Promise<{ id: string; state: Values; former: Values }> {
    server.newRun();
    const restore = server.emulator.dump();
    const { id, outs } = await server.of(kind).create(inputs);
    restore();
    return { id, state: await refresh(kind, id, plain(outs)), former: plain(outs) };
  }

  async function refresh(kind: string, id: string, olds: Values): Promise<Values> {
    server.newRun();
    server.warnings.length = 0;
    const { id: found, props = {} } = await server.of(kind).read(id, { ...olds, [serverKey]: "any" });
    assert.equal(found, id);
    return plain(props);
  }

  /** Plans as Pulumi does: the change, its difference, and the new object. */
  async function plan(kind: string, id: string, state: Values, news: Values): Promise<Values> {
    server.newRun();
    server.warnings.length = 0;
    server.codes.length = 0;
    const checked = await server.of(kind).check(state, news);
    const { replaces = [], deleteBeforeReplace } = await server.of(kind).diff(id, state, checked.inputs);
    assert.deepEqual([replaces.length, deleteBeforeReplace], [1, true]);
    const { inputs, failures } = await server.of(kind).check({}, news);
    assert.deepEqual(failures, []);
    return inputs;
  }

  const said = () => server.warnings.join("\n");

  it("stays in the state, and the plan says that its containers run next to the new ones", async () => {
    const { id, state, former } = await lose("Application", application());
    const appName = String(former["appName"]);
    assert.deepEqual(state, { ...former, [serverKey]: "any", isLost: true });
    const runs = `Its containers still run, and Dokploy no longer knows them: ${appName}.1. Stop them on the server with \`docker service rm ${appName}\`. If it had a domain, delete /etc/dokploy/traefik/dynamic/${appName}.yml there too: Traefik still sends it requests.`;
    const gone = `Application "web" (${id}) no longer exists in Dokploy: somebody deleted it there, or Dokploy's database is older than the state.`;
    assert.equal(
      said(),
      `${gone} It stays in the state: the next plan says so, and \`pulumi up\` creates it again. ${runs}`,
    );
    const inputs = await plan("Application", id, state, application());
    assert.equal(said(), `${gone} This update creates it again. ${runs}`);
    assert.deepEqual(server.codes, ["lost"]);

    await server.of("Application").delete(id, state);
    const made = await server.of("Application").create(inputs);
    assert.notEqual(made.id, id);
    assert.notEqual(plain(made.outs)["appName"], appName);
    server.newRun();
    assert.equal((await server.of("Application").diff(made.id, plain(made.outs), inputs)).changes, false);
    assert.ok(!said().includes(CANARY));
  });

  it("is replaced without a refresh, since an interrupted replacement may have deleted it", async () => {
    const { id, outs } = await server.Application.create(application());
    await server.byHand("application.delete", { applicationId: id });
    server.newRun();
    const { inputs } = await server.Application.check(plain(outs), application({ appNamePrefix: "next" }));
    const { replaces } = await server.Application.diff(id, plain(outs), inputs);
    assert.deepEqual(replaces, ["appNamePrefix"]);
    server.newRun();
    const changed = await server.Application.check(plain(outs), application({ env: { TOKEN: "other" } }));
    await assert.rejects(server.Application.diff(id, plain(outs), changed.inputs), /deleted outside of this/);
  });

  it("is a database: the plan refuses an empty one, and names the volume", async () => {
    const { id, state, former } = await lose("Postgres", postgres());
    const appName = String(former["appName"]);
    const left = new RegExp(
      `^Postgres "db" \\(${id}\\) no longer exists .* Its containers still run, .*: ${appName}.1. ` +
        `Stop them .*\`docker service rm ${appName}\`. Its data is still in the volume ${appName}-data.`,
    );
    assert.match(said(), left);
    await assert.rejects(plan("Postgres", id, state, postgres()), (error: Error) => {
      assert.match(error.message, left);
      assert.match(
        error.message,
        /would create an empty one .*losses\.md.* set allowReplacementOf: "db" for/,
      );
      assert.ok(!error.message.includes(CANARY));
      return true;
    });
    for (const allowReplacementOf of ["other", `db "`])
      await assert.rejects(plan("Postgres", id, state, postgres({ allowReplacementOf })), /an empty one/);
    await plan("Postgres", id, state, postgres({ allowReplacementOf: "db" }));
    assert.match(said(), /This update creates it again\. .* in the volume /);
  });

  it("is a database whose volume is gone, or cannot be seen: no empty one is created either", async () => {
    const { id, state, former } = await lose("Postgres", postgres());
    const volume = `${String(former["appName"])}-data`;
    server.emulator.instance.volumes.leave(id, true);
    await assert.rejects(
      plan("Postgres", id, state, postgres()),
      new RegExp(`Docker has no volume ${volume}, where its data was, unless somebody had given it another`),
    );
    for (const endpoint of ["dockerVolume.getVolumes", "docker.getServiceContainersByAppName"])
      server.emulator.denyPermission(endpoint);
    await assert.rejects(plan("Postgres", id, state, postgres()), (error: Error) => {
      assert.match(
        error.message,
        /does not see whether its containers still run: `docker service ps postgres-/,
      );
      assert.match(
        error.message,
        new RegExp(`not known whether its data is still in the volume ${volume}\\.`),
      );
      return true;
    });
  });

  it("is created again without a word if it never ran", async () => {
    const inputs = postgres({ deploy: false });
    const { id, state } = await lose("Postgres", inputs);
    assert.deepEqual(server.warnings, []);
    await plan("Postgres", id, state, inputs);
    assert.deepEqual(server.warnings, []);
    assert.match(
      server.notices.join("\n"),
      /Postgres "db" \(.*\) no longer exists in Dokploy: .* creates it again\.$/,
    );
  });

  it("has data although it was stopped, once it was deployed", async () => {
    const { id, state } = await lose("Postgres", postgres());
    for (const status of ["idle", "done"]) {
      const stopped = { ...state, status, lastDeployment: { deploymentId: "d", status: "done" } };
      await assert.rejects(plan("Postgres", id, stopped, postgres()), /would create an empty one/, status);
    }
  });

  it("has no route of a domain to delete where none of its containers runs", async () => {
    const { id, state } = await lose("Application", application());
    server.emulator.instance.containers.remove(id);
    await plan("Application", id, state, application());
    assert.match(said(), /This update creates it again\. None of its containers runs\.$/);
    server.emulator.denyPermission("docker.getServiceContainersByAppName");
    await plan("Application", id, state, application());
    assert.match(
      said(),
      /does not see whether its containers still run: .* shows it\. If it had a domain, delete /,
    );
  });

  it("is not refused without a volume, and is where nobody sees whether there is one", async () => {
    const two = withVolume
      .replace("data:/data\n", "data:/data\n      - more:/more\n")
      .replace(/$/, "  more:\n");
    const volumes = await lose("Compose", compose(two));
    await assert.rejects(
      plan("Compose", volumes.id, volumes.state, compose(two)),
      /Its data is still in the volumes \S+_data, \S+_more\. The update/,
    );
    const plainFile = "services:\n  web:\n    image: acme/web:1\n";
    const known = await lose("Compose", compose(plainFile));
    const elsewhere = compose("", {
      source: { type: "git", url: "https://git.acme.dev/wiki.git", branch: "main" },
    });
    const unknown = await lose("Compose", elsewhere);
    const web = await lose("Application", application());
    server.emulator.denyPermission("dockerVolume.getVolumes");
    for (const [kind, { id, state }, inputs] of [
      ["Compose", known, compose(plainFile)],
      ["Application", web, application()],
    ] as const) {
      await plan(kind, id, state, inputs);
      assert.doesNotMatch(said(), /volume/);
    }
    await assert.rejects(
      plan("Compose", volumes.id, volumes.state, compose(two)),
      /not known whether its data is still in the volumes \S+_data, \S+_more\. The update/,
    );
    await assert.rejects(
      plan("Compose", unknown.id, unknown.state, elsewhere),
      /The update would create one without that data/,
    );
  });

  it("is a compose service: refused with the data that a new one does not get, in volumes and in files", async () => {
    const { id, state, former } = await lose("Compose", compose(withVolume));
    const appName = String(former["appName"]);
    await assert.rejects(
      plan("Compose", id, state, compose(withVolume)),
      new RegExp(
        `still run, .*: ${appName}-db-1. Stop .*\`docker compose -p ${appName} down\`. Its data is still in the volume ` +
          `${appName}_data. The update would create one without that data .* set allowReplacement: true for`,
      ),
    );
    await plan("Compose", id, state, compose(withVolume, { allowReplacement: true }));

    const plainFile = "services:\n  web:\n    image: acme/web:1\n";
    const other = await lose("Compose", compose(plainFile));
    await plan("Compose", other.id, other.state, compose(plainFile));
    assert.match(said(), /creates it again\. Its containers still run/);

    const files = `${plainFile}    volumes:\n      - ../files/uploads:/uploads\n      - ../files/conf:/conf\n`;
    const mounts = { conf: { type: "file", filePath: "conf", mountPath: "/conf", content: "a" } };
    const third = await lose("Compose", compose(files, { mounts }));
    await assert.rejects(
      plan("Compose", third.id, third.state, compose(files, { mounts })),
      new RegExp(
        `Its files in \\.\\./files/uploads are still below /etc/dokploy/compose/${String(third.former["appName"])} on`,
      ),
    );
  });

  it("is a stack, whose volumes and services are found by its name", async () => {
    const inputs = compose(withVolume, { composeType: "stack" });
    const { id, state, former } = await lose("Compose", inputs);
    const appName = String(former["appName"]);
    await assert.rejects(
      plan("Compose", id, state, inputs),
      new RegExp(
        `still run, .*: ${appName}_db\\.1. Stop .*\`docker stack rm ${appName}\`. Its data is still in the volume ${appName}_data`,
      ),
    );
  });

  it("is not replaced on behalf of another replacement, before its own plan may refuse that", async () => {
    const { id, state } = await lose("Postgres", postgres());
    server.newRun();
    await server.of("Postgres").read(id, state);
    assert.deepEqual(
      await server.of("Postgres").diff(id, state, postgres({ environmentId: runtime.unknownValue })),
      {
        changes: true,
        deleteBeforeReplace: true,
      },
    );
    await assert.rejects(
      plan("Postgres", id, state, postgres({ environmentId: runtime.unknownValue })),
      /would create an empty one/,
    );
  });

  it("is neither deleted nor created a second time once Dokploy has it again", async () => {
    const { id, outs } = await server.of("Application").create(application());
    const now = server.emulator.dump();
    server.emulator.instance.tables.application.delete(id);
    const state = await refresh("Application", id, plain(outs));
    now();
    const again = /was lost at the last refresh, and Dokploy has it again: run `pulumi refresh`/;
    await assert.rejects(plan("Application", id, state, application()), again);
    server.newRun();
    await assert.rejects(server.of("Application").delete(id, state), again);
    assert.equal((await server.byHand<Values>("application.one", { applicationId: id }))["name"], "web");
    assert.equal((await refresh("Application", id, state))["isLost"], undefined);
  });

  it("leaves containers that its deletion from the program names", async () => {
    const { id, state, former } = await lose("Application", application());
    server.newRun();
    server.warnings.length = 0;
    await server.of("Application").delete(id, state);
    assert.match(
      said(),
      new RegExp(`no longer exists .* still run, .*\`docker service rm ${former["appName"]}\``),
    );
    assert.deepEqual(
      server.calls().filter((call) => /\.delete$/.test(call)),
      ["application.delete"],
    );
  });

  it("is one that a change names: the plan refuses, instead of an update that fails", async () => {
    const { id, outs } = await server.of("Application").create(application());
    await server.byHand("application.delete", { applicationId: id });
    const changed = application({ replicas: 2 });
    server.newRun();
    await server.of("Application").check(plain(outs), changed);
    await assert.rejects(
      server.of("Application").diff(id, plain(outs), changed),
      /The application "web" \(.*\) no longer exists: .* Run `pulumi refresh`: the next plan then names its remains/,
    );
  });

  describe("and that the adoption file names", () => {
    const named = (inputs: Values, adopts: string): Values => ({
      ...inputs,
      [identityKey]: { identity: "adopted", name: "web", adopts },
    });

    it("is created again", async () => {
      const made = await server.byHand<{ applicationId: string }>("application.create", {
        name: "web",
        environmentId,
      });
      const { applicationId: id } = made;
      const news = named(application({ env: undefined }), id);
      server.newRun();
      const { inputs } = await server.of("Application").check({}, news);
      const { outs } = await server.of("Application").create(inputs);
      await server.byHand("application.delete", { applicationId: id });

      const state = await refresh("Application", id, plain(outs));
      const planned = await plan("Application", id, state, news);
      await server.of("Application").delete(id, state);
      const again = await server.of("Application").create(planned);
      assert.notEqual(again.id, id);
    });

    it("is created again after a run that ended between the deletion and the creation", async () => {
      const id = "PQqzqTGCVtx0St2SA3vCi";
      for (const inputs of [named(application(), id), application({ import: id })]) {
        server.newRun();
        server.stack = [inState("Application", "web", id, { isWaiting: true })];
        const checked = await server.of("Application").check({}, inputs);
        assert.deepEqual(checked.failures, []);
        assert.ok(!("import" in checked.inputs));
        const { id: made, outs } = await server.of("Application").create(checked.inputs);
        await server.of("Application").delete(made, plain(outs));
      }
    });

    it("is refused where no state had it, with advice about the file", async () => {
      const { failures } = await server
        .of("Application")
        .check({}, named(application(), "PQqzqTGCVtx0St2SA3vCi"));
      const [{ property, reason } = { property: "", reason: "" }] = failures;
      assert.equal(property, "the id in the adoption file");
      assert.match(
        reason,
        /Dokploy has no application PQ.* without its line there, a new application is created$/,
      );
    });
  });
});

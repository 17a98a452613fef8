import * as assert from "node:assert/strict";
import { databaseKinds } from "../../provider/dokploy/kinds";
import { secret } from "../../provider/pulumi/secret";
import { databaseData } from "./database-data";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

const databases = Object.entries(databaseData).map(([kind, { inputs }]) => ({
  kind,
  database: databaseKinds.find((name) => name === kind.toLowerCase()) ?? "postgres",
  inputs,
}));
const scripts: Values = { type: "volume", volumeName: "scripts", mountPath: "/scripts" };

describe("mounts", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  afterEach(() => server.close());

  const mountsOf = async (kind: string, id: string): Promise<Values[]> => {
    const row = await server.byHand<{ mounts: Values[] }>(`${kind}.one`, { [`${kind}Id`]: id });
    return row.mounts;
  };
  const paths = async (kind: string, id: string) =>
    (await mountsOf(kind, id)).map(({ mountPath }) => mountPath).sort();
  const reasons = async (inputs: Values, kind = "Mount") => {
    server.newRun();
    const { failures } = await server.of(kind).check({}, withProvider(inputs));
    return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
  };
  const deploys = () => server.calls().filter((call) => /\.(deploy|redeploy|reload)$/.test(call));

  for (const { kind, database, inputs } of databases) {
    describe(`of a ${kind}`, () => {
      const handlers = () => server.of(kind);
      const make = async (more: Values = {}) => {
        const made = await handlers().create(withProvider({ environmentId, name: "db", ...inputs, ...more }));
        const [data] = await mountsOf(database, made.id);
        server.newRun();
        return { ...made, data: data as Values };
      };

      it("are deployed with it, and never touch the one with its data", async () => {
        const { id, data } = await make();
        const { id: mountId, outs } = await server.of("Mount").create({ ...scripts, [`${database}Id`]: id });
        assert.deepEqual(deploys(), [`${database}.deploy`]);
        assert.deepEqual(await paths(database, id), [String(data["mountPath"]), "/scripts"].sort());
        const taken = { type: "volume", [`${database}Id`]: id };
        const isData = /is where the database keeps its data/;
        assert.match(await reasons({ ...taken, volumeName: "x", mountPath: data["mountPath"] }), isData);
        assert.match(await reasons({ ...taken, volumeName: data["volumeName"], mountPath: "/x" }), isData);
        const adopted = {
          ...taken,
          volumeName: data["volumeName"],
          mountPath: "/x",
          import: data["mountId"],
        };
        assert.match(await reasons(adopted), /import: it is where the database keeps its data/);
        await assert.rejects(
          server.of("Mount").create({ ...taken, volumeName: data["volumeName"], mountPath: "/x" }),
          isData,
        );
        server.newRun();
        await server.of("Mount").delete(mountId, outs);
        assert.deepEqual(deploys(), [`${database}.deploy`]);
        assert.deepEqual(await mountsOf(database, id), [data]);
      });

      it("are listed by it, in addition to the one with its data", async () => {
        const base = { environmentId, name: "db", ...inputs };
        const { id, outs, data } = await make({ mounts: { "/scripts": scripts } });
        assert.equal((await mountsOf(database, id)).length, 2);
        const { inputs: read } = await handlers().read(id, outs);
        assert.deepEqual((read as Values)["mounts"], { "/scripts": scripts });
        server.newRun();
        const news = withProvider({ ...base, mounts: {} });
        assert.deepEqual((await handlers().check(outs, news)).failures, []);
        await handlers().diff(id, outs, news);
        await handlers().update(id, outs, news);
        assert.deepEqual(await mountsOf(database, id), [data]);
        assert.deepEqual(deploys(), [`${database}.deploy`]);
        assert.ok(!server.notices.join().includes(String(data["mountPath"])), server.notices.join());

        const second = { "/x": { type: "volume", volumeName: data["volumeName"], mountPath: "/x" } };
        const worse = withProvider({ ...base, mounts: second });
        const { outs: empty } = await handlers().update(id, outs, news);
        server.newRun();
        const { failures } = await handlers().check(empty, worse);
        const planned = await handlers()
          .diff(id, empty, worse)
          .then(
            () => failures.map(({ reason }) => reason).join(),
            (error: Error) => error.message,
          );
        assert.match(planned, /keeps its data/);
        await assert.rejects(handlers().update(id, empty, worse), /keeps its data/);
        assert.deepEqual(await mountsOf(database, id), [data]);
      });
    });
  }

  it("never touch a data mount that somebody moved, or a mount that somebody made the data mount", async () => {
    const { id } = await server
      .of("Postgres")
      .create(withProvider({ environmentId, name: "db", database: "shop", user: "shop" }));
    const [data] = await mountsOf("postgres", id);
    await server.byHand("mounts.update", { mountId: data?.["mountId"], mountPath: "/bitnami/postgresql" });
    server.newRun();
    const mine = { postgresId: id, type: "volume", volumeName: "wal", mountPath: "/bitnami/postgresql" };
    assert.match(await reasons(mine), /keeps its data/);
    const { id: mountId, outs } = await server.of("Mount").create({ ...mine, mountPath: "/wal" });
    await server.byHand("mounts.update", { mountId, mountPath: "/var/lib/postgresql/data" });
    server.newRun();
    await server.of("Mount").delete(mountId, outs);
    assert.equal((await mountsOf("postgres", id)).length, 2);
    assert.match(server.warnings.join(), /is not deleted, since it is where the database keeps its data/);
  });

  describe("of an application", () => {
    let applicationId: string;
    const file: Values = {
      type: "file",
      filePath: "conf/app.conf",
      mountPath: "/etc/app.conf",
      content: "a",
    };
    beforeEach(async () => {
      ({ id: applicationId } = await server
        .of("Application")
        .create(
          withProvider({ environmentId, name: "web", source: { type: "docker", image: "acme/web:1" } }),
        ));
      server.newRun();
    });

    it("show what lies on the disk, and write it again", async () => {
      const { id, outs } = await server.of("Mount").create({ ...file, applicationId });
      server.emulator.mountedFiles(applicationId)?.set("conf/app.conf", "by hand");
      server.newRun();
      const { inputs: read, props = {} } = await server.of("Mount").read(id, outs);
      assert.deepEqual((read as Values)["content"], secret("by hand"));
      const state = { ...props, content: "by hand" };
      await server.of("Mount").diff(id, state, { ...file, applicationId });
      const { outs: after } = await server.of("Mount").update(id, state, { ...file, applicationId });
      server.newRun();
      assert.equal(((await server.of("Mount").read(id, after)).inputs as Values)["content"], "a");
    });

    it("show what lies on the disk if the application lists them, and write it again", async () => {
      const base = { environmentId, name: "api", source: { type: "docker", image: "acme/web:1" } };
      const news = withProvider({ ...base, mounts: { "/etc/app.conf": file } });
      const { id, outs } = await server.of("Application").create(news);
      server.emulator.mountedFiles(id)?.set("conf/app.conf", "by hand");
      server.newRun();
      const { inputs: read, props = {} } = await server.of("Application").read(id, outs);
      const live = ((read as Values)["mounts"] as Record<string, Values>)["/etc/app.conf"];
      assert.deepEqual(live?.["content"], secret("by hand"));
      const state = { ...props, mounts: { "/etc/app.conf": { ...file, content: "by hand" } } };
      await server.of("Application").diff(id, state, news);
      const { outs: after } = await server.of("Application").update(id, state, news);
      server.newRun();
      assert.deepEqual((await server.of("Application").read(id, after)).inputs, news);
    });

    for (const disk of ["a", "by hand"]) {
      it(`are emptied if the program takes their content "${disk}" away, as the plan says`, async () => {
        const given = { ...file, content: disk === "a" ? "a" : "", applicationId };
        const { id, outs } = await server.of("Mount").create(given);
        server.emulator.mountedFiles(applicationId)?.set("conf/app.conf", disk);
        server.newRun();
        const { props = outs } = await server.of("Mount").read(id, outs);
        const { content: _, ...news } = given;
        assert.notEqual((await server.of("Mount").diff(id, props, news)).changes, false);
        await server.of("Mount").update(id, props, news);
        assert.equal(server.emulator.mountedFiles(applicationId)?.get("conf/app.conf"), "");
        const row = await server.context.api.call("application.one", { applicationId });
        const { mounts } = row as unknown as { mounts: { content: unknown }[] };
        assert.deepEqual(
          mounts.map(({ content }) => content),
          [null],
        );
      });
    }

    it("are emptied if the application lists them without their content, as the plan says", async () => {
      const base = { environmentId, name: "api", source: { type: "docker", image: "acme/web:1" } };
      const { content: _, ...empty } = file;
      const listed = (one: Values) => withProvider({ ...base, mounts: { "/etc/app.conf": one } });
      const { id, outs } = await server.of("Application").create(listed(file));
      server.newRun();
      assert.notEqual((await server.of("Application").diff(id, outs, listed(empty))).changes, false);
      const { outs: after } = await server.of("Application").update(id, outs, listed(empty));
      assert.equal(server.emulator.mountedFiles(id)?.get("conf/app.conf"), "");
      server.emulator.mountedFiles(id)?.set("conf/app.conf", "by hand");
      server.newRun();
      await server.of("Application").update(id, after, listed({ ...empty, filePath: "conf/app.conf" }));
      assert.equal(server.emulator.mountedFiles(id)?.get("conf/app.conf"), "by hand");
    });

    it("leave nothing behind when Dokploy refuses the file, and keeps its row", async () => {
      await server.of("Mount").create({ ...file, filePath: "conf", applicationId });
      server.newRun();
      const other = { ...file, mountPath: "/etc/b.conf", applicationId };
      await assert.rejects(server.of("Mount").create(other), /EEXIST|already exists/);
      assert.deepEqual(await paths("application", applicationId), ["/etc/app.conf"]);
      server.newRun();
      server.emulator.faults.add({ endpoint: "mounts.remove", status: 403 });
      await assert.rejects(
        server.of("Mount").create(other),
        /kept the object \(.*\) anyway.*delete it in Dokploy/,
      );
    });

    it("do not share a file, and replacing one deletes no other", async () => {
      await server.of("Mount").create({ ...file, applicationId });
      assert.match(
        await reasons({ ...file, mountPath: "/etc/b.conf", applicationId }),
        /filePath: is already used by the Mount \/etc\/app\.conf \(.*\) of the same service/,
      );
      const base = { environmentId, name: "api", source: { type: "docker", image: "acme/web:1" } };
      const list = (...all: Values[]) =>
        withProvider({ ...base, mounts: Object.fromEntries(all.map((each) => [each["mountPath"], each])) });
      const other = { ...file, mountPath: "/etc/b.conf" };
      const { failures } = await server.of("Application").check({}, list(file, other));
      assert.match(
        failures.map(({ reason }) => reason).join(),
        /is also used by mounts\["\/etc\/app\.conf"\]/,
      );
      const { id, outs } = await server.of("Application").create(list(file));
      server.newRun();
      await server.of("Application").diff(id, outs, list(other));
      await server.of("Application").update(id, outs, list(other));
      assert.deepEqual(await paths("application", id), ["/etc/b.conf"]);
      assert.equal(server.emulator.mountedFiles(id)?.get("conf/app.conf"), "a");
    });

    it("are not moved to the place of another one", async () => {
      await server.of("Mount").create({ ...scripts, applicationId });
      const { id, outs } = await server.of("Mount").create({ ...file, applicationId });
      server.newRun();
      const planned = await server
        .of("Mount")
        .diff(id, outs, { ...file, applicationId, mountPath: "/scripts" })
        .then(
          () => "fine",
          (error: Error) => error.message,
        );
      assert.match(planned, /already has a Mount \/scripts/);
    });
  });

  it("of a compose service are files, which need no deployment", async () => {
    const { id: composeId } = await server.of("Compose").create(
      withProvider({
        environmentId,
        name: "stack",
        source: { type: "raw", composeFile: "services:\n  web:\n    image: acme/web:1\n" },
      }),
    );
    server.newRun();
    assert.match(await reasons({ ...scripts, composeId }), /type: has no effect on a compose service/);
    const file = { type: "file", filePath: "nginx.conf", mountPath: "/etc/nginx.conf", content: "x" };
    await server.of("Mount").create({ ...file, composeId });
    assert.deepEqual(deploys(), []);
    assert.deepEqual(await paths("compose", composeId), ["/etc/nginx.conf"]);
  });

  describe("of a compose service that a template made, which have no path in Dokploy,", () => {
    const source = { type: "raw", composeFile: "services:\n  web:\n    image: acme/web:1\n" };
    const file = { type: "file", filePath: "conf/nginx.conf", mountPath: "/conf/nginx.conf", content: "x" };
    let composeId: string;
    let mountId: string;
    beforeEach(async () => {
      const made = await server.byHand<{ composeId: string }>("compose.create", {
        environmentId,
        name: "stack",
        sourceType: "raw",
        composeFile: source.composeFile,
      });
      composeId = made.composeId;
      const row = { ...file, filePath: "/conf/nginx.conf", serviceType: "compose", serviceId: composeId };
      ({ mountId } = await server.byHand<{ mountId: string }>("mounts.create", row));
      // No call stores an empty path.
      Object.assign(server.emulator.instance.simple("mounts").get(mountId) ?? {}, { mountPath: "" });
      server.newRun();
    });
    const row = async () => (await mountsOf("compose", composeId))[0];

    it("are refused by the API", async () => {
      const empty = { ...file, mountPath: "", serviceType: "compose", serviceId: composeId };
      await assert.rejects(server.byHand("mounts.create", empty), /400/);
    });

    it("are adopted as they are by the path of their file, and changed in place", async () => {
      const news = { ...file, composeId, import: mountId };
      assert.deepEqual((await server.of("Mount").check({}, withProvider(news))).failures, []);
      const { id, outs } = await server.of("Mount").create(news);
      assert.equal(id, mountId);
      assert.equal((await row())?.["mountPath"], "");
      server.newRun();
      assert.deepEqual((await server.of("Mount").read(id, outs)).inputs, news);
      const changed = { ...file, composeId, content: "y" };
      await server.of("Mount").diff(id, outs, changed);
      await server.of("Mount").update(id, outs, changed);
      assert.deepEqual(
        [(await row())?.["mountId"], (await row())?.["mountPath"], (await row())?.["content"]],
        [mountId, "", "y"],
      );
      assert.equal(server.emulator.mountedFiles(composeId)?.get("conf/nginx.conf"), "y");
    });

    it("are adopted by the list of their service", async () => {
      const news = withProvider({
        environmentId,
        name: "stack",
        source,
        mounts: { "/conf/nginx.conf": file },
        import: composeId,
      });
      server.emulator.clearCalls();
      await server.of("Compose").create(news);
      assert.deepEqual(
        server.calls().filter((call) => call.startsWith("mounts.")),
        [],
      );
      assert.equal((await mountsOf("compose", composeId)).length, 1);
    });
  });
});

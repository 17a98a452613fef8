import * as assert from "node:assert/strict";
import { simpleObjects } from "../../emulator/instance/simple-rows";
import { isRecord } from "../../packages/values";
import { volumesVariable } from "../../provider/dokploy";
import { identityKey, identityOf } from "../../provider/pulumi/identity";
import { databaseData } from "./database-data";
import { inState, isGone, makeProject, type Server, startServer, until } from "./server";
import { madeFor } from "./simple-by-hand";

type Values = Record<string, unknown>;

describe("a database", () => {
  let server: Server;
  let projectId: string;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ projectId, environmentId } = await makeProject(server));
  });
  beforeEach(() => {
    server.newRun();
    server.warnings.length = 0;
  });
  afterEach(() => server.emulator.faults.clear());
  after(() => server?.close());

  it("that is new warns if the stack has another one that the program may have lost", async () => {
    const inputs = { environmentId, name: "sales", ...databaseData["Postgres"]?.inputs };
    const old = await server.of("Postgres").create(inputs);
    server.stack = [inState("Postgres", "sales", old.id), inState("MySql", "other", "another")];
    const fresh = { ...inputs, name: "sales-18" };
    const warned =
      /^Postgres "sales-18" is new and starts empty, which is fine for an additional database\. But if the program no longer has the Postgres "sales" of this stack/;
    try {
      server.newRun();
      await server.of("Postgres").check({}, fresh);
      assert.match(server.warnings.join("\n"), warned);
      // A name that is taken is an error, and the warning would be about a database that is not created.
      server.newRun();
      server.warnings.length = 0;
      const { failures } = await server.of("Postgres").check({}, inputs);
      assert.match(JSON.stringify(failures), /already has a Postgres database named \\"sales\\"/);
      assert.deepEqual(server.warnings, []);
      // An additional database is meant, since the program keeps the old one.
      server.newRun();
      server.warnings.length = 0;
      await server.of("Postgres").check(old.outs, inputs);
      await server.of("Postgres").diff(old.id, old.outs, inputs);
      await server.of("Postgres").check({}, fresh);
      assert.deepEqual(server.warnings, []);
      // The database itself, which Dokploy has lost and the program creates once more, is no other one.
      server.newRun();
      const lost = inState("Postgres", "sales", "lost");
      server.stack = [lost];
      await server
        .of("Postgres")
        .check({}, { ...fresh, [identityKey]: { identity: identityOf(lost.urn), name: "sales" } });
      assert.deepEqual(server.warnings, []);
    } finally {
      server.stack = undefined;
    }
  });

  const deploying = () => server.calls().filter((call) => call.endsWith(".deploy"));

  // A deployment of libSQL leaves its tasks as they are where nothing changed; of all others it replaces them.
  for (const kind of ["LibSql", "Postgres"]) {
    it(`${kind}: says that a deployment did not take place if the call was cut off before Dokploy got it`, async () => {
      const given = { environmentId, name: "cut", ...databaseData[kind]?.inputs };
      const { id, outs } = await server.of(kind).create(given);
      server.newRun({ waitFor: "running" });
      server.emulator.faults.add({ endpoint: `${kind.toLowerCase()}.deploy`, cut: "before", times: 9 });
      await assert.rejects(
        server.of(kind).update(id, plainAll(outs), { ...given, env: { A: "1" } }),
        /did not take place: the response was lost/,
      );
    });
  }

  for (const [kind, { inputs, url, hasRoot }] of Object.entries(databaseData)) {
    const router = kind.toLowerCase();
    const given = (name: string, more: Values = {}): Values => ({ environmentId, name, ...inputs, ...more });
    const passwords = (id: string) => server.emulator.databasePasswords(id);
    const row = (id: string) => server.byHand<Values>(`${router}.one`, { [`${router}Id`]: id });

    describe(kind, () => {
      it("is created, deployed once, compared without a call, read back and deleted, and its volume named", async () => {
        const { id, outs } = await server.of(kind).create(given("orders"));
        assert.deepEqual(
          server.calls().filter((call) => call.endsWith(".deploy")),
          [`${router}.deploy`],
        );
        const created = server.emulator.calls.find(({ endpoint }) => endpoint === `${router}.create`);
        const { dockerImage } = (created?.input ?? {}) as Values;
        assert.match(String(dockerImage), /^[\w./-]+:[\w.]+$/);
        assert.equal(outs["status"], "done");
        assert.match(plain(outs["connectionUrl"]), url);
        assert.equal(outs["password"], undefined);
        const login = decodeURIComponent(new URL(plain(outs["connectionUrl"])).password);
        assert.equal(passwords(id)?.user, login);
        assert.ok(login.length >= 24);
        const root = hasRoot ? new URL(plain(outs["rootConnectionUrl"])) : undefined;
        assert.equal("rootConnectionUrl" in outs, hasRoot);
        assert.equal(root?.username, hasRoot ? "root" : undefined);
        assert.equal(root?.password, passwords(id)?.root);
        server.newRun();
        const olds = plainAll(outs);
        assert.deepEqual(await server.of(kind).diff(id, olds, given("orders")), { changes: false });
        assert.deepEqual(server.calls(), []);
        const live = await server.of(kind).read(id, olds);
        assert.deepEqual(live.inputs, given("orders"));
        assert.deepEqual(plainAll(live.props ?? {}), olds);
        server.newRun();
        await server.of(kind).delete(id, olds);
        assert.deepEqual(server.warnings, [
          `${kind} "orders" (${id}) is deleted, and Dokploy keeps its data: the volume ${outs["appName"]}-data stays on the ` +
            "server. Remove it with `docker volume rm` once nobody needs it.",
        ]);
        assert.ok(isGone(await server.of(kind).read(id, olds)));
      });

      it("does not name its volume when the removal of a preview deletes it", async () => {
        const { id, outs } = await server.of(kind).create(given("removed"));
        process.env[volumesVariable] = "true";
        try {
          server.newRun();
          await server.of(kind).delete(id, plainAll(outs));
        } finally {
          delete process.env[volumesVariable];
        }
        assert.deepEqual(server.warnings, []);
        server.newRun();
      });

      it("gets another password without losing its data", async () => {
        const { id, outs } = await server.of(kind).create(given("login", { password: "first-1" }));
        const olds = plainAll(outs);
        const news = given("login", { password: "second-2", description: "changed" });
        server.newRun();
        const updated = await server.of(kind).update(id, olds, news);
        assert.equal(passwords(id)?.user, "second-2");
        assert.equal((await row(id))["databasePassword"], "second-2");
        assert.match(plain(updated.outs["connectionUrl"]), /:second-2@/);
        const changes = server.calls().filter((call) => !call.endsWith(".one"));
        const expected = kind === "LibSql" ? [] : [`${router}.changePassword`];
        assert.deepEqual(changes, [...expected, `${router}.update`, `${router}.deploy`]);
        if (!hasRoot) return;
        const { outs: last } = await server
          .of(kind)
          .update(id, plainAll(updated.outs), { ...news, rootPassword: "third-3" });
        assert.deepEqual(passwords(id), { user: "second-2", root: "third-3" });
        assert.match(plain(last["rootConnectionUrl"]), /root:third-3@/);
      });

      const { parents = {} } = simpleObjects["backup"] ?? {};
      if (`${router}Id` in parents)
        it("makes its backups use a new password, although they do not change", async () => {
          const { id, outs } = await server.of(kind).create(given("saved", { password: "first-1" }));
          const backup = async (enabled: boolean) => {
            const { destinationId } = await madeFor(server, { made: { destinationId: "Destination" } });
            const place = { [`${router}Id`]: id, destinationId, prefix: "nightly", database: "saved" };
            await server.byHand("backup.create", {
              ...place,
              schedule: "0 3 * * *",
              databaseType: router,
              enabled,
            });
          };
          await backup(true);
          await backup(false);
          const before = ((await row(id))["backups"] ?? []) as Values[];
          server.newRun();
          await server.of(kind).update(id, plainAll(outs), given("saved", { password: "second-2" }));
          const saved = server.emulator.calls.filter(({ endpoint }) => endpoint === "backup.update");
          const enabled = before.find((one) => one["enabled"] === true);
          assert.deepEqual(
            saved.map(({ input }) => (input as Values)["backupId"]),
            kind === "LibSql" ? [] : [enabled?.["backupId"]],
          );
          assert.deepEqual((await row(id))["backups"], before);
        });

      it("is not replaced by an empty one unless the program asks for that by name", async () => {
        const { id, outs } = await server.of(kind).create(given("kept"));
        const olds = plainAll(outs);
        const inputsOnly = given("kept");
        const news = given("kept", { appNamePrefix: "other" });
        server.newRun();
        const replaced = async (more: Values) => {
          await server.of(kind).check(inputsOnly, { ...news, ...more });
          const { replaces } = await server.of(kind).diff(id, olds, { ...news, ...more });
          assert.deepEqual(replaces, ["appNamePrefix"]);
          const { failures } = await server.of(kind).check({}, { ...news, ...more });
          return failures.map(({ reason }) => reason).join();
        };
        assert.match(
          await replaced({}),
          /^this change deletes the \w+ database "kept" and creates a new, empty one; /,
        );
        server.newRun();
        assert.match(
          await replaced({}),
          new RegExp(`${outs["appName"]}-data.*allowReplacementOf: "kept"`, "s"),
        );
        server.newRun();
        assert.match(await replaced({ allowReplacementOf: "another" }), /allowReplacementOf: "kept"/);
        server.newRun();
        assert.equal(await replaced({ allowReplacementOf: "kept" }), "");
        assert.match(server.warnings.join(), /is empty: the data stays/);
      });

      it("moves to another environment in place", async () => {
        const other = await server.Environment.create({ projectId, name: `staging-${router}` });
        const { id, outs } = await server.of(kind).create(given("moved"));
        server.newRun();
        const news = given("moved", { environmentId: other.id });
        const plan = await server.of(kind).diff(id, plainAll(outs), news);
        assert.equal(plan.replaces, undefined);
        await server.of(kind).update(id, plainAll(outs), news);
        assert.equal((await row(id))["environmentId"], other.id);
        assert.deepEqual(deploying(), []);
      });

      it("is found again when the response to its creation is lost, and adopted with its own login", async () => {
        server.emulator.faults.add({ endpoint: `${router}.create`, cut: "after" });
        const { id, outs } = await server.of(kind).create(given("lost"));
        assert.match(plain(outs["connectionUrl"]), url);
        server.newRun();
        const adopting = given("lost", { import: id });
        assert.deepEqual((await server.of(kind).check({}, adopting)).failures, []);
        assert.match(server.notices.join(), /is adopted: nothing to change/);
        const adopted = await server.of(kind).create(adopting);
        assert.equal(adopted.id, id);
        assert.equal(plain(adopted.outs["connectionUrl"]), plain(outs["connectionUrl"]));
        assert.deepEqual(deploying(), []);
      });

      it("keeps columns that an update without them would reset", async () => {
        const more: Values =
          kind === "LibSql" ? { enableNamespaces: true } : kind === "Mongo" ? { replicaSets: true } : {};
        const { id, outs } = await server.of(kind).create(given("whole", more));
        const before = await row(id);
        server.newRun();
        await server.of(kind).update(id, plainAll(outs), given("whole", { ...more, description: "new" }));
        assert.deepEqual(await row(id), { ...before, description: "new" });
        assert.deepEqual(deploying(), []);
      });
    });
  }

  it("has its address in the state, though not all of it could be saved", async () => {
    const { faults } = server.emulator;
    server.newRun();
    faults.add({ endpoint: "redis.update", times: 99, status: 400, body: { message: "odd" } });
    const inputs = { environmentId, name: "half", password: "made-up", description: "cache", deploy: false };
    const error = await server
      .of("Redis")
      .create(inputs)
      .then(
        () => assert.fail("it must fail"),
        (reason: Error & { id: string; properties: Values }) => reason,
      );
    faults.clear();
    const { appName } = await server.byHand<Values>("redis.one", { redisId: error.id });
    const { connectionUrl, status, pending, ...more } = error.properties;
    assert.deepEqual([more["appName"], status, pending], [appName, "idle", "deploy"]);
    assert.ok(plain(connectionUrl).includes(`@${appName}:6379`));
  });

  it("of libSQL is found after its creation, which Dokploy does not answer, also where one look fails", async () => {
    const { faults } = server.emulator;
    faults.add({ endpoint: "libsql.create", delayMs: 300 });
    const inputs = { environmentId, name: "looked-for", user: "shop", password: "made-up", deploy: false };
    server.newRun();
    const making = server.of("LibSql").create(inputs);
    await until(() => server.calls().includes("libsql.create"));
    faults.add({ endpoint: "environment.one", status: 400, body: { message: "odd" } });
    const { id } = await making;
    assert.equal((await server.byHand<Values>("libsql.one", { libsqlId: id }))["name"], "looked-for");
    const looks = server.calls().slice(server.calls().indexOf("libsql.create"));
    assert.ok(looks.filter((endpoint) => endpoint === "environment.one").length > 1, "one look failed");
    faults.clear();
  });

  it("is deployed when it moves to an environment where its variables have other values", async () => {
    const other = await server.Environment.create({ projectId, name: "elsewhere", env: { ZONE: "UTC" } });
    await server.byHand("environment.update", { environmentId, env: "ZONE=CET" });
    for (const [value, calls] of [
      ["${{environment.ZONE}}", ["redis.deploy"]],
      ["plain", []],
    ] as const) {
      server.newRun();
      const inputs = { environmentId, name: `zone-${calls.length}`, env: { TZ: value, OTHER: "x" } };
      const { id, outs } = await server.of("Redis").create(inputs);
      server.newRun();
      const news = { ...inputs, environmentId: other.id };
      await server.of("Redis").diff(id, plainAll(outs), news);
      await server.of("Redis").update(id, plainAll(outs), news);
      assert.deepEqual(deploying(), calls);
    }
  });

  it("is created on the given server and under the given name with one call", async () => {
    const serverId = server.emulator.connect("server");
    const inputs = { environmentId, name: "far", serverId, appNamePrefix: "far", deploy: false };
    const { id, outs } = await server.of("Redis").create(inputs);
    assert.match(String(outs["appName"]), /^far-/);
    assert.equal((await server.byHand<Values>("redis.one", { redisId: id }))["serverId"], serverId);
    assert.equal(outs["pending"], "deploy");
    const looks = server.calls().filter((call) => call.startsWith("redis."));
    assert.deepEqual(looks.slice(0, 2), ["redis.create", "redis.one"]);
  });

  it("is published by a port of the host, at the address of Dokploy", async () => {
    const inputs = { environmentId, name: "public", externalPort: 15432 };
    const { id, outs } = await server.of("Redis").create(inputs);
    const { hostname } = new URL(server.emulator.url);
    assert.match(plain(outs["externalUrl"]), new RegExp(`^redis://default:[^@]+@${hostname}:15432$`));
    server.newRun();
    const updated = await server.of("Redis").update(id, plainAll(outs), { environmentId, name: "public" });
    assert.equal(updated.outs["externalUrl"], undefined);
  });

  it("refuses an image that cannot read its data, and warns of one from which there is no way back", async () => {
    const made = { environmentId, name: "versions", database: "v", user: "v", image: "postgres:17" };
    const { id, outs } = await server.of("Postgres").create(made);
    server.newRun();
    const plan = async (kind: string, of: string, olds: Values, news: Values) => {
      await server.of(kind).check(olds, news);
      return await server.of(kind).diff(of, olds, news);
    };
    const olds = plainAll(outs);
    await assert.rejects(
      plan("Postgres", id, olds, { ...made, image: "postgres:18" }),
      /image: postgres:18 keeps its data in .*Dump/s,
    );
    await plan("Postgres", id, olds, { ...made, image: "postgres:17.4" });
    const mysql = { environmentId, name: "versions", database: "v", user: "v", image: "mysql:8" };
    const other = await server.of("MySql").create(mysql);
    server.newRun();
    server.warnings.length = 0;
    await plan("MySql", other.id, plainAll(other.outs), { ...mysql, image: "mysql:9" });
    assert.match(server.warnings.join(), /from MySQL 8 to 9, which cannot be undone/);
    await assert.rejects(
      plan("MySql", other.id, plainAll(other.outs), { ...mysql, image: "mysql:5" }),
      /MySQL 5 does not start/,
    );
  });

  describe("whose new image never ran", () => {
    const goesBack: [string, Values, string, string][] = [
      ["MariaDb", { database: "v", user: "v" }, "mariadb:12", "mariadb:13-missing"],
      ["MySql", { database: "v", user: "v" }, "mysql:8", "mysql:9-missing"],
      ["Postgres", { database: "v", user: "v" }, "postgres:16", "postgres:17-missing"],
      ["Mongo", { user: "v" }, "mongo:8", "mongo:9-missing"],
      ["Redis", {}, "redis:8", "redis:9-missing"],
    ];
    beforeEach(() => {
      for (const [, , , image] of goesBack) server.emulator.registry.missing.add(image);
    });
    const plan = async (kind: string, id: string, olds: Values, news: Values) => {
      server.newRun();
      server.warnings.length = 0;
      await server.of(kind).check(olds, news);
      await server.of(kind).diff(id, olds, news);
    };
    const failing = async (work: Promise<unknown>) =>
      await work.then(
        () => assert.fail("it should have failed"),
        (error: { id: string; properties: Values }) => error,
      );

    for (const [kind, own, image, missing] of goesBack) {
      const made = (name = "back") => ({ environmentId, name: `${name}-${kind}`, ...own, image });

      it(`lets a ${kind} return to the image that runs`, async () => {
        const { id, outs } = await server.of(kind).create(made());
        const news = { ...made(), image: missing };
        const { properties } = await failing(server.of(kind).update(id, plainAll(outs), news));
        await plan(kind, id, plainAll(properties), made());
        assert.deepEqual(server.warnings, []);
        const back = await server.of(kind).update(id, plainAll(properties), made());
        assert.equal(back.outs["status"], "done");
      });

      it(`lets a new ${kind} change to any other image`, async () => {
        const news = made("fresh");
        const { id, properties } = await failing(server.of(kind).create({ ...news, image: missing }));
        await plan(kind, id, plainAll(properties), news);
        assert.equal((await server.of(kind).update(id, plainAll(properties), news)).outs["status"], "done");
      });
    }

    it("does not warn of an upgrade where no version has made data yet", async () => {
      server.emulator.registry.missing.add("redis:7-missing");
      const news = { environmentId, name: "new-version", image: "redis:8" };
      const { id, properties } = await failing(
        server.of("Redis").create({ ...news, image: "redis:7-missing" }),
      );
      await plan("Redis", id, plainAll(properties), news);
      assert.deepEqual(server.warnings, []);
    });

    it("lets a new Postgres change to a version that keeps its data elsewhere, and moves its empty volume there", async () => {
      const { registry } = server.emulator;
      for (const [from, to, folder] of [
        ["postgres:18-missing", "postgres:16", "/var/lib/postgresql/data"],
        ["postgres:17-missing", "postgres:18", "/var/lib/postgresql/18/docker"],
      ] as const) {
        registry.missing.add(from);
        const news = { environmentId, name: `moved-${from}`, database: "v", user: "v", image: to };
        const { id, properties } = await failing(server.of("Postgres").create({ ...news, image: from }));
        await plan("Postgres", id, plainAll(properties), news);
        await server.of("Postgres").update(id, plainAll(properties), news);
        const row = await server.byHand<{ mounts: Values[] }>("postgres.one", { postgresId: id });
        assert.deepEqual(
          row.mounts.map(({ mountPath }) => mountPath),
          [folder],
        );
        server.newRun();
        assert.equal((await server.of("Postgres").read(id, plainAll(properties))).inputs?.["image"], to);
      }
    });

    it("keeps the volume of a Postgres that ran where it is", async () => {
      const made = { environmentId, name: "ran", database: "v", user: "v", image: "postgres:17" };
      const { id, outs } = await server.of("Postgres").create(made);
      const news = { ...made, image: "postgres:18" };
      await assert.rejects(plan("Postgres", id, plainAll(outs), news), /would start empty/);
      await server
        .of("Postgres")
        .update(id, plainAll(outs), news)
        .catch(() => undefined);
      const row = await server.byHand<{ mounts: Values[] }>("postgres.one", { postgresId: id });
      assert.deepEqual(
        row.mounts.map(({ mountPath }) => mountPath),
        ["/var/lib/postgresql/data"],
      );
    });

    it("refuses it all the same if nobody can know what ran", async () => {
      const made = { environmentId, name: "unseen", image: "redis:8" };
      const { id, outs } = await server.of("Redis").create(made);
      const news = { ...made, image: "redis:9-missing" };
      const { properties } = await failing(server.of("Redis").update(id, plainAll(outs), news));
      server.newRun();
      server.emulator.faults.add({
        endpoint: "docker.getConfig",
        status: 403,
        body: { message: "Forbidden" },
      });
      await server.of("Redis").check(plainAll(properties), made);
      await assert.rejects(
        server.of("Redis").diff(id, plainAll(properties), made),
        /Redis 8 does not start with/,
      );
    });
  });

  describe("of another kind instead of one that the program no longer has", () => {
    const urnIn = (component: string, kind: string, name: string) =>
      `urn:pulumi:test::shop::${component}$pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;
    const inPlace = async (component: string, more: Values = {}, news = "shop-db") => {
      server.newRun();
      const { id, outs } = await server
        .of("Postgres")
        .create({ environmentId, name: "shop-db", database: "s", user: "s", deploy: false });
      server.newRun();
      server.warnings.length = 0;
      server.stack = [inState("Postgres", "shop-db", id, { urn: urnIn(component, "Postgres", "shop-db") })];
      const identity = { identity: "new", name: news, urn: urnIn(component, "MySql", news) };
      const inputs = { environmentId, name: "shop-db", database: "s", user: "s", [identityKey]: identity };
      const { failures } = await server.of("MySql").check({}, { ...inputs, ...more });
      server.stack = undefined;
      await server.of("Postgres").delete(id, plainAll(outs));
      return { reasons: failures.map(({ reason }) => reason).join(), appName: String(outs["appName"]) };
    };

    for (const component of ["pulumi-dokploy:index:WebApp", "dokploy-native:index:DeploymentRepository"])
      it(`is refused in a ${component.split(":").at(-1)} unless the program names the old one`, async () => {
        const { reasons, appName } = await inPlace(component);
        assert.match(
          reasons,
          new RegExp(
            `^this change deletes the Postgres database "shop-db" \\(.+\\), and a new MySQL database takes its place, empty: ` +
              `the data stays in the volume ${appName}-data, .* set allowReplacementOf: "shop-db" for that run$`,
          ),
        );
        assert.equal((await inPlace(component, { allowReplacementOf: "shop-db" })).reasons, "");
        assert.match(server.warnings.join(), /A new MySQL database takes the place of the Postgres database/);
        assert.equal((await inPlace(component, {}, "other-db")).reasons, "");
      });

    it("is a warning elsewhere, where the program may declare both", async () => {
      assert.equal((await inPlace("pulumi:pulumi:Stack")).reasons, "");
      assert.match(
        server.warnings.join(),
        /if the program no longer has the Postgres "shop-db" of this stack/,
      );
    });
  });

  it("names the volume that somebody gave it, when it is deleted", async () => {
    const { id, outs } = await server
      .of("Postgres")
      .create({ environmentId, name: "given", database: "v", user: "v" });
    const { mounts } = await server.byHand<{ mounts: Values[] }>("postgres.one", { postgresId: id });
    await server.byHand("mounts.update", { mountId: mounts[0]?.["mountId"], volumeName: "former-data" });
    server.newRun();
    server.warnings.length = 0;
    await server.of("Postgres").delete(id, plainAll(outs));
    assert.match(server.warnings.join(), /keeps its data: the volume former-data stays/);
  });

  it("keeps the replica set of a Mongo on a Dokploy that switches it off if an update leaves it out", async () => {
    const old = await startServer({ version: "v0.29.14" });
    try {
      const { environmentId } = await makeProject(old);
      const made = { environmentId, name: "replicas", user: "v", replicaSets: true };
      const { id, outs } = await old.of("Mongo").create(made);
      old.newRun();
      await old.of("Mongo").update(id, plainAll(outs), { ...made, description: "new" });
      const row = await old.byHand<Values>("mongo.one", { mongoId: id });
      assert.deepEqual([row["replicaSets"], row["description"]], [true, "new"]);
    } finally {
      await old.close();
    }
  });

  it("is read once by the preview of its adoption", async () => {
    const made = { environmentId, name: "read", database: "v", user: "v", image: "postgres:17" };
    const { id } = await server.of("Postgres").create(made);
    server.newRun();
    const mounts = { "/extra": { type: "volume", volumeName: "extra", mountPath: "/extra" } };
    const adopting = { ...made, image: "postgres:17.4", env: { A: "1" }, mounts, import: id };
    const { failures } = await server.of("Postgres").check({}, adopting);
    assert.deepEqual(failures, []);
    assert.match(server.warnings.join(), /is adopted: changes .*image/);
    assert.deepEqual(
      server.calls().filter((call) => call === "postgres.one"),
      ["postgres.one"],
    );
  });

  for (const kind of ["Postgres", "MySql", "Redis"])
    it(`of kind ${kind} that never ran takes a new password with its first start`, async () => {
      const made = {
        environmentId,
        ...databaseData[kind]?.inputs,
        name: "fresh",
        password: "first-1",
        deploy: false,
      };
      const { id, outs } = await server.of(kind).create(made);
      const news = { ...made, password: "second-2", deploy: true };
      server.newRun();
      const { outs: changed } = await server.of(kind).update(id, plainAll(outs), news);
      assert.equal(changed["status"], "done");
      assert.equal(server.emulator.databasePasswords(id)?.user, "second-2");
      await server.of(kind).delete(id, plainAll(changed));
    });

  it("whose container and volume may be there takes a password only while it runs", async () => {
    const made = {
      environmentId,
      name: "doubtful",
      database: "a",
      user: "a",
      password: "first-1",
      deploy: false,
    };
    const { id, outs } = await server.of("Postgres").create(made);
    const { instance } = server.emulator;
    const attempt = () => {
      server.newRun();
      return server.of("Postgres").update(id, plainAll(outs), { ...made, password: "second-2" });
    };
    const appName = String(outs["appName"]);
    instance.volumes.use(`${appName}-data`, "somebody");
    await assert.rejects(attempt(), /is not running\. Start it/);
    instance.volumes.leave("somebody", true);
    server.emulator.denyPermission("dockerVolume.getVolumes");
    await assert.rejects(attempt(), /is not running\. Start it/);
    server.emulator.allowPermission("dockerVolume.getVolumes");
    await attempt();
    const row = await server.byHand<Values>("postgres.one", { postgresId: id });
    assert.equal(row["databasePassword"], "second-2");
  });

  it("says why a password could not be changed, and shows none", async () => {
    const made = { environmentId, name: "stopped", database: "a", user: "a", password: "canary-old" };
    const { id, outs } = await server.of("Postgres").create(made);
    const changed = { ...made, password: "canary-new" };
    const attempt = async () => {
      server.newRun();
      const error = await server
        .of("Postgres")
        .update(id, plainAll(outs), changed)
        .catch((error: Error) => error);
      assert.ok(error instanceof Error);
      assert.doesNotMatch(
        `${error.message}${error.stack}${JSON.stringify(error)}`.replaceAll(
          JSON.stringify(plainAll(outs)),
          "",
        ),
        /canary-new/,
      );
      return error.message;
    };
    await server.byHand("postgres.stop", { postgresId: id });
    assert.match(await attempt(), /is not running\. Start it/);
    assert.equal(server.emulator.databasePasswords(id)?.user, "canary-old");
    const elsewhere = { ...made, name: "elsewhere", database: "b" };
    const other = await server.of("Postgres").create(elsewhere);
    server.newRun();
    await assert.rejects(
      server.of("Postgres").update(other.id, plainAll(other.outs), { ...elsewhere, password: "canary-new" }),
      /looks for a database with the name of the user \(a\), which does not exist/,
    );
  });

  it("is checked before anything is created", async () => {
    const reasons = async (kind: string, inputs: Values) => {
      const { failures } = await server.of(kind).check({}, { environmentId, name: "bad", ...inputs });
      return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
    };
    assert.match(await reasons("Postgres", { database: "a b", user: "u" }), /^database: may have 1 to 63/);
    assert.match(
      await reasons("Postgres", { database: "a", user: "u", password: "it's" }),
      /^password: may have letters/,
    );
    assert.match(await reasons("Redis", { password: "a;b" }), /^password: .*shell command/);
    assert.match(
      await reasons("MariaDb", { database: "a", user: "root" }),
      /^user: is created in addition to the user root/,
    );
    assert.match(
      await reasons("LibSql", { user: "u", node: "replica" }),
      /primaryUrl: is missing.*\ncommand: is missing/,
    );
    assert.match(
      await reasons("Redis", { deploy: { method: "reload" } }),
      /^deploy\.method: a Redis database applies/,
    );
    for (const [kind, { inputs }] of Object.entries(databaseData).filter(([kind]) => kind !== "LibSql"))
      for (const image of ["", " ", "redis: 8", "redis:8\n", "redis:"])
        assert.match(await reasons(kind, { ...inputs, image }), /^image: is not an image such as/m);
  });
});

/** What Pulumi keeps of a secret: the handlers get the value of it. */
function plain(value: unknown): string {
  const inner = isRecord(value) ? value["value"] : value;
  assert.equal(typeof inner, "string");
  return String(inner);
}

function plainAll(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isRecord(value) && Object.hasOwn(value, "4dabf18193072939515e22adb298388d") ? value["value"] : value,
    ]),
  );
}

import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "../../sdk";
import { messageOf, run, seen } from "./lookups";
import { makeProject, type Server, startServer } from "./server";
import { CANARY, simpleData } from "./simple-data";

type Values = Record<string, unknown>;

const databases = ["postgres", "mysql", "mariadb", "mongo", "libsql", "redis"] as const;

describe("backups", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  let destinationId: string;

  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
    destinationId = await makeDestination("backups");
  });
  afterEach(() => server.close());

  async function makeDestination(name: string, more: Values = {}): Promise<string> {
    const { id } = await server
      .of("Destination")
      .create({ ...simpleData["Destination"]?.inputs, name, ...more });
    server.newRun();
    return id;
  }

  async function makeDatabase(kind: (typeof databases)[number], more: Values = {}): Promise<string> {
    const made = await server.byHand<Values | undefined>(`${kind}.create`, {
      name: "orders",
      environmentId,
      databaseName: "orders",
      databaseUser: "orders",
      databasePassword: `${CANARY}-db`,
      ...(kind === "libsql"
        ? { sqldNode: "primary", appName: "orders", description: null, sqldPrimaryUrl: null, serverId: null }
        : {}),
      ...more,
    });
    if (typeof made === "object") return String(made[`${kind}Id`]);
    const row = await server.byHand<Record<string, Values[]>>("environment.one", { environmentId });
    return String(row[kind]?.at(-1)?.[`${kind}Id`]);
  }

  const reasons = async (kind: string, inputs: Values, olds: Values = {}): Promise<string> => {
    server.newRun();
    const { failures } = await server.of(kind).check(olds, inputs);
    return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
  };

  const backup = (more: Values): Values => ({
    schedule: "0 3 * * *",
    destinationId,
    database: "orders",
    ...more,
  });

  for (const kind of databases.filter((each) => each !== "redis"))
    it(`of a database of ${kind} are created by its id, and say what they are`, async () => {
      const id = await makeDatabase(kind);
      const inputs = backup({ [`${kind}Id`]: id, keepLatestCount: 3 });
      if (kind === "libsql") delete inputs["database"];
      assert.equal(await reasons("Backup", inputs), "");
      const made = await server.of("Backup").create(inputs);
      const row = await server.byHand<Values>("backup.one", { backupId: made.id });
      const { databaseType, backupType, enabled, keepLatestCount, prefix, database } = row;
      assert.deepEqual([databaseType, backupType, enabled, keepLatestCount], [kind, "database", true, 3]);
      assert.deepEqual([prefix, database], ["/", kind === "libsql" ? "iku.db" : "orders"]);
      server.newRun();
      assert.deepEqual((await server.of("Backup").read(made.id, made.outs)).inputs, inputs);
      assert.match(
        await reasons("Backup", { ...inputs, databaseType: "web-server" }),
        /needs exactly one of/,
      );
      const other = kind === "mongo" ? "mysql" : "mongo";
      assert.match(
        await reasons("Backup", { ...inputs, databaseType: other }),
        new RegExp(`must be ${kind}, since ${kind}Id`),
      );
    });

  it("of Dokploy itself have no service, which the program must state", async () => {
    const inputs = {
      schedule: "@weekly",
      destinationId,
      databaseType: "web-server",
      includeEncryptionKey: false,
    };
    const { databaseType: _, ...unsaid } = inputs;
    assert.match(
      await reasons("Backup", unsaid),
      /needs exactly one of postgresId.*and databaseType: "web-server"/,
    );
    assert.equal(await reasons("Backup", inputs), "");
    const { id, outs } = await server.of("Backup").create(inputs);
    const row = await server.byHand<Values>("backup.one", { backupId: id });
    assert.deepEqual([row["databaseType"], row["includeEncryptionKey"]], ["web-server", false]);
    // Without a user it would stand in no list.
    const { backups } = await server.byHand<{ backups: Values[] }>("user.getBackups", {});
    assert.deepEqual(
      backups.map(({ backupId }) => backupId),
      [id],
    );
    assert.match(await reasons("Backup", inputs), new RegExp(`Dokploy already has a Backup .*${id}`));
    await server.of("Backup").delete(id, outs);
    assert.deepEqual((await server.byHand<{ backups: Values[] }>("user.getBackups", {})).backups, []);
  });

  describe("that would delete each other's files", () => {
    let postgresId: string;
    beforeEach(async () => {
      postgresId = await makeDatabase("postgres");
    });

    it("are refused by a plan, however the prefix of the other one is written", async () => {
      for (const prefix of ["nightly", "/nightly/", " nightly"]) {
        await server.byHand("backup.create", {
          ...backup({ postgresId, prefix, databaseType: "postgres", database: "other" }),
        });
        assert.match(
          await reasons("Backup", backup({ postgresId, prefix: "nightly" })),
          /^prefix: the Postgres database already has a Backup nightly in .*: two would put their files into one folder, where each deletes.*choose another prefix$/,
        );
        const row = await server.byHand<{ backups: { backupId: string }[] }>("postgres.one", { postgresId });
        await server.byHand("backup.remove", { backupId: row.backups[0]?.backupId });
      }
      assert.equal(await reasons("Backup", backup({ postgresId, prefix: "nightly" })), "");
    });

    it("are refused if one is changed to the place of the other", async () => {
      const inputs = backup({ postgresId, prefix: "hourly" });
      await server.of("Backup").create(backup({ postgresId, prefix: "nightly" }));
      server.newRun();
      const { id, outs } = await server.of("Backup").create(inputs);
      server.newRun();
      const news = { ...inputs, prefix: "nightly" };
      assert.deepEqual((await server.of("Backup").check(outs, news)).failures, []);
      await assert.rejects(server.of("Backup").diff(id, outs, news), /already has a Backup nightly/);
    });

    it("are allowed in another folder, destination or service of a compose file", async () => {
      await server.of("Backup").create(backup({ postgresId, prefix: "nightly" }));
      const elsewhere = await makeDestination("elsewhere", { bucket: "elsewhere" });
      for (const more of [{ prefix: "hourly" }, {}, { prefix: "nightly", destinationId: elsewhere }])
        assert.equal(await reasons("Backup", backup({ postgresId, ...more })), "");
    });

    it("are found among volumes whose names begin alike", async () => {
      const volume = (volumeName: string, more: Values = {}) => ({
        name: volumeName,
        volumeName,
        postgresId,
        cronExpression: "0 2 * * *",
        destinationId,
        ...more,
      });
      await server.of("VolumeBackup").create(volume("data"));
      assert.match(
        await reasons("VolumeBackup", volume("data-old")),
        /clashes with the existing VolumeBackup \/ of data in .*counts the files of "data-old" as files of "data"/,
      );
      assert.equal(await reasons("VolumeBackup", volume("data-old", { prefix: "old" })), "");
      assert.equal(await reasons("VolumeBackup", volume("database")), "");
      assert.match(await reasons("VolumeBackup", volume("data")), /already has a VolumeBackup/);
    });
  });

  for (const kind of databases)
    it(`of a volume of ${kind} are created, but not stopped for, and not on another server`, async () => {
      const id = await makeDatabase(kind);
      const inputs = {
        name: "data",
        volumeName: "orders-data",
        [`${kind}Id`]: id,
        cronExpression: "0 2 * * *",
        destinationId,
      };
      assert.equal(await reasons("VolumeBackup", inputs), "");
      const made = await server.of("VolumeBackup").create(inputs);
      const rows = await server.byHand<Values[]>("volumeBackups.list", { id, volumeBackupType: kind });
      assert.deepEqual(
        rows.map(({ volumeBackupId, serviceType, enabled }) => [volumeBackupId, serviceType, enabled]),
        [[made.id, kind, true]],
      );
      assert.match(await reasons("VolumeBackup", { ...inputs, turnOff: true }), /would fail with it/);
      const away = await makeDatabase(kind, { serverId: server.emulator.connect("server") });
      assert.match(
        await reasons("VolumeBackup", { ...inputs, [`${kind}Id`]: away }),
        /is on another server.*it would create an empty volume/,
      );
    });

  describe("and their destination", () => {
    it("is not deleted while a backup of another program uses it, of any kind", async () => {
      const postgresId = await makeDatabase("postgres");
      const redisId = await makeDatabase("redis");
      const uses: [string, Values][] = [
        ["Backup", backup({ postgresId })],
        ["Backup", { schedule: "@weekly", destinationId, databaseType: "web-server" }],
        ["VolumeBackup", { name: "v", volumeName: "v", redisId, cronExpression: "@daily", destinationId }],
      ];
      const destination = { ...simpleData["Destination"]?.inputs, name: "backups" };
      for (const [kind, inputs] of uses) {
        server.newRun();
        const { id, outs } = await server.of(kind).create(inputs);
        server.newRun();
        await assert.rejects(
          server.of("Destination").delete(destinationId, destination),
          new RegExp(`is not deleted, since it is used by .*${id} of .*Dokploy would delete them with it`),
        );
        await server.of(kind).delete(id, outs);
      }
      server.newRun();
      await server.of("Destination").delete(destinationId, destination);
      assert.deepEqual(await server.byHand("destination.all", {}), []);
    });

    it("is deleted though somebody deletes a database between the list and its row", async () => {
      await makeDatabase("postgres");
      const body = { message: "Postgres not found", code: "NOT_FOUND" };
      server.emulator.faults.add({ endpoint: "postgres.one", times: 1, status: 404, body });
      server.newRun();
      await server.of("Destination").delete(destinationId, { ...simpleData["Destination"]?.inputs });
      assert.deepEqual(await server.byHand("destination.all", {}), []);
    });

    const s3 = () => ({ ...simpleData["Destination"]?.inputs, name: "s3" });
    for (const [what, prepare, says] of [
      ["a wrong secret", () => server.emulator.buckets.keys.set("acme-backups", { accessKey: `${CANARY}-key`, secretAccessKey: "right" }), /secretAccessKey does not belong to accessKey/],
      ["a key that nobody knows", () => server.emulator.buckets.keys.set("acme-backups", { accessKey: "right", secretAccessKey: "right" }), /the service does not know this accessKey/],
      ["a bucket that is not there", () => server.emulator.buckets.missing.add("acme-backups"), /the bucket does not exist/],
      ["nobody who answers", () => server.emulator.buckets.unreachable.set("https://s3.example.com", "dial tcp 127.0.0.1:9: connect: connection refused"), /no server responds at endpoint/],
    ] as const) // biome-ignore format: one line
      it(`is refused by a plan with ${what}, and no key is shown`, async () => {
        prepare();
        const found = await reasons("Destination", s3());
        assert.match(found, says);
        assert.match(found, /set testConnection: false$/);
        assert.ok(!found.includes(CANARY), found);
        assert.equal(await reasons("Destination", { ...s3(), testConnection: false }), "");
      });

    it("is tried if all of it is known, and the key may, and where it changes", async () => {
      server.emulator.buckets.missing.add("acme-backups");
      assert.equal(
        await reasons("Destination", { ...s3(), secretAccessKey: pulumi.runtime.unknownValue }),
        "",
      );
      server.emulator.faults.add({ endpoint: "destination.testConnection", status: 403 });
      assert.equal(await reasons("Destination", s3()), "");
      assert.match(server.notices.join(), /Destination s3 was not tested: the API key lacks the permission/);

      const olds = { ...s3(), bucket: "there" };
      const { id, outs } = await server.of("Destination").create(olds);
      server.newRun();
      await assert.rejects(server.of("Destination").diff(id, outs, s3()), /the bucket does not exist/);
      server.newRun();
      await server.of("Destination").diff(id, outs, { ...olds, name: "other" });
      assert.ok(!server.calls().includes("destination.testConnection"));
    });
  });

  it("and schedules of Dokploy's own server run a script, which the program has to say", async () => {
    const inputs = {
      name: "prune",
      cronExpression: "@daily",
      scheduleType: "dokploy-server",
      script: "ls\n",
    };
    const { scheduleType: _, ...unsaid } = inputs;
    assert.match(
      await reasons("Schedule", unsaid),
      /needs exactly one of applicationId, composeId, serverId and/,
    );
    assert.match(await reasons("Schedule", { ...inputs, command: "ls" }), /on a server, script runs/);
    assert.match(await reasons("Schedule", { ...inputs, shellType: "sh" }), /always runs with bash/);
    assert.match(
      await reasons("Schedule", { ...inputs, script: undefined }),
      /it is the script that runs on the server/,
    );
    assert.equal(await reasons("Schedule", inputs), "");
    const { id, outs } = await server.of("Schedule").create(inputs);
    const row = await server.byHand<Values>("schedule.one", { scheduleId: id });
    assert.deepEqual([row["scheduleType"], row["script"], row["command"]], ["dokploy-server", "ls\n", ""]);
    assert.notEqual(row["organizationId"], null);
    assert.match(
      await reasons("Schedule", inputs),
      new RegExp(`Dokploy already has a Schedule prune \\(${id}\\)`),
    );
    await server.of("Schedule").update(id, outs, { ...inputs, script: "df\n" });
    assert.equal((await server.byHand<Values>("schedule.one", { scheduleId: id }))["script"], "df\n");
    await server.of("Schedule").delete(id, outs);
  });

  it("are listed from the bucket, one folder at a time", async () => {
    const folder = "postgres-orders-x1y2z3/nightly/";
    server.emulator.buckets.files.set(
      "acme-backups",
      new Map([
        [`${folder}2026-11-25.sql.gz`, 12],
        [`${folder}2026-12-01.sql.gz`, 13],
        ["readme.txt", 1],
      ]),
    );
    const { value, calls } = await run(server, () => dokploy.getBackupFiles({ destinationId }));
    assert.deepEqual(value, [
      { path: "postgres-orders-x1y2z3", name: "postgres-orders-x1y2z3", sizeBytes: 0, isFolder: true },
      { path: "readme.txt", name: "readme.txt", sizeBytes: 1, isFolder: false },
    ]);
    assert.deepEqual(calls, ["backup.listBackupFiles"]);
    const some = await run(server, () => dokploy.getBackupFiles({ destinationId, path: `${folder}2026-11` }));
    assert.deepEqual(some.value, [
      { path: `${folder}2026-11-25.sql.gz`, name: "2026-11-25.sql.gz", sizeBytes: 12, isFolder: false },
    ]);
    const within = await run(server, () =>
      dokploy.getBackupFiles({ destinationId, path: `${folder}orders` }),
    );
    assert.deepEqual(within.value, [], "a text within the path is no beginning of a name");
    const absent = await run(server, () => dokploy.getBackupFiles({ destinationId, path: "nothere/" }));
    assert.deepEqual(absent.value, []);
    assert.match(
      await messageOf(server, () => dokploy.getBackupFiles({ destinationId: "no id" })),
      /^getBackupFiles: destinationId is not an id .*getDestinations lists the ids/,
    );
    server.emulator.buckets.missing.add("acme-backups");
    const failed = await messageOf(server, () => dokploy.getBackupFiles({ destinationId, path: "x/" }));
    assert.match(failed, /^getBackupFiles: Dokploy could not list "x\/" in the bucket of destination/);
    assert.ok(!failed.includes(CANARY));
    const unknown = pulumi.output(pulumi.unknown as string);
    const later = await run(
      server,
      async () => await seen(dokploy.getBackupFilesOutput({ destinationId: unknown })),
      true,
    );
    assert.deepEqual(later, { value: { value: "unknown", isSecret: false }, calls: [] });
  });
});

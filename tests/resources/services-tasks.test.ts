import * as assert from "node:assert/strict";
import { backupsOf, nameOfTask, schedulesOf } from "../../provider/engine/services/tasks";
import { missing, type Values } from "./services-made";

describe("the schedules and backups of a service", () => {
  const api = (answers: Record<string, unknown>, asked: unknown[] = []) =>
    ({
      async call(...given: unknown[]) {
        asked.push(given);
        return answers[String(given[0])] ?? missing("application.one");
      },
    }) as never;

  it("are listed by the calls for its kind: a database has no schedules", async () => {
    const rows = [{ scheduleId: "s", name: "nightly" }];
    for (const kind of ["application", "compose"] as const) {
      const asked: unknown[] = [];
      const found = await schedulesOf({ kind, id: "a", row: {} }, api({ "schedule.list": rows }, asked));
      assert.deepEqual(found, [{ kind: "Schedule", id: "s", row: rows[0] }]);
      assert.deepEqual(asked, [["schedule.list", { id: "a", scheduleType: kind }]]);
    }
    assert.deepEqual(await schedulesOf({ kind: "postgres", id: "a", row: {} }, api({})), []);
  });

  it("include backups of the service and of its volumes", async () => {
    const volume = { volumeBackupId: "v", name: "files" };
    const backup = { backupId: "b", database: "shop" };
    const asked: unknown[] = [];
    const of = (row: object) =>
      backupsOf({ kind: "postgres", id: "a", row }, api({ "volumeBackups.list": [volume] }, asked));
    const found = await of({ backups: [backup] });
    assert.deepEqual(found, [
      { kind: "Backup", id: "b", row: backup },
      { kind: "VolumeBackup", id: "v", row: volume },
    ]);
    assert.deepEqual(asked, [["volumeBackups.list", { id: "a", volumeBackupType: "postgres" }]]);
    assert.deepEqual(
      (await of({})).map(({ id }) => id),
      ["v"],
    );
  });

  it("have names in messages, without control characters", () => {
    const name = (kind: "Schedule" | "Backup" | "VolumeBackup", row: Values) =>
      nameOfTask({ kind, id: "1", row });
    assert.equal(name("Schedule", { name: "night\u009bly" }), "the Schedule night\\x9bly");
    assert.equal(name("VolumeBackup", { name: "files", database: "no" }), "the VolumeBackup files");
    assert.equal(name("Backup", { name: "no", database: "shop" }), "the Backup of shop");
  });
});

import * as assert from "node:assert/strict";
import { type Api, type DatabaseDetail, DokployError } from "../../../../provider/dokploy";
import { UserError } from "../../../../provider/errors";
import { changePasswords, newPassword } from "../../../../provider/resources/databases/password";

const row = {
  ...{
    name: "orders",
    appName: "orders-x",
    databaseName: "shop",
    databaseUser: "shop",
    serverId: null,
    mounts: [],
  },
  ...{ dockerImage: "postgres:18", applicationStatus: "done" },
} as unknown as DatabaseDetail;

/** Notes what is called, and fails when that is asked for. */
function recording(failure?: Error): { api: Api; calls: unknown[] } {
  const calls: unknown[] = [];
  const call = async (endpoint: string, input: object) => {
    calls.push([endpoint, input]);
    if (failure) throw failure;
  };
  return { api: { call } as unknown as Api, calls };
}

function failing(status: number | undefined, said: string): DokployError {
  return new DokployError("it failed", {
    kind: "server",
    endpoint: "postgres.changePassword",
    outcome: "unknown",
    ...(status === undefined ? {} : { status }),
    said,
  });
}

describe("a password of a database", () => {
  it("that nobody gave is another one each time, and fits everywhere", () => {
    const made = new Set(Array.from({ length: 50 }, newPassword));
    assert.equal(made.size, 50);
    for (const password of made) assert.match(password, /^[a-zA-Z2-9]{32}$/);
  });

  it("is changed in the database, each login separately, and everything else is saved later", async () => {
    const { api, calls } = recording();
    const columns = { databasePassword: "one", databaseRootPassword: "two", description: "x" };
    assert.deepEqual(await changePasswords("mysql", "m1", columns, row, api), { description: "x" });
    assert.deepEqual(calls, [
      ["mysql.changePassword", { mysqlId: "m1", password: "one", type: "user" }],
      ["mysql.changePassword", { mysqlId: "m1", password: "two", type: "root" }],
    ]);
    const other = recording();
    await changePasswords("redis", "r1", { databasePassword: "one" }, row, other.api);
    assert.deepEqual(other.calls, [["redis.changePassword", { redisId: "r1", password: "one" }]]);
  });

  it("is no call if it stays, and of libSQL a column as any other", async () => {
    const { api, calls } = recording();
    assert.deepEqual(await changePasswords("redis", "r1", { command: "x" }, row, api), { command: "x" });
    assert.deepEqual(await changePasswords("libsql", "l1", { databasePassword: "x" }, row, api), {
      databasePassword: "x",
    });
    assert.deepEqual(calls, []);
  });

  for (const [what, database, said, why] of [
    [
      "does not run",
      row,
      "Command failed: No running container found for orders-x",
      /this one is not running\. Start it in Dokploy/,
    ],
    ["refuses", row, "Command failed", /the command in its container failed\. Change it there by hand/],
    [
      "has another name than its user",
      { ...row, databaseName: "other" } as DatabaseDetail,
      "Command failed",
      /looks for a database with the name of the user \(shop\)/,
    ],
  ] as const) {
    it(`is reported as unchanged if the database ${what}`, async () => {
      const { api } = recording(failing(500, said));
      const error = await changePasswords("postgres", "p1", { databasePassword: "x" }, database, api).catch(
        (e) => e,
      );
      assert.ok(error instanceof UserError && !(error instanceof DokployError));
      assert.match(
        error.message,
        /^The password of the Postgres database "orders" \(p1\) is not changed, and nothing else was saved: /,
      );
      assert.match(error.message, why);
    });
  }

  it("may be changed if the response was lost", async () => {
    for (const status of [undefined, 502]) {
      const lost = failing(status, "");
      await assert.rejects(
        changePasswords("postgres", "p1", { databasePassword: "x" }, row, recording(lost).api),
        (error) => error === lost,
      );
    }
  });
});

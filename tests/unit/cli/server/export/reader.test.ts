import * as assert from "node:assert/strict";
import { Reader } from "../../../../../cli/server/export/reader";
import { type Emulator, startEmulator } from "../../../../../emulator";
import { DokployClient } from "../../../../../provider/dokploy";

describe("the connection of an export", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator();
  });
  after(() => emulator.close());
  const settings = () => ({ url: emulator.url, apiKey: emulator.apiKey, auth: "x-api-key" }) as const;

  it("sends no request that changes anything", async () => {
    const reader = new Reader(settings());
    try {
      await assert.rejects(reader.call("project.create", { name: "shop" }), /does not call project\.create/);
      assert.deepEqual(emulator.calls, []);
      assert.equal(reader.requests, 0);
    } finally {
      reader.close();
    }
  });

  it("is refused by the client itself, whoever calls", async () => {
    const sent: string[] = [];
    const client = new DokployClient(settings(), {
      onRequest(method) {
        if (method !== "GET") throw new Error("refused");
        sent.push(method);
      },
    });
    try {
      await assert.rejects(client.call("project.create", { name: "shop" }), /refused/);
      assert.deepEqual(await client.call("project.all", {}), []);
      assert.deepEqual([...new Set(sent)], ["GET"]);
      assert.ok(!emulator.calls.some(({ method }) => method === "POST"));
    } finally {
      client.close();
    }
  });

  it("reads each response once, counts the requests, and gives each reader a copy", async () => {
    const reader = new Reader(settings());
    emulator.clearCalls();
    try {
      const [one, other] = await Promise.all([
        reader.call("project.all", {}),
        reader.call("project.all", {}),
      ]);
      assert.notEqual(one, other);
      assert.deepEqual(one, await reader.call("project.all", {}));
      assert.equal(reader.requests, 1);
      assert.equal(emulator.calls.length, 1);
    } finally {
      reader.close();
    }
  });
});

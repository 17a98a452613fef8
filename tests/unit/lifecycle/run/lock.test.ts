import * as assert from "node:assert/strict";
import { KeyedLock } from "../../../../provider/lifecycle/run/lock";

describe("tasks of one key", () => {
  it("continue after a failed one, which alone gets the error", async () => {
    const lock = new KeyedLock();
    const failing = lock.run("a", async () => {
      throw new Error("first");
    });
    const next = lock.run("a", async () => "second");
    await assert.rejects(failing, /first/);
    assert.equal(await next, "second");
  });

  it("can be waited for, in any way they end", async () => {
    const lock = new KeyedLock();
    const order: string[] = [];
    const failing = lock.run("a", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("task");
      throw new Error("first");
    });
    const idle = lock.idle(["a", "b"]).then(() => order.push("idle"));
    await assert.rejects(failing);
    await idle;
    assert.deepEqual(order, ["task", "idle"]);
  });
});

import * as assert from "node:assert/strict";
import type { Timers } from "../../../../provider/deploy";
import { LastLooks } from "../../../../provider/lifecycle/run/last-looks";

describe("last looks of a run", () => {
  let time: number;
  let alarms: { at: number; run: () => void }[];
  let reads: number[];
  let looks: LastLooks;
  const timers: Timers = {
    now: () => time,
    after(ms, run) {
      alarms.push({ at: time + ms, run });
      return () => {};
    },
  };
  beforeEach(() => {
    [time, alarms, reads, looks] = [0, [], [], new LastLooks()];
  });

  const settle = () => new Promise(setImmediate);
  async function until(end: number): Promise<void> {
    for (await settle(); ; await settle()) {
      const [next] = alarms.sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      alarms.shift();
      time = next.at;
      next.run();
    }
    time = end;
  }
  const look = (due: number, place = "application/a", read = async () => reads.push(time)) =>
    looks.look(place, { due, within: 20, timers }, read);

  it("are one for all that wait, not before the last of them is due", async () => {
    const all = [look(10), look(25), look(15)];
    await until(100);
    await Promise.all(all);
    assert.deepEqual(reads, [25]);
  });

  it("are not postponed for ever", async () => {
    const all = [look(10), look(29), look(31)];
    await until(100);
    await Promise.all(all);
    assert.deepEqual(reads, [29, 31]);
  });

  it("serve nobody who is due after they began, nor after they ended", async () => {
    let answer = (): void => {};
    const slow = look(0, undefined, () => new Promise<number>((resolve) => (answer = () => resolve(1))));
    await settle();
    const joined = look(0);
    time = 5;
    const later = look(5);
    await until(5);
    answer();
    assert.deepEqual(await Promise.all([slow, joined]), [1, 1]);
    await later;
    await look(5);
    assert.deepEqual(reads, [5, 5]);
  });

  it("are separate for each place, and fail for all that wait", async () => {
    const failing = async () => {
      throw new Error("gone");
    };
    const failed = [look(3, "a", failing), look(3, "a", failing)].map((one) => assert.rejects(one, /gone/));
    const other = look(3, "b");
    await until(3);
    await Promise.all([...failed, other]);
    assert.deepEqual(reads, [3]);
  });
});

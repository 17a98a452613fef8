import * as assert from "node:assert/strict";
import { Activity } from "../../../provider/run/activity";

describe("what of a run is at work", () => {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const turns = async () => {
    for (let i = 0; i < 5; i += 1) await turn();
  };
  function step() {
    let end = (_error?: Error): void => {};
    const done = new Promise<void>((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve());
    });
    return { done, end };
  }
  /** Pauses that last until they are ended. */
  function arrange() {
    const pauses: { ms: number; end: () => void }[] = [];
    const activity = new Activity((ms) => new Promise((end) => pauses.push({ ms, end })));
    const over = { one: false, until: false };
    return { activity, pauses, over };
  }

  it("counts steps until they end, however they do", async () => {
    const { activity } = arrange();
    const [good, bad] = [step(), step()];
    activity.add(good.done);
    activity.add(bad.done);
    assert.equal(activity.working, 2);
    good.end();
    await turns();
    assert.equal(activity.working, 1);
    bad.end(new Error("no"));
    await turns();
    assert.equal(activity.working, 0);
  });

  it("waits for the first that ends, and for none where none is at work", async () => {
    const { activity, over } = arrange();
    await activity.oneEnds();
    const [one, two] = [step(), step()];
    activity.add(one.done);
    activity.add(two.done);
    void activity.oneEnds().then(() => {
      over.one = true;
    });
    await turns();
    assert.equal(over.one, false);
    two.end();
    await turns();
    assert.equal(over.one, true);
  });

  it("waits for something as long as a step is at work, or begins within a second after the last", async () => {
    const { activity, pauses, over } = arrange();
    const [one, two, wanted] = [step(), step(), step()];
    activity.add(one.done);
    void activity.until(wanted.done).then(() => {
      over.until = true;
    });
    await turns();
    assert.equal(pauses.length, 0, "one is at work");
    one.end();
    await turns();
    assert.deepEqual(
      pauses.map(({ ms }) => ms),
      [1_000],
    );
    activity.add(two.done);
    pauses[0]?.end();
    await turns();
    assert.equal(over.until, false, "the next has begun");
    two.end();
    await turns();
    pauses[1]?.end();
    await turns();
    assert.equal(over.until, true, "none began");
  });

  it("ends at once when that has come about", async () => {
    const { activity, pauses } = arrange();
    const wanted = step();
    activity.add(new Promise(() => {}));
    wanted.end();
    await activity.until(wanted.done);
    const nobody = arrange();
    const waiting = nobody.activity.until(wanted.done);
    await waiting;
    assert.deepEqual(pauses, []);
  });

  it("lets time pass by itself", async () => {
    const began = Date.now();
    await new Activity().pause(30);
    assert.ok(Date.now() - began >= 29);
  });
});

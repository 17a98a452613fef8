import * as assert from "node:assert/strict";
import { Activity } from "../../../provider/run/activity";
import { Rollouts, type RolloutWish } from "../../../provider/run/rollouts";

describe("the deployment that parts of a service share", () => {
  const service = "application/a";
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const turns = async (count = 6) => {
    for (let i = 0; i < count; i += 1) await turn();
  };
  const wish = (name: string, more: Partial<RolloutWish> = {}): RolloutWish => ({
    need: "reload",
    running: false,
    changes: [name],
    since: 1,
    ...more,
  });

  /** Time passes when it is told to. */
  function arrange() {
    const pauses: (() => void)[] = [];
    const asked: number[] = [];
    const activity = new Activity((ms) => {
      asked.push(ms);
      return new Promise((resolve) => pauses.push(resolve));
    });
    const deployed: RolloutWish[] = [];
    const rollouts = new Rollouts(activity);
    const save = (name: string, more: Partial<RolloutWish> = {}, at = service) =>
      rollouts.execute(
        at,
        async () => wish(name, more),
        async (all) => void deployed.push(all),
      );
    const pass = async () => {
      for (const resume of pauses.splice(0)) resume();
      await turns();
    };
    return { activity, rollouts, deployed, save, pass, pauses, asked };
  }

  it("is one for all that was saved while the first waited, with what each of them needs", async () => {
    const { save, deployed, pass } = arrange();
    const first = save("one", { since: 2, need: "reload", running: true });
    const second = save("two", { since: 1, need: "deploy" });
    const third = save("three", { since: 3, need: "none" });
    await Promise.all([second, third]);
    assert.deepEqual(deployed, [], "those that follow do not wait for it");
    await pass();
    await pass();
    await first;
    assert.deepEqual(deployed, [
      { need: "deploy", running: true, changes: ["one", "two", "three"], since: 3 },
    ]);
    const later = save("four");
    await turns();
    await pass();
    await later;
    assert.deepEqual(deployed[1], wish("four"));
  });

  it("is asked to run where only a later one wants to see that", async () => {
    const { save, deployed, pass } = arrange();
    const first = save("one");
    await save("two", { running: true });
    await pass();
    await pass();
    await first;
    assert.equal(deployed[0]?.running, true);
  });

  it("is none where nothing was saved, and that of each service is its own", async () => {
    const { rollouts, save, deployed, pass } = arrange();
    await rollouts.execute(
      service,
      async () => undefined,
      async () => assert.fail("nothing to deploy"),
    );
    const both = Promise.all([save("one"), save("two", {}, "application/b")]);
    await turns();
    await pass();
    await both;
    assert.deepEqual(
      deployed.map(({ changes }) => changes),
      [["one"], ["two"]],
    );
  });

  it("waits for one that has begun to save, and does without it when that fails", async () => {
    const { rollouts, save, deployed, pass } = arrange();
    let fail = (_error: Error): void => {};
    const failing = rollouts.execute(
      service,
      () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
      async () => assert.fail("it saved nothing"),
    );
    const first = save("one");
    await turns();
    await pass();
    assert.deepEqual(deployed, []);
    fail(new Error("refused"));
    await assert.rejects(failing, /refused/);
    await turns();
    await pass();
    await first;
    assert.deepEqual(deployed, [wish("one")]);
  });

  it("waits while Pulumi goes on asking, but not for ever", async () => {
    const { rollouts, save, deployed, pass, asked } = arrange();
    const first = save("one");
    await turns();
    for (let i = 0; i < 3; i += 1) {
      await rollouts.during(Promise.resolve());
      await pass();
      assert.deepEqual(deployed, [], `asked ${i} times`);
    }
    let answer = (): void => {};
    const open = rollouts.during(new Promise<void>((resolve) => (answer = resolve)));
    await pass();
    assert.deepEqual(deployed, [], "an open question");
    for (let i = 0; i < 25; i += 1) await pass();
    assert.deepEqual(deployed, [], "29 s");
    await pass();
    await first;
    assert.deepEqual(deployed, [wish("one")]);
    assert.equal(
      asked.reduce((sum, ms) => sum + ms),
      30_000,
    );
    answer();
    await open;
  });

  it("goes on at once after a question that failed", async () => {
    const { rollouts, save, deployed, pass } = arrange();
    await assert.rejects(rollouts.during(Promise.reject(new Error("refused"))), /refused/);
    const first = save("one");
    await turns();
    await pass();
    await first;
    assert.equal(deployed.length, 1);
  });

  it("waits for what is planned while a worker may become free for it, and no longer than that", async () => {
    const { activity, rollouts, save, deployed, pass } = arrange();
    rollouts.plan(service, "two");
    let end = (): void => {};
    activity.add(new Promise<void>((resolve) => (end = resolve)));
    const first = save("one");
    activity.add(first);
    await turns();
    await pass();
    await pass();
    assert.deepEqual(deployed, [], "somebody is at work");
    end();
    await turns();
    await pass();
    await first;
    assert.deepEqual(deployed, [wish("one")], "nobody is at work, so the plan never begins");
  });

  it("does not wait for a plan that was given up, or is of another service", async () => {
    const { activity, rollouts, save, deployed, pass } = arrange();
    rollouts.plan(service, "two");
    rollouts.plan("application/b", "three");
    rollouts.forget(service, "two");
    activity.add(new Promise<void>(() => {}));
    const first = save("one");
    activity.add(first);
    await turns();
    await pass();
    await first;
    assert.equal(deployed.length, 1);
  });

  it("waits once more after a plan was made or given up meanwhile", async () => {
    const { rollouts, save, deployed, pass } = arrange();
    const first = save("one");
    await turns();
    rollouts.plan(service, "two");
    rollouts.forget(service, "three");
    await pass();
    assert.deepEqual(deployed, [], "planned");
    rollouts.forget(service, "two");
    await pass();
    assert.deepEqual(deployed, [], "given up");
    rollouts.forget(service, "two");
    await pass();
    await first;
    assert.equal(deployed.length, 1, "there was nothing left to give up");
  });
});

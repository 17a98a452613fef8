import * as assert from "node:assert/strict";
import { Activity } from "../../../provider/run/activity";
import { PlannedDeployments } from "../../../provider/run/planned-deployments";

describe("who of a run deploys a service", () => {
  const service = "application/a";
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

  /** Work that ends when it is told to. */
  function step() {
    let end = (_error?: Error): void => {};
    const done = new Promise<void>((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve());
    });
    return { work: () => done, end };
  }

  /** What the wait came to so far. */
  function watch(plans: PlannedDeployments) {
    const seen: { end?: string | undefined } = {};
    void plans.ended(service).then((end) => {
      seen.end = end ?? "nobody";
    });
    return seen;
  }

  it("is nobody without a plan, or with one that was given up", async () => {
    const plans = new PlannedDeployments(new Activity(turn));
    plans.plan(service, "x");
    plans.forget(service, "x");
    plans.plan("application/b", "y");
    const wait = watch(plans);
    await turn();
    assert.equal(wait.end, "nobody");
  });

  it("is waited for from its plan to its end, while anything is at work after which it may begin", async () => {
    const plans = new PlannedDeployments(new Activity(turn));
    const other = step();
    const mine = step();
    plans.plan(service, "x");
    const working = plans.execute("application/b", "y", other.work);
    const wait = watch(plans);
    for (let i = 0; i < 5; i += 1) await turn();
    assert.equal(wait.end, undefined, "due");
    const carrying = plans.execute(service, "x", mine.work);
    other.end();
    await working;
    for (let i = 0; i < 5; i += 1) await turn();
    assert.equal(wait.end, undefined, "begun");
    mine.end();
    await carrying;
    await turn();
    assert.equal(wait.end, "done");
  });

  it("is not waited for when Pulumi begins nothing any more", async () => {
    let paused = 0;
    const pause = async () => {
      paused += 1;
      await turn();
    };
    const plans = new PlannedDeployments(new Activity(pause));
    plans.plan(service, "x");
    const wait = watch(plans);
    for (let i = 0; i < 5; i += 1) await turn();
    assert.equal(wait.end, "nobody");
    assert.equal(paused, 1);
  });

  it("is told to have failed when it has", async () => {
    const plans = new PlannedDeployments(new Activity(turn));
    const mine = step();
    plans.plan(service, "x");
    const carrying = plans.execute(service, "x", mine.work);
    const wait = watch(plans);
    mine.end(new Error("no"));
    await assert.rejects(carrying);
    await turn();
    assert.equal(wait.end, "failed");
  });

  it("may come until it was looked at, and as long as it has a plan", () => {
    const plans = new PlannedDeployments(new Activity(turn));
    assert.equal(plans.mayCome(service), true);
    plans.see(service);
    assert.equal(plans.mayCome(service), false);
    plans.plan(service, "x");
    assert.equal(plans.mayCome(service), true);
  });
});

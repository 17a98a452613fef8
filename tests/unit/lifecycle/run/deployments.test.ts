import * as assert from "node:assert/strict";
import {
  Deployments,
  type Made,
  type WantedDeployment,
} from "../../../../provider/lifecycle/run/deployments";

describe("the deployments that a run makes of a service", () => {
  const service = "application/a";

  /** Two that follow each other: whether the second is made, and what both came to. */
  async function twice(made: Partial<Made>, wanted: Partial<WantedDeployment>) {
    const deployments = new Deployments();
    const done: Made = {
      upTo: 2,
      method: "redeploy",
      running: false,
      lastDeployment: { deploymentId: "first", status: "done" },
      ...made,
    };
    await deployments.run(service, { since: 1, need: "redeploy", running: false }, async () => done);
    let isMade = false;
    const last = await deployments.run(
      service,
      { since: 2, need: "redeploy", running: false, ...wanted },
      async () => {
        isMade = true;
        return { ...done, lastDeployment: { deploymentId: "second", status: "done" } };
      },
    );
    assert.equal(last?.deploymentId, isMade ? "second" : "first");
    return isMade;
  }

  for (const { name, made = {}, wanted = {}, again } of [
    { name: "brought all that was saved", again: false },
    { name: "began before something was saved", wanted: { since: 3 }, again: true },
    { name: "did more than is needed", made: { method: "deploy" }, wanted: { need: "reload" }, again: false },
    { name: "did less than is needed", made: { method: "reload" }, again: true },
    { name: "was not followed until it ran, which is asked for", wanted: { running: true }, again: true },
    {
      name: "was followed until it ran",
      made: { running: true },
      wanted: { running: true },
      again: false,
    },
    { name: "was followed though nobody asks", made: { running: true }, again: false },
  ] satisfies { name: string; made?: Partial<Made>; wanted?: Partial<WantedDeployment>; again: boolean }[]) {
    it(`${again ? "go on after one that" : "are one where it"} ${name}`, async () => {
      assert.equal(await twice(made, wanted), again);
    });
  }

  it("of another service are separate, and a failed one does not count", async () => {
    const deployments = new Deployments();
    const wanted: WantedDeployment = { since: 0, need: "deploy", running: false };
    const done: Made = { upTo: 0, method: "deploy", running: false, lastDeployment: undefined };
    const failing = deployments.run(service, wanted, async () => {
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);
    assert.equal(deployments.hasDeployed(service), false);
    let count = 0;
    const deploy = async () => {
      count += 1;
      return done;
    };
    await deployments.run(service, wanted, deploy);
    assert.equal(deployments.hasDeployed(service), true);
    assert.equal(deployments.hasDeployed("application/b"), false);
    await deployments.run("application/b", wanted, deploy);
    await deployments.run(service, wanted, deploy);
    assert.equal(count, 2);
  });

  it("are made one after the other", async () => {
    const deployments = new Deployments();
    const order: string[] = [];
    const deploy = (name: string, upTo: number) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      return { upTo, method: "deploy", running: false, lastDeployment: undefined } as const;
    };
    await Promise.all([
      deployments.run(service, { since: 1, need: "deploy", running: false }, deploy("one", 1)),
      deployments.run(service, { since: 2, need: "deploy", running: false }, deploy("two", 2)),
    ]);
    assert.deepEqual(order, ["one begins", "one ends", "two begins", "two ends"]);
  });

  it("know the order and the places of all saves", () => {
    const deployments = new Deployments();
    assert.equal(deployments.now, 0);
    const first = deployments.saved("project/p");
    const second = deployments.saved(service);
    assert.deepEqual([first, second, deployments.now], [1, 2, 2]);
    const places = ["project/p", service];
    assert.equal(deployments.isSavedSince(places, 0, second), true, "the project");
    assert.equal(deployments.isSavedSince(places, first, 0), true, "the service");
    assert.equal(deployments.isSavedSince(places, first, second), false, "only the one that does not count");
    assert.equal(deployments.isSavedSince(places, second, 0), false);
    assert.equal(deployments.isSavedSince(["environment/e"], 0, 0), false);
    deployments.saved(service);
    assert.equal(deployments.isSavedSince(places, second, second), true, "once more");
  });

  it("wait only for resources that have begun, until they end", async () => {
    const deployments = new Deployments();
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    assert.equal(await deployments.ended(service), undefined);
    for (const [owner, need] of [
      ["x", "deploy"],
      ["y", "redeploy"],
      ["z", "reload"],
    ] as const)
      deployments.plan(service, owner, need);
    assert.equal(await deployments.ended(service), undefined, "none has begun");
    const ends: ((error?: Error) => void)[] = [];
    const step = () =>
      new Promise<void>((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve()));
      });
    const reloading = deployments.execute(service, "z", step);
    assert.equal(await deployments.ended(service), undefined, "a reload deploys nothing");
    const first = deployments.execute(service, "x", step);
    const results: unknown[] = [];
    const waiting = deployments.ended(service).then((end) => results.push(end));
    const second = deployments.execute(service, "y", step);
    ends[1]?.();
    await first;
    await turn();
    assert.deepEqual(results, [], "another one has begun meanwhile");
    ends[2]?.(new Error("refused"));
    await assert.rejects(second, /refused/);
    await waiting;
    assert.deepEqual(results, ["failed"]);
    ends[0]?.();
    await reloading;
  });

  it("is made by a resource as long as it has a plan", () => {
    const deployments = new Deployments();
    assert.equal(deployments.isPlanned(service), false);
    deployments.plan(service, "x", "deploy");
    assert.equal(deployments.isPlanned(service), true);
    deployments.plan(service, "x", "reload");
    assert.equal(deployments.isPlanned(service), false);
  });
});

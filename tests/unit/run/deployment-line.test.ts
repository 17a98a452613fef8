import * as assert from "node:assert/strict";
import { DeploymentLine, type Made, type Wish } from "../../../provider/run/deployment-line";

describe("the deployments that a run makes of a service", () => {
  const service = "application/a";

  /** Two that follow each other: whether the second is made, and what both came to. */
  async function twice(made: Partial<Made>, wish: Partial<Wish>) {
    const line = new DeploymentLine();
    const done: Made = {
      upTo: 2,
      method: "redeploy",
      running: false,
      lastDeployment: { deploymentId: "first", status: "done" },
      ...made,
    };
    await line.run(service, { since: 1, need: "redeploy", running: false }, async () => done);
    let isMade = false;
    const last = await line.run(
      service,
      { since: 2, need: "redeploy", running: false, ...wish },
      async () => {
        isMade = true;
        return { ...done, lastDeployment: { deploymentId: "second", status: "done" } };
      },
    );
    assert.equal(last?.deploymentId, isMade ? "second" : "first");
    return isMade;
  }

  for (const { name, made = {}, wish = {}, again } of [
    { name: "brought all that was saved", again: false },
    { name: "began before something was saved", wish: { since: 3 }, again: true },
    { name: "did more than is needed", made: { method: "deploy" }, wish: { need: "reload" }, again: false },
    { name: "did less than is needed", made: { method: "reload" }, again: true },
    { name: "was not followed until it ran, which is asked for", wish: { running: true }, again: true },
    {
      name: "was followed until it ran",
      made: { running: true },
      wish: { running: true },
      again: false,
    },
    { name: "was followed though nobody asks", made: { running: true }, again: false },
  ] satisfies { name: string; made?: Partial<Made>; wish?: Partial<Wish>; again: boolean }[]) {
    it(`${again ? "go on after one that" : "are one where it"} ${name}`, async () => {
      assert.equal(await twice(made, wish), again);
    });
  }

  it("of another service are others, and one that failed counts for nothing", async () => {
    const line = new DeploymentLine();
    const wish: Wish = { since: 0, need: "deploy", running: false };
    const done: Made = { upTo: 0, method: "deploy", running: false, lastDeployment: undefined };
    const failing = line.run(service, wish, async () => {
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);
    assert.equal(line.hasDeployed(service), false);
    let count = 0;
    const deploy = async () => {
      count += 1;
      return done;
    };
    await line.run(service, wish, deploy);
    assert.equal(line.hasDeployed(service), true);
    assert.equal(line.hasDeployed("application/b"), false);
    await line.run("application/b", wish, deploy);
    await line.run(service, wish, deploy);
    assert.equal(count, 2);
  });

  it("are made one after the other", async () => {
    const line = new DeploymentLine();
    const order: string[] = [];
    const deploy = (name: string, upTo: number) => async () => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} ends`);
      return { upTo, method: "deploy", running: false, lastDeployment: undefined } as const;
    };
    await Promise.all([
      line.run(service, { since: 1, need: "deploy", running: false }, deploy("one", 1)),
      line.run(service, { since: 2, need: "deploy", running: false }, deploy("two", 2)),
    ]);
    assert.deepEqual(order, ["one begins", "one ends", "two begins", "two ends"]);
  });

  it("know in which order things were saved, and where", () => {
    const line = new DeploymentLine();
    assert.equal(line.now, 0);
    const first = line.saved("project/p");
    const second = line.saved(service);
    assert.deepEqual([first, second, line.now], [1, 2, 2]);
    const places = ["project/p", service];
    assert.equal(line.isSavedSince(places, 0, second), true, "the project");
    assert.equal(line.isSavedSince(places, first, 0), true, "the service");
    assert.equal(line.isSavedSince(places, first, second), false, "only the one that does not count");
    assert.equal(line.isSavedSince(places, second, 0), false);
    assert.equal(line.isSavedSince(["environment/e"], 0, 0), false);
    line.saved(service);
    assert.equal(line.isSavedSince(places, second, second), true, "once more");
  });
});

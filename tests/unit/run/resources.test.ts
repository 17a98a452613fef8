import * as assert from "node:assert/strict";
import { identityKey } from "../../../provider/identity";
import { Holdings } from "../../../provider/run/holdings";
import { RunResources } from "../../../provider/run/resources";

describe("the resources of a run", () => {
  const resources = () => new RunResources(new Holdings());
  const inputs = (identity: string | undefined, more: object = {}) => ({
    name: "api",
    env: { A: "1", B: "2" },
    ...more,
    ...(identity === undefined ? {} : { [identityKey]: identity }),
  });
  /** As Pulumi sends them: in an order of its own. */
  const sent = (values: Record<string, unknown>): Record<string, unknown> =>
    JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(values).reverse())));

  it("are told from each other though their inputs are the same", () => {
    const run = resources();
    const one = run.check("Application", {}, inputs("one"));
    const two = run.check("Application", {}, inputs("two"));
    assert.equal(run.find("Application", sent(one.inputs)), "one");
    assert.equal(run.find("Application", sent(two.inputs)), "two");
  });

  it("are compared for a plan once they were checked, and once for each check", () => {
    const run = resources();
    assert.equal(run.takePlan("one"), false);
    run.check("Application", inputs("one"), inputs("one"));
    run.check("Application", inputs("two"), inputs("two"));
    assert.deepEqual([run.takePlan("one"), run.takePlan("one"), run.takePlan("two")], [true, false, true]);
  });

  for (const [what, former] of [
    ["without identities", undefined],
    ["with that of a former name", "former"],
  ] as const) {
    it(`are found in a state ${what}, which a plan shows as it was`, () => {
      const run = resources();
      const changed = run.check("Application", inputs(former), inputs("now", { replicas: 2 }));
      assert.deepEqual(changed, { resource: "now", inputs: inputs(former, { replicas: 2 }) });
      assert.equal(run.find("Application", sent(changed.inputs), "id"), "now");
      assert.equal(run.find("Compose", sent(changed.inputs), "id"), former ?? "Compose id");
      const same = run.check("Application", inputs(former), sent(inputs("now")));
      assert.deepEqual(same.inputs, inputs("now"), "nothing else shows, so this does not either");
    });
  }

  it("are found by their inputs where the program does not change those of an older state", () => {
    const run = resources();
    const { resource, inputs: kept } = run.check("Application", inputs(undefined), inputs(undefined));
    assert.deepEqual(kept, inputs(undefined));
    assert.equal(run.find("Application", sent(kept), "id"), resource);
    assert.equal(run.takePlan(resource), true);
  });

  it("are replaced by what has their identity, and by nothing that is merely equal", () => {
    const run = resources();
    run.check("Application", inputs("one"), inputs("one"));
    run.compare("one", "Application", "id");
    assert.equal(run.replacedBy("two"), undefined);
    assert.equal(run.replacedBy("one"), "id");
  });

  it("may say of themselves what they adopt as often as Pulumi asks, whatever else they are given", () => {
    const run = resources();
    assert.equal(run.refuseTwin("one", "Project", "id"), undefined);
    assert.equal(run.refuseTwin("one", "Project", "id"), undefined);
    assert.match(run.refuseTwin("two", "Project", "id") ?? "", /another resource of this program manages/);
    assert.throws(() => run.compare("two", "Project", "id"), /another resource of this program manages/);
    run.compare("one", "Project", "id");
    assert.equal(run.refuseTwin("two", "Environment", "id"), undefined, "of another kind");
  });
});

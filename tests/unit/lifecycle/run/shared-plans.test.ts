import * as assert from "node:assert/strict";
import { sharedUses } from "../../../../provider/env";
import { type SharedPlan, SharedPlans } from "../../../../provider/lifecycle/run/shared-plans";

const project = { kind: "project", id: "p" } as const;
const plan = (set: Record<string, string | undefined>, more: Partial<SharedPlan> = {}): SharedPlan => ({
  set: new Map(Object.entries(set)),
  whole: false,
  removed: [],
  ...more,
});

describe("shared variables as a run is going to leave them", () => {
  const live = new Map([
    ["A", "1"],
    ["B", "2"],
  ]);

  it("are those of the server without a plan, and of other scopes", () => {
    const plans = new SharedPlans();
    plans.plan({ kind: "environment", id: "p" }, "x", plan({ C: "3" }));
    assert.deepEqual(plans.applied(project, live), live);
  });

  it("have the additions, changes and removals of plans, and nothing else if one plan gives them all", () => {
    const plans = new SharedPlans();
    plans.plan(project, "x", plan({ B: "3", C: undefined }, { removed: ["A"] }));
    assert.deepEqual(
      plans.applied(project, live),
      new Map([
        ["B", "3"],
        ["C", undefined],
      ]),
    );
    plans.plan(project, "x", plan({ C: "4" }, { whole: true }));
    assert.deepEqual(plans.applied(project, live), new Map([["C", "4"]]));
  });

  it("keep a name that moves from one resource to another, in any order", () => {
    for (const owners of [
      ["from", "to"],
      ["to", "from"],
    ]) {
      const plans = new SharedPlans();
      for (const owner of owners) {
        plans.plan(project, owner, owner === "to" ? plan({ A: "new" }) : plan({}, { removed: ["A"] }));
      }
      assert.equal(plans.applied(project, live)?.get("A"), "new");
    }
  });

  it("are not known if a plan does not know its names", () => {
    const plans = new SharedPlans();
    plans.plan(project, "x", { ...plan({}), set: undefined });
    assert.equal(plans.applied(project, live), undefined);
  });

  it("of new scopes are those of the same kind, without the values in which these differ", () => {
    const plans = new SharedPlans();
    plans.planNew(
      { kind: "project" },
      "shop",
      new Map([
        ["A", "1"],
        ["B", "2"],
      ]),
    );
    plans.planNew(
      { kind: "project" },
      "blog",
      new Map([
        ["A", "9"],
        ["C", "3"],
      ]),
    );
    plans.planNew({ kind: "project" }, "bank", undefined);
    plans.planNew({ kind: "environment" }, "test", new Map([["D", "4"]]));
    assert.deepEqual(
      plans.appliedToNew("project"),
      new Map([
        ["A", undefined],
        ["B", "2"],
        ["C", "3"],
      ]),
    );
    assert.equal(plans.appliedToNew("environment")?.get("D"), "4");
  });

  it("of a project are not known for an environment in one that exists", () => {
    const plans = new SharedPlans();
    plans.planNew({ kind: "project" }, "shop", new Map([["A", "1"]]));
    plans.planNew({ kind: "environment", isInExisting: true }, "test", new Map());
    assert.equal(plans.appliedToNew("project"), undefined);
  });

  it("are waited for while they are being saved, however that ends, and not before", async () => {
    const plans = new SharedPlans();
    plans.plan(project, "x", plan({ A: "1" }));
    plans.plan(project, "y", plan({ B: "1" }));
    plans.plan(project, "z", plan({ C: "1" }));
    await plans.settled(["project/p"]);
    for (const owner of ["x", "y", "unknown"]) plans.begin(owner);
    const order: string[] = [];
    const waiting = plans.settled(["environment/e", "project/p"]).then(() => order.push("settled"));
    await plans.settled(["project/other"]);
    plans.saved("x");
    await new Promise((resolve) => setImmediate(resolve));
    order.push("one saved");
    plans.forget("y");
    await waiting;
    assert.deepEqual(order, ["one saved", "settled"], "nobody waits for z, which has not begun");
    await plans.settled(["project/p"]);
  });

  it("of a scope may be saved by one resource for all", async () => {
    const plans = new SharedPlans();
    plans.plan(project, "x", plan({ A: "1" }));
    plans.plan({ kind: "environment", id: "e" }, "y", plan({ B: "1" }));
    plans.begin("x");
    plans.savedAll(project);
    await plans.settled(["project/p"]);
    plans.begin("y");
    plans.savedAll(project);
    let isSettled = false;
    const waiting = plans.settled(["environment/e"]).then(() => (isSettled = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isSettled, false);
    plans.saved("y");
    await waiting;
  });
});

describe("the shared variables that a service takes", () => {
  const uses = (text: string, shared = "") =>
    sharedUses(text, shared).map(({ key, kind, name }) => `${key} ${kind}.${name}`);

  it("are those it refers to, in all spellings that Dokploy resolves", () => {
    assert.deepEqual(uses("A='x${{project.P}}y'\nB=${{environment.E}}${{project.P}}\nC=${{C2}}\nC2=1"), [
      "A project.P",
      "B project.P",
      "B environment.E",
    ]);
  });

  it("include those of the environment that a variable of the project inserts, and no more", () => {
    assert.deepEqual(uses("A=${{project.P}}", "P=${{environment.E}}${{project.Q}}\nQ=1"), [
      "A project.P",
      "A environment.E",
    ]);
  });

  it("exclude references with spaces", () => {
    assert.deepEqual(uses("A=${{ project.P }}"), []);
  });
});

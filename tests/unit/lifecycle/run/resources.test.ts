import * as assert from "node:assert/strict";
import { Holdings } from "../../../../provider/lifecycle/run/holdings";
import { RunResources } from "../../../../provider/lifecycle/run/resources";
import { identityKey, identityOf, type StackResource } from "../../../../provider/pulumi";

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

  it("are distinguished even if their inputs are the same", () => {
    const run = resources();
    const one = run.check("Application", {}, inputs("one"));
    const two = run.check("Application", {}, inputs("two"));
    assert.equal(run.find("Application", sent(one.inputs)), "one");
    assert.equal(run.find("Application", sent(two.inputs)), "two");
  });

  it("are compared for a plan once after each check", () => {
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

  it("are found by their inputs if the program does not change those of an older state", () => {
    const run = resources();
    const { resource, inputs: kept } = run.check("Application", inputs(undefined), inputs(undefined));
    assert.deepEqual(kept, inputs(undefined));
    assert.equal(run.find("Application", sent(kept), "id"), resource);
    assert.equal(run.takePlan(resource), true);
  });

  it("are replaced only by a resource with their identity, not by an equal one", () => {
    const run = resources();
    run.check("Application", inputs("one"), inputs("one"));
    run.compare("one", "Application", "id");
    assert.equal(run.replacedBy("two"), undefined);
    assert.equal(run.replacedBy("one"), "id");
  });

  it("may announce what they adopt as often as Pulumi asks, with any other inputs", () => {
    const run = resources();
    assert.equal(run.refuseDuplicate("one", "Project", "id"), undefined);
    assert.equal(run.refuseDuplicate("one", "Project", "id"), undefined);
    assert.match(
      run.refuseDuplicate("two", "Project", "id") ?? "",
      /another resource of this program already manages/,
    );
    assert.throws(
      () => run.compare("two", "Project", "id"),
      /another resource of this program already manages/,
    );
    run.compare("one", "Project", "id");
    assert.equal(run.refuseDuplicate("two", "Environment", "id"), undefined, "of another kind");
  });

  describe("that adopt and delete objects", () => {
    const held = (name: string, id: string): StackResource => ({
      urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Project::${name}`,
      kind: "Project",
      name,
      id,
      variables: {},
    });
    const ofStack = (...all: StackResource[]) => new RunResources(new Holdings(async () => all));
    const made = async () => "made";

    it("one adopts an object, once; one that failed may try again, even if the stack then has the object", async () => {
      const stack: StackResource[] = [];
      const run = ofStack();
      const later = new RunResources(new Holdings(async () => stack));
      assert.equal(await run.adopt("Project", "p", made), "made");
      await assert.rejects(
        run.adopt("Project", "p", made),
        /another resource of this program already manages the Project p/,
      );
      assert.equal(await run.adopt("Project", "q", made), "made", "another object");
      const failing = later.adopt("Project", "p", async () => {
        stack.push(held("mine", "p"));
        throw new Error("lost");
      });
      await assert.rejects(failing, /lost/);
      assert.equal(await later.adopt("Project", "p", made), "made");
    });

    it("one is not deleted if the state cannot be read, unless the program shows that its object stays", async () => {
      const run = new RunResources(new Holdings(async () => undefined));
      await assert.rejects(
        run.release("Project", "p"),
        /^\w*Error: The Project p is not deleted: .*cannot read the state/,
      );
      run.compare("one", "Project", "p");
      assert.equal(await run.release("Project", "p"), "another resource of this program has it");
      run.replace("one");
      await assert.rejects(run.release("Project", "p"), /cannot read the state/);
    });

    it("one that is replaced although nothing changes is described as such, if its own object is in the way", async () => {
      const self = held("mine", "p");
      const advice = async (urn: string) => {
        const run = ofStack(self);
        run.check("Project", {}, { name: "mine", __urn: identityOf(urn) });
        return (await run.refuseHeld("Project", "p")) ?? "";
      };
      assert.match(await advice(self.urn), /`--replace` creates the new one before/);
      assert.match(await advice(held("other", "q").urn), /aliases/);
    });

    it("none adopts an object that the stack has under another name, and none then deletes it", async () => {
      const run = ofStack(held("old", "p"));
      await assert.rejects(
        run.adopt("Project", "p", made),
        /^\w*Error: import: this stack already has the Project p, as "old"\. If it is the same object under its former name/,
      );
      await assert.rejects(
        run.release("Project", "p"),
        /The Project p is not deleted, since another resource/,
      );
    });

    it("an object that another resource adopts or has is not deleted", async () => {
      const adopting = ofStack();
      await adopting.adopt("Project", "p", made);
      assert.equal(await adopting.release("Project", "p"), "another resource of this program adopts it");
      assert.equal(await adopting.release("Project", "q"), undefined);

      const owning = ofStack();
      owning.compare("one", "Project", "p");
      assert.equal(await owning.release("Project", "p"), "another resource of this program has it");
      assert.equal(await owning.release("Environment", "p"), undefined, "of another kind");
      owning.replace("one");
      assert.equal(await owning.release("Project", "p"), undefined, "it is made anew");

      const both = ofStack(held("a", "p"), held("b", "p"));
      both.compare("one", "Project", "p");
      assert.equal(
        await both.release("Project", "p"),
        '2 resources of this stack have it ("a", "b"): it is deleted with the last of them',
      );
      assert.equal(await both.release("Project", "p"), undefined, "the last of them");
    });

    it("none may adopt an object of another resource of the program", () => {
      const run = ofStack();
      run.compare("one", "Project", "p");
      assert.match(
        run.refuseDuplicate("two", "Project", "p") ?? "",
        /already manages the Project p: keep one/,
      );
      assert.equal(run.refuseDuplicate("one", "Project", "p"), undefined, "its own");
    });
  });
});

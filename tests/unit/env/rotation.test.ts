import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { describeStep, nextKey, rotationSteps } from "../../../provider/env/rotation";
import { unknownValue } from "../../../provider/pulumi/unknown";

const always = () => true;
const steps = (olds: unknown, news: unknown, isPending = false) =>
  rotationSteps(olds, news, isPending, always).map(
    ({ key, step, goesOn }) => `${key} ${step}${goesOn ? " +" : ""}`,
  );

describe("the steps of a rotation in a plan", () => {
  it("step 2 gives the deployed next value, and may begin another rotation", () => {
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "b" }), ["K second"]);
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "b", K_NEXT: "c" }), ["K second +"]);
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "b" }, true), ["K too-early"]);
  });

  it("a value that containers have not learnt is a mistake", () => {
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "c" }), ["K not-next"]);
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "c", K_NEXT: "d" }), ["K not-next +"]);
    assert.deepEqual(steps({ K: "a" }, { K: "b", K_NEXT: "c" }), ["K not-current +"]);
  });

  it("nothing is said about step 1, an end without a change, an ordinary change or a new service", () => {
    assert.deepEqual(steps({ K: "a" }, { K: "a", K_NEXT: "b" }), []);
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "a", K_NEXT: "c" }), []);
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: "a" }), []);
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, {}), []);
    assert.deepEqual(steps({ K: "a" }, { K: "b" }), []);
    assert.deepEqual(steps({}, { K: "a", K_NEXT: "b" }), []);
    assert.deepEqual(steps(undefined, { K: "a", K_NEXT: "b" }), []);
  });

  it("nothing is said about values that a preview does not know, or variables that are not secret", () => {
    assert.deepEqual(steps({ K: "a", K_NEXT: "b" }, { K: unknownValue }), []);
    assert.deepEqual(
      rotationSteps({ PAGE: "1", PAGE_NEXT: "2" }, { PAGE: "3" }, false, () => false),
      [],
    );
  });

  it("no sentence has a value", () => {
    const value = fc.constantFrom("canary-1", "canary-2", "canary-3");
    const map = fc.record({ K: value, K_NEXT: fc.option(value, { nil: undefined }) });
    let said = 0;
    fc.assert(
      fc.property(map, map, fc.boolean(), (olds, news, isPending) => {
        for (const step of rotationSteps(olds, news, isPending, always)) {
          said += 1;
          assert.doesNotMatch(describeStep(step), /canary/);
          assert.ok(describeStep(step).startsWith(`${step.key} `));
          assert.ok(describeStep(step).includes(nextKey(step.key)) || step.step === "too-early");
        }
      }),
    );
    assert.ok(said > 0);
  });
});

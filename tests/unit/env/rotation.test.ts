import * as assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import * as fc from "fast-check";
import * as ts from "typescript";
import { unknownValue } from "../../../packages/values";
import { rotationSteps } from "../../../provider/env";
import { recipesOf } from "../docs/recipes";

type Env = Readonly<Record<string, string>>;

const always = () => true;
const steps = (olds: unknown, news: unknown, isPending = false) =>
  rotationSteps(olds, news, isPending, always).map(({ key, step }) => `${key} ${step}`);

describe("the steps of a rotation in a plan", () => {
  const [one, two] = [
    { K: "a", K_NEXT: "b" },
    { K: "b", K_PREVIOUS: "a" },
  ];

  it("are the second, which keeps the former value, and the third, which removes it", () => {
    assert.deepEqual(steps({ K: "a" }, one), []);
    assert.deepEqual(steps(one, two), ["K second"]);
    assert.deepEqual(steps(one, two, true), ["K too-early"]);
    assert.deepEqual(steps(two, { K: "b" }), ["K third"]);
    assert.deepEqual(steps(two, { K: "b" }, true), ["K too-early"]);
    assert.deepEqual(steps(two, { K: "b", K_NEXT: "c" }), ["K third"]);
    assert.deepEqual(steps(two, one), ["K back"]);
  });

  it("are a mistake when one is skipped, or containers have not learnt a value", () => {
    assert.deepEqual(steps(one, { K: "b" }), ["K skipped"]);
    assert.deepEqual(steps(one, { K: "b", K_NEXT: "c" }), ["K skipped"]);
    assert.deepEqual(steps(one, { K: "b", K_PREVIOUS: "x" }), ["K skipped"]);
    assert.deepEqual(steps(two, { K: "a" }), ["K skipped"]);
    assert.deepEqual(steps(one, { K: "c" }), ["K not-next"]);
    assert.deepEqual(steps(one, { K: "c", K_PREVIOUS: "a" }), ["K not-next"]);
    assert.deepEqual(steps({ K: "a" }, { K: "b", K_NEXT: "c" }), ["K not-announced"]);
    assert.deepEqual(steps({ K: "a" }, two), ["K not-announced"]);
    assert.deepEqual(steps(two, { K: "c", K_PREVIOUS: "b" }), ["K not-announced"]);
  });

  it("are silent about an end without a change, an ordinary change or a new service", () => {
    assert.deepEqual(steps(one, { K: "a", K_NEXT: "c" }), []);
    assert.deepEqual(steps(one, { K: "a" }), []);
    assert.deepEqual(steps(one, {}), []);
    assert.deepEqual(steps({ K: "a" }, { K: "b" }), []);
    assert.deepEqual(steps({}, one), []);
    assert.deepEqual(steps(undefined, one), []);
  });

  it("are silent about values that a preview does not know, or variables that are not secret", () => {
    assert.deepEqual(steps(one, { K: unknownValue }), []);
    assert.deepEqual(steps(one, { K: "b", K_PREVIOUS: unknownValue }), ["K second"]);
    assert.deepEqual(
      rotationSteps({ PAGE: "1", PAGE_NEXT: "2" }, { PAGE: "3" }, false, () => false),
      [],
    );
  });

  it("have no value in a sentence", () => {
    const value = fc.constantFrom("canary-1", "canary-2", "canary-3");
    const other = fc.option(value, { nil: undefined });
    const map = fc.record({ K: value, K_NEXT: other, K_PREVIOUS: other });
    let said = 0;
    fc.assert(
      fc.property(map, map, fc.boolean(), (olds, news, isPending) => {
        for (const step of rotationSteps(olds, news, isPending, always)) {
          said += 1;
          assert.doesNotMatch(step.description, /canary/);
          assert.ok(step.description.startsWith(`${step.key} `));
        }
      }),
    );
    assert.ok(said > 0);
  });
});

describe("containers with the code of docs/everyday/rotation.md", () => {
  const code =
    recipesOf(join("docs", "everyday", "rotation.md")).find(({ language }) => language === "ts")?.code ?? "";
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  type Accepts = (verify: (key: string) => boolean) => boolean;

  /** A container with some variables: it signs with one key, and checks as the page says. */
  function container(env: Env) {
    const made: { accepts?: Accepts } = {};
    new Function("process", "exports", outputText)({ env }, made);
    const sign = (text: string, key: string) => createHmac("sha256", key).update(text).digest("hex");
    return {
      signed: sign("request", env["SESSION_KEY"] ?? assert.fail("no key")),
      accepts: (signature: string) => made.accepts?.((key) => sign("request", key) === signature) === true,
    };
  }
  /** True when no container of these versions refuses what another one has signed. */
  const agree = (versions: readonly Env[]) => {
    const all = versions.map(container);
    return all.every(({ signed }) => all.every((other) => other.accepts(signed)));
  };
  const named = (values: { own: string; next?: string | undefined; previous?: string | undefined }): Env => ({
    SESSION_KEY: values.own,
    ...(values.next !== undefined && { SESSION_KEY_NEXT: values.next }),
    ...(values.previous !== undefined && { SESSION_KEY_PREVIOUS: values.previous }),
  });

  it("refuse no request while a rotation goes through its three steps, whichever versions run side by side", () => {
    const lives = [{ own: "a" }, { own: "a", next: "b" }, { own: "b", previous: "a" }, { own: "b" }].map(
      named,
    );
    const mix = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.nat(2), mix, (step, isNew) => {
        const [before = {}, after = {}] = lives.slice(step, step + 2);
        assert.ok(agree(isNew.map((is) => (is ? after : before))), `step ${step + 1}`);
      }),
    );
    assert.ok(!agree([lives[1] ?? {}, lives[3] ?? {}]), "without its second step");
    assert.ok(!agree([lives[0] ?? {}, lives[2] ?? {}]), "without its first step");
  });

  it("refuse requests during a change exactly where its plan warns, apart from ordinary changes", () => {
    const value = fc.constantFrom("a", "b", "c");
    const other = fc.option(value, { nil: undefined });
    const values = fc.record({ own: value, next: other, previous: other }).map(named);
    let [right, wrong] = [0, 0];
    fc.assert(
      fc.property(values, values, (before, after) => {
        const isOrdinary = [before, after].every((env) => Object.keys(env).length === 1);
        const isRight = agree([before, after]);
        const warns = rotationSteps(before, after, false, (key) => key === "SESSION_KEY").some(
          ({ isMistake }) => isMistake,
        );
        if (!isOrdinary) assert.equal(warns, !isRight);
        if (isRight) right += 1;
        else wrong += 1;
      }),
      { numRuns: 500 },
    );
    assert.ok(right > 0 && wrong > 0);
  });
});

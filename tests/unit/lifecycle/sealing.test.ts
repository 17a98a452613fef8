import * as assert from "node:assert/strict";
import { type Call, type Handlers, pipeline } from "../../../provider/lifecycle/pipeline";
import { planFingerprint } from "../../../provider/lifecycle/plan-fingerprint";
import { Run } from "../../../provider/lifecycle/run/run";
import { PlanKey } from "../../../provider/pulumi";

const keyOf = (text: string) => {
  const key = PlanKey.from({ DOKPLOY_PLAN_KEY: text });
  assert.ok(key);
  return key;
};

/** What is reported of the check of a resource. */
async function reported(
  state: Call["state"],
  news: Call["news"],
  {
    key = "a key for the tests",
    failing = false,
    adopted,
  }: { key?: string; failing?: boolean; adopted?: string | undefined } = {},
): Promise<string[]> {
  const run = new Run();
  if (adopted !== undefined) run.adoptedValues.set(String(news["adopts"]), adopted);
  const notices: string[] = [];
  const failures = failing ? [{ property: "", reason: "wrong" }] : [];
  const handlers = { check: async () => ({ inputs: news, failures }) } as unknown as Handlers;
  const step = planFingerprint(keyOf(key), run, (_, code, about) => notices.push(`${code} ${about}`));
  await pipeline(handlers, [step]).check(state, news);
  return notices;
}

describe("the report of inputs for the fingerprint", () => {
  const canary = "canary-value";
  const added = { __urn: { identity: "R4cNh0_q", secrets: [["env", "TOKEN"]] }, __provider: "code" };
  const news = { ...added, env: { A: "1", TOKEN: canary }, name: "api" };
  const olds = { __urn: "R4cNh0_q", name: "api", env: { TOKEN: "old", A: "1" } };

  it("names the resource with hashes before and after, which depend on the key and on each value", async () => {
    const [notice = "", ...others] = await reported(olds, news);
    assert.deepEqual(others, []);
    assert.match(notice, /^fingerprint R4cNh0_q;[\w+/]{16};[\w+/]{16}$/);
    assert.doesNotMatch(notice, /canary/);
    const [before, after] = notice.split(";").slice(1);
    const partsOf = async (...args: Parameters<typeof reported>) =>
      (await reported(...args))[0]?.split(";").slice(1);
    const sorted = { env: { TOKEN: canary, A: "1" }, name: "api", ...added };
    assert.deepEqual(await partsOf(olds, sorted), [before, after], "the order of names does not matter");
    const [same, other] = (await partsOf(olds, { ...news, env: { A: "1", TOKEN: "x" } })) ?? [];
    assert.equal(same, before);
    assert.notEqual(other, after);
    const keyed = (await partsOf(olds, news, { key: "another key for the tests" })) ?? [];
    assert.ok(!keyed.includes(before ?? "") && !keyed.includes(after ?? ""));
  });

  it("is left out for an unchanged resource, and for one with a problem", async () => {
    assert.deepEqual(await reported({ ...olds, env: news.env }, news), []);
    assert.deepEqual(await reported(olds, news, { failing: true }), []);
    assert.equal((await reported({}, news)).length, 1, "a new one is reported");
  });

  it("counts the id that the adoption file gives a new resource", async () => {
    const adopting = (adopts: string) => ({ ...news, __urn: { ...added.__urn, adopts } });
    const [a, b] = [await reported({}, adopting("a")), await reported({}, adopting("b"))];
    assert.notDeepEqual(a, b);
    assert.deepEqual(await reported({}, adopting("a")), a);
    assert.doesNotMatch(a.join(), /;a$/);
    // Later the resource has its object, and the file no longer counts.
    assert.deepEqual(await reported(olds, adopting("a")), await reported(olds, news));
  });

  it("counts the value that a new resource adopts, which is in no plan", async () => {
    const adopting = (value?: string) =>
      reported({}, { ...added, adopts: "application/a/KEY" }, { adopted: value });
    const [a, b, none] = [await adopting("canary-a"), await adopting("canary-b"), await adopting()];
    assert.equal(new Set([...a, ...b, ...none]).size, 3);
    assert.deepEqual(await adopting("canary-a"), a);
    assert.doesNotMatch([...a, ...b].join(), /canary/);
  });

  it("needs a key of 16 characters", () => {
    assert.equal(PlanKey.from({}), undefined);
    assert.equal(PlanKey.from({ DOKPLOY_PLAN_KEY: ` ${"x".repeat(15)}\n` }), undefined);
    assert.ok(PlanKey.from({ DOKPLOY_PLAN_KEY: "x".repeat(16) }));
  });
});

import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import type { DeploymentRow } from "../../../../provider/dokploy";
import { reportAdoption, splitUnknown, unappliedDrift } from "../../../../provider/engine/adoption/adoption";
import { neverApplied, newest } from "../../../../provider/engine/rollout/ways/queue";
import type { Report } from "../../../../provider/pulumi";
import type { Apply, Change } from "../../../../provider/schema";

const unknown = runtime.unknownValue;
const change = (path: string, apply: Apply = "deploy", keys?: Partial<Change["keys"]>): Change => ({
  path,
  input: path.split(".")[0] ?? "",
  apply,
  minApply: apply,
  replace: false,
  keys: keys && { added: [], changed: [], removed: [], ...keys },
});
const record = (id: string, status: string, createdAt = "2026-01-01T00:00:00Z") =>
  ({ deploymentId: id, status, createdAt }) as unknown as DeploymentRow;

describe("what an adoption does", () => {
  const notice = (
    changes: Change[],
    unknownOnes: Change[] = [],
    deploying?: Omit<NonNullable<Parameters<typeof reportAdoption>[3]>, "remaining">,
    further?: string,
  ) => {
    let said: Parameters<Report> | undefined;
    reportAdoption(
      "It",
      { changes, unknown: unknownOnes },
      {
        resource: "its-identity",
        warn: (...given) => (said = [...given]),
        inform: (...given) => (said = [...given, "information"] as never),
      },
      deploying && { ...deploying, remaining: neverApplied(deploying.records) },
      further === undefined ? undefined : { option: undefined, remaining: "reload", further },
    );
    return said;
  };
  const done = [record("d", "done")];
  const image = change("source.image");

  for (const [expected, ...given] of [
    ["It is adopted: nothing to change.", []],
    ["It is adopted: changes source.image.", [image]],
    [
      "It is adopted: changes source.image, env (+A +B ~C -D).",
      [image, change("env", "deploy", { added: ["A", "B"], changed: ["C"], removed: ["D"] })],
    ],
    ["It is adopted: not known yet, so it may change: name.", [], [change("name")]],
    [
      "It is adopted: changes source.image; not known yet, so it may change: name.",
      [image],
      [change("name")],
    ],
    ["It is adopted: nothing to change.", [], [], { option: undefined, records: done }],
    [
      "It is adopted: nothing to change; deploys, since it was never deployed.",
      [],
      [],
      { option: undefined, records: [] },
    ],
    [
      "It is adopted: nothing to change; deploys, since its last deployment did not succeed.",
      [],
      [],
      { option: undefined, records: [record("d", "error")] },
    ],
    [
      "It is adopted: nothing to change; not deployed (deploy: false).",
      [],
      [],
      { option: false, records: [] },
    ],
    ["It is adopted: changes source.image; deploys.", [image], [], { option: undefined, records: done }],
    [
      "It is adopted: changes replicas; reloads.",
      [change("replicas", "reload")],
      [],
      { option: undefined, records: done },
    ],
    [
      "It is adopted: changes build; builds again.",
      [change("build", "redeploy")],
      [],
      { option: undefined, records: done },
    ],
    ["It is adopted: changes note.", [change("note", "none")], [], { option: undefined, records: done }],
    [
      "It is adopted: not known yet, so it may change: source.image; deploys if it does.",
      [],
      [image],
      { option: undefined, records: done },
    ],
    [
      "It is adopted: not known yet, so it may change: source.image.",
      [],
      [image],
      { option: false, records: done },
    ],
    [
      "It is adopted: not known yet, so it may change: note.",
      [],
      [change("note", "none")],
      { option: undefined, records: done },
    ],
  ] as [string, ...Parameters<typeof notice>][]) {
    it(expected, () => assert.equal(notice(...given)?.[0], expected));
  }

  it("has a code that says if anything happens, and to which resource nothing does", () => {
    assert.deepEqual(notice([])?.slice(1), ["unchanged", "its-identity", "information"]);
    assert.deepEqual(notice([], [], { option: undefined, records: done })?.slice(1), [
      "unchanged",
      "its-identity",
      "information",
    ]);
    for (const [given, data] of [
      [notice([image]), "its-identity;deploy;source.image"],
      [notice([], [image]), "its-identity;deploy;source.image"],
      [notice([image], [], { option: undefined, records: done }), "its-identity;deploy;source.image"],
      [notice([image], [], { option: false, records: done }), "its-identity;held;source.image"],
      [notice([], [], { option: undefined, records: [] }), "its-identity;deploy"],
      [notice([], [], undefined, " Its service is deployed."), "its-identity;reload"],
    ])
      assert.deepEqual(given?.slice(1), ["adopts", data]);
  });

  it("separates known and unknown values, for variables by name", () => {
    const env = change("env", "deploy", { added: ["NEW"], changed: ["A", "B"], removed: ["OLD"] });
    const image = change("source.image");
    assert.deepEqual(
      splitUnknown([env, image, change("replicas")], {
        env: { NEW: unknown, A: unknown, B: "2" },
        source: { image: unknown },
        replicas: 2,
      }),
      {
        changes: [{ ...env, keys: { added: ["NEW"], changed: ["B"], removed: ["OLD"] } }, change("replicas")],
        unknown: [{ ...env, keys: { added: [], changed: ["A"], removed: [] } }, image],
      },
    );
    assert.deepEqual(splitUnknown([env], { env: unknown }), {
      changes: [],
      unknown: [{ ...env, keys: undefined }],
    });
    const all = change("env", "deploy", { changed: ["A"] });
    assert.deepEqual(splitUnknown([all], { env: { A: unknown } }), { changes: [], unknown: [all] });
    assert.deepEqual(splitUnknown([image], { source: unknown }).unknown, [image]);
    assert.deepEqual(splitUnknown([image], {}).changes, [image]);
    assert.deepEqual(splitUnknown([change("swarm")], { swarm: { Labels: [unknown] } }).unknown, [
      change("swarm"),
    ]);
  });
});

describe("what a service needs that its state does not know of", () => {
  it("is a deployment unless the newest one succeeded, in any order of the records", () => {
    const [old, young] = [record("1", "done"), record("2", "error", "2026-01-02T00:00:00Z")];
    assert.equal(newest([old, young])?.deploymentId, "2");
    assert.equal(newest([young, old])?.deploymentId, "2");
    assert.equal(newest([]), undefined);
    assert.equal(neverApplied([old, young]), "deploy");
    assert.equal(neverApplied([old]), "none");
    assert.equal(neverApplied([]), "deploy");
  });

  it("is what a refresh found changed, unless somebody deployed since", () => {
    const drift = [change("source.image")];
    const pendingAfter = (
      records: DeploymentRow[],
      outputs: object = { lastDeployment: { deploymentId: "mine" } },
    ) => unappliedDrift(drift, { inputs: {}, outputs }, records);
    assert.deepEqual(pendingAfter([record("mine", "done")]), { pending: "deploy" });
    assert.deepEqual(pendingAfter([record("theirs", "done")]), {});
    assert.deepEqual(pendingAfter([record("theirs", "error")]), { pending: "deploy" });
    assert.deepEqual(pendingAfter([]), { pending: "deploy" });
    assert.deepEqual(
      pendingAfter([record("theirs", "done")], {}),
      { pending: "deploy" },
      "the state knows of none",
    );
    assert.deepEqual(unappliedDrift([], { inputs: {}, outputs: {} }, []), {});
    assert.deepEqual(unappliedDrift([], { inputs: {}, outputs: { pending: "reload" } }, []), {
      pending: "reload",
    });
  });
});

import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError } from "../../../../provider/dokploy";
import {
  assertDeployable,
  environmentProblems,
  type PlannedMap,
  previewReferences,
  previewReferencesIn,
  sharedOf,
} from "../../../../provider/engine/variable-targets/reference-checks";
import { resolveEnv } from "../../../../provider/env";
import { CheckFailedError } from "../../../../provider/errors";
import { type Context, Run } from "../../../../provider/lifecycle";
import type { SharedPlans } from "../../../../provider/lifecycle/run/shared-plans";

const unknown = runtime.unknownValue;
const failed = new DokployError("failed", {
  kind: "server",
  endpoint: "environment.one",
  outcome: "refused",
});

describe("references of a plan that will not be found", () => {
  const row = { environmentId: "e", projectId: "p", env: "E=1", project: { env: "P=1" } };
  const map = (value: unknown, more: Partial<PlannedMap> = {}): PlannedMap => ({
    path: "env",
    target: "compose",
    value,
    ...more,
  });
  function contextOf(more: { references?: string; supports?: boolean | Error; call?: () => unknown } = {}) {
    const calls: unknown[] = [];
    const run = new Run();
    const { references = "error", supports } = more;
    const call = async (endpoint: string) => {
      calls.push(endpoint);
      return more.call ? more.call() : row;
    };
    const supportsIt = async () => {
      if (supports instanceof Error) throw supports;
      return supports;
    };
    const api = { call, ...(supports === undefined ? {} : { supports: supportsIt }) };
    return { context: { api, run, references } as unknown as Context, calls, run };
  }
  const at = async (maps: readonly PlannedMap[], given = contextOf(), environmentId: unknown = "e") =>
    (await previewReferences(maps, environmentId, given.context)).map(({ property }) => property);

  it("are looked up only if a value refers to another text", async () => {
    const given = contextOf();
    assert.deepEqual(await at([map({ A: "1", B: "${{A}}", C: unknown, D: 5 }), map(unknown)], given), []);
    assert.deepEqual(given.calls, []);
    const values = {
      A: "${{project.P}}",
      B: "${{project.Q}}",
      C: "${{environment.E}}",
      D: "${{environment.F}}",
      X: "${{Y}}",
    };
    assert.deepEqual(await at([map(values), map({ Z: "${{project.Z}}" }, { path: "buildArgs" })], given), [
      "env.B",
      "env.D",
      "buildArgs.Z",
    ]);
    assert.deepEqual(given.calls, ["environment.one"]);
    const others = [map({ A: "1" }), map({ Z: "${{project.Z}}" }, { path: "buildArgs" })];
    assert.deepEqual(await at(others), ["buildArgs.Z"]);
    assert.deepEqual(await at([map(values)], contextOf({ references: "off" })), []);
    assert.deepEqual(await at([map(values)], contextOf(), unknown), []);
  });

  it("are reported for the state after the run", async () => {
    const given = contextOf();
    const set = (name: string) => ({ set: new Map([[name, "1"]]), whole: false, removed: [] });
    given.run.shared.plan({ kind: "project", id: "p" }, "x", set("Q"));
    given.run.shared.plan({ kind: "environment", id: "e" }, "y", { ...set("F"), removed: ["E"] });
    const values = { A: "${{project.Q}}", B: "${{environment.F}}", C: "${{environment.E}}" };
    assert.deepEqual(await at([map(values)], given), ["env.C"]);
    given.run.shared.plan({ kind: "project", id: "p" }, "z", { ...set(""), set: undefined });
    assert.deepEqual(
      await at([map({ A: "${{project.NOPE}}" })], given),
      [],
      "nobody knows what the project will have",
    );
  });

  it("are judged by the variables of a project and an environment that the run creates", async () => {
    const joined = {
      A: "{${{project.H}}.Service.Name}}",
      B: "${{environment.H}}{.Node.ID}}",
      C: "${{project.NOPE}}",
    };
    const judged = async (prepare: (shared: SharedPlans) => void) => {
      const given = contextOf();
      prepare(given.run.shared);
      const found = await at([map(joined, { target: "application" })], given, unknown);
      assert.deepEqual(given.calls, []);
      return found;
    };
    const values = (text: string | undefined) => new Map([["H", text]]);
    const both = (shared: SharedPlans) => {
      shared.planNew({ kind: "project" }, "p", values("{"));
      shared.planNew({ kind: "environment" }, "e", values("{"));
    };
    assert.deepEqual(await judged(both), ["env.A", "env.B"]);
    const others: readonly ((shared: SharedPlans) => void)[] = [
      (shared) => shared.planNew({ kind: "project" }, "other", values("x")),
      (shared) => shared.planNew({ kind: "environment", isInExisting: true }, "other", undefined),
      (shared) => shared.planNew({ kind: "project" }, "p", values(undefined)),
      (shared) => shared.forget("p"),
    ];
    for (const other of others)
      assert.deepEqual(
        await judged((shared) => {
          both(shared);
          other(shared);
        }),
        ["env.B"],
        String(other),
      );
  });

  it("are requested only once from a server that does not respond", async () => {
    const given = contextOf({
      call: () => {
        throw failed;
      },
    });
    const maps = [map({ A: "${{project.P}}" })];
    for (const _ of [1, 2]) await assert.rejects(at(maps, given), /failed/);
    assert.deepEqual(given.calls, ["environment.one"]);
  });

  it("include vaults, for a server without vaults", async () => {
    const maps = [map({ A: "x ${{P}} ${{vault.main.a}}", B: "${{project.P}}", C: unknown, P: "1" })];
    assert.deepEqual(await at(maps, contextOf({ supports: false })), ["env.A"]);
    const [problem] = await previewReferences(maps, unknown, contextOf({ supports: false }).context);
    assert.equal(
      problem?.reason,
      "refers to a vault, which needs Dokploy 0.30.0, and this server is older: the deployment fails; update " +
        "Dokploy, or give the value from the stack's secret configuration",
    );
    assert.deepEqual(await at(maps, contextOf({ supports: true })), []);
    assert.deepEqual(await at(maps, contextOf()), []);
    assert.deepEqual(await at(maps, contextOf({ supports: failed })), []);
    await assert.rejects(at(maps, contextOf({ supports: new TypeError("ours") })), /ours/);
  });

  it("include names that others have in the same text", async () => {
    const value = { A: "${{OTHERS}}", B: "${{CLAIMED}}", C: "${{NOBODYS}}" };
    const look = async (maps: readonly PlannedMap[], found = true) =>
      (
        await previewReferencesIn(maps, true, contextOf().context, async () =>
          found ? { around: sharedOf(row), maps } : undefined,
        )
      ).map(({ property }) => property);
    const others = { others: "OTHERS=1", givenByOthers: ["CLAIMED"] };
    assert.deepEqual(await look([map(value, others)]), ["env.C"]);
    assert.deepEqual(await look([map(value, { others: null })]), ["env.A", "env.B", "env.C"]);
    assert.deepEqual(await look([map(value, others)], false), []);
    assert.deepEqual(await look([map({ A: "1" }, others)]), []);
  });
});

describe("the variables of an environment", () => {
  it("cannot refer to the environment", () => {
    const problems = environmentProblems({
      A: "${{environment.B}}",
      B: "${{project.P}}",
      C: "1",
      D: unknown,
      E: "${{project.P}} ${{environment.X}}",
    });
    assert.deepEqual(
      problems.map(({ property }) => property),
      ["env.A", "env.E"],
    );
    assert.match(
      problems[0]?.reason ?? "",
      /^refers to a variable of the environment, .*; put the reference into the service instead$/,
    );
    assert.deepEqual(environmentProblems(unknown), []);
    assert.deepEqual(environmentProblems(undefined), []);
  });
});

describe("a text that is about to be saved", () => {
  function save(text: string, owned: string[], references = "error") {
    const warnings: string[] = [];
    const context = { references, warn: (line: string) => warnings.push(line) } as unknown as Context;
    const shared = { env: null, project: { env: "P=1" } };
    try {
      assertDeployable([{ input: "env", text, target: "application", owned }], shared, context);
    } catch (error) {
      assert.ok(error instanceof CheckFailedError);
      return { problems: error.problems.map(({ property, reason }) => `${property} ${reason}`), warnings };
    }
    return { problems: [], warnings };
  }

  it("is refused for problems in the program's own lines, with a warning for lines of others", () => {
    assert.deepEqual(save("A=${{project.P}}\nB=1", ["A"]), { problems: [], warnings: [] });
    const { problems, warnings } = save("A=${{project.Q}}\nB=${{NOPE}}\nC={{x}}", ["A"]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^env\.A contains \$\{\{project\.Q\}\}.*\. Nothing was saved$/);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? "", /^env\.B, which this program does not own, will not work: it contains/);
  });

  it("follows the setting for references, and is refused for all other problems", () => {
    const text = "A=${{project.Q}}\nB={{x}}";
    const warned = save(text, ["A", "B"], "warn");
    assert.match(warned.warnings.join(), /^env\.A contains /);
    assert.equal(warned.problems.length, 1);
    const off = save(text, ["A", "B"], "off");
    assert.deepEqual(off.warnings, []);
    assert.match(off.problems.join(), /^env\.B contains \{\{/);
    assert.match(save(`enc:v1:=1\nA=1`, []).problems.join(), /^env starts with enc:v1:/);
  });
});

describe("a value that Compose would change", () => {
  const reasons = (text: string, project = "") =>
    resolveEnv(text, "compose-templates", { project, environment: "" }).problems.map(({ key }) => key);

  it("is reported if Compose replaces an inserted text, and not if everything arrives", () => {
    assert.deepEqual(reasons("A=${{project.P}}", "P=${HOME}"), ["A"]);
    assert.deepEqual(reasons("A=x${{project.P}}y", "P=plain"), []);
    assert.deepEqual(reasons("A=${{B}}z\nB=plain"), []);
  });
});

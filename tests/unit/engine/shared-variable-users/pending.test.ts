import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { scopeOfBlock, serviceOfBlock } from "../../../../provider/engine/blocks/references";
import {
  changedNames,
  describePending,
  pendingService,
  readPending,
  refreshedPending,
  wasDeployedSince,
  writePending,
} from "../../../../provider/engine/shared-variable-users/pending";
import { looksOutside, sharedUses } from "../../../../provider/env";
import {
  classify,
  findReferences,
  hasOpenVault,
  hasReference,
  mapLiterals,
  withoutReferences,
} from "../../../../provider/env/references";
import type { Change } from "../../../../provider/schema";

describe("the role of a block's target in a run", () => {
  const unknown = runtime.unknownValue;

  it("is a scope or a service; undefined while it is not known", () => {
    for (const [target, scope, service] of [
      [{ projectId: "p" }, { kind: "project", id: "p" }, undefined],
      [{ environmentId: "e" }, { kind: "environment", id: "e" }, undefined],
      [{ applicationId: "a" }, undefined, "application/a"],
      [{ composeId: "c" }, undefined, "compose/c"],
      [{ redisId: "r" }, undefined, "redis/r"],
      [{ projectId: unknown }, undefined, undefined],
      [{ applicationId: unknown }, undefined, undefined],
      [unknown, undefined, undefined],
      [undefined, undefined, undefined],
      [{ applicationId: "a", projectId: "p" }, undefined, undefined],
    ] as const) {
      assert.deepEqual(scopeOfBlock({ target }), scope, JSON.stringify(target));
      assert.deepEqual(serviceOfBlock({ target }), service, JSON.stringify(target));
    }
  });
});

describe("services that a run leaves to the next one", () => {
  const record = (id: string, status: string, createdAt = "2026-01-01T00:00:00Z") =>
    ({ deploymentId: id, status, createdAt }) as never;

  it("are written sorted and once, and read back", () => {
    const services = [
      { path: "compose/c", after: undefined },
      { path: "application/a", after: "d1" },
    ];
    const written = writePending({
      names: ["B", "A", "B"],
      services,
    });
    assert.deepEqual(written, {
      pendingReferrers: ["A", "B", "application/a/d1", "compose/c"],
    });
    assert.deepEqual(readPending(written), {
      names: ["A", "B"],
      services: [
        { path: "application/a", after: "d1" },
        { path: "compose/c", after: undefined },
      ],
    });
    assert.deepEqual(writePending({}), {});
    assert.deepEqual(readPending(undefined), { names: [], services: [] });
    assert.equal(
      describePending(written),
      "application a, compose c, each service that refers to A, B are deployed",
    );
    assert.equal(describePending({ pendingReferrers: ["application/a/d1"] }), "application a is deployed");
    assert.equal(describePending({}), undefined);
  });

  it("include those for changes that a refresh found, if they should be deployed", () => {
    const drift = [{ path: "env", keys: { added: ["N"], changed: ["C"], removed: ["R"] } }] as Change[];
    const outputs = { pendingReferrers: ["OLD", "compose/c"] };
    assert.deepEqual(refreshedPending({ inputs: { redeployReferrers: true }, outputs }, drift), {
      pendingReferrers: ["C", "N", "OLD", "R", "compose/c"],
    });
    assert.deepEqual(refreshedPending({ inputs: {}, outputs }, drift), {
      pendingReferrers: ["OLD", "compose/c"],
    });
    assert.deepEqual(changedNames(drift), ["N", "C", "R"]);
    assert.deepEqual(changedNames([{ path: "name" }] as Change[]), []);
  });

  it("are dropped once they were deployed after that, by anyone", () => {
    const isDone = (after: string | undefined, ...deployments: never[]) =>
      wasDeployedSince({ path: "compose/c", after }, { deployments } as never);
    assert.equal(isDone("d1", record("d2", "done")), true);
    assert.equal(isDone("d1", record("d1", "done")), false);
    assert.equal(isDone("d1", record("d2", "error")), false);
    assert.equal(isDone(undefined, record("d2", "done")), false);
    assert.equal(isDone("d1"), false);
    const [old, young] = [record("1", "done"), record("2", "done", "2026-01-02T00:00:00Z")];
    assert.deepEqual(pendingService("compose/c", [old, young]), { path: "compose/c", after: "2" });
    assert.deepEqual(pendingService("compose/c", []), { path: "compose/c", after: undefined });
  });
});

describe("a value with references", () => {
  it("has them if they close on the same line", () => {
    const bodies = (value: string, scope = "") => findReferences(value, scope).map(({ body }) => body);
    assert.deepEqual(bodies("${{A}}${{B}}x${{C}}"), ["A", "B", "C"]);
    assert.deepEqual(bodies("${{A}}}}${{B}}"), ["A", "B"]);
    assert.deepEqual(bodies("${{A\n}}${{B}}"), ["B"]);
    assert.deepEqual(bodies("${{A\u2028}} ${{B}}"), ["B"]);
    assert.deepEqual(bodies("${{A"), []);
    assert.deepEqual(bodies("${{project.A}}${{B}}", "project."), ["A"]);
    assert.deepEqual(findReferences("ab${{C}}d"), [{ start: 2, end: 8, body: "C" }]);
  });

  it("distinguishes its references", () => {
    assert.deepEqual(
      [
        "A.b-1",
        "project.X",
        "environment.X",
        "vault.main.a/b c",
        "vault.main",
        " X ",
        "project. X",
        "a b",
        "projects.X",
        "",
      ].map(classify),
      [
        { kind: "own", name: "A.b-1" },
        { kind: "project", name: "X" },
        { kind: "environment", name: "X" },
        { kind: "vault" },
        { kind: "own", name: "vault.main" },
        { kind: "malformed", meant: { kind: "own", name: "X" } },
        { kind: "malformed", meant: { kind: "project", name: "X" } },
        { kind: "malformed", meant: undefined },
        { kind: "own", name: "projects.X" },
        { kind: "malformed", meant: undefined },
      ],
    );
    assert.deepEqual(["${{A}}", "${{a b}}", "A", "x ${{vault.a.b}}"].map(hasReference), [
      true,
      false,
      false,
      true,
    ]);
    assert.deepEqual(
      ["${{A}}", "${{project.A}}", "${{environment.A}}", "${{vault.a.b}}", "${{ project.A }}", "x"].map(
        looksOutside,
      ),
      [false, true, true, true, false, false],
    );
    assert.deepEqual(
      ["${{vault.a.b}}", "${{vault.a", "${{vault.a.b}} ${{vault.", "${{vault.a}}", "vault."].map(
        hasOpenVault,
      ),
      [false, true, true, true, false],
    );
  });

  it("changes around them, and knows the text after the last one", () => {
    const literals: [string, boolean][] = [];
    const changed = mapLiterals("a${{B}}c${{d e}}f${{G}}", (literal, isLast) => {
      literals.push([literal, isLast]);
      return literal.toUpperCase();
    });
    assert.equal(changed, "A${{B}}C${{D E}}F${{G}}");
    assert.deepEqual(literals, [
      ["a", false],
      ["c${{d e}}f", false],
      ["", true],
    ]);
  });

  it("is read with a placeholder for each, which the value does not contain", () => {
    const { text, mark, putBack } = withoutReferences("\ue000${{A}}-${{b c}}-${{B}}");
    assert.equal(mark, "\ue001");
    assert.equal(text, "\ue000\ue001-${{b c}}-\ue001");
    assert.equal(putBack(`x${mark}y${mark}z${mark}`), "x${{A}}y${{B}}z");
  });

  it("takes shared variables, of the environment also through one of the project", () => {
    const uses = (text: string, project: string) =>
      sharedUses(text, project).map(({ key, kind, name }) => `${key} ${kind}.${name}`);
    assert.deepEqual(uses("A=1\nB=${{project.P}}${{environment.E}}\nC=x", "P=${{environment.F}}\nQ=1"), [
      "B project.P",
      "B environment.F",
      "B environment.E",
    ]);
    assert.deepEqual(uses("A=1", "P=1"), []);
    const big = `P='${"x".repeat(3_000_000)}\${{environment.F}}'`;
    assert.deepEqual(uses("A=${{project.P}}\nB=${{project.P}}", big), [
      "A project.P",
      "A environment.F",
      "B project.P",
    ]);
  });
});

import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import type { EnvDialect } from "../../../provider/env";
import { isDecisive, problemsOnServer, variableProblems } from "../../../provider/schema";

describe("a problem with a map of variables", () => {
  const unknown = runtime.unknownValue;
  const problems = (value: unknown, maybe: readonly EnvDialect[] = ["application"], shared = false) =>
    variableProblems({ path: "env", maybe, value }, shared).map(({ property }) => property);

  it("is reported at its variable, but not for unknown values or values that are not text", () => {
    assert.deepEqual(problems({ A: "1", "B C": "2", D: "${{NOPE}}" }), ["env.B C", "env.D"]);
    assert.deepEqual(problems({ A: unknown, B: 5 }), []);
    assert.deepEqual(problems({ A: unknown, B: "${{A}}" }), []);
    assert.deepEqual(problems(unknown), []);
    assert.deepEqual(problems(undefined), []);
  });

  it("is not a missing variable if the same text may contain others", () => {
    assert.deepEqual(problems({ A: "${{NOPE}}" }, ["application"], true), []);
  });

  it("is a value that all targets refuse", () => {
    const value = { PATH: "/bin", "A B": "1", OK: "1" };
    assert.deepEqual(problems(value, ["stack"]), ["env.A B", "env.PATH"].sort().reverse());
    assert.deepEqual(problems(value, ["application"]), ["env.A B"]);
    assert.deepEqual(problems(value, ["stack", "application"]), ["env.A B"]);
    assert.deepEqual(problems(value, []), []);
  });

  it("is the whole map if the whole is too large", () => {
    const value = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`K${n}`, "x".repeat(100_000)]));
    assert.deepEqual(problems(value), ["env"]);
  });

  it("includes a circle of references", () => {
    assert.deepEqual(problems({ A: "${{B}}", B: "${{A}}" }, ["build"]).sort(), ["env.A", "env.B"]);
  });

  const home = { HOME: "/x", PATH: "/bin" };
  const onServer = (reported: readonly EnvDialect[], target: EnvDialect, value: unknown = home) =>
    problemsOnServer({ path: "env", maybe: reported, value }, target, false).map(({ property }) => property);

  it("is reported once the server is known, unless it was reported before", () => {
    assert.deepEqual(onServer(["application"], "stack"), ["env.HOME", "env.PATH"]);
    assert.deepEqual(onServer(["stack"], "stack"), []);
    assert.deepEqual(
      onServer(["compose"], "stack"),
      ["env.PATH"],
      "a warning was told, and it is an error now",
    );
    assert.deepEqual(onServer(["stack"], "compose"), [], "an error was told, and it is a warning now");
    assert.deepEqual(onServer(["compose"], "compose", { A: "1" }), []);
  });

  it("says whether it matters which of two targets it is", () => {
    const isIt = (value: unknown, b: EnvDialect) => isDecisive({ path: "env", value }, "compose", b, false);
    assert.equal(isIt(home, "stack"), true);
    assert.equal(isIt({ A: "1" }, "stack"), false);
    assert.equal(isIt(home, "compose"), false);
  });
});

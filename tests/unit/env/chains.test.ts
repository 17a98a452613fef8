import * as assert from "node:assert/strict";
import { checkChains, resolveEnv, writeEnv } from "../../../provider/env";

describe("references that lead to references of the same text", () => {
  const reasons = (env: Record<string, string>, target: "compose" | "build" | "application" = "compose") =>
    checkChains(env, target).map(({ key, reason }) => `${key} ${reason}`);

  it("are found exactly when the container would get a reference as text", () => {
    for (const env of [
      { A: "${{B}}", B: "1" },
      { A: "${{B}}", B: "${{C}}", C: "1" },
      { A: "${{A}}" },
      { A: "${{B}}", B: "${{A}}" },
      { A: "${{B}} ${{C}}", B: "1", C: "x${{B}}" },
      { A: "${{project.A}}", B: "${{A}}" },
    ]) {
      const { env: seen } = resolveEnv(writeEnv(env, "compose"), "compose", {
        project: "A=1",
        environment: "",
      });
      const literal = Object.keys(seen).filter((key) => seen[key]?.includes("${{"));
      assert.deepEqual([...new Set(checkChains(env, "compose").map(({ key }) => key))], literal);
    }
  });

  it("are distinguished: to itself, in a circle, and one after the other", () => {
    assert.match(reasons({ A: "${{A}}" }).join(), /^A refers to itself/);
    assert.match(
      reasons({ A: "x${{B}}", B: "${{A}}" })[0] ?? "",
      /^A refers to B, which leads back to it \(A → B → A\)/,
    );
    assert.match(
      reasons({ A: "${{B}}", B: "${{C}}", C: "${{B}}" })[0] ?? "",
      /^A refers to B, which contains a reference too/,
    );
    assert.equal(reasons({ A: "${{A}}" }, "build").length, 1);
  });

  it("exclude references to a vault, whose secret is inserted first", () => {
    assert.deepEqual(reasons({ A: "${{B}}", B: "${{vault.main.x}}" }), []);
  });

  it("show no value, and are found in linear time", () => {
    const many = Object.fromEntries(
      Array.from({ length: 2000 }, (_, i) => [`K${i}`, `canary\${{K${i + 1}}}`]),
    );
    const found = checkChains({ ...many, K2000: "end" }, "build");
    assert.equal(found.length, 1999);
    for (const { reason } of found.slice(0, 10)) assert.doesNotMatch(reason, /canary/);
  }).timeout(20_000);
});

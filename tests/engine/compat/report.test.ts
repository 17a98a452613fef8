import * as assert from "node:assert/strict";

interface Result {
  outcome: "passed" | "failed" | "skipped";
  why?: string;
  details?: string;
}
interface MochaReport {
  stats: { passes: number; pending: number; duration: number };
  failures: { title: string; err: { message?: string; stack?: string } }[];
}
const { summarise, verdict } = require("../../../scripts/compat.cjs") as {
  summarise(results: Result[]): { line: string; failed: boolean };
  verdict(report: MochaReport): Result;
};

describe("the report on combinations", () => {
  const stats = { passes: 3, pending: 0, duration: 41_400 };

  it("counts one as passed when all of its tests passed", () => {
    assert.deepEqual(verdict({ stats, failures: [] }), { outcome: "passed", why: "3 tests, 41 s" });
  });

  it("names each test that failed, with its reason", () => {
    const failures = [
      { title: "destroys", err: { message: "still there" } },
      { title: "plans", err: { message: "no line" } },
    ];
    assert.deepEqual(verdict({ stats, failures }), {
      outcome: "failed",
      why: "destroys; plans",
      details: "destroys:\nstill there\n\nplans:\nno line",
    });
  });

  for (const [what, report] of [
    ["no test ran", { ...stats, passes: 0 }],
    ["a test did not run", { ...stats, pending: 1 }],
  ] as const) {
    it(`counts one as failed when ${what}`, () => {
      assert.equal(verdict({ stats: report, failures: [] }).outcome, "failed");
    });
  }

  it("counts, and fails after one failure or when none could run", () => {
    const [passed, failed, skipped] = (["passed", "failed", "skipped"] as const).map((outcome) => ({
      outcome,
    })) as [Result, Result, Result];
    assert.deepEqual(summarise([passed, skipped]), {
      line: "1 passed, 0 failed, 1 skipped",
      failed: false,
    });
    assert.equal(summarise([passed, failed]).failed, true);
    assert.equal(summarise([skipped]).failed, true);
    assert.equal(summarise([]).failed, true);
  });
});

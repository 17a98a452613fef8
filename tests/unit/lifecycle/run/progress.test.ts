import * as assert from "node:assert/strict";
import { Progress } from "../../../../provider/lifecycle/run/progress";
import { about } from "../../../../provider/pulumi";

describe("the shared line of progress", () => {
  it("shows every service once, the newest state first and only that with its seconds", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.report("web: deploying, 12 s");
    progress.report("api: deployment queued behind 1");
    progress.report("web: deploying, 2 min 3 s");
    progress.end("web");
    progress.report("api: runs; checking that it keeps running, 3 s");
    assert.deepEqual(lines, [
      "web: deploying, 12 s",
      "api: deployment queued behind 1 | web: deploying",
      "web: deploying, 2 min 3 s | api: deployment queued behind 1",
      "api: runs; checking that it keeps running, 3 s",
    ]);
  });

  it("has one service where each resource has its own row", async () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.report("web: deploying");
    await about("urn:pulumi:test::shop::dokploy-native:index:Application::api", async () => {
      progress.report("api: deploying, 3 s");
    });
    assert.deepEqual(lines, ["web: deploying", "api: deploying, 3 s"]);
  });

  it("counts services without room", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    for (const name of ["a", "b", "c", "d", "e"]) progress.report(`${name}: deploying`);
    assert.equal(lines.at(-1), "e: deploying | d: deploying | c: deploying | 2 more wait");
  });

  it("reports a failure at once, with its first line", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.report("web: deploying");
    progress.end("web", new Error('Application "web" does not run: exit code 1.\nRead its output.'));
    progress.report("api: deploying");
    assert.deepEqual(lines.slice(1), [
      'web failed: Application "web" does not run: exit code 1.',
      "api: deploying",
    ]);
  });

  it("treats a line without a service as separate, and a name as ending at its first colon", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.report("reading the stack, 2 s");
    progress.report("web: waiting until it runs: its container is starting, 1 min 2 s");
    progress.report("api: deploying, 1 min");
    progress.end("web");
    progress.report("api: deploying, 12 s");
    assert.deepEqual(lines.slice(1), [
      "web: waiting until it runs: its container is starting, 1 min 2 s | reading the stack",
      "api: deploying, 1 min | web: waiting until it runs: its container is starting | reading the stack",
      "api: deploying, 12 s | reading the stack",
    ]);
  });

  it("cuts a failure that is too long, and omits an empty one", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    progress.end("web", new Error("x".repeat(301)));
    progress.end("api", new Error("y".repeat(300)));
    progress.end("db");
    assert.deepEqual(lines, [`web failed: ${"x".repeat(299)}…`, `api failed: ${"y".repeat(300)}`]);
  });

  it("removes seconds only at the end, of any length", () => {
    const lines: string[] = [];
    const progress = new Progress((line) => lines.push(line));
    for (const line of ["a: one, 3 s, two, 12 min 30 s", "b: x, 12 min", "c: y, 3 min 4 s", "d: z, 45 s"]) {
      progress.report(line);
    }
    assert.deepEqual(lines.slice(1), [
      "b: x, 12 min | a: one, 3 s, two",
      "c: y, 3 min 4 s | b: x | a: one, 3 s, two",
      "d: z, 45 s | c: y | b: x | 1 more wait",
    ]);
  });
});

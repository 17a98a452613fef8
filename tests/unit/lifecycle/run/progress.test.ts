import * as assert from "node:assert/strict";
import { Progress } from "../../../../provider/lifecycle/run/progress";
import { about, inRow } from "../../../../provider/pulumi";

const rowOf = (name: string) => `urn:pulumi:test::shop::dokploy-native:index:Application::${name}`;

describe("the shared line of progress", () => {
  it("shows every service once, the newest state first and only that with its seconds", () => {
    const lines: string[] = [];
    const progress = new Progress({ send: (line) => lines.push(line) });
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
    const progress = new Progress({ send: (line) => lines.push(line) });
    progress.report("web: deploying");
    await about(rowOf("api"), async () => progress.report("api: deploying, 3 s"));
    await inRow(rowOf("release"), async () => progress.report("api: deploying, 4 s"));
    assert.deepEqual(lines, ["web: deploying", "deploying, 3 s", "api: deploying, 4 s"]);
  });

  it("counts the services of the run in the row of the stack, where there are several", async () => {
    const lines: string[] = [];
    const progress = new Progress({
      send: (line, urn) => lines.push(`${urn?.split("::").at(-1) ?? "stack"} | ${line}`),
    });
    const deploy = (name: string, failure?: Error) =>
      inRow(rowOf(name), async () => {
        progress.begin(name);
        progress.report(`${name}: deploying`);
        progress.end(name, failure);
      });
    await deploy("api");
    await deploy("web", new Error("exit code 1"));
    await deploy("web");
    assert.deepEqual(lines, [
      "api | deploying",
      "api | deployed",
      "stack | 1 of 2 services deployed",
      "web | deploying",
      "stack | 1 of 2 services deployed, 1 failed",
      "web | web failed: exit code 1",
      "stack | 1 of 2 services deployed",
      "web | deploying",
      "stack | 2 of 2 services deployed",
      "web | deployed",
    ]);
  });

  it("does not say that a service is deployed when only its release command has ended", async () => {
    const lines: string[] = [];
    const progress = new Progress({ send: (line) => lines.push(line) });
    await inRow(rowOf("api"), async () => {
      progress.report("api: release command runs");
      progress.end("api");
      progress.begin("api");
      progress.report("api: deploying");
      progress.end("api");
    });
    assert.deepEqual(lines, ["release command runs", "deploying", "deployed"]);
  });

  it("has one line for each change of phase in the log of a CI", async () => {
    const lines: string[] = [];
    const progress = new Progress({ send: (line) => lines.push(line), isLog: true });
    const report = (state: string) => inRow(rowOf("api"), async () => progress.report(`api: ${state}`));
    progress.begin("api");
    progress.begin("web");
    for (const state of [
      "deployment queued behind 2",
      "deployment queued as the next",
      "deploying",
      "deploying, 10 s: npm ci",
      "deploying, 1 min 20 s: added 3 packages, 2 s",
      "starting, 0 s",
      "starting, 40 s: its container is still being prepared",
      "runs; checking that it keeps running, 1 s",
      "runs; checking that it keeps running, 5 s",
    ]) {
      await report(state);
    }
    progress.end("api");
    assert.deepEqual(lines, [
      "deployment queued behind 2",
      "deploying",
      "starting",
      "runs; checking that it keeps running",
      "1 of 2 services deployed",
    ]);
  });

  it("counts services without room", () => {
    const lines: string[] = [];
    const progress = new Progress({ send: (line) => lines.push(line) });
    for (const name of ["a", "b", "c", "d", "e"]) progress.report(`${name}: deploying`);
    assert.equal(lines.at(-1), "e: deploying | d: deploying | c: deploying | 2 more wait");
  });

  it("reports a failure at once, with its first line", () => {
    const lines: string[] = [];
    const progress = new Progress({ send: (line) => lines.push(line) });
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
    const progress = new Progress({ send: (line) => lines.push(line) });
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
    const progress = new Progress({ send: (line) => lines.push(line) });
    progress.end("web", new Error("x".repeat(301)));
    progress.end("api", new Error("y".repeat(300)));
    progress.end("db");
    assert.deepEqual(lines, [`web failed: ${"x".repeat(299)}…`, `api failed: ${"y".repeat(300)}`]);
  });

  it("removes seconds only at the end, of any length", () => {
    const lines: string[] = [];
    const progress = new Progress({ send: (line) => lines.push(line) });
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

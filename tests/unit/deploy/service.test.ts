import * as assert from "node:assert/strict";
import { counted } from "../../../packages/text";
import { Wait } from "../../../provider/deploy";
import { emptyQueue, isJobOf, type Job, jobsAhead } from "../../../provider/deploy/service";
import type { Api } from "../../../provider/dokploy";
import { VirtualClock } from "./virtual-clock";

describe("the queue of a server", () => {
  const job = (id: string, data: object): Job => ({ id, data: { titleLog: id, ...data } }) as unknown as Job;

  it("is a line of its own for each server, newest first", () => {
    const mine = job("mine", {});
    const queue = [
      job("later", {}),
      job("elsewhere", { serverId: "s" }),
      mine,
      job("first", { serverId: null }),
    ];
    assert.equal(jobsAhead(queue, mine), 1);
    const remote = job("remote", { serverId: "s" });
    assert.equal(jobsAhead([remote, mine, job("before", { serverId: "s" })], remote), 1);
    assert.equal(jobsAhead([mine], mine), 0);
  });

  it("holds jobs of applications and of compose services", () => {
    const web = { kind: "application", id: "x", name: "web" } as const;
    const wiki = { kind: "compose", id: "x", name: "wiki" } as const;
    assert.deepEqual(
      [web, wiki].map((target) => isJobOf(job("a", { applicationId: "x" }), target)),
      [true, false],
    );
    assert.deepEqual(
      [web, wiki].map((target) => isJobOf(job("c", { composeId: "x", applicationId: "y" }), target)),
      [false, true],
    );
  });

  it("can drop the jobs of one service", async () => {
    const calls: unknown[] = [];
    const api = { call: async (...args: unknown[]) => void calls.push(args) } as unknown as Api;
    await emptyQueue(api, { kind: "application", id: "x", name: "web" });
    await emptyQueue(api, { kind: "compose", id: "y", name: "wiki" });
    assert.deepEqual(calls, [
      ["application.cleanQueues", { applicationId: "x" }],
      ["compose.cleanQueues", { composeId: "y" }],
    ]);
  });
});

describe("a wait for Dokploy", () => {
  function arrange(startedAt?: number) {
    const clock = new VirtualClock(100_000);
    const lines: string[] = [];
    const wait = new Wait(60, (line) => lines.push(line), clock, startedAt);
    return { clock, lines, wait };
  }

  it("has a deadline counted from its start", () => {
    const { clock, wait } = arrange();
    assert.deepEqual([wait.remaining, wait.isOver, wait.elapsed()], [60_000, false, "0 s"]);
    clock.advance(59_999);
    assert.deepEqual([wait.remaining, wait.isOver], [1, false]);
    clock.advance(1);
    assert.deepEqual([wait.remaining, wait.isOver, wait.elapsed()], [0, true, "60 s"]);
    assert.equal(wait.elapsed(130_000), "30 s");
    assert.equal(arrange(90_000).wait.remaining, 50_000);
  });

  it("knows promises that end within a time, and cancels its timer", async () => {
    const { clock, wait } = arrange();
    assert.equal(await wait.endsWithin(1_000, Promise.resolve()), true);
    assert.equal(await wait.endsWithin(1_000, Promise.reject(new Error("no"))), true);
    assert.equal(await clock.until(wait.endsWithin(1_000, new Promise(() => {}))), false);
    assert.equal(clock.now(), 101_000);
    await assert.rejects(clock.until(new Promise(() => {})), /nothing is left/);
  });

  it("counts failed requests, and waits longer after each in a row", () => {
    const { wait } = arrange();
    assert.deepEqual(wait.failures, { total: 0, inARow: 0, last: "" });
    assert.equal(wait.pauseAfterFailure, undefined);
    assert.deepEqual(wait.failureNotes("poll"), []);
    wait.noteFailure(new Error("one"));
    assert.equal(wait.pauseAfterFailure, 500);
    assert.deepEqual(wait.failureNotes("poll"), ["1 poll failed while waiting, the latest too: one"]);
    wait.noteFailure(new Error("two"));
    assert.equal(wait.pauseAfterFailure, 1_000);
    wait.noteSuccess();
    assert.equal(wait.pauseAfterFailure, undefined);
    assert.deepEqual(wait.failures, { total: 2, inARow: 0, last: "two" });
    assert.deepEqual(wait.failureNotes("look"), ["2 looks failed while waiting: two"]);
  });

  it("reports news, and every 10 s", () => {
    const { clock, wait, lines } = arrange();
    const due = (what: string) => wait.isDue(what);
    assert.deepEqual([due("a"), due("a"), due("b"), due("b")], [true, false, true, false]);
    clock.advance(9_999);
    assert.equal(due("b"), false);
    clock.advance(1);
    assert.deepEqual([due("b"), due("b")], [true, false]);
    wait.report("line");
    assert.deepEqual(lines, ["line"]);
    const silent = new Wait(60, undefined, clock);
    assert.equal(silent.isDue("a"), false);
    silent.report("nobody hears it");
  });

  it("formats counts", () => {
    assert.deepEqual(
      [counted(1, "poll"), counted(0, "poll"), counted(2, "look")],
      ["1 poll", "0 polls", "2 looks"],
    );
  });
});

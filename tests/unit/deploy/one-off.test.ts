import * as assert from "node:assert/strict";
import { OneOff, type OneOffState, Wait } from "../../../provider/deploy";
import { type Api, DokployError } from "../../../provider/dokploy";

type Values = Record<string, unknown>;

/** A clock on which only waiting takes time. */
function clock() {
  let time = 0;
  return {
    now: () => time,
    after(ms: number, run: () => void) {
      const timer = setImmediate(() => {
        time += ms;
        run();
      });
      return () => clearImmediate(timer);
    },
  };
}

describe("a command that runs once", () => {
  const secrets = ["s3cret-canary"];
  const target = { kind: "application", id: "a", name: "release of api", appName: "release-x" } as const;
  const endpoint = "docker.getServiceContainersByAppName";
  const task = (currentState: string, error = "") => ({
    ...{
      containerId: "t",
      name: "release-x.1",
      state: "shutdown",
      currentState: `${currentState} 1 second ago`,
    },
    error,
  });

  /** Dokploy with one answer for each look; the last one stays. */
  function commandWith(looks: (Values[] | Error)[], more: { queue?: Values[]; records?: Values[] } = {}) {
    const reported: string[] = [];
    const calls: [string, Values][] = [];
    const api = {
      async call(name: string, input: Values) {
        calls.push([name, input]);
        if (name === "deployment.queueList") return more.queue ?? [];
        if (name === "deployment.all") return more.records ?? [];
        const answer = (looks.length > 1 ? looks.shift() : looks[0]) ?? [];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    } as unknown as Api;
    const timers = clock();
    const wait = new Wait(60, (line) => void reported.push(line), timers);
    return { command: new OneOff(api, target, wait, secrets), reported, calls, timers };
  }
  const failed = (why: string): OneOffState => ({ state: "failed", why });

  for (const [row, end] of [
    [task("Complete"), { state: "succeeded" }],
    [task("Failed", '"task: non-zero exit (3)"'), failed("exited with code 3")],
    [task("Failed", '"task: non-zero exit (12): dockerexec: unhealthy"'), failed("exited with code 12")],
    [
      task("Failed", '"task: non-zero exit (137)"'),
      failed("was killed (code 137), for instance because it ran out of memory"),
    ],
    [task("Shutdown"), failed("was stopped by somebody")],
    [task("Shutdown", '"task: non-zero exit (143)"'), failed("exited with code 143")],
    [task("Rejected", '"No such image"'), failed("could not be started: No such image")],
    [
      task("Rejected", '"no hook: task: non-zero exit (3)"'),
      failed("could not be started: no hook: task: non-zero exit (3)"),
    ],
    [task("Failed"), failed("could not be started: Docker gives no reason")],
    [task("Running"), { state: "under-way", why: undefined }],
    [task("Pending", '"no suitable node"'), { state: "under-way", why: "no suitable node" }],
    [task("Orphaned"), { state: "under-way", why: undefined }],
  ] as [Values, OneOffState][])
    it(`${row["currentState"]} ${row["error"]}: ${end.state}`, async () => {
      assert.deepEqual(await commandWith([[row]]).command.look(), end);
    });

  it("is judged by its newest task, once none runs", async () => {
    const look = async (...tasks: Values[]) => (await commandWith([tasks]).command.look()).state;
    assert.equal(await look(task("Complete"), task("Failed")), "succeeded");
    assert.equal(await look(task("Failed"), task("Complete")), "failed");
    assert.equal(await look(task("Complete"), task("Running")), "under-way");
    for (const over of ["Failed", "Rejected", "Shutdown", "Complete"])
      assert.equal(await look(task("Complete"), task(over)), "succeeded", over);
  });

  it("without a task, is what the queue and the newest record of its deployment say", async () => {
    const look = async (records: Values[], queue: Values[] = []) =>
      await commandWith([[]], { records, queue }).command.look();
    const record = (status: string, day: number) => ({ status, createdAt: `2026-01-0${day}T00:00:00.000Z` });
    const job = (applicationId: string) => ({ data: { applicationId } });
    assert.deepEqual(await look([]), { state: "idle" });
    assert.deepEqual(await look([], [job("other")]), { state: "idle" });
    assert.deepEqual(await look([], [job("other"), job("a")]), { state: "under-way" });
    assert.deepEqual(await look([record("error", 1)], [job("a")]), { state: "under-way" });
    for (const status of ["error", "cancelled"]) {
      assert.deepEqual(await look([record(status, 1)]), failed("could not be started"));
      const again = [record("running", 1), record(status, 3), record("done", 2)];
      assert.deepEqual(await look(again), failed("could not be started"));
      assert.deepEqual(await look([record(status, 1), record("running", 2)]), { state: "under-way" });
    }
    // Docker shows the task a moment later.
    assert.deepEqual(await look([record("done", 1)]), { state: "under-way" });
    const { command, calls } = commandWith([[]]);
    await command.look();
    assert.deepEqual(
      calls.map(([name]) => name),
      [endpoint, "deployment.queueList", "deployment.all"],
      "a job that leaves the queue is in the records by then",
    );
  });

  it("is followed past calls that fail, to its end", async () => {
    const down = new DokployError("down", { kind: "server", endpoint, outcome: "refused" });
    const { command, reported } = commandWith([[task("Running")], down, down, [task("Complete")]]);
    assert.deepEqual(await command.follow("api: runs"), { state: "succeeded" });
    assert.deepEqual(reported[0], "api: runs, 0 s");
  });

  it("is followed no longer than its time, and not where its end cannot be seen", async () => {
    const { command, timers, reported } = commandWith([
      [task("Pending", "no  node\n\u001b[2Jfor s3cret-canary ")],
    ]);
    const why = "no node for [secret]";
    assert.deepEqual(await command.follow("api: runs"), { state: "under-way", why });
    assert.ok(timers.now() >= 60_000 && timers.now() < 63_000, `${timers.now()}`);
    assert.ok(reported.length > 3 && reported.every((line) => line.startsWith(`api: runs: ${why}, `)));
    const long = await commandWith([[task("Rejected", "x".repeat(900))]]).command.follow("api: runs");
    assert.ok("why" in long && (long.why ?? "").length <= 300);
    for (const error of [
      new DokployError("no", { kind: "forbidden", endpoint, outcome: "refused" }),
      new DokployError("wrong", { kind: "invalid", endpoint, outcome: "refused" }),
    ]) {
      const unseen = commandWith([error]);
      await assert.rejects(unseen.command.follow("api: runs"), error);
      assert.equal(unseen.calls.length, 1);
    }
    const down = new DokployError("down", { kind: "server", endpoint, outcome: "refused" });
    await assert.rejects(commandWith([down]).command.follow("api: runs"), down);
  });

  it("has the end of its output, or nothing where that cannot be read", async () => {
    const output = async (answer: string | Error) => {
      const { command } = commandWith([answer as Error]);
      return await command.output();
    };
    assert.deepEqual(await output("first\nwith s3cret-canary"), ["first", "with [secret]"]);
    assert.deepEqual(await output(new Error("down")), []);
    const { command, calls } = commandWith(["" as never]);
    await command.output();
    assert.equal(calls[0]?.[0], "application.readLogs");
    assert.equal(calls[0]?.[1]["applicationId"], "a");
  });
});

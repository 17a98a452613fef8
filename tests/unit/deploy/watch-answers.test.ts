import * as assert from "node:assert/strict";
import { shorten } from "../../../packages/text";
import { NotRunningError } from "../../../provider/deploy";
import { exitLog } from "../../../provider/deploy/exit-log";
import { explain } from "../../../provider/deploy/explain";
import { readTasks, type WatchTarget, watchContainers } from "../../../provider/deploy/watch";
import { type Api, type ContainerConfig, DokployError, type TaskRow } from "../../../provider/dokploy";
import { VirtualClock } from "./virtual-clock";

const WEB: WatchTarget = { kind: "application", id: "a-1", name: "web", appName: "web-x1" };
const BEFORE = { at: 0, ids: new Set(["o1"]), isFailing: false };
const RUNS: TaskRow[] = [
  {
    containerId: "n1",
    name: "web-x1.1",
    state: "running",
    currentState: "Running 3 seconds ago",
    node: "vm",
    error: "",
  },
];

/** A server that says of containers what it is told to. */
function answering(rows: () => TaskRow[], config: (name: string) => ContainerConfig | undefined): Api {
  return {
    async call(endpoint: string, input: { containerId: string }) {
      if (endpoint === "docker.getServiceContainersByAppName") return rows();
      return endpoint === "docker.getConfig" ? config(input.containerId) : [];
    },
  } as unknown as Api;
}

async function outcomeOf(api: Api): Promise<unknown> {
  const clock = new VirtualClock();
  return await clock.until(
    watchContainers(api, WEB, { ...BEFORE, at: clock.now() }, { timers: clock }).then(
      () => "running",
      (error: unknown) => error,
    ),
  );
}

const failure = { reason: "crashed", detail: "it ended", id: "n1", service: "web-x1" } as const;
const back = { ...failure, reason: "rolled-back", detail: "it ended, and back", itself: failure } as const;

describe("what Dokploy returns about containers", () => {
  it("a rollback of which no task is left is reported by Swarm itself", async () => {
    for (const State of ["rollback_started", "rollback_paused", "rollback_completed"]) {
      for (const Message of ["update rolled back due to failure or early termination of task f0", ""]) {
        const UpdateStatus = { State, Message };
        const error = await outcomeOf(
          answering(
            () => RUNS,
            (name) => (name === "web-x1" ? { UpdateStatus } : undefined),
          ),
        );
        assert.ok(error instanceof NotRunningError);
        assert.equal(error.outcome, "rolled-back");
        assert.match(
          error.message,
          /Swarm rolled back to the old version after the new one had failed, and its tasks no longer show why/,
        );
        assert.match(
          error.hint,
          /^Look at the service's Logs tab in Dokploy; .*The new configuration stays saved\./,
        );
      }
    }
  });

  it("an update that Swarm has completed, or does not mention, was not rolled back", async () => {
    for (const config of [{ UpdateStatus: { State: "completed" } }, {}, undefined]) {
      const api = answering(
        () => RUNS,
        () => config,
      );
      assert.equal(await outcomeOf(api), "running");
    }
  });

  it("a job whose tasks have ended is done, regardless of Swarm and their variables", async () => {
    const done = { ...RUNS[0], state: "shutdown", currentState: "Complete 1 second ago" } as TaskRow;
    const answers: Readonly<Record<string, unknown>> = {
      "docker.getServiceContainersByAppName": [done],
      "docker.getContainersByAppNameMatch": [{ containerId: "c1", name: "web-x1.1.n1", state: "exited" }],
      "docker.getConfig": { UpdateStatus: { State: "rollback_completed" }, Config: { Env: ["A=2"] } },
    };
    const api = { call: async (endpoint: string) => answers[endpoint] } as unknown as Api;
    const clock = new VirtualClock();
    const options = { timers: clock, isJob: true, expectEnv: { A: "1" } };
    await clock.until(watchContainers(api, WEB, { ...BEFORE, at: clock.now() }, options));
  });

  it("a permanent refusal ends the wait at once, a refused key after a minute, and our own bugs pass through", async () => {
    for (const [kind, expected] of [
      ["invalid", 1],
      ["unauthorized", 11],
      ["unsupported-version", 1],
    ] as const) {
      let looks = 0;
      const refusal = new DokployError("no such thing.", {
        kind,
        endpoint: "docker.getConfig",
        outcome: "refused",
      });
      const api = answering(
        () => {
          looks += 1;
          throw refusal;
        },
        () => undefined,
      );
      const error = await outcomeOf(api);
      assert.ok(error instanceof NotRunningError);
      assert.equal(error.outcome, "unknown");
      assert.match(
        error.message,
        /^Application "web" is deployed, but it is not known whether it runs: \d+ looks? at its containers did not show whether it runs, and then: no such thing\.\nLook at the service in Dokploy/,
      );
      assert.equal(looks, expected);
    }
    const fault = new TypeError("a fault of ours");
    const faulty = answering(
      () => {
        throw fault;
      },
      () => undefined,
    );
    assert.equal(await outcomeOf(faulty), fault);
  });

  it("Swarm's own report after a failure takes precedence over the rows", async () => {
    for (const [State, ofFailure, ofBack, mayBeOld] of [
      ["rollback_started", "rolled-back", "rolled-back", true],
      ["rollback_completed", "rolled-back", "rolled-back", true],
      ["rollback_paused", "crashed", "crashed", true],
      ["paused", "crashed", "rolled-back", false],
      ["updating", "crashed", "crashed", false],
      ["completed", "crashed", "crashed", false],
      ["another", "crashed", "rolled-back", false],
    ] as const) {
      let pauses = 0;
      const api = answering(
        () => RUNS,
        (name) => (name === "web-x1" ? { UpdateStatus: { State } } : undefined),
      );
      const reported = async (seen: typeof failure | typeof back) =>
        await explain(api, WEB, seen, BEFORE, async () => void pauses++);
      const [first, second] = [await reported(failure), await reported(back)];
      assert.deepEqual([first.failure.reason, second.failure.reason], [ofFailure, ofBack], State);
      assert.deepEqual([first.mayBeOld, second.mayBeOld], [mayBeOld, mayBeOld], State);
      assert.equal(pauses, State === "updating" ? 2 * 8 : 0, State);
    }
  });

  it("an update of several replicas is waited for until Swarm has decided, but not for ever", async () => {
    for (const [decidedAfterMs, reason] of [
      [9_000, "rolled-back"],
      [60_000, "crashed"],
    ] as const) {
      let waitedMs = 0;
      const api = answering(
        () => RUNS,
        () => ({ UpdateStatus: { State: waitedMs < decidedAfterMs ? "updating" : "rollback_started" } }),
      );
      const pause = async (ms: number) => {
        waitedMs += ms;
      };
      const { failure: seen } = await explain(api, WEB, failure, BEFORE, pause);
      assert.equal(seen.reason, reason);
      assert.ok(waitedMs <= 15_000, `${waitedMs} ms`);
    }
  });

  it("an update that ignores failures is not waited for", async () => {
    const config = {
      UpdateStatus: { State: "updating" },
      Spec: { UpdateConfig: { FailureAction: "continue" } },
    };
    let pauses = 0;
    const api = answering(
      () => RUNS,
      () => config as ContainerConfig,
    );
    await explain(api, WEB, failure, BEFORE, async () => void pauses++);
    assert.equal(pauses, 0);
  });

  it("a process that exited with code 0 was stopped for its health check only if that failed as often as Docker requires", async () => {
    const failure = { reason: "exited", detail: "it ended", id: "n1", exitCode: 0 } as const;
    for (const [FailingStreak, Retries, reason] of [
      [undefined, undefined, "exited"],
      [2, undefined, "exited"],
      [2, 0, "exited"],
      [3, 0, "unhealthy"],
      [1, 2, "exited"],
      [2, 2, "unhealthy"],
    ] as const) {
      const config = { State: { Health: { FailingStreak } }, Config: { Healthcheck: { Retries } } };
      const api = {
        call: async (endpoint: string) =>
          endpoint === "docker.getConfig"
            ? config
            : [
                {
                  containerId: "c1",
                  name: "web-x1.1.n1",
                  state: "exited",
                  status: "Exited (0) 1 second ago",
                },
              ],
      } as unknown as Api;
      const { failure: reported } = await explain(
        api,
        WEB,
        failure,
        { ...BEFORE, ids: new Set() },
        async () => {},
      );
      assert.equal(reported.reason, reason, `${FailingStreak} of ${Retries}`);
    }
  });

  it("without Swarm's report after a failure, the rows decide", async () => {
    const silent = answering(
      () => RUNS,
      () => undefined,
    );
    const reported = async (seen: typeof failure | typeof back) =>
      (await explain(silent, WEB, seen, BEFORE, async () => {})).failure;
    assert.equal((await reported(failure)).reason, "crashed");
    assert.equal((await reported(back)).reason, "rolled-back");
  });
});

describe("questions about a failure", () => {
  const asking = () => {
    const asked: string[] = [];
    const api = {
      call: async (endpoint: string) => {
        asked.push(endpoint);
        return endpoint.endsWith(".readLogs") ? "2026-01-01T00:00:00Z it broke\n" : [];
      },
    } as unknown as Api;
    return { api, asked };
  };

  it("the container itself, only if its exit code leaves a doubt", async () => {
    const nothing = { ...BEFORE, ids: new Set<string>() };
    for (const [exitCode, id, isAsked] of [
      [0, "n1", true],
      [137, "n1", true],
      [3, "n1", false],
      [0, undefined, false],
    ] as const) {
      const { api, asked } = asking();
      const failure = { reason: "crashed", detail: "it ended", exitCode, ...(id ? { id } : {}) } as const;
      await explain(api, WEB, failure, nothing, async () => {});
      assert.deepEqual(asked, isAsked ? ["docker.getContainersByAppNameMatch"] : [], `${exitCode} ${id}`);
    }
  });

  it("its output, if Dokploy has that of its kind", async () => {
    for (const kind of ["application", "postgres", "redis"] as const) {
      const { api, asked } = asking();
      const tasks = [{ ...RUNS[0], state: "shutdown", currentState: "Failed 1 second ago" } as TaskRow];
      const seen = { tasks, older: new Set<string>(), mayBeOld: false, seconds: 20, passed: () => 0 };
      const failure = { reason: "crashed", detail: "it ended", id: "n1" } as const;
      const words = await exitLog(api, { ...WEB, kind }, failure, seen, []);
      assert.deepEqual(words, { lines: ["it broke"], of: "failed" });
      assert.ok(asked.includes(`${kind}.readLogs`), asked.join());
    }
  });

  it("its output while its container still runs", async () => {
    const api = {
      call: async (endpoint: string) =>
        endpoint.endsWith(".readLogs")
          ? "it hangs\n"
          : [{ containerId: "c1", name: "web-x1.1.n1", state: "running" }],
    } as unknown as Api;
    const seen = { tasks: RUNS, older: new Set<string>(), mayBeOld: true, seconds: 20, passed: () => 0 };
    const failure = { reason: "unhealthy", detail: "its health check fails", id: "n1" } as const;
    assert.deepEqual(await exitLog(api, WEB, failure, seen, []), { lines: ["it hangs"], of: "failed" });
  });

  it("never the output of a task whose version no row shows", async () => {
    const name = "web-x1.1.n2";
    const api = {
      call: async (endpoint: string) =>
        endpoint.endsWith(".readLogs") ? "it runs\n" : [{ containerId: "c2", name, state: "running" }],
    } as unknown as Api;
    const failed = { ...RUNS[0], state: "shutdown", currentState: "Failed 1 second ago" } as TaskRow;
    const started = { ...RUNS[0], containerId: "n2" } as TaskRow;
    const failure = { reason: "crashed", detail: "it ended", id: "n1" } as const;
    const wordsOf = (tasks: TaskRow[], older: string[] = []) => {
      const seen = { tasks, older: new Set(older), mayBeOld: false, seconds: 20, passed: () => 0 };
      return exitLog(api, WEB, failure, seen, []);
    };
    assert.deepEqual(await wordsOf([failed]), { lines: [], of: "nobody" });
    assert.deepEqual(await wordsOf([started, failed]), { lines: ["it runs"], of: "next" });
    assert.deepEqual(await wordsOf([started, failed], ["n1"]), { lines: [], of: "unread" });
  });

  it("whether the previous version runs: a task that should and does", async () => {
    const row = (state: string, currentState: string) => ({ ...RUNS[0], state, currentState }) as TaskRow;
    const up = row("running", "Running 3 seconds ago");
    const none = () => undefined;
    for (const [rows, isRunning] of [
      [[], false],
      [[up], true],
      [[up, { ...row("shutdown", "Shutdown 3 hours ago"), containerId: "n0" }], true],
      [[row("running", "Pending 3 minutes ago")], false],
      [[row("shutdown", "Running 3 seconds ago")], false],
      // Docker does not know the tasks any more by which to tell.
      [[up, { ...row("shutdown", "Failed 9 seconds ago"), containerId: "n0" }], false],
    ] as const) {
      const before = await readTasks(
        answering(() => [...rows], none),
        WEB,
        () => 0,
      );
      assert.equal(before.isRunning, isRunning, JSON.stringify(rows));
    }
  });
});

describe("a text that is too long", () => {
  it("ends with an ellipsis, and has the largest allowed length", () => {
    assert.equal(shorten("abcd", 4), "abcd");
    assert.equal(shorten("abcde", 4), "abc…");
  });
});

import * as assert from "node:assert/strict";
import { begin, expire, next } from "../../provider/deploy/health";
import type { Snapshot } from "../../provider/deploy/health-model";
import { NotRunningError } from "../../provider/deploy/not-running";
import { watchContainers } from "../../provider/deploy/watch";
import { snapshotOf } from "../../provider/deploy/watch-target";
import type { ContainerConfig, ContainerRow } from "../../provider/dokploy/docker-rows";
import type { Api } from "../../provider/dokploy/endpoints";
import { VirtualClock } from "../unit/deploy/virtual-clock";
import { RECORDED_SECONDS, rowsAt, type SwarmRecording, swarmRecordings } from "./swarm-recordings";

/** What each recorded story must be told as. */
interface Truth {
  /** The beginning of the message; undefined: it runs. */
  readonly why?: RegExp;
  /** The version whose output may be shown; undefined: none, since it cannot be told whose it is. */
  readonly output?: RegExp;
  /** What `docker service inspect` says of the update, and from when on; what a real Swarm said in such a story. */
  readonly state?: string;
  readonly replicas?: number;
  /** What rows alone tell, without any other answer. Default: as with it. */
  readonly rowsOnly?: RegExp;
}

const BACK =
  "and Swarm rolled back to the old version, which runs with the old variables\\.\\n.*Dokploy's API does not show " +
  "the output";
const NEW = "is deployed, but its new version does not run: ";
const FAILED = "is deployed, but does not run: ";
const crash = (rest: string) => new RegExp(`${NEW}its container ended with exit code 1, ${rest}`, "s");

const TRUTHS: Readonly<Record<string, Truth>> = {
  "update-crash-default": { why: crash(BACK), state: "rollback_completed" },
  // The old version had stopped less than two seconds before the new one ended: whole seconds do not part their output.
  "update-crash-rollback-stop-first": {
    why: crash("and Swarm rolled back to the old version, which runs with the old variables"),
    state: "rollback_started",
  },
  "update-crash-continue": {
    why: new RegExp(`${FAILED}its container ended with exit code 1(?:, \\d times so far)?\\.`),
    output: /^crash: exits 1 in 1 s/,
    state: "updating",
  },
  "update-crash-pause": {
    why: new RegExp(
      `${FAILED}its container ended with exit code 1(?:, \\d times so far)?, and Swarm stopped the`,
    ),
    output: /^crash: exits 1 in 1 s/,
    state: "paused",
  },
  "update-crash-3-replicas": {
    why: new RegExp(`${NEW}the container of \\S+ ended with exit code 1, ${BACK}`, "s"),
    state: "rollback_completed",
    replicas: 3,
  },
  "update-unhealthy": {
    why: new RegExp(`${NEW}the health check of its container fails, ${BACK}`, "s"),
    state: "rollback_completed",
    rowsOnly: /ended \(exit code 0\) before its health check had passed, and Swarm rolled back/,
  },
  "update-exit-0": {
    why: new RegExp(`${NEW}its container exited with code 0, and should keep running, ${BACK}`, "s"),
    state: "rollback_completed",
  },
  "update-good": { state: "completed" },
  "update-good-3-replicas": { state: "completed", replicas: 3 },
  "update-slow-healthy": { state: "completed" },
  "create-crash": {
    why: new RegExp(`${FAILED}its container ended with exit code 1`),
    output: /^crash: exits 1 in 1 s/,
  },
  "create-unhealthy": {
    why: new RegExp(`${FAILED}the health check of its container fails\\.`),
    output: /^app version unhealthy/,
    rowsOnly: /ended \(exit code 0\) before its health check had passed/,
  },
  "create-exit-0": {
    why: new RegExp(`${FAILED}its container exited with code 0, and should keep running\\.`),
  },
  "create-good": {},
  "scale-1-to-3": { state: "completed", replicas: 3 },
  "reload-env": { state: "completed" },
  // The task that is started 5 s later has the old version, as its output shows; nothing in the rows tells.
  "reload-to-crash-env": {
    why: crash(BACK),
    state: "rollback_completed",
    rowsOnly: /^its container ended with exit code 1$/,
  },
};

/** Its deployment failed before Swarm was told anything, so nothing is watched. */
const NOT_WATCHED = "update-missing-image";

/** Seconds after the end of the deployment at which the first look is made. */
const PHASES = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.8, 2.2, 2.6, 3];

describe("the verdict on recorded updates of a real Swarm", () => {
  for (const [name, truth] of Object.entries(TRUTHS)) {
    it(`${name}: the right verdict, message and output, at any times of the checks`, async function () {
      this.timeout(20_000);
      const recording = named(swarmRecordings(this), name);
      const shown = new Set<string>();
      for (const phase of PHASES) {
        const error = await watch(recording, truth, phase);
        const where = `${name}, first look ${phase} s after its end: ${error?.message ?? "it runs"}`;
        if (truth.why === undefined) assert.equal(error, undefined, where);
        else assert.match(error?.message ?? "", truth.why, where);
        for (const line of error?.log ?? []) {
          // Version 1 is the one before, and a container prints all its variables.
          assert.doesNotMatch(line, /^app version 1|^APP_VERSION=1$/, where);
        }
        if (error && error.log.length > 0) shown.add(error.log.join("\n"));
      }
      if (truth.output === undefined) assert.deepEqual([...shown], []);
      else {
        assert.ok(shown.size > 0, "its own output is shown where it can be told");
        for (const text of shown) assert.match(text, truth.output);
      }
    });

    it(`${name}: by its rows alone, at a quarter second or any other pace`, function () {
      const recording = named(swarmRecordings(this), name);
      for (const pace of [0.25, 0.5, 1, 1.7, 2.5, 4]) {
        for (let shift = 0; shift < pace; shift += 0.25) {
          const { verdict } = follow(recording, truth, pace, shift);
          const where = `${name}, every ${pace} s from ${shift} s on: ${JSON.stringify(verdict)}`;
          if (truth.why === undefined) assert.equal(verdict.phase, "stable", where);
          else {
            assert.ok(verdict.phase === "failed", where);
            const rows = truth.rowsOnly ?? /its container|the container of/;
            // A look may come too late to tell the task that came at once from one that is started after a pause.
            const pattern = truth.rowsOnly && pace > 2 ? /ended/ : rows;
            assert.match(verdict.failure.detail, pattern, where);
            const isBack = truth.state?.startsWith("rollback_") === true;
            if (!isBack) assert.notEqual(verdict.failure.reason, "rolled-back", where);
          }
        }
      }
    });
  }

  it("knows all stories that were recorded", function () {
    const names = swarmRecordings(this).map(({ name }) => name);
    assert.deepEqual([...Object.keys(TRUTHS), NOT_WATCHED].sort(), names.sort());
  });

  it("leaves the old version alone if the deployment failed", function () {
    const recording = named(swarmRecordings(this), NOT_WATCHED);
    assert.equal(recording.deployment, "error");
    assert.deepEqual(
      rowsAt(recording, RECORDED_SECONDS).map(({ containerId }) => containerId),
      recording.rowsBefore.map(({ containerId }) => containerId),
    );
  });

  it("does not blame the old version for the recorded crash, even if Swarm does not mention the update", async function () {
    const recording = named(swarmRecordings(this), "update-crash-default");
    const { state: _, ...silent } = TRUTHS["update-crash-default"] ?? {};
    const error = await watch(recording, silent, 0.5);
    assert.match(error?.message ?? "", crash(BACK));
    assert.deepEqual(error?.log, []);
  });
});

function named(recordings: readonly SwarmRecording[], name: string): SwarmRecording {
  return recordings.find((recording) => recording.name === name) ?? assert.fail(name);
}

function before({ rowsBefore }: SwarmRecording, at: number): Snapshot {
  return snapshotOf({ at, tasks: rowsBefore });
}

function endOf({ doneAt }: SwarmRecording): number {
  return doneAt ?? 0.1;
}

/** The pure verdict over looks at a steady pace. */
function follow(recording: SwarmRecording, { replicas = 1 }: Truth, pace: number, shift: number) {
  const end = endOf(recording);
  const snapshot = before(recording, 0);
  let state = begin({ engine: "swarm", before: snapshot, at: end * 1000, replicas });
  for (let t = end + shift; t < RECORDED_SECONDS + 12; t += pace) {
    state = next(state, { at: t * 1000, tasks: rowsAt(recording, t) });
  }
  return expire(state);
}

/** Watches the recorded server from the end of the deployment on. @returns the failure */
async function watch(
  recording: SwarmRecording,
  truth: Truth,
  phase: number,
): Promise<NotRunningError | undefined> {
  const clock = new VirtualClock(0);
  const snapshot = before(recording, 0);
  clock.advance((endOf(recording) + phase) * 1000);
  const api = recordedServer(recording, truth, () => clock.now() / 1000);
  const target = { kind: "application", id: "a", name: "web", appName: "<appName>" } as const;
  try {
    const { replicas = 1 } = truth;
    await clock.until(
      watchContainers(api, target, snapshot, { timers: clock, replicas, timeoutSeconds: 60 }),
    );
    return undefined;
  } catch (error) {
    if (error instanceof NotRunningError) return error;
    throw error;
  }
}

/** A server that answers at each moment as the recorded one did then. */
function recordedServer(recording: SwarmRecording, { state }: Truth, now: () => number): Api {
  const answer = (endpoint: string, input: unknown): unknown => {
    const { containerId = "", since } = input as { containerId?: string; since?: string };
    const rows = rowsAt(recording, now());
    switch (endpoint) {
      case "docker.getServiceContainersByAppName":
        return rows;
      case "docker.getContainersByAppNameMatch":
        return containersAt(recording, now());
      case "docker.getConfig":
        return containerId === "<appName>"
          ? serviceConfig(rows, recording, state)
          : configOf(recording, containerId);
      case "application.readLogs":
        return logAt(recording, now(), Number.parseInt(since ?? "", 10));
      default:
        return assert.fail(endpoint);
    }
  };
  return { call: async (endpoint, input) => answer(endpoint, input) as never };
}

/** Swarm decides in the moment in which a new task has ended. */
function serviceConfig(
  rows: readonly { containerId: string; currentState: string }[],
  { before, rowsBefore }: SwarmRecording,
  state: string | undefined,
): ContainerConfig | undefined {
  if (state === undefined) return undefined;
  const hasFailed = rows.some(
    ({ containerId, currentState }) =>
      /^(?:Failed|Complete)/.test(currentState) && !rowsBefore.some((row) => row.containerId === containerId),
  );
  const isOver = hasFailed || state === "completed";
  return { UpdateStatus: { State: isOver ? state : "updating" }, Spec: { UpdateConfig: { ...before?.u } } };
}

/** The recorded containers that were there, as far as the rows tell; newest first, as Docker lists them. */
function containersAt(recording: SwarmRecording, t: number): ContainerRow[] {
  const rows = rowsAt(recording, t);
  return recording.matching.flatMap((container) => {
    const row = rows.find(({ containerId }) => container.name.endsWith(`.${containerId}`));
    if (!row || /^(?:Pending|Assigned|Accepted|Preparing)/.test(row.currentState)) return [];
    const isCreated = container.state === "created" || row.currentState.startsWith("Ready");
    const isLive = /^(?:Starting|Running)/.test(row.currentState);
    const health = /\((?:un)?healthy\)/.exec(container.status)?.[0];
    const isHealthy = row.currentState.startsWith("Running") && health !== undefined;
    return [
      {
        ...container,
        state: isCreated ? "created" : isLive ? "running" : "exited",
        status: isCreated
          ? "Created"
          : isLive
            ? `Up 1 second${isHealthy ? ` ${health}` : ""}`
            : "Exited (0) 1 second ago",
      },
    ];
  });
}

/** What was seen of the unhealthy container; the others had no health check. */
function configOf({ name }: SwarmRecording, _containerId: string): ContainerConfig {
  const isUnhealthy = name.endsWith("unhealthy");
  return {
    State: {
      OOMKilled: false,
      ...(isUnhealthy ? { Health: { Status: "unhealthy", FailingStreak: 3 } } : {}),
    },
    Config: { Env: [] },
  };
}

/** The recorded output at a moment, no older than `seconds` before the last recorded line or look. */
function logAt({ readLogs, sequence }: SwarmRecording, t: number, seconds: number): string {
  const index = readLogs.findLastIndex((entry) => entry.t <= t);
  const log = readLogs[index]?.log ?? "";
  const origin = originOf({ readLogs, sequence });
  return log
    .split("\n")
    .filter((line) => {
      const at = Date.parse(line.slice(0, 23).concat("Z"));
      return !(at < origin + (t - seconds) * 1000);
    })
    .join("\n");
}

/** The server's time at 0 s: a container prints its first line about when its task starts. */
function originOf({ readLogs }: Pick<SwarmRecording, "readLogs" | "sequence">): number {
  const stamps = readLogs.flatMap(({ t, log }) =>
    log
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => Date.parse(line.slice(0, 23).concat("Z")) - t * 1000),
  );
  return Math.max(...stamps);
}

import * as assert from "node:assert/strict";
import { type ContainerBehaviour, type Emulator, ManualClock, startEmulator } from "../../emulator";
import type { TaskRow } from "../../provider/dokploy/docker-rows";
import { recordingOf, type SwarmRecording, swarmRecordings } from "./swarm-recordings";

/** What lasts no longer than this may be missed by looks. */
const BLINK_SECONDS = 0.8;

/** How the emulator is brought to play a recorded story. */
interface Play {
  /** Replicas of what ran before; left out for a creation. */
  readonly before?: number;
  /** What the change saves. */
  readonly columns?: object;
  readonly behaviour?: ContainerBehaviour;
  readonly isReload?: boolean;
}

const update = (Order: string, FailureAction: string) => ({
  updateConfigSwarm: { Parallelism: 1, Order, FailureAction, Monitor: 5_000_000_000, MaxFailureRatio: 0 },
});
const CRASH: ContainerBehaviour = { kind: "crash-loop", afterSeconds: 1.5, output: "new" };
const UNHEALTHY: ContainerBehaviour = { kind: "unhealthy", output: "new" };
const GOOD: ContainerBehaviour = { kind: "healthy", output: "new" };
/** The image is that of the version before. */
const SAME: ContainerBehaviour = { kind: "healthy", output: "old" };
const EXIT_0: ContainerBehaviour = { kind: "crash-loop", exitCode: 0 };

const PLAYS: Readonly<Record<string, Play>> = {
  "update-crash-default": { before: 1, behaviour: CRASH },
  "update-crash-rollback-stop-first": {
    before: 1,
    behaviour: CRASH,
    columns: update("stop-first", "rollback"),
  },
  "update-crash-continue": { before: 1, behaviour: CRASH, columns: update("start-first", "continue") },
  "update-crash-pause": { before: 1, behaviour: CRASH, columns: update("start-first", "pause") },
  "update-crash-3-replicas": { before: 3, behaviour: CRASH },
  "update-unhealthy": { before: 1, behaviour: UNHEALTHY },
  "update-exit-0": { before: 1, behaviour: EXIT_0 },
  "update-missing-image": { before: 1, columns: { dockerImage: "web:missing" } },
  "update-good": { before: 1, behaviour: GOOD },
  "update-good-3-replicas": { before: 3, behaviour: GOOD },
  "update-slow-healthy": { before: 1, behaviour: { kind: "slow", afterSeconds: 20, output: "new" } },
  "create-crash": { behaviour: CRASH },
  "create-unhealthy": { behaviour: UNHEALTHY },
  "create-exit-0": { behaviour: EXIT_0 },
  "create-good": { behaviour: SAME },
  "scale-1-to-3": { before: 1, columns: { replicas: 3 }, behaviour: SAME, isReload: true },
  "reload-env": { before: 1, columns: { env: "V=2" }, behaviour: SAME, isReload: true },
  "reload-to-crash-env": {
    before: 1,
    behaviour: { kind: "crash-loop", afterSeconds: 0.5, rollback: "by-restart" },
    isReload: true,
  },
};

/** One look: what the rows mean, and which version's output `application.readLogs` prints. */
interface Look {
  readonly t: number;
  readonly rows: readonly string[];
  readonly log: "old" | "new" | "none";
}

const LOOK_MS = 250;
/** A crash loop goes on for ever; its first rounds tell all. */
const LOOKS_COMPARED = 7;
/** A step may take this much longer or shorter: machines differ, and each look may have missed 0.6 s. */
const STEP_SECONDS = 2;

describe("the emulator's Swarm against a recorded one", () => {
  const open: Emulator[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((emulator) => emulator.close()));
  });

  for (const [name, play] of Object.entries(PLAYS)) {
    it(name, async function () {
      const recording = recordingOf(swarmRecordings(this), name);
      const recorded = landmarks(recordedLooks(recording));
      const emulated = landmarks(await emulate(play));
      // Which of three slots comes first, and what of the first fails before the last is replaced, is left to chance.
      const isChance = name === "update-crash-3-replicas";
      const [last, duplicate] = [recorded.at(-1), emulated.at(-1)];
      if (isChance) {
        assert.deepEqual(duplicate?.rows, last?.rows);
        return;
      }
      const steps = align(recorded, emulated).slice(0, LOOKS_COMPARED);
      assert.ok(steps.length >= Math.min(2, recorded.length));
      for (const [index, [look, duplicate]] of steps.entries()) {
        assert.equal(duplicate.log, look.log, `output at ${look.t} s and ${duplicate.t} s`);
        const [before, duplicateBefore] = steps[index - 1] ?? [look, duplicate];
        const [step, duplicateStep] = [look.t - before.t, duplicate.t - duplicateBefore.t];
        assert.ok(
          Math.abs(step - duplicateStep) <= STEP_SECONDS,
          `${step} s and ${duplicateStep} s, ${look.rows}`,
        );
      }
    });
  }

  it("is compared in all stories that were recorded", function () {
    const names = swarmRecordings(this).map(({ name }) => name);
    assert.deepEqual(Object.keys(PLAYS).sort(), names.sort());
  });

  it("restores the old version under a new id at the moment in which the new one fails", async () => {
    const failed = (await emulate({ before: 1, behaviour: CRASH })).find(({ rows }) =>
      rows.includes("new shutdown/Failed"),
    );
    assert.deepEqual(failed?.rows, [
      "new ready/coming",
      "new running/coming",
      "new shutdown/Failed",
      "old shutdown/Running",
    ]);
  });

  async function emulate({ before, columns, behaviour, isReload = false }: Play): Promise<Look[]> {
    const clock = new ManualClock();
    const emulator = await startEmulator({ clock, buildMs: 0 });
    open.push(emulator);
    const headers = { "x-api-key": emulator.apiKey, "content-type": "application/json" };
    const get = async (endpoint: string, input: Record<string, string>): Promise<unknown> =>
      (await fetch(`${emulator.url}/api/${endpoint}?${new URLSearchParams(input)}`, { headers })).json();
    const post = async (endpoint: string, input: object): Promise<Record<string, string>> => {
      const body = JSON.stringify(input);
      const answer = await fetch(`${emulator.url}/api/${endpoint}`, { method: "POST", headers, body });
      return JSON.parse((await answer.text()) || "{}");
    };
    const { environment } = (await post("project.create", { name: "shop" })) as unknown as {
      environment: { environmentId: string };
    };
    const { environmentId } = environment;
    const made = await post("application.create", { name: "web", environmentId });
    const { applicationId = "", appName = "" } = made;
    const source = { sourceType: "docker", dockerImage: "web:1" };
    await post("application.update", { applicationId, ...source, replicas: before ?? 1 });
    emulator.setContainers(applicationId, { kind: "healthy", output: "old" });
    if (before !== undefined) {
      await post("application.deploy", { applicationId });
      clock.advance(0);
      clock.advance(8_000);
    }
    const rows = async () =>
      (await get("docker.getServiceContainersByAppName", { appName })) as readonly TaskRow[];
    const old = idsOf(await rows());
    emulator.setContainers(applicationId, behaviour);
    await post("application.update", { applicationId, ...columns });
    await post(isReload ? "application.reload" : "application.deploy", { applicationId, appName });
    clock.advance(0);
    const looks: Look[] = [];
    for (let t = 0; t < 28; t += LOOK_MS / 1000) {
      const seen = await rows();
      const log = seen.length === 0 ? "" : await get("application.readLogs", { applicationId });
      looks.push({ t, rows: meaning(seen, old), log: versionIn(seen, String(log)) });
      clock.advance(LOOK_MS);
    }
    return looks;
  }
});

function recordedLooks({ sequence, rowsBefore, readLogs }: SwarmRecording): Look[] {
  const old = idsOf(rowsBefore);
  return sequence.map(({ t, rows }, index) => ({
    t,
    rows: meaning(rows, old),
    log: versionIn(rows, readLogs[index]?.log ?? ""),
  }));
}

function idsOf(rows: readonly TaskRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ containerId }) => containerId));
}

/** The rows without ids, slots, ages and the steps before a container runs, which pass too quickly to be compared. */
function meaning(rows: readonly TaskRow[], old: ReadonlySet<string>): string[] {
  return rows
    .map(({ containerId, state, currentState }) => {
      const [current = ""] = currentState.split(" ");
      const phase = /^(?:Running|Failed|Complete|Shutdown|Rejected)$/.test(current) ? current : "coming";
      return `${old.has(containerId) ? "old" : "new"} ${state}/${phase}`;
    })
    .sort();
}

/** Which version printed it; `none` where no container runs for sure, since all are printed in no order then. */
function versionIn(rows: readonly TaskRow[], log: string): Look["log"] {
  if (!rows.some(({ currentState }) => currentState.startsWith("Running"))) return "none";
  if (/Z (?:old|app version 1 )/.test(log)) return "old";
  return log === "" ? "none" : "new";
}

/** The looks that show something new, from the first on that shows a task of the change. */
function landmarks(looks: readonly Look[]): Look[] {
  const news = looks.filter(({ rows }, index) => rows.join() !== looks[index - 1]?.rows.join());
  const first = news.findIndex(({ rows }) => rows.some((row) => row.startsWith("new")));
  return first < 0 ? news : news.slice(first);
}

/** Pairs of looks that show the same, in order. What only one of the two shows must be over in a moment. */
function align(recorded: readonly Look[], emulated: readonly Look[]): [Look, Look][] {
  const pairs: [Look, Look][] = [];
  let [i, j] = [0, 0];
  const isBlink = (looks: readonly Look[], at: number) => {
    const [look, next] = [looks[at], looks[at + 1]];
    return look !== undefined && next !== undefined && next.t - look.t <= BLINK_SECONDS;
  };
  while (pairs.length < LOOKS_COMPARED) {
    const [look, duplicate] = [recorded[i], emulated[j]];
    if (look === undefined || duplicate === undefined) {
      assert.equal(recorded[i]?.rows, emulated[j]?.rows, "one goes on");
      break;
    }
    if (look.rows.join() === duplicate.rows.join()) {
      pairs.push([look, duplicate]);
      i += 1;
      j += 1;
    } else if (isBlink(recorded, i) && recorded[i + 1]?.rows.join() === duplicate.rows.join()) i += 1;
    else if (isBlink(emulated, j) && emulated[j + 1]?.rows.join() === look.rows.join()) j += 1;
    else assert.deepEqual(duplicate.rows, look.rows, `at ${look.t} s and ${duplicate.t} s`);
  }
  return pairs;
}

import type { ContainerRow, TaskRow } from "../dokploy";
import { assessContainers } from "./health-compose";
import {
  type Assessment,
  type Expected,
  type Failure,
  STABLE_SECONDS,
  type TaskVersion,
} from "./health-model";
import { assessTasks, lingering, ofOldVersion } from "./health-swarm";

/**
 * Judges if a deployed service runs: a pure function of the observations of one service after its deployment. A
 * record with the status `done`, or a successful reload, only means that Docker accepted the request.
 *
 * The rules rest on the behaviour of a running Dokploy 0.30.2:
 * - Each deployment and reload of an application replaces its tasks, even when nothing changed. `docker compose up`
 *   keeps the containers that did not change, and so does a stack.
 * - Swarm starts a new task before it stops the old one. An update that fails within 5 s is rolled back silently. An
 *   old task that was not stopped yet stays. Otherwise a task with a new id and the old version appears at the very
 *   moment in which the new one has failed, or the task that is started 5 s later has the old version. Rows alone
 *   cannot show which of the two it is; `docker service inspect` does.
 * - A container that Swarm stops because of its health check is `Complete`, without an error, if its process ends
 *   with code 0.
 * - A crash shows within 4.3 s, in compose within 0.4 s; a process may also run some seconds before it dies.
 *   `Running` for 10 s was never followed by a rollback.
 * - A container with a health check stays `Starting` until it is healthy.
 * - When a task of a crash-looping service ends during an update, its next try already has the new version. Then two
 *   new tasks share its slot, and Swarm stops the newer one. Rows do not show the version of a task.
 */

/** Result of one look. */
export interface Observation {
  /** Time of the look, in milliseconds of the local clock. */
  readonly at: number;
  readonly tasks?: readonly TaskRow[];
  readonly containers?: readonly ContainerRow[];
  /** Ids of tasks whose health check has passed; rows do not show this. */
  readonly healthy?: ReadonlySet<string>;
  /** Versions of tasks whose rows leave doubt; undefined for a task that Docker no longer knows. */
  readonly versions?: ReadonlyMap<string, TaskVersion | undefined>;
}

/** Verdict about a deployed service: still waiting, stable, or failed. */
export type Verdict =
  | {
      readonly phase: "waiting";
      /** Failure to report if time runs out now. */
      readonly missing: Failure;
      /** Time when it is stable if nothing changes; undefined while something is missing. */
      readonly stableAt?: number;
      /** Time since when all of it runs; undefined while something is missing. */
      readonly runsSince?: number;
    }
  | {
      readonly phase: "stable";
      /** Tasks or containers that run; those of a job may have ended. */
      readonly ids: readonly string[];
    }
  | { readonly phase: "failed"; readonly failure: Failure };

/** Verdict about a deployed service, and the evidence for it so far. */
export interface Health {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
}

interface Evidence {
  readonly expected: Expected;
  /** Time since when each id has been as it should, without a break. */
  readonly fineSince: ReadonlyMap<string, number>;
  readonly fadingSince?: number;
  /** Swarm: tasks of the previous version. Undefined until the first look. */
  readonly older?: ReadonlySet<string>;
  /** Swarm: tasks that waited for a health check. */
  readonly lingering: ReadonlySet<string>;
  /** Compose: seconds that each container had run at the last look. */
  readonly ages: ReadonlyMap<string, number>;
}

const NOTHING_SEEN: Failure = { reason: "unfinished", detail: "its containers have not been checked yet" };
const TOO_SHORT: Failure = {
  reason: "unfinished",
  detail: `it has not yet run for ${STABLE_SECONDS} s without a change`,
};
const NONE: ReadonlySet<string> = new Set();

/** Returns the state at the end of the deployment, before the first look. */
export function begin(expected: Expected): Health {
  return {
    verdict: { phase: "waiting", missing: NOTHING_SEEN },
    evidence: { expected, fineSince: new Map(), lingering: NONE, ages: new Map() },
  };
}

/** True when the verdict is final. */
export function isFinal(verdict: Verdict): verdict is Exclude<Verdict, { phase: "waiting" }> {
  return verdict.phase !== "waiting";
}

/**
 * Adds one look to the state.
 *
 * @example
 * let state = begin({ engine: "swarm", before, at: Date.now(), replicas: 1 });
 * for (const observation of observations) state = next(state, observation);
 * state.verdict; // { phase: "failed", failure: { reason: "crashed", exitCode: 3, … } }
 */
export function next(
  state: Health,
  { at, tasks = [], containers = [], healthy = NONE, versions = new Map() }: Observation,
): Health {
  if (isFinal(state.verdict)) return state;
  const { expected, ages } = state.evidence;
  if (expected.engine === "compose")
    return judge(state, assessContainers(expected, ages, containers, at), at);
  const guessed = state.evidence.older ?? ofOldVersion(expected, tasks, at);
  const older = new Set([...guessed].filter((id) => versions.get(id) !== "new"));
  for (const [id, version] of versions) if (version === "old") older.add(id);
  const known = { older, lingering: new Set([...state.evidence.lingering, ...lingering(tasks)]), healthy };
  const seen = { ...state, evidence: { ...state.evidence, older, lingering: known.lingering } };
  return judge(seen, assessTasks(expected, known, tasks), at);
}

/** Returns the state when time has run out. */
export function expire(state: Health): Health {
  if (isFinal(state.verdict)) return state;
  return { ...state, verdict: { phase: "failed", failure: state.verdict.missing } };
}

function judge(state: Health, seen: Assessment, at: number): Health {
  const { fadingSince: fading, ...kept } = state.evidence;
  const evidence: Evidence = { ...kept, ages: seen.ages ?? kept.ages };
  if (seen.failure !== undefined) return { evidence, verdict: { phase: "failed", failure: seen.failure } };

  if (seen.fading !== undefined) {
    const fadingSince = fading ?? at;
    if (at - fadingSince >= STABLE_SECONDS * 1000) {
      return { evidence, verdict: { phase: "failed", failure: seen.fading } };
    }
    return {
      evidence: { ...evidence, fadingSince, fineSince: new Map() },
      verdict: { phase: "waiting", missing: seen.fading },
    };
  }
  if (seen.settled === undefined) {
    const missing = seen.missing ?? NOTHING_SEEN;
    return { evidence: { ...evidence, fineSince: new Map() }, verdict: { phase: "waiting", missing } };
  }
  const since = [...seen.settled].map(([id, seconds]) => {
    const from = kept.fineSince.get(id) ?? at;
    return { id, from, stableAt: seconds === 0 ? Number.NEGATIVE_INFINITY : from + seconds * 1000 };
  });
  const fineSince = new Map(since.map(({ id, from }) => [id, from]));
  const stableAt = Math.max(Number.NEGATIVE_INFINITY, ...since.map((task) => task.stableAt));
  const runsSince = Math.max(Number.NEGATIVE_INFINITY, ...since.map(({ from }) => from));
  return {
    evidence: { ...evidence, fineSince },
    verdict:
      at >= stableAt
        ? { phase: "stable", ids: [...fineSince.keys()] }
        : { phase: "waiting", missing: TOO_SHORT, stableAt, runsSince },
  };
}

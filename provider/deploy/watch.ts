import { counted, shorten } from "../../packages/text";
import { type Api, DokployError, type TaskRow } from "../dokploy";
import { maskSecrets, plainText } from "../env";
import { type ExitLog, exitLog } from "./exit-log";
import { explain } from "./explain";
import { begin, expire, type Health, isFinal, next, type Observation, type Verdict } from "./health";
import { type Failure, rolledBack, type Snapshot, type TaskVersion } from "./health-model";
import { readContainer } from "./health-rows";
import { endOf, inDoubt, serviceOf } from "./health-swarm";
import { NotRunningError, type RunFailure } from "./not-running";
import type { Timers } from "./pace";
import { areSeen, differing, type Proof, variablesOf, wentBack } from "./proof";
import { again, hintFor, OUT_OF_MEMORY, outputNotes } from "./run-hints";
import { isRunning, versionsOf } from "./task-versions";
import { Wait } from "./wait";
import { stateOf } from "./waiting";
import {
  containersOf,
  isContainerOf,
  isForbidden,
  isSwarm,
  keepsUnchanged,
  observe,
  snapshotOf,
  type WatchTarget,
  withAdvice,
} from "./watch-target";

export type { Snapshot } from "./health-model";
export type { WatchTarget } from "./watch-target";

/** Options of {@link watchContainers}. */
export interface WatchOptions {
  /** Limit until everything runs, in seconds. Default: 120. */
  readonly timeoutSeconds?: number;
  /** Replicas of an application, or successful ends of a job. Default: all that Swarm wants, at least 1. */
  readonly replicas?: number;
  /** True when the application's tasks are meant to end (`ReplicatedJob`, `GlobalJob`). Default: false. */
  readonly isJob?: boolean;
  /**
   * Variables that an application's containers must have, as the process sees them: the proof that the new version
   * runs. For a stack, each name is `<service>/<NAME>`. Leave out those that Swarm fills in (`{{.Node.ID}}`). They
   * are compared and neither shown nor kept. Only containers on the node that Dokploy asks can be checked.
   */
  readonly expectEnv?: Readonly<Record<string, string>>;
  /** Called when the variables differ: returns the present ones, if others saved some; undefined if they are equal. */
  readonly expectNow?: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** Returns the error for a doubtful deployment that created nothing new. */
  readonly ifUntouched?: (() => Error) | undefined;
  /** True when the saved changes stay in Dokploy after a failure; messages say so. Default: true. */
  readonly isKept?: boolean;
  /** Values that must not appear in messages. */
  readonly secrets?: Iterable<string>;
  /** Receives lines of progress, such as `web: starting, 10 s`. */
  readonly progress?: (line: string) => void;
  readonly timers?: Timers;
}

const DEFAULT_TIMEOUT_SECONDS = 120;
/** Waits between looks while nothing is due: after 15 s, one look every 5 s. */
const WAITS_MS = [1_000, 2_000, 3_000, 4_000, 5_000] as const;
/** A look that is due this soon after the next one replaces it. */
const JOIN_MS = 1_500;
const SHORTEST_WAIT_MS = 250;
/** Time for which an unanswered call may delay the end. */
const HANGING_MS = 10_000;
/** Seconds before the end of the deployment from which output belongs to it. */
const LOG_BEFORE_SECONDS = 10;
/** Number of tries, and the wait between them, for output that certainly comes from the failed container. */
const LOG_TRIES = 5;
const LOG_WAIT_MS = 2_000;
const MAX_DETAIL_LENGTH = 300;

/**
 * Reads the running tasks or containers of a service. Call it just before the deploy call: everything that exists
 * afterwards and is not in the snapshot is new.
 *
 * @throws DokployError `forbidden` when the key has no permission to look at containers; nothing was deployed then
 */
export async function readTasks(
  api: Api,
  target: WatchTarget,
  now: () => number = Date.now,
): Promise<Snapshot> {
  try {
    const seen = await observe(api, target, now);
    const { tasks = [] } = seen;
    return snapshotOf(seen, await isRunning(api, target, tasks));
  } catch (error) {
    throw isForbidden(error) ? withAdvice(error) : error;
  }
}

/**
 * Watches a service after its deployment until everything new has run for 10 s. A service that runs at once takes 5
 * calls. `expectEnv` adds one call, and one for each replica (at most 3).
 *
 * @param before the state just before the deploy call
 * @returns which variables the containers were seen to have
 * @throws NotRunningError when it does not run, the old version does, time runs out, or its state is unknown
 * @throws DokployError `forbidden` when the key has no permission to look at containers
 *
 * @example
 * const before = await readTasks(api, web);
 * await deployments.run(web, undefined, {});
 * await watchContainers(api, web, before, { replicas: 2, expectEnv: { LOG_LEVEL: "info" } });
 */
export async function watchContainers(
  api: Api,
  target: WatchTarget,
  before: Snapshot,
  options: WatchOptions = {},
): Promise<Proof> {
  return await new Watch(api, target, before, options).run();
}

class Watch {
  private readonly wait: Wait;
  private state: Health;
  /** Result of the last look. */
  private last: Observation | undefined;
  /** Ids of tasks whose health check was read, and of those that have passed it. */
  private readonly askedHealth = new Set<string>();
  private readonly healthy = new Set<string>();
  private readonly versions = new Map<string, TaskVersion | undefined>();
  private looks = 0;
  private proof: Proof = "none";

  constructor(
    private readonly api: Api,
    private readonly target: WatchTarget,
    private readonly before: Snapshot,
    private readonly options: WatchOptions,
  ) {
    const { timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, progress, timers } = options;
    this.wait = new Wait(timeoutSeconds, progress, timers);
    this.state = begin({
      engine: isSwarm(target) ? "swarm" : "compose",
      before,
      at: this.wait.startedAt,
      keepsUnchanged: keepsUnchanged(target),
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      ...(options.isJob === undefined ? {} : { isJob: options.isJob }),
    });
  }

  async run(): Promise<Proof> {
    for (;;) {
      const error = await this.inTime(this.look());
      if (error !== undefined) this.takeFailure(error);
      else this.wait.noteSuccess();

      const { verdict } = this.state;
      if (verdict.phase === "failed") throw await this.notRunning(verdict.failure);
      if (verdict.phase === "stable" && error === undefined) return this.proof;
      const { remaining, isOver } = this.wait;
      if (isOver) throw await this.tooLate();
      this.report(verdict);
      await this.wait.sleep(Math.min(this.nextWait(verdict), remaining));
    }
  }

  /** Looks once, and checks the proof when it was the last look. @returns the error of the look */
  private async look(): Promise<Error | undefined> {
    try {
      if (!isFinal(this.state.verdict)) {
        this.looks += 1;
        this.last = await this.observe();
        this.state = next(this.state, { ...this.last, healthy: this.healthy });
        await this.noteHealthy();
      }
      const { verdict } = this.state;
      if (verdict.phase === "stable") await this.prove(verdict.ids);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Reads the rows, and the versions of tasks where rows do not show them. */
  private async observe(): Promise<Observation> {
    const seen = await observe(this.api, this.target, () => this.wait.now);
    const tasks = seen.tasks ?? [];
    const asked = inDoubt(this.state.evidence.expected, tasks, seen.at);
    const news = tasks.filter(({ containerId: id }) => asked.includes(id) && !this.versions.has(id));
    for (const [id, version] of await versionsOf(this.api, this.target, news)) this.versions.set(id, version);
    return { ...seen, versions: this.versions };
  }

  /** Asks, once the task runs, if the awaited health check has passed: then the task need not run for so long. */
  private async noteHealthy(): Promise<void> {
    const { verdict, evidence } = this.state;
    if (verdict.phase !== "waiting" || verdict.stableAt === undefined || this.last === undefined) return;
    const asked = [...evidence.fineSince.keys()].filter(
      (id) => evidence.lingering.has(id) && !this.askedHealth.has(id),
    );
    if (asked.length === 0) return;
    const rows = await containersOf(this.api, this.target);
    for (const id of asked) {
      this.askedHealth.add(id);
      const row = rows.find((candidate) => isContainerOf(candidate, id));
      if (row !== undefined && readContainer(row).health === "healthy") this.healthy.add(id);
    }
    if (asked.some((id) => this.healthy.has(id))) {
      this.state = next(this.state, { ...this.last, healthy: this.healthy });
    }
  }

  /** Asks Swarm if it went back, and compares the variables of the running containers. */
  private async prove(taskIds: readonly string[]): Promise<void> {
    const rollback = await this.rollback(taskIds);
    if (rollback !== undefined) throw rollback;
    const { expectEnv = {}, expectNow, isJob } = this.options;
    if (!isSwarm(this.target) || isJob || Object.keys(expectEnv).length === 0) return;
    const actual = await variablesOf(this.api, this.target, taskIds);
    const wrong = differing(expectEnv, actual);
    if (wrong.length === 0) {
      this.proof = areSeen(expectEnv, actual) ? "given" : "none";
      return;
    }
    const now = await expectNow?.();
    if (now === undefined || differing(now, actual).length > 0)
      throw this.untouched() ?? this.oldVariables(wrong, now !== undefined);
    this.proof = "latest";
  }

  /** Finds a rollback that the rows do not show: restarted tasks of the old version look like any others. */
  private async rollback(taskIds: readonly string[]): Promise<NotRunningError | undefined> {
    if (!isSwarm(this.target) || this.before.ids.size === 0 || this.options.isJob) return undefined;
    const failedId = await wentBack(this.api, this.target, this.changedServices(taskIds));
    if (failedId === undefined) return undefined;
    const failure = endOf(failedId || undefined, this.state.evidence.expected, this.last?.tasks ?? []);
    if (failure !== undefined) return await this.notRunning(rolledBack(failure, this.before));
    return new NotRunningError({
      outcome: "rolled-back",
      target: this.target,
      why: "Swarm rolled back to the old version after the new one had failed, and its tasks no longer show why",
      hint: `Look at the service's Logs tab in Dokploy; a missing or wrong variable is the usual reason. ${again(this.options.isKept ?? true)}`,
    });
  }

  /** Services of Swarm with new tasks among those that run. */
  private changedServices(taskIds: readonly string[]): Set<string> {
    const rows = (this.last?.tasks ?? []).filter(({ containerId }) => !this.before.ids.has(containerId));
    return new Set(
      rows.filter(({ containerId }) => taskIds.includes(containerId)).map(({ name }) => serviceOf(name)),
    );
  }

  private oldVariables(names: readonly string[], isOvertaken: boolean): NotRunningError {
    const list = shorten(names.join(", "), MAX_DETAIL_LENGTH);
    return new NotRunningError({
      outcome: "rolled-back",
      target: this.target,
      why:
        `its running container does not have the new ${names.length === 1 ? "value" : "values"} of ${list}, so ` +
        "Swarm rolled back to the old version, or somebody else deployed another one",
      hint: "Look at the service's Logs and Deployments tabs in Dokploy, and run the update again.",
      isOvertaken,
    });
  }

  private takeFailure(error: Error): void {
    if (error instanceof NotRunningError) throw error;
    if (isForbidden(error)) throw withAdvice(error);
    const mayPass = this.wait.noteFailure(error) || error instanceof HangingError;
    if (!mayPass) throw error instanceof DokployError ? this.unknown(error.message) : error;
  }

  private nextWait(verdict: Verdict): number {
    const afterFailure = this.wait.pauseAfterFailure;
    if (afterFailure !== undefined) return afterFailure;
    const wait = WAITS_MS[Math.min(this.looks, WAITS_MS.length) - 1] ?? WAITS_MS[0];
    const stableAt = verdict.phase === "waiting" ? verdict.stableAt : undefined;
    if (stableAt === undefined) return wait;
    const due = Math.max(SHORTEST_WAIT_MS, stableAt - this.wait.now);
    return due <= wait + JOIN_MS ? due : wait;
  }

  private async tooLate(): Promise<Error> {
    const { inARow, last } = this.wait.failures;
    if (inARow > 0) return this.unknown(last);
    const untouched = this.untouched();
    if (untouched !== undefined) return untouched;
    const { verdict } = expire(this.state);
    if (verdict.phase !== "failed") return this.unknown("time ran out");
    const { failure } = verdict;
    return (await this.lateRollback(failure)) ?? (await this.notRunning(failure, true));
  }

  /** Finds a rollback at the deadline: more time would not help a task that starts with the old version. */
  private async lateRollback({ itself }: Failure): Promise<NotRunningError | undefined> {
    if (itself !== undefined) return undefined;
    try {
      return await this.rollback((this.last?.tasks ?? []).map(({ containerId }) => containerId));
    } catch {
      return undefined;
    }
  }

  /** Error of a doubtful deployment that created no new task. */
  private untouched(): Error | undefined {
    const isNew = ({ containerId }: TaskRow) => !this.before.ids.has(containerId);
    return this.last?.tasks?.some(isNew) === false ? this.options.ifUntouched?.() : undefined;
  }

  private async notRunning(seen: Failure, isTooLate = false): Promise<NotRunningError> {
    const pause = (ms: number) => this.wait.sleep(ms);
    const { failure, mayBeOld, isOutOfMemory, checkOutput } = await explain(
      this.api,
      this.target,
      seen,
      this.before,
      pause,
    );
    const { reason } = failure;
    const words = await this.exitLog(failure, mayBeOld);
    const { isKept = true } = this.options;
    const detail = isOutOfMemory ? `${failure.detail}: it ran out of memory` : failure.detail;
    const outcome: RunFailure = reason === "rolled-back" ? "rolled-back" : "unhealthy";
    const late = isTooLate ? ` (after ${this.wait.elapsed()})` : "";
    return new NotRunningError({
      outcome,
      target: this.target,
      why: this.shown(detail) + late,
      hint: isOutOfMemory ? OUT_OF_MEMORY : hintFor(failure, words.lines, { isTooLate, isKept }),
      log: words.lines,
      isLogOfNext: words.of === "next",
      notes: [
        ...(checkOutput === undefined ? [] : [`The health check says: ${this.shown(checkOutput)}`]),
        ...outputNotes(failure, words),
        ...this.wait.failureNotes("look"),
      ],
    });
  }

  /**
   * Reads the output of the failed container. While an old container is being stopped, Dokploy returns its output; a
   * moment later, that of the next try. A task that has started since the last look may also have printed something.
   */
  private async exitLog(failure: Failure, mayBeOld: boolean): Promise<ExitLog> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.last = await this.observe();
      } catch {
        return { lines: [], of: "unread" };
      }
      const { at, tasks = [] } = this.last;
      const known = this.state.evidence.older ?? this.before.ids;
      const reported = [...this.versions].flatMap(([id, version]) => (version === "old" ? [id] : []));
      const seen = {
        tasks,
        older: new Set([...known, ...reported]),
        mayBeOld,
        seconds: (at - this.wait.startedAt) / 1000 + LOG_BEFORE_SECONDS,
        passed: () => (this.wait.now - at) / 1000,
      };
      const words = await exitLog(this.api, this.target, failure, seen, this.options.secrets ?? []);
      if (words.of !== "nobody" || mayBeOld || tries === LOG_TRIES) return words;
      await this.wait.sleep(LOG_WAIT_MS);
    }
  }

  private unknown(why: string): NotRunningError {
    return new NotRunningError({
      outcome: "unknown",
      target: this.target,
      why: `${counted(this.looks, "look")} at its containers did not show whether it runs, and then: ${why.replace(/\.$/, "")}`,
      hint: "Look at the service in Dokploy; run the update again when it can be reached.",
    });
  }

  private shown(detail: string): string {
    const masked = maskSecrets(plainText(detail), this.options.secrets ?? []);
    return shorten(masked.replace(/\s+/g, " ").trim(), MAX_DETAIL_LENGTH);
  }

  private report(verdict: Verdict): void {
    const { progress } = this.options;
    if (progress === undefined || verdict.phase !== "waiting") return;
    const state = stateOf(verdict, this.wait, (detail) => this.shown(detail));
    if (state !== undefined) progress(`${this.target.name}: ${state}`);
  }

  /** Returns the result, or an error when the call has not ended long after the deadline. */
  private async inTime(call: Promise<Error | undefined>): Promise<Error | undefined> {
    const hasEnded = await this.wait.endsWithin(Math.max(0, this.wait.remaining) + HANGING_MS, call);
    return hasEnded ? await call : new HangingError();
  }
}

class HangingError extends Error {
  constructor() {
    super("Dokploy did not answer in time");
  }
}

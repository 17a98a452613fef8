import type { Api } from "../dokploy/endpoints";
import { DokployError, type ErrorKind } from "../dokploy/errors";
import { readContainerLog } from "./container-log";
import { duration } from "./error";
import { begin, expire, type Health, isFinal, next, type Verdict } from "./health";
import { type Failure, KILLED, type Snapshot } from "./health-model";
import { maskSecrets, plainText, shorten } from "./log";
import { NotRunningError, type RunFailure } from "./not-running";
import { intervalAfterFailures, REAL_TIMERS, type Timers } from "./pace";
import {
  containerOf,
  containersOf,
  isContainerOf,
  isSwarm,
  keepsUnchanged,
  observe,
  onServer,
  snapshotOf,
  type WatchTarget,
} from "./watch-target";

export type { Snapshot } from "./health-model";
export type { WatchTarget } from "./watch-target";

export interface WatchOptions {
  /** How long it may take until everything runs. Default: 120. */
  readonly timeoutSeconds?: number;
  /** Of an application, or of a replicated job how often it must end well. Default: all that Swarm wants, at least 1. */
  readonly replicas?: number;
  /** Whether the application's tasks are meant to end (`ReplicatedJob`, `GlobalJob`). Default: false. */
  readonly isJob?: boolean;
  /**
   * Variables that an application's containers must have, as the process sees them: the proof that the new version
   * runs. Leave out those that Swarm fills in (`{{.Node.ID}}`). They are compared and neither shown nor kept. Only
   * containers on the node that Dokploy asks can be proven.
   */
  readonly expectEnv?: Readonly<Record<string, string>>;
  /**
   * Asked when the variables differ: those that containers would have now; undefined when they are the same. Others may
   * have saved some before the deployment took them.
   */
  readonly expectNow?: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** Values that no message may show. */
  readonly secrets?: Iterable<string>;
  /** Takes a line of progress, such as `web: waiting until it runs, 10 s`. */
  readonly progress?: (line: string) => void;
  readonly timers?: Timers;
}

const DEFAULT_TIMEOUT_SECONDS = 120;
/** Waits between looks while nothing is due: after 15 s, one look in 5 s. */
const WAITS_MS = [1_000, 2_000, 3_000, 4_000, 5_000] as const;
/** A look that is due so soon after the next one takes its place. */
const JOIN_MS = 1_500;
const SHORTEST_WAIT_MS = 250;
const PROGRESS_EVERY_MS = 10_000;
/** How long an unanswered call may hold up the end. */
const HANGING_MS = 10_000;
/** Containers whose variables are compared. */
const MAX_PROOFS = 3;
/** What a container printed before the end of the deployment belongs to it by this much. */
const LOG_BEFORE_SECONDS = 10;
const MAX_DETAIL_LENGTH = 300;
/** Failures that may pass. */
const TRANSIENT: ReadonlySet<ErrorKind> = new Set([
  "rate-limited",
  "unreachable",
  "timeout",
  "not-dokploy",
  "server",
]);

/**
 * What runs of a service now. Read it just before the call that deploys: what is there afterwards and not in it, is
 * new.
 *
 * @throws DokployError `forbidden` when the key may not look at containers; nothing was deployed then
 */
export async function readTasks(
  api: Api,
  target: WatchTarget,
  now: () => number = Date.now,
): Promise<Snapshot> {
  try {
    return snapshotOf(await observe(api, target, now));
  } catch (error) {
    throw isForbidden(error) ? withAdvice(error) : error;
  }
}

/**
 * Watches a service after its deployment until everything new has run for 10 s. A service that runs at once takes 5
 * calls, and with `expectEnv` one more and one for each replica (at most 3).
 *
 * @param before what ran just before the call that deployed
 * @returns whether the containers have the variables of `expectNow`, instead of those of `expectEnv`
 * @throws NotRunningError when it does not run, the old version does, time runs out, or Dokploy does not say
 * @throws DokployError `forbidden` when the key may not look at containers
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
): Promise<boolean> {
  return await new Watch(api, target, before, options).run();
}

class Watch {
  private readonly timers: Timers;
  private readonly startedAt: number;
  private readonly deadline: number;
  private state: Health;
  private looks = 0;
  private failures = { total: 0, inARow: 0, last: "" };
  private told = { detail: "", at: Number.NEGATIVE_INFINITY };
  private hasLatest = false;

  constructor(
    private readonly api: Api,
    private readonly target: WatchTarget,
    before: Snapshot,
    private readonly options: WatchOptions,
  ) {
    this.timers = options.timers ?? REAL_TIMERS;
    this.startedAt = this.timers.now();
    this.deadline = this.startedAt + (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
    this.state = begin({
      engine: isSwarm(target) ? "swarm" : "compose",
      before,
      at: this.startedAt,
      keepsUnchanged: keepsUnchanged(target),
      ...(options.replicas === undefined ? {} : { replicas: options.replicas }),
      ...(options.isJob === undefined ? {} : { isJob: options.isJob }),
    });
  }

  async run(): Promise<boolean> {
    for (;;) {
      const error = await this.inTime(this.look());
      if (error !== undefined) this.takeFailure(error);
      else this.failures.inARow = 0;

      const { verdict } = this.state;
      if (verdict.phase === "failed") throw await this.notRunning(verdict.failure);
      if (verdict.phase === "stable" && error === undefined) return this.hasLatest;
      const left = this.deadline - this.timers.now();
      if (left <= 0) throw await this.tooLate();
      this.tell(verdict);
      await this.sleep(Math.min(this.nextWait(verdict), left));
    }
  }

  /** One look, and the proof when it was the last one. @returns what went wrong with it */
  private async look(): Promise<Error | undefined> {
    try {
      if (!isFinal(this.state.verdict)) {
        this.looks += 1;
        this.state = next(this.state, await observe(this.api, this.target, () => this.timers.now()));
      }
      const { verdict } = this.state;
      if (verdict.phase === "stable") await this.prove(verdict.ids);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Compares the variables of the containers that run. */
  private async prove(taskIds: readonly string[]): Promise<void> {
    const { expectEnv = {}, expectNow } = this.options;
    const actual = await this.variablesOf(taskIds);
    const wrong = differing(expectEnv, actual);
    if (wrong.length === 0) return;
    const now = await expectNow?.();
    this.hasLatest = now !== undefined && differing(now, actual).length === 0;
    if (!this.hasLatest) throw this.oldVariables(wrong, now !== undefined);
  }

  /** Those of each container, as `NAME=value`. */
  private async variablesOf(taskIds: readonly string[]): Promise<ReadonlySet<string>[]> {
    const { expectEnv = {}, isJob } = this.options;
    if (this.target.kind === "compose" || isJob || Object.keys(expectEnv).length === 0) return [];
    if (taskIds.length === 0) return [];
    const rows = await containersOf(this.api, this.target);
    const running = rows.filter((row) => taskIds.some((id) => isContainerOf(row, id)));
    const found: ReadonlySet<string>[] = [];
    for (const { containerId } of running.slice(0, MAX_PROOFS)) {
      const config = await this.api.call("docker.getConfig", { containerId, ...onServer(this.target) });
      // Not there: on another node, or replaced in this moment.
      const env = config?.Config?.Env;
      if (env !== undefined && env !== null) found.push(new Set(env));
    }
    return found;
  }

  private oldVariables(names: readonly string[], isOvertaken: boolean): NotRunningError {
    const list = shorten(names.join(", "), MAX_DETAIL_LENGTH);
    return new NotRunningError({
      outcome: "rolled-back",
      target: this.target,
      why: `its running container does not have the new ${names.length === 1 ? "value" : "values"} of ${list}, so Swarm went back to the old version, or somebody else deployed another one`,
      hint: "Look at the service's Logs and Deployments tabs in Dokploy, and run the update again.",
      isOvertaken,
    });
  }

  private takeFailure(error: Error): void {
    if (error instanceof NotRunningError) throw error;
    if (isForbidden(error)) throw withAdvice(error);
    if (!(error instanceof DokployError && TRANSIENT.has(error.kind)) && !(error instanceof HangingError)) {
      if (!(error instanceof DokployError)) throw error;
      throw this.unknown(error.message);
    }
    this.failures = {
      total: this.failures.total + 1,
      inARow: this.failures.inARow + 1,
      last: error.message,
    };
  }

  private nextWait(verdict: Verdict): number {
    if (this.failures.inARow > 0) return intervalAfterFailures(this.failures.inARow);
    const wait = WAITS_MS[Math.min(this.looks, WAITS_MS.length) - 1] ?? WAITS_MS[0];
    const stableAt = verdict.phase === "waiting" ? verdict.stableAt : undefined;
    if (stableAt === undefined) return wait;
    const due = Math.max(SHORTEST_WAIT_MS, stableAt - this.timers.now());
    return due <= wait + JOIN_MS ? due : wait;
  }

  private async tooLate(): Promise<Error> {
    if (this.failures.inARow > 0) return this.unknown(this.failures.last);
    const { verdict } = expire(this.state);
    return verdict.phase === "failed" ? this.notRunning(verdict.failure, true) : this.unknown("time ran out");
  }

  private async notRunning(failure: Failure, isTooLate = false): Promise<NotRunningError> {
    const { reason } = failure;
    const isKilled = failure.exitCode === KILLED && (await this.isOutOfMemory(failure));
    // While another container runs, that one's output is all that Dokploy gives of an application.
    const hasLog = reason !== "rejected" && reason !== "never-placed" && failure.id !== undefined;
    const isHidden = reason === "rolled-back" && this.target.kind !== "compose";
    const seconds = (this.timers.now() - this.startedAt) / 1000 + LOG_BEFORE_SECONDS;
    const log =
      hasLog && !isHidden
        ? await readContainerLog(this.api, this.target, failure.id, seconds, this.secrets())
        : [];
    const detail = isKilled ? `${failure.detail}: it ran out of memory` : failure.detail;
    const outcome: RunFailure = reason === "rolled-back" ? "rolled-back" : "unhealthy";
    const late = isTooLate ? ` (after ${duration((this.timers.now() - this.startedAt) / 1000)})` : "";
    return new NotRunningError({
      outcome,
      target: this.target,
      why: this.shown(detail) + late,
      hint: isKilled ? OUT_OF_MEMORY : hintFor(failure, log, isTooLate),
      log,
      notes: [
        ...(isHidden
          ? ["What the new version printed cannot be read through Dokploy's API while the old one runs."]
          : []),
        ...this.failureNotes(),
      ],
    });
  }

  /** An exit code of 137 alone may also be an ordinary stop. */
  private async isOutOfMemory({ id }: Failure): Promise<boolean> {
    if (id === undefined) return false;
    try {
      const containerId = await containerOf(this.api, this.target, id);
      if (containerId === undefined) return false;
      const config = await this.api.call("docker.getConfig", { containerId, ...onServer(this.target) });
      return config?.State?.OOMKilled === true;
    } catch {
      return false;
    }
  }

  private unknown(why: string): NotRunningError {
    const times = this.looks === 1 ? "1 look" : `${this.looks} looks`;
    return new NotRunningError({
      outcome: "unknown",
      target: this.target,
      why: `${times} at its containers did not show it, and then: ${why.replace(/\.$/, "")}`,
      hint: "Look at the service in Dokploy; run the update again when it can be reached.",
    });
  }

  private failureNotes(): string[] {
    const { total, inARow, last } = this.failures;
    if (total === 0) return [];
    return [
      `${total === 1 ? "1 look" : `${total} looks`} failed while waiting${inARow > 0 ? ", the latest too" : ""}: ${last}`,
    ];
  }

  private shown(detail: string): string {
    const masked = maskSecrets(plainText(detail), this.secrets());
    return shorten(masked.replace(/\s+/g, " ").trim(), MAX_DETAIL_LENGTH);
  }

  private *secrets(): Iterable<string> {
    yield* this.options.secrets ?? [];
    yield* Object.values(this.options.expectEnv ?? {});
  }

  /** Says what is waited for: when that changes, and every 10 s. */
  private tell(verdict: Verdict): void {
    const { progress } = this.options;
    if (progress === undefined || verdict.phase !== "waiting") return;
    const now = this.timers.now();
    const detail = verdict.stableAt === undefined ? this.shown(verdict.missing.detail) : "";
    if (this.looks > 1 && detail === this.told.detail && now - this.told.at < PROGRESS_EVERY_MS) return;
    this.told = { detail, at: now };
    const seconds = duration((now - this.startedAt) / 1000);
    const state = detail === "" ? "runs; seeing whether it stays so" : `waiting until it runs: ${detail}`;
    progress(`${this.target.name}: ${state}, ${seconds}`);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.timers.after(ms, resolve);
    });
  }

  /** The result, or an error when the call has not ended well after the deadline. */
  private async inTime(call: Promise<Error | undefined>): Promise<Error | undefined> {
    let callOff = () => {};
    const hanging = new Promise<Error>((resolve) => {
      const ms = Math.max(0, this.deadline - this.timers.now()) + HANGING_MS;
      callOff = this.timers.after(ms, () => resolve(new HangingError()));
    });
    try {
      return await Promise.race([call, hanging]);
    } finally {
      callOff();
    }
  }
}

/** Names of the variables that some container does not have with this value. */
function differing(
  expected: Readonly<Record<string, string>>,
  containers: readonly ReadonlySet<string>[],
): string[] {
  return Object.entries(expected).flatMap(([name, value]) =>
    containers.every((env) => env.has(`${name}=${value}`)) ? [] : [name],
  );
}

class HangingError extends Error {
  constructor() {
    super("Dokploy did not answer in time");
  }
}

const OUT_OF_MEMORY =
  "Raise its memory limit (bytes), give the server more memory, or let the process use less. Then run the update again.";
const AGAIN = "What was saved stays; correct it and run the update again.";

function hintFor({ reason, cause, detail }: Failure, log: readonly string[], isTooLate: boolean): string {
  if (log.some((line) => /argument list too long/i.test(line))) {
    return `Its variables are too large for its command: one variable may have 131,071 bytes. ${AGAIN}`;
  }
  const where = log.length > 0 ? "Read its output below" : "Look at the service's Logs tab in Dokploy";
  switch (cause ?? reason) {
    case "crashed":
    case "rolled-back":
      if (/\b137\b/.test(detail)) return `${where}; 137 means that something killed it. ${AGAIN}`;
      return `${where}; a missing or wrong variable is the usual reason. ${AGAIN}`;
    case "exited":
      return `${where}. If it is meant to end, wait for "deployed" instead of "running", or run it as a job.`;
    case "unhealthy":
      return `${where}, and check its health check: command, port, and how long it may take to start. ${AGAIN}`;
    case "rejected":
      if (!/image/i.test(detail)) return `Correct what Docker names there. ${AGAIN}`;
      return `Check the name and tag of the image, that it was built or pushed, and that the server may pull it. ${AGAIN}`;
    case "not-started":
      return `Check the command, that the image contains it, and that it may be executed. ${AGAIN}`;
    case "never-placed":
      return `Check its placement constraints and reservations, and the servers of the Swarm. ${AGAIN}`;
    case "unfinished":
      return isTooLate ? `${where}. Raise the timeout if it needs longer to start.` : `${where}. ${AGAIN}`;
  }
}

function isForbidden(error: unknown): error is DokployError {
  return error instanceof DokployError && error.kind === "forbidden" && error.endpoint.startsWith("docker.");
}

function withAdvice(error: DokployError): DokployError {
  return new DokployError(
    `${error.message}\nwaitFor "running" looks at containers, for which the user of the API key needs the permission docker:read (access to Docker). Give it, use a key of an owner or admin, or set waitFor to "deployed".`,
    {
      kind: error.kind,
      endpoint: error.endpoint,
      outcome: error.outcome,
      ...(error.status === undefined ? {} : { status: error.status }),
    },
  );
}

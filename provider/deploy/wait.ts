import { counted } from "../../packages/text";
import { DokployError, type ErrorKind } from "../dokploy";
import { duration } from "./error";
import { pause } from "./interruption";
import { interval, intervalAfterFailures, REAL_TIMERS, type Timers } from "./pace";

/** Interval between two reports of the same progress. */
export const PROGRESS_EVERY_MS = 10_000;

/** Errors that may pass. */
const TRANSIENT: ReadonlySet<ErrorKind> = new Set([
  "rate-limited",
  "unreachable",
  "timeout",
  "not-dokploy",
  "server",
]);
/** Responses to a key that is not accepted; temporarily also at its rate limit, or without a database. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(["unauthorized", "forbidden"]);
/** Seconds for which refusals are tolerated. */
export const REFUSED_SECONDS = 60;

/** Requests that failed during a wait. */
export interface Failures {
  readonly total: number;
  readonly inARow: number;
  /** Message of the last failure. */
  readonly last: string;
}

/**
 * A wait for Dokploy: it has a deadline, repeats failed requests, and reports progress every 10 s.
 *
 * @example
 * const wait = new Wait(120, (line) => console.log(line));
 * while (!(await isThere())) {
 *   if (wait.isOver) throw new Error(`not there after ${wait.elapsed()}`);
 *   wait.tell("web", "web: is not there yet");
 *   await wait.sleep(1_000);
 * }
 */
export class Wait {
  readonly startedAt: number;
  readonly deadline: number;
  private failed: Failures = { total: 0, inARow: 0, last: "" };
  private refusedSince: number | undefined;
  private reported: { what: string | undefined; at: number } = {
    what: undefined,
    at: Number.NEGATIVE_INFINITY,
  };

  /** @param startedAt earlier start of the wait, in milliseconds of the local clock */
  constructor(
    readonly timeoutSeconds: number,
    private readonly progress: ((line: string) => void) | undefined,
    private readonly timers: Timers = REAL_TIMERS,
    startedAt?: number,
  ) {
    this.startedAt = startedAt ?? timers.now();
    this.deadline = this.startedAt + timeoutSeconds * 1000;
  }

  /** Current time of the local clock, in milliseconds. */
  get now(): number {
    return this.timers.now();
  }

  /** Milliseconds until the deadline; negative after it. */
  get remaining(): number {
    return this.deadline - this.now;
  }

  get isOver(): boolean {
    return this.remaining <= 0;
  }

  /** Waits as long as is sensible after a change at the start, or at another moment: longer, the longer ago it was. */
  async pauseSince(moment = this.startedAt): Promise<void> {
    await this.sleep(interval(this.now - moment));
  }

  /** Formats the time since the start, or since another moment: `3 min 5 s`. */
  elapsed(since = this.startedAt): string {
    return duration((this.now - since) / 1000);
  }

  /** @throws InterruptedError when Pulumi is interrupted meanwhile */
  sleep(ms: number): Promise<void> {
    return pause(this.timers, ms);
  }

  /** True when the promise ends within the time; otherwise it continues. */
  async endsWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
    let callOff = () => {};
    const late = new Promise<boolean>((resolve) => {
      callOff = this.timers.after(ms, () => resolve(false));
    });
    const ended = () => true;
    try {
      return await Promise.race([work.then(ended, ended), late]);
    } finally {
      callOff();
    }
  }

  get failures(): Failures {
    return this.failed;
  }

  /** Records a failed request. Returns true when it may succeed a moment later, as after a restart of Dokploy. */
  noteFailure(error: Error): boolean {
    const kind = error instanceof DokployError ? error.kind : undefined;
    const isRefusal = kind !== undefined && REFUSALS.has(kind);
    this.failed = { total: this.failed.total + 1, inARow: this.failed.inARow + 1, last: error.message };
    this.refusedSince = isRefusal ? (this.refusedSince ?? this.now) : undefined;
    return isRefusal ? !this.isRefused : kind !== undefined && TRANSIENT.has(kind);
  }

  /** True when Dokploy has refused the key for longer than a rate limit per minute would. */
  get isRefused(): boolean {
    return this.refusedSince !== undefined && this.now - this.refusedSince >= REFUSED_SECONDS * 1000;
  }

  noteSuccess(): void {
    this.refusedSince = undefined;
    this.failed = { ...this.failed, inARow: 0 };
  }

  /** Wait before the next request; undefined while requests do not fail. */
  get pauseAfterFailure(): number | undefined {
    return this.failed.inARow > 0 ? intervalAfterFailures(this.failed.inARow) : undefined;
  }

  /** Returns a sentence for the final error, if a request failed. `look` is the word for a request: `poll`. */
  failureNotes(look: string): string[] {
    const { total, inARow, last } = this.failed;
    if (total === 0) return [];
    return [`${counted(total, look)} failed while waiting${inARow > 0 ? ", the latest too" : ""}: ${last}`];
  }

  /** True when a line is due: a new one at once, the same one every 10 s. The call counts the line as reported. */
  isDue(what: string): boolean {
    const { now } = this;
    if (
      this.progress === undefined ||
      (what === this.reported.what && now - this.reported.at < PROGRESS_EVERY_MS)
    ) {
      return false;
    }
    this.reported = { what, at: now };
    return true;
  }

  /** Reports a line at once. */
  report(line: string): void {
    this.progress?.(line);
  }
}

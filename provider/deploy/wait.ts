import { DokployError, type ErrorKind } from "../dokploy/errors";
import { duration } from "./error";
import { intervalAfterFailures, REAL_TIMERS, type Timers } from "./pace";

/** How often something that goes on is told. */
export const PROGRESS_EVERY_MS = 10_000;

/** Failures that may pass. */
const TRANSIENT: ReadonlySet<ErrorKind> = new Set([
  "rate-limited",
  "unreachable",
  "timeout",
  "not-dokploy",
  "server",
]);
/** What Dokploy answers to a key that it does not take; for a time also with a limit on its use, or without its database. */
const REFUSALS: ReadonlySet<ErrorKind> = new Set(["unauthorized", "forbidden"]);
/** How long that is borne. */
export const REFUSED_SECONDS = 60;

/** Looks that failed while something was waited for. */
export interface Failures {
  readonly total: number;
  readonly inARow: number;
  /** Why the last one did. */
  readonly last: string;
}

/**
 * What every wait for Dokploy has: a deadline, looks that fail and are made again, and a line of progress every 10 s.
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
  private told: { what: string | undefined; at: number } = { what: undefined, at: Number.NEGATIVE_INFINITY };

  /** @param startedAt where it began before now, on the local clock in milliseconds */
  constructor(
    readonly timeoutSeconds: number,
    private readonly progress: ((line: string) => void) | undefined,
    private readonly timers: Timers = REAL_TIMERS,
    startedAt?: number,
  ) {
    this.startedAt = startedAt ?? timers.now();
    this.deadline = this.startedAt + timeoutSeconds * 1000;
  }

  /** By the local clock, in milliseconds. */
  get now(): number {
    return this.timers.now();
  }

  /** Milliseconds until the deadline; negative behind it. */
  get left(): number {
    return this.deadline - this.now;
  }

  get isOver(): boolean {
    return this.left <= 0;
  }

  /** `3 min 5 s` since it began, or since another moment. */
  elapsed(since = this.startedAt): string {
    return duration((this.now - since) / 1000);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.timers.after(ms, resolve);
    });
  }

  /** Whether the promise ends within a time; it goes on if not. */
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

  /** @returns whether the same look may go well a moment later, as after a restart of Dokploy */
  noteFailure(error: Error): boolean {
    const kind = error instanceof DokployError ? error.kind : undefined;
    const isRefusal = kind !== undefined && REFUSALS.has(kind);
    this.failed = { total: this.failed.total + 1, inARow: this.failed.inARow + 1, last: error.message };
    this.refusedSince = isRefusal ? (this.refusedSince ?? this.now) : undefined;
    return isRefusal ? !this.isRefused : kind !== undefined && TRANSIENT.has(kind);
  }

  /** Whether Dokploy refuses the key for longer than a limit on its use in a minute does. */
  get isRefused(): boolean {
    return this.refusedSince !== undefined && this.now - this.refusedSince >= REFUSED_SECONDS * 1000;
  }

  noteSuccess(): void {
    this.refusedSince = undefined;
    this.failed = { ...this.failed, inARow: 0 };
  }

  /** How long to wait before looking again; undefined while looks do not fail. */
  get pauseAfterFailure(): number | undefined {
    return this.failed.inARow > 0 ? intervalAfterFailures(this.failed.inARow) : undefined;
  }

  /** A sentence for the error in the end, none where no look failed. `look` is the word for one: `poll`. */
  failureNotes(look: string): string[] {
    const { total, inARow, last } = this.failed;
    if (total === 0) return [];
    return [`${counted(total, look)} failed while waiting${inARow > 0 ? ", the latest too" : ""}: ${last}`];
  }

  /** Whether a line is due: for what was not told last, and every 10 s. It counts as told then. */
  isDue(what: string): boolean {
    const { now } = this;
    if (this.progress === undefined || (what === this.told.what && now - this.told.at < PROGRESS_EVERY_MS)) {
      return false;
    }
    this.told = { what, at: now };
    return true;
  }

  /** Tells a line at once. */
  tell(line: string): void {
    this.progress?.(line);
  }
}

/** `1 poll`, `3 polls` */
export function counted(count: number, word: string): string {
  return count === 1 ? `1 ${word}` : `${count} ${word}s`;
}

/** Lets at most `free` jobs run at a time, in the order of arrival. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(free: number) {
    this.#free = free;
  }

  /** Waits for a turn, which the result ends: call it once. */
  async take(): Promise<() => void> {
    if (this.#free > 0) {
      this.#free--;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return () => {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#free++;
      } else {
        next();
      }
    };
  }
}

/** One minute, and one second for requests that take longer to arrive than later ones. */
const WINDOW_MS = 61_000;

const MAX_BURST = 10;

/**
 * Spaces requests so that no minute contains more than `perMinute` of them: a token bucket, full at first, with the
 * size of a tenth of the minute's requests, at most ten.
 *
 * @example
 * const pace = new RateLimiter(60);
 * await sleep(pace.next(Date.now()));
 */
export class RateLimiter {
  readonly #spacingMs: number;
  readonly #creditMs: number;
  /** Time when the bucket is full again. */
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(perMinute: number) {
    const burst = Math.min(MAX_BURST, Math.ceil(perMinute / 10));
    // A window that starts with a full bucket contains the burst and the tokens that are added until its end.
    this.#spacingMs = WINDOW_MS / (perMinute - burst + 1);
    this.#creditMs = (burst - 1) * this.#spacingMs;
  }

  /** Takes the next place. @returns the milliseconds from `now` until that place */
  next(now: number): number {
    const at = Math.max(now, this.#fullAt - this.#creditMs);
    this.#fullAt = Math.max(now, this.#fullAt) + this.#spacingMs;
    return at - now;
  }
}

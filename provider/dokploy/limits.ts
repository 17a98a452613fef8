/** Runs at most `free` jobs at a time, in the order in which they came. */
export class Semaphore {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(free: number) {
    this.#free = free;
  }

  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#free > 0) {
      this.#free--;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#free++;
      } else {
        next();
      }
    }
  }
}

/** A minute, and a second for requests that are longer on their way than those after them. */
const WINDOW_MS = 61_000;

const MAX_BURST = 10;

/**
 * Spaces requests so that no minute holds more than `perMinute` of them: a token bucket, full at first, of a tenth
 * of the minute's requests, at most ten.
 *
 * @example
 * const pace = new RateLimiter(60);
 * await sleep(pace.next(Date.now()));
 */
export class RateLimiter {
  readonly #spacingMs: number;
  readonly #creditMs: number;
  /** When the bucket is full again. */
  #fullAt = Number.NEGATIVE_INFINITY;

  constructor(perMinute: number) {
    const burst = Math.min(MAX_BURST, Math.ceil(perMinute / 10));
    // A window that starts with a full bucket holds the burst and what flows in until its end.
    this.#spacingMs = WINDOW_MS / (perMinute - burst + 1);
    this.#creditMs = (burst - 1) * this.#spacingMs;
  }

  /** Takes the next place. @returns how many milliseconds after `now` it is */
  next(now: number): number {
    const at = Math.max(now, this.#fullAt - this.#creditMs);
    this.#fullAt = Math.max(now, this.#fullAt) + this.#spacingMs;
    return at - now;
  }
}

/** Milliseconds since 1970, and timers; tests bring their own. */
export interface Timers {
  now(): number;
  /** Calls `run` after `ms`. @returns a function that calls it off */
  after(ms: number, run: () => void): () => void;
}

export const REAL_TIMERS: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const FIRST_POLL_MS = 100;
const SHORTEST_MS = 250;
const LONGEST_MS = 1_800;
const LONGEST_AFTER_FAILURE_MS = 10_000;
/** Polls in a second on the long run, while one deployment runs; more run, more polls. */
const RATE = 2.5;
const RATE_PER_RUNNING = 0.5;
/** Polls that may be made at once before the rate counts. */
const BURST = 6;

/**
 * How long to wait before looking again at something that last changed `sinceMs` ago: often at first, since a
 * deployment may take half a second, and at most every 1.8 s, so that an end is noticed within 2 s.
 */
export function interval(sinceMs: number): number {
  if (sinceMs < FIRST_POLL_MS) return FIRST_POLL_MS;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs / 6));
}

/** The same when polls fail: 0.5, 1, 2, 4, 8, 10, 10 … s. */
export function intervalAfterFailures(inARow: number): number {
  return Math.min(LONGEST_AFTER_FAILURE_MS, 250 * 2 ** inARow);
}

/** Keeps the polls of all that wait together within a rate, however many they are. */
export class PollBudget {
  /** When the polls made so far are paid for. */
  private paidAt = Number.NEGATIVE_INFINITY;

  /** Takes note of `polls` that are made now, while `running` deployments run. */
  spend(polls: number, running: number, now: number): void {
    const rate = RATE + RATE_PER_RUNNING * Math.max(0, running - 1);
    const earliest = now - (BURST / rate) * 1000;
    this.paidAt = Math.max(this.paidAt, earliest) + (polls / rate) * 1000;
  }

  /** Milliseconds until the next poll may be made. */
  wait(now: number): number {
    return Math.max(0, this.paidAt - now);
  }
}

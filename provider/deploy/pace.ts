/** Clock in milliseconds since 1970, and timers; tests pass their own. */
export interface Timers {
  now(): number;
  /** Calls `run` after `ms`. @returns a function that cancels the call */
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
/** Polls per second in the long run while one deployment runs, and the addition for each further one. */
const RATE = 2.5;
const RATE_PER_RUNNING = 0.5;
/** Polls that may be made at once before the rate limits them. */
const BURST = 6;
/** Longest pause for the rate: a restart of Dokploy could go unnoticed in a longer one. */
const LONGEST_PAUSE_MS = 4_000;

/**
 * Returns the wait before the next look at something that last changed `sinceMs` ago. It is short at first, because
 * a deployment may take half a second, and at most 1.8 s, so that an end is noticed within 2 s.
 */
export function interval(sinceMs: number): number {
  if (sinceMs < FIRST_POLL_MS) return FIRST_POLL_MS;
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs / 6));
}

/** Returns the wait when polls fail: 0.5, 1, 2, 4, 8, 10, 10 … s. */
export function intervalAfterFailures(inARow: number): number {
  return Math.min(LONGEST_AFTER_FAILURE_MS, 250 * 2 ** inARow);
}

/** Keeps the polls of all waiting deployments together within a rate. */
export class PollBudget {
  /** Time when the polls made so far are paid for. */
  private paidAt = Number.NEGATIVE_INFINITY;

  /** Records `polls` that are made now, while `running` deployments run. */
  spend(polls: number, running: number, now: number): void {
    const rate = RATE + RATE_PER_RUNNING * Math.max(0, running - 1);
    const earliest = now - (BURST / rate) * 1000;
    const paidAt = Math.max(this.paidAt, earliest) + (polls / rate) * 1000;
    this.paidAt = Math.min(paidAt, now + LONGEST_PAUSE_MS);
  }

  /** Returns the milliseconds until the next poll may be made. */
  wait(now: number): number {
    return Math.max(0, this.paidAt - now);
  }
}

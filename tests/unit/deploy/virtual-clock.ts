import type { Timers } from "../../../provider/deploy/pace";

/** Time that passes only when a test lets it. */
export class VirtualClock implements Timers {
  private time: number;
  private timers: { at: number; run: () => void }[] = [];

  constructor(start = Date.parse("2026-01-01T00:00:00.000Z")) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + Math.max(0, ms), run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Runs everything that is due until `ms` from now, without letting promises go on in between. */
  advance(ms: number): void {
    const end = this.time + ms;
    while (this.step(end)) {}
    this.time = end;
  }

  /** Lets time pass until the promise has settled. */
  until<T>(promise: Promise<T>): Promise<T> {
    return whilePending(promise, () => {
      if (!this.step(Number.POSITIVE_INFINITY)) throw new Error("nothing is left to wait for");
    });
  }

  private step(end: number): boolean {
    const next = this.timers.reduce<(typeof this.timers)[number] | undefined>(
      (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
      undefined,
    );
    if (next === undefined || next.at > end) return false;
    this.timers = this.timers.filter((timer) => timer !== next);
    this.time = Math.max(this.time, next.at);
    next.run();
    return true;
  }
}

/** Lets something go on, whenever all else has, until the promise has settled. */
export async function whilePending<T>(promise: Promise<T>, goOn: () => void): Promise<T> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  promise.then(done, done);
  for (;;) {
    await new Promise((resolve) => setImmediate(resolve));
    if (settled) return promise;
    goOn();
  }
}

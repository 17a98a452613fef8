import type { Clock } from "../../emulator";

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/**
 * The time of one story, for the server as for the provider: it stands still while a request is on its way, and jumps
 * to the next alarm when nobody does anything but wait. So a deadline of a minute costs nothing, and a slow machine
 * changes nothing.
 */
export class IdleClock implements Clock {
  private time = Date.parse("2026-01-01T00:00:00.000Z");
  private alarms: Alarm[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.time + Math.max(0, ms), run };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  }

  /**
   * Lets time pass until the task has ended.
   *
   * @param idle waits for what is not a request, such as another process; by default there is none
   */
  async during<T>(
    task: Promise<T>,
    isBusy: () => boolean,
    idle: () => Promise<void> = () => Promise.reject(new Error("Nothing is left to wait for.")),
  ): Promise<T> {
    let ended = false;
    const end = () => {
      ended = true;
    };
    task.then(end, end);
    while (!ended) {
      await turn();
      if (ended || isBusy()) continue;
      // What was answered just now may lead to the next request.
      await turn();
      if (ended || isBusy()) continue;
      if (!this.step(Number.POSITIVE_INFINITY)) await idle();
    }
    return task;
  }

  /** Lets the time pass with all that happens in it, builds and late requests for instance. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    do await turn();
    while (this.step(end));
    this.time = end;
  }

  private step(end: number): boolean {
    const [next] = this.alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
    if (!next) return false;
    this.alarms = this.alarms.filter((alarm) => alarm !== next);
    this.time = Math.max(this.time, next.at);
    next.run();
    return true;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

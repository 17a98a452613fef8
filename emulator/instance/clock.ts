/** Clock of the emulator, for timestamps of rows and the duration of builds. */
export interface Clock {
  /** Returns milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `ms`. The returned function cancels the call. */
  after(ms: number, run: () => void): () => void;
}

export function realClock(): Clock {
  return {
    now: () => Date.now(),
    after(ms, run) {
      // The server keeps the process alive while it is open; a build or a delay must not.
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
  };
}

interface Alarm {
  readonly at: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until a test moves it.
 *
 * @example
 * const clock = new ManualClock();
 * const emulator = await startEmulator({ clock, buildMs: 60_000 });
 * // … deploy …
 * clock.advance(60_000); // the build ends now
 */
export class ManualClock implements Clock {
  private time: number;
  private alarms: Alarm[] = [];

  constructor(start: number | string | Date = "2026-01-01T00:00:00.000Z") {
    this.time = new Date(start).getTime();
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.time + ms, run };
    this.alarms.push(alarm);
    return () => {
      this.alarms = this.alarms.filter((other) => other !== alarm);
    };
  }

  /** Moves time forward, and runs everything that becomes due, in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const [next] = this.alarms.filter((alarm) => alarm.at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.alarms = this.alarms.filter((alarm) => alarm !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
}

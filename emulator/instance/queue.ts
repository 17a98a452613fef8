import type { Clock } from "./clock";

/** A requested deployment. */
export interface Job {
  readonly id: string;
  readonly kind: "application" | "compose";
  readonly serviceId: string;
  readonly type: "deploy" | "redeploy";
  readonly title: string;
  readonly description: string;
  readonly serverId: string | null;
  /** Time in milliseconds since 1970. */
  readonly timestamp: number;
  processedOn: number | undefined;
}

/** A running job. */
export interface Build {
  readonly ms: number;
  finish(): void;
  /** Cancels it, as when Dokploy restarts in the middle of it. */
  cancel(): void;
}

interface Active {
  readonly job: Job;
  readonly build: Build;
  stopTimer: () => void;
  due: boolean;
}

/**
 * The deployment queue, in memory: first in, first out, at most `concurrency` jobs at once on each server, and never
 * two of the same service. A waiting job leaves no trace outside the queue.
 */
export class BuildQueue {
  private waiting: Job[] = [];
  private active: Active[] = [];
  private held = false;
  private count = 0;

  constructor(
    private readonly clock: Clock,
    private readonly concurrency: number,
    private readonly begin: (job: Job) => Build | undefined,
  ) {}

  add(job: Omit<Job, "id" | "timestamp" | "processedOn">): void {
    this.count += 1;
    const timestamp = this.clock.now();
    this.waiting.push({ ...job, id: `job-${this.count}`, timestamp, processedOn: undefined });
    this.startNext();
  }

  /** Returns active and waiting jobs, newest first. */
  list(): readonly Job[] {
    return [...this.active.map(({ job }) => job), ...this.waiting].reverse();
  }

  removeWaiting(serviceId?: string): void {
    this.waiting = this.waiting.filter((job) => serviceId !== undefined && job.serviceId !== serviceId);
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    for (const entry of this.active.filter(({ due }) => due)) this.end(entry);
  }

  restart(): void {
    this.waiting = [];
    const active = this.active;
    this.active = [];
    for (const { build, stopTimer } of active) {
      stopTimer();
      build.cancel();
    }
  }

  /** Stops all timers. */
  close(): void {
    this.waiting = [];
    for (const { stopTimer } of this.active) stopTimer();
    this.active = [];
  }

  private startNext(): void {
    const next = this.waiting.find((job) => this.hasRoom(job));
    if (!next) return;
    this.waiting = this.waiting.filter((job) => job !== next);
    next.processedOn = this.clock.now();
    const build = this.begin(next);
    if (build) {
      const entry: Active = { job: next, build, stopTimer: () => {}, due: false };
      this.active.push(entry);
      entry.stopTimer = this.clock.after(build.ms, () => {
        entry.due = true;
        if (!this.held) this.end(entry);
      });
    }
    this.startNext();
  }

  private hasRoom(job: Job): boolean {
    const here = this.active.filter((entry) => entry.job.serverId === job.serverId);
    return here.length < this.concurrency && here.every((entry) => entry.job.serviceId !== job.serviceId);
  }

  private end(entry: Active): void {
    this.active = this.active.filter((other) => other !== entry);
    entry.build.finish();
    this.startNext();
  }
}

/** Longest time that a free worker of Pulumi needs to begin the next step. */
const nextStepMs = 1_000;

/** Steps of this run that are at work: when one ends, Pulumi may begin something else. */
export class Activity {
  private readonly steps = new Set<Promise<unknown>>();

  /** @param pause waits for some milliseconds; replaced by tests */
  constructor(readonly pause: (ms: number) => Promise<void> = sleep) {}

  /** Counts the step as at work until it ends, successfully or not. */
  add(step: Promise<unknown>): void {
    const ended = step.then(
      () => undefined,
      () => undefined,
    );
    this.steps.add(ended);
    void ended.then(() => this.steps.delete(ended));
  }

  /** Number of steps at work. */
  get working(): number {
    return this.steps.size;
  }

  /** Waits until one of the steps at work ends; returns at once when there is none. */
  async oneEnds(): Promise<void> {
    if (this.steps.size > 0) await Promise.race(this.steps);
  }

  /**
   * Waits for the result of another step. The caller occupies a worker, so the wait also ends when nothing is at
   * work after which Pulumi could begin that step.
   */
  async until(done: Promise<unknown>): Promise<void> {
    let isDone = false;
    const end = done.then(() => {
      isDone = true;
    });
    while (!isDone) {
      if (this.steps.size > 0) await Promise.race([end, ...this.steps]);
      else {
        await Promise.race([end, this.pause(nextStepMs)]);
        if (this.steps.size === 0) return;
      }
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

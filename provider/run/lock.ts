/** Runs tasks of the same key one after the other; tasks of different keys run at the same time. */
export class KeyedLock {
  private readonly tails = new Map<string, Promise<unknown>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.tails.get(key) === mine) this.tails.delete(key);
    }
  }

  /** Ends when all current tasks of these keys have ended, successfully or not. */
  async idle(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(keys.map((key) => this.tails.get(key)));
  }
}

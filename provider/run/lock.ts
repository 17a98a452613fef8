/** Runs tasks of the same key one after the other; tasks of other keys run beside them. */
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

  /** Ends when the tasks of these keys have that are there now, however they end. */
  async idle(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(keys.map((key) => this.tails.get(key)));
  }
}

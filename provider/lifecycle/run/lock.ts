/** Runs tasks of the same key one after the other; tasks of different keys run at the same time. */
export class KeyedLock {
  private readonly tails = new Map<string, Promise<void>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const end = await this.take(key);
    try {
      return await task();
    } finally {
      end();
    }
  }

  /** Waits until all earlier tasks of the key have ended. The result ends this one. */
  async take(key: string): Promise<() => void> {
    const before = this.tails.get(key);
    let end = () => {};
    const mine = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.tails.set(key, mine);
    await before;
    return () => {
      end();
      if (this.tails.get(key) === mine) this.tails.delete(key);
    };
  }

  /** Ends when all current tasks of these keys have ended, successfully or not. */
  async idle(keys: readonly string[]): Promise<void> {
    await Promise.allSettled(keys.map((key) => this.tails.get(key)));
  }
}

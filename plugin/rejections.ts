/**
 * Errors of a component that nothing else handles. Resources are registered in the background, so the call that
 * creates the component must wait for their errors, which would otherwise end the process.
 */
const running = new Set<(error: unknown) => void>();

/** Runs work that fails with the first unhandled error in this process. */
export async function failingWithOthers<T>(work: () => Promise<T>): Promise<T> {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  running.add(fail);
  try {
    return await Promise.race([work(), failed]);
  } finally {
    running.delete(fail);
  }
}

/** Passes unhandled errors to the work that runs. Without any, they are bugs, and end the process. */
export function handleRejections(): void {
  process.on("unhandledRejection", (error) => {
    if (running.size === 0) throw error;
    for (const fail of running) fail(error);
  });
}

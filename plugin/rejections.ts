import { printError } from "./output";

/**
 * Errors of this process that nothing else handles. The call that creates a component fails with them, because
 * the resources of the component are registered in the background.
 */
const running = new Set<(error: unknown) => void>();

/** True once a component has failed. Its other resources may fail later, and Pulumi stops the run in any case. */
let hasFailed = false;

/** Runs work that fails with the first unhandled error in this process. */
export async function failingWithOthers<T>(work: () => Promise<T>): Promise<T> {
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  running.add(fail);
  try {
    return await Promise.race([work(), failed]);
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    running.delete(fail);
  }
}

/**
 * Passes unhandled rejections to the work that runs. All other errors are bugs, and end the process, which prints their
 * text: Node.js itself would print the object, with everything that hangs on it.
 */
export function handleErrors(): void {
  process.on("unhandledRejection", (error) => {
    if (running.size > 0) for (const fail of running) fail(error);
    else if (hasFailed) printError(error);
    else end(error);
  });
  process.on("uncaughtException", end);
}

function end(error: unknown): void {
  printError(error, () => process.exit(1));
}

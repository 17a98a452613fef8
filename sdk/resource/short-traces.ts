/** Frames that a trace keeps: enough to find what fails in a function of the program that Pulumi calls meanwhile. */
const kept = 3;

/**
 * Makes stack traces short for as long as a resource is registered. Pulumi takes one for each property of a resource, and
 * ts-node looks up each of its frames in source maps: in a program with many resources nothing takes longer. They are shown by
 * `PULUMI_DEBUG_PROMISE_LEAKS` alone, with which they stay whole.
 *
 * @example
 * const traces = shortenTraces();
 * try {
 *   register();
 * } catch (error) {
 *   throw traces.completed(error);
 * } finally {
 *   traces.restore();
 * }
 */
export function shortenTraces() {
  const limit = Error.stackTraceLimit;
  const isShort = !process.env["PULUMI_DEBUG_PROMISE_LEAKS"] && limit > kept;
  if (isShort) Error.stackTraceLimit = kept;
  const restore = () => {
    Error.stackTraceLimit = limit;
  };

  /** What was thrown meanwhile: where its trace ends, that of who asks goes on. */
  function completed(error: unknown): unknown {
    restore();
    if (!isShort || !(error instanceof Error)) return error;
    const below: { stack?: string } = {};
    Error.captureStackTrace(below, completed);
    const [, ...frames] = below.stack?.split("\n") ?? [];
    error.stack = [error.stack, ...frames].join("\n");
    return error;
  }

  return { completed, restore };
}

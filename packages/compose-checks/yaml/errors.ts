/**
 * Runs a function that composes YAML without recording stack traces. The library creates an error for each mistake, up
 * to one per character, and only the first is used; their stack traces would take most of the time.
 */
export function withoutStacks<T>(compose: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return compose();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Runs what composes a text of YAML. The library makes an error for each thing that is wrong, of which a text may hold as
 * many as characters, and only the first is used: the stack of each would take most of the time.
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

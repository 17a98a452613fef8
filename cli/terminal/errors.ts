/** An error in the command line: one message, exit code 2. */
export class UsageError extends Error {}

/** Turns what `parseArgs` throws into a {@link UsageError}. */
export function usageError<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    // Node.js adds advice about arguments that begin with a dash.
    const [what] = (error instanceof Error ? error.message : String(error)).split(/(?<=[^.])\. /);
    throw new UsageError(`${what?.replace(/\.$/, "")}. See --help.`);
  }
}

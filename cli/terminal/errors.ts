/** An error in the command line: one message, exit code 2. */
export class UsageError extends Error {}

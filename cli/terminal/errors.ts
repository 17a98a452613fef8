/** An error in the command line: one message, and an exit code of its own. */
export class UsageError extends Error {}

/** A problem with an input, found before anything was changed. */
export interface Problem {
  /** Path of the input, e.g. `env.LOG_LEVEL`; empty when it concerns the resource as a whole. */
  property: string;
  reason: string;
}

/**
 * A problem that the user has to solve, or to wait for: the base of all errors that this package expects. The
 * message contains everything, so it never has a stack trace. Any other error is a bug of this package, and keeps
 * its stack trace.
 */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}

/** Problems that only the server could find, before anything was changed. */
export class CheckFailedError extends UserError {
  constructor(readonly problems: Problem[]) {
    super(problems.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join("\n"));
  }
}

/**
 * The object exists, but not everything that was requested is done. The state keeps the known facts, so that the
 * next `pulumi up` continues from there instead of creating a second object.
 */
export class PartialFailureError extends UserError {
  /**
   * @param outputs outputs for the state, in addition to the inputs
   * @param former earlier values of inputs that may not be saved yet: the next run compares with them again. An
   * undefined value is removed from the state
   */
  constructor(
    readonly id: string,
    readonly outputs: object,
    readonly reason: unknown,
    readonly former: object = {},
  ) {
    super(reason instanceof Error ? reason.message : String(reason));
    this.name = "PartialFailureError";
  }
}

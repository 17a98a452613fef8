/** One thing that is wrong with an input, found before anything was changed. */
export interface Problem {
  /** Path of the input, e.g. `env.LOG_LEVEL`; empty when it is about the resource as a whole. */
  property: string;
  reason: string;
}

/**
 * Something that a person has to put right, or to wait for: the base of all errors that this package expects. The message
 * is all they need, so it never comes with a stack trace; any other error is a fault of this package, and keeps its own.
 */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}

/** Problems that only the server could tell, found before anything was changed. */
export class CheckFailedError extends UserError {
  constructor(readonly problems: Problem[]) {
    super(problems.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason)).join("\n"));
  }
}

/**
 * The object exists, but not all that was asked for is done. The state keeps what is known, so that the next
 * `pulumi up` goes on from there instead of making a second object.
 */
export class PartialFailureError extends UserError {
  /**
   * @param outputs what the state is to have beside the inputs
   * @param former inputs that may not be saved yet, as the state had them: the next run compares with them once more.
   *   What is undefined there is taken out of the state
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

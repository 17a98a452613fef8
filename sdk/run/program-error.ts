import { inspect } from "node:util";
import { RunError, runtime } from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text";
import { withoutSecrets } from "./hidden";

/** An error that a person has to fix in the program or its files. Pulumi prints the message without a stack trace. */
export class ProgramError extends RunError {
  constructor(message: string) {
    super(visibleLines(withoutSecrets(message)));
    // Pulumi also inspects the error, for its log, with all that hangs on it: the promises of an `apply`, and through
    // them the whole program, which can take a minute.
    Object.defineProperty(this, inspect.custom, { value: () => this.message });
    // Where an output failed, and at the end of a program, Pulumi prints the stack: the functions of this package are of
    // no use to a person.
    Object.defineProperty(this, "stack", { get: () => this.message, configurable: true });
  }
}

/**
 * Fails an update at once, but a preview only at its end. A preview changes nothing, so it continues to look for other
 * errors.
 *
 * @throws the error, in an update
 */
export function failAtEnd(error: ProgramError): void {
  if (!runtime.isDryRun()) throw error;
  // Nobody awaits this promise: Pulumi prints an unhandled rejection, and fails the run. It is made outside of async functions:
  // the debugger of Pulumi would follow the promises that wait for them.
  setImmediate(() => void Promise.reject(error));
}

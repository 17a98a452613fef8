import { inspect } from "node:util";
import { RunError, runtime } from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text";
import { withoutSecrets } from "./hidden";
import { endsWithProgram } from "./pulumi";

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
  failRun(error);
}

/**
 * Fails the run in which the value of an output is missing. In a preview the output is unknown, and the run fails at its end. In
 * an update, nothing runs that follows from the output.
 *
 * An output that fails makes all outputs fail that follow from it. Pulumi runs programs with a debugger. For each failure, the
 * debugger follows all promises that wait for it, to find a handler, and may use up the memory. So the output never gets a value.
 *
 * @returns undefined, in a preview
 * @throws the error, in an update whose process would wait for the output: a test, or a program of the Automation API
 */
export async function failOutput(error: ProgramError): Promise<undefined> {
  const isUpdate = !runtime.isDryRun();
  if (isUpdate && !endsWithProgram()) throw error;
  failRun(error);
  if (isUpdate) await new Promise(() => {});
  return undefined;
}

/** Fails the run, and lets the program continue. */
function failRun(error: ProgramError): void {
  // Nobody awaits this promise: Pulumi prints an unhandled rejection, and fails the run. It is made outside of async functions:
  // the debugger would follow the promises that wait for them.
  setImmediate(() => void Promise.reject(error));
}

import { RunError, runtime } from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text/visible";
import { withoutSecrets } from "./hidden";

/**
 * What a person has to put right in the program or its files. Pulumi prints the message without a stack trace.
 *
 * The stack is emptied all the same: Pulumi hides it but formats it, which takes Node.js 20 half a minute where it leads
 * through Pulumi's `apply`.
 */
export class ProgramError extends RunError {
  constructor(message: string) {
    super(visibleLines(withoutSecrets(message)));
    this.stack = "";
  }
}

/**
 * Fails an update at once. A preview changes nothing, and looks for what else is wrong: it fails at its end.
 *
 * @throws what it is given, in an update
 */
export function failAtEnd(error: ProgramError): void {
  if (!runtime.isDryRun()) throw error;
  // Nobody waits for this: Pulumi prints what no one has handled, and fails the run.
  void Promise.reject(error);
}

import { RunError } from "@pulumi/pulumi";
import { visibleLines } from "../provider/visible";
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

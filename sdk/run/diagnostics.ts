import * as pulumi from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text";
import { type Code, diagnosticOf, type Report } from "../../provider/pulumi";
import { withoutSecrets } from "./hidden";

/** Every message of a program except its errors passes here, because it may quote files and names. */

/** Shows a warning in the diagnostics of a run, at a resource or by default at the stack. */
export function warn(message: string, code: Code, resource?: pulumi.Resource): void {
  void pulumi.log.warn(visibleLines(diagnosticOf(withoutSecrets(message), code)), resource);
}

/** Shows a notice in the diagnostics of a run. */
export const inform: Report = (message, ...code) => {
  void pulumi.log.info(visibleLines(diagnosticOf(withoutSecrets(message), ...code)));
};

/** Writes a message to the debug log. Resolves when the engine has it. */
export async function debug(message: string): Promise<void> {
  await pulumi.log.debug(visibleLines(withoutSecrets(message)));
}

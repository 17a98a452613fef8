import * as pulumi from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text/visible";
import { withoutSecrets } from "./hidden";

/** Every message of a program except its errors passes here, because it may quote files and names. */

/**
 * Shows a warning in the diagnostics of a run.
 *
 * @param resource the resource that it is about; default: the stack
 */
export function warn(message: string, resource?: pulumi.Resource): void {
  void pulumi.log.warn(visibleLines(withoutSecrets(message)), resource);
}

/** Shows a notice in the diagnostics of a run. */
export function inform(message: string): void {
  void pulumi.log.info(visibleLines(withoutSecrets(message)));
}

/** Writes a message to the debug log. Resolves when the engine has it. */
export async function debug(message: string): Promise<void> {
  await pulumi.log.debug(visibleLines(withoutSecrets(message)));
}

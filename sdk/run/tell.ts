import * as pulumi from "@pulumi/pulumi";
import { visibleLines } from "../../packages/text/visible";
import { withoutSecrets } from "./hidden";

/** The one way for what a program says beside its errors, since it may quote files and names. */

/**
 * Shows a warning among the diagnostics of a run.
 *
 * @param resource that it is about; default: the stack
 */
export function warn(message: string, resource?: pulumi.Resource): void {
  void pulumi.log.warn(visibleLines(withoutSecrets(message)), resource);
}

/** Shows what is good to know among the diagnostics of a run. */
export function inform(message: string): void {
  void pulumi.log.info(visibleLines(withoutSecrets(message)));
}

/** What only a log for debugging shows; ends when the engine has it. */
export async function debug(message: string): Promise<void> {
  await pulumi.log.debug(visibleLines(withoutSecrets(message)));
}

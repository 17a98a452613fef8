import { DokployError } from "../../dokploy";
import { UserError } from "../../errors";
import type { Run } from "../../lifecycle";
import { isAmbiguous } from "./naming";

/** Save of changes, with the check of its result. */
export interface Write {
  send(): Promise<unknown>;
  /** Returns true when the server has the values that were to be saved. */
  isThere(): Promise<boolean>;
  /**
   * Returns the error for changes that may have been saved, or may be at any moment. The error must put into the state
   * which change must be applied: a refresh would treat the saved values as applied ones.
   */
  unfinished(reason: DokployError): Error;
  /** Returns the error for a refusal that counts though Dokploy may have saved the refused values. */
  refused?(reason: DokployError): Promise<Error>;
}

/**
 * Saves, and reads the server when that fails: if the values were saved anyway, that counts as success. Where a
 * refusal counts, it is an error in any case.
 */
export async function saveAndVerify(write: Write, place: string, run: Run): Promise<void> {
  try {
    await write.send();
  } catch (error) {
    if (!(error instanceof DokployError) || error.outcome === "not-sent") throw error;
    if (write.refused && !isAmbiguous(error)) throw await write.refused(error);
    // The read may fail for the same reason as the call.
    if (await write.isThere().catch(() => false)) return;
    if (!isAmbiguous(error)) throw error;
    run.ownership.doubt(place);
    throw write.unfinished(error);
  }
}

/**
 * Refuses a doubtful place. Call it before the current values at a place are read in order to save there.
 *
 * @throws UserError when a save of another resource of this run may still arrive there
 */
export function refuseDoubtful(place: string, run: Run): void {
  if (!run.ownership.isDoubtful(place)) return;
  throw new UserError(
    `Nothing was saved, since the response to another resource's save at the same place (${place}) was lost ` +
      `in this run, and the two saves could undo each other.` +
      " Run the update again.",
  );
}

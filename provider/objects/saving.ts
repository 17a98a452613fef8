import { DokployError } from "../dokploy/errors";
import { UserError } from "../errors/problem";
import type { Claims } from "../run/claims";
import { isAmbiguous } from "./naming";

/**
 * Saves, and reads the server when that fails: if the values were saved anyway, that counts as success. Where a
 * refusal counts, though Dokploy may have saved the refused values, it is an error in any case.
 *
 * @param isSaved returns true when the server has the values that were to be saved
 * @param unfinished returns the error for a change that may still have been saved, or may be at any moment. The
 * error must put into the state which change has to be applied: a refresh would treat the saved values as applied
 * ones
 * @param refused returns the error for a refusal that counts; without it, a refusal is handled like any failure
 */
export async function saveAndVerify(
  save: () => Promise<unknown>,
  isSaved: () => Promise<boolean>,
  unfinished: (reason: DokployError) => Error,
  {
    place,
    claims,
    refused,
  }: { place: string; claims: Claims; refused?: ((reason: DokployError) => Promise<Error>) | undefined },
): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (!(error instanceof DokployError) || error.outcome === "not-sent") throw error;
    if (refused && !isAmbiguous(error)) throw await refused(error);
    // The read may fail for the same reason as the call.
    if (await isSaved().catch(() => false)) return;
    if (!isAmbiguous(error)) throw error;
    claims.doubt(place);
    throw unfinished(error);
  }
}

/**
 * Refuses a doubtful place. Call it before the current values at a place are read in order to save there.
 *
 * @throws UserError when a save of another resource of this run may still arrive there
 */
export function refuseDoubtful(place: string, claims: Claims): void {
  if (!claims.isDoubtful(place)) return;
  throw new UserError(
    `Nothing was saved, since the response to another resource's save at the same place (${place}) was lost ` +
      `in this run, and the two saves could undo each other.` +
      " Run the update again.",
  );
}

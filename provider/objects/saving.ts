import { DokployError } from "../dokploy/errors";
import { UserError } from "../errors/problem";
import type { Claims } from "../run/claims";
import { isAmbiguous } from "./naming";

/**
 * Saves, and looks at the server when that fails: what was saved all the same is as good as an answer. Only where a refusal
 * counts, though Dokploy may have saved what it refuses, one is an error in any case.
 *
 * @param isSaved whether the server holds what was to be saved
 * @param unfinished the error for a change that may still have been saved, or may be at any moment: it must leave in the
 * state what is then to be applied, since a refresh would take the saved values for applied ones
 * @param refused the error for a refusal that counts; left out, a refusal is looked at like any failure
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
    // The look may fail for the same reason as the call.
    if (await isSaved().catch(() => false)) return;
    if (!isAmbiguous(error)) throw error;
    claims.doubt(place);
    throw unfinished(error);
  }
}

/**
 * To be asked before what is at a place is read, in order to save it.
 *
 * @throws UserError when a save of another resource of this run may still arrive there
 */
export function refuseDoubtful(place: string, claims: Claims): void {
  if (!claims.isDoubtful(place)) return;
  throw new UserError(
    `Nothing was saved, since the answer to a save of another resource of this run at the same place (${place}) was lost, ` +
      "and the two could undo each other. Run the update again.",
  );
}

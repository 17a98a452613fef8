import { DokployError } from "../dokploy/errors";
import { mayHaveActed } from "./naming";

/**
 * Saves, and looks at the server when that fails: what was saved all the same is as good as an answer.
 *
 * @param isSaved whether the server holds what was to be saved
 * @param unfinished the error for a change that may still have been saved, or may be at any moment: it must leave in the
 * state what is then to be applied, since a refresh would take the saved values for applied ones
 */
export async function saveAndLook(
  save: () => Promise<unknown>,
  isSaved: () => Promise<boolean>,
  unfinished: (reason: DokployError) => Error,
): Promise<void> {
  try {
    await save();
  } catch (error) {
    if (!(error instanceof DokployError) || error.outcome === "not-sent") throw error;
    // The look may fail for the same reason as the call.
    if (await isSaved().catch(() => false)) return;
    throw mayHaveActed(error) ? unfinished(error) : error;
  }
}

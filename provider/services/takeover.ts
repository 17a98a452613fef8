import { visible } from "../../packages/text/visible";
import { type Field, textFields } from "../schema/kinds";

/**
 * Messages of a preview about objects that exist already and stay unchanged, although the plan shows a creation.
 * `plan-summary` finds these sentences among the messages of the plan, so this file writes and parses them.
 */

/** Names of the variables that a block gives, by its maps; undefined for a map whose names are not known. */
export type GivenNames = Partial<Record<Field, readonly string[] | undefined>>;

/**
 * Returns the message for variables that are adopted unchanged.
 *
 * @param label object with the variables: `application "web" (<id>)`
 */
export function takenOver(label: string, names: GivenNames): string {
  return `The variables of the ${label} ${asTheyAre(names)}`;
}

/** Returns the id and the words of a message about adopted variables; undefined for any other message. */
export function readTakenOver(message: string): { id: string; words: string } | undefined {
  return about(message, opening);
}

/** Returns the id in a message about an adoption that changes and applies nothing; undefined for any other message. */
export function readNothingToChange(message: string): string | undefined {
  const { id, words } = about(message, nothingToChange) ?? {};
  return words === nothingToChange ? id : undefined;
}

/** Parses `… (<id>) <words>`. */
function about(message: string, beginning: string): { id: string; words: string } | undefined {
  const end = message.lastIndexOf(`) ${beginning}`);
  const start = message.lastIndexOf("(", end);
  if (end < 0 || start < 0) return undefined;
  return { id: message.slice(start + 1, end), words: message.slice(end + 2) };
}

const nothingToChange = "is adopted: nothing to change.";
const opening = "are adopted as they are";

/** Returns the words for variables with these names. */
export function asTheyAre(names: GivenNames): string {
  const maps = textFields.flatMap((field) => {
    const given = names[field];
    if (given === undefined) return [];
    // Blocks of one object have different names, so the first name identifies the block.
    const [first = "none", ...more] = [...given].sort();
    return `${field} (${visible(first)}${more.length > 0 ? ` and ${more.length} more` : ""})`;
  });
  return `${opening}: ${maps.join(", ")}. Nothing to change.`;
}

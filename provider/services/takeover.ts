import { visible } from "../../packages/text/visible";
import { type Field, textFields } from "../schema/kinds";

/**
 * What a preview says of something that exists already and stays as it is, though the plan shows a creation. `plan-summary`
 * finds these sentences again among the messages of the plan, so they are written and read here.
 */

/** The names of the variables that a block gives, by its maps; a map without names is one whose names are not known. */
export type GivenNames = Partial<Record<Field, readonly string[] | undefined>>;

/**
 * @param label of what has the variables: `application "web" (<id>)`
 */
export function takenOver(label: string, names: GivenNames): string {
  return `The variables of the ${label} ${asTheyAre(names)}`;
}

/** What a message says is taken over, and the words for it; undefined where it says nothing of the kind. */
export function readTakenOver(message: string): { id: string; words: string } | undefined {
  return about(message, opening);
}

/** The id of what is adopted, where a message says that this changes nothing, and applies nothing either. */
export function readNothingToChange(message: string): string | undefined {
  const { id, words } = about(message, nothingToChange) ?? {};
  return words === nothingToChange ? id : undefined;
}

/** `… (<id>) <words>` */
function about(message: string, beginning: string): { id: string; words: string } | undefined {
  const end = message.lastIndexOf(`) ${beginning}`);
  const start = message.lastIndexOf("(", end);
  if (end < 0 || start < 0) return undefined;
  return { id: message.slice(start + 1, end), words: message.slice(end + 2) };
}

const nothingToChange = "is adopted: nothing to change.";
const opening = "are taken over as they are";

/** The words for variables of these names. */
export function asTheyAre(names: GivenNames): string {
  const maps = textFields.flatMap((field) => {
    const given = names[field];
    if (given === undefined) return [];
    // Blocks of one object have different names, so that the first tells which of them is meant.
    const [first = "none", ...more] = [...given].sort();
    return `${field} (${visible(first)}${more.length > 0 ? ` and ${more.length} more` : ""})`;
  });
  return `${opening}: ${maps.join(", ")}. Nothing to change.`;
}

import { visible } from "../visible";
import { type Field, textFields } from "./targets/kinds";

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

/** Whether a message says this of these variables of the object with this id; with unknown names, of any. */
export function saysTakenOver(message: string, id: string, names: GivenNames): boolean {
  const isKnown = Object.values(names).every((list) => list !== undefined);
  return isKnown ? message.endsWith(`(${id}) ${asTheyAre(names)}`) : message.includes(`(${id}) ${opening}`);
}

/** Whether a message says that the adoption of this object changes nothing, and applies nothing either. */
export function saysNothingToChange(message: string, id: string): boolean {
  return message.endsWith(`(${id}) is adopted: nothing to change.`);
}

const opening = "are taken over as they are";

function asTheyAre(names: GivenNames): string {
  const maps = textFields.flatMap((field) => {
    const given = names[field];
    if (given === undefined) return [];
    // Blocks of one object have different names, so that the first tells which of them is meant.
    const [first = "none", ...more] = [...given].sort().map(visible);
    return `${field} (${first}${more.length > 0 ? ` and ${more.length} more` : ""})`;
  });
  return `${opening}: ${maps.join(", ")}. Nothing to change.`;
}

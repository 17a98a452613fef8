import { meantBy } from "./closest";
import { visible } from "./visible";

/** Splits a setting of names that are separated by commas or spaces. */
export function splitNames(setting: string | undefined): string[] {
  return (setting ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

/** Returns what follows an unknown name: a question about the one that was meant, or all names. */
export function insteadOf(name: string, known: readonly string[]): string {
  const meant = meantBy(name, known);
  return meant === undefined
    ? `it has ${someOf(known.map((other) => visible(other))) || "none"}`
    : `did you mean ${visible(meant)}?`;
}

/** Longer lists do not help. */
const MOST_NAMED = 10;

/** Lists the first names for a message, and the number of omitted ones. */
export function someOf(names: readonly string[], separator = ", ", most = MOST_NAMED): string {
  return names.slice(0, most).join(separator) + andMore(names.length, most);
}

/** Returns the words after the first names of a list, which give the number of omitted ones. */
export function andMore(count: number, most: number): string {
  return count > most ? ` and ${count - most} more` : "";
}

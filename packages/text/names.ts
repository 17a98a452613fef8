/** A setting that holds names, separated by commas or blanks. */
export function splitNames(setting: string | undefined): string[] {
  return (setting ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

/** More of them do not help. */
const MOST_NAMED = 10;

/** Names for a message: the first ones, and how many there are beside them. */
export function someOf(names: readonly string[], separator = ", ", most = MOST_NAMED): string {
  const more = names.length - most;
  return names.slice(0, most).join(separator) + (more > 0 ? ` and ${more} more` : "");
}

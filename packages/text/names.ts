/** Splits a setting of names that are separated by commas or spaces. */
export function splitNames(setting: string | undefined): string[] {
  return (setting ?? "").split(/[\s,]+/).filter((name) => name !== "");
}

/** Longer lists do not help. */
const MOST_NAMED = 10;

/** Lists the first names for a message, and the number of omitted ones. */
export function someOf(names: readonly string[], separator = ", ", most = MOST_NAMED): string {
  const more = names.length - most;
  return names.slice(0, most).join(separator) + (more > 0 ? ` and ${more} more` : "");
}

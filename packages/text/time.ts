/**
 * Returns a time for people, to the minute and in UTC, since a team and its servers have several time zones.
 *
 * @param time a date, or milliseconds since 1970
 * @example shownMinute(new Date("2026-11-29T05:49:12Z")) // "2026-11-29 05:49 UTC"
 */
export function shownMinute(time: Date | number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

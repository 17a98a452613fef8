import { isRecord, isUnknown } from "../../../packages/values";
import type { Context } from "../../lifecycle";
import { type Change, type KeyChanges, keyChanges, type Mapping } from "../../schema";

/**
 * Variables of a text that a program removes or changes, and did not set before. The plan does not show their names
 * to somebody who set them by hand. So the preview names them.
 */

/** Lists changes: `env: removes X, Y; changes Z; removes line 3 …`; without `env` for run-time variables. */
export function named(
  path: string,
  { changed, removed }: KeyChanges,
  lines: readonly number[] = [],
): string[] {
  const prefix = path === "env" ? "" : `${path} `;
  return [
    ...(removed.length > 0 ? [`${prefix}removes ${removed.join(", ")}`] : []),
    ...(changed.length > 0 ? [`${prefix}changes ${changed.join(", ")}`] : []),
    ...(lines.length > 0 ? [`${prefix}removes ${linesNamed(lines)}`] : []),
  ];
}

/** Names lines by their numbers, since they may hold anything: `the comments or other text in lines 2, 5`. */
export function linesNamed(lines: readonly number[]): string {
  return `the comments or other text in ${lines.length === 1 ? "line" : "lines"} ${lines.join(", ")}`;
}

/** Warns about what the variables of the program remove or change in a text that they adopt. */
export function warnOfOverwriting(
  who: string,
  whose: string,
  lost: readonly string[],
  { warn }: Pick<Context, "warn">,
): void {
  if (lost.length > 0) warn(`${who} adopts variables of the ${whose}: ${lost.join("; ")}.`, "overwrites");
}

/** True when a text is set from now on, and was not before. */
export function beginsText(planned: readonly Change[]): boolean {
  return planned.some(({ begins, keys }) => begins && keys !== undefined);
}

/** Lists the changes in texts that a resource sets from now on, and did not set before. */
export function overwrittenBy(
  inputs: object,
  planned: readonly Change[],
  row: object,
  mapping: Mapping,
): string[] {
  const begun = planned.filter(({ begins, keys }) => begins && keys !== undefined);
  if (begun.length === 0) return [];
  const wanted = new Map(mapping.envs(inputs).map(({ path, value }) => [path, value]));
  const live = new Map(mapping.envs(mapping.readBack(row, inputs)).map(({ path, value }) => [path, value]));
  return begun.flatMap(({ path }) => named(path, knownChanges(live.get(path), wanted.get(path))));
}

const noKeys: KeyChanges = { added: [], changed: [], removed: [] };

/** Returns the changes, as far as the wanted values are known. */
export function knownChanges(live: unknown, wanted: unknown): KeyChanges {
  if (!isRecord(wanted)) return noKeys;
  const keys = keyChanges(live, wanted);
  return { ...keys, changed: keys.changed.filter((name) => !isUnknown(wanted[name])) };
}

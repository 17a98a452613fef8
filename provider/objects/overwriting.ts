import { isRecord, isUnknown } from "../pulumi/unknown";
import { type Change, type KeyChanges, keyChanges } from "../schema/changes";
import type { Mapping } from "../schema/mapping";

/**
 * Variables of a text that a program removes or changes, and did not set before. The plan does not show their names
 * to somebody who set them by hand. So the preview names them.
 */

/** Lists changes: `env: removes X, Y; changes Z`; without `env` for run-time variables. */
export function named(path: string, { changed, removed }: KeyChanges): string[] {
  const prefix = path === "env" ? "" : `${path} `;
  return [
    ...(removed.length > 0 ? [`${prefix}removes ${removed.join(", ")}`] : []),
    ...(changed.length > 0 ? [`${prefix}changes ${changed.join(", ")}`] : []),
  ];
}

/** Returns the sentence about the variables, with their owner. */
export function overwritingNotice(who: string, whose: string, lost: readonly string[]): string {
  return `${who} adopts variables of the ${whose}: ${lost.join("; ")}.`;
}

/** True when a text is set from now on, and was not before. */
export function beginsText(planned: readonly Change[]): boolean {
  return planned.some(({ begins, keys }) => begins && keys !== undefined);
}

/** Lists the changes in texts that a resource sets from now on, and did not set before. */
export function overwrittenBy(
  inputs: object,
  planned: readonly Change[],
  readBack: () => object,
  mapping: Mapping,
): string[] {
  const begun = planned.filter(({ begins, keys }) => begins && keys !== undefined);
  if (begun.length === 0) return [];
  const wanted = new Map(mapping.envs(inputs).map(({ path, value }) => [path, value]));
  const live = new Map(mapping.envs(readBack()).map(({ path, value }) => [path, value]));
  return begun.flatMap(({ path }) => named(path, knownChanges(live.get(path), wanted.get(path))));
}

/** Returns the changes, as far as the wanted values are known. */
export function knownChanges(live: unknown, wanted: unknown): KeyChanges {
  if (!isRecord(wanted)) return { added: [], changed: [], removed: [] };
  const keys = keyChanges(live, wanted);
  return { ...keys, changed: keys.changed.filter((name) => !isUnknown(wanted[name])) };
}

import { isRecord, isUnknown } from "../pulumi/unknown";
import { type Change, type KeyChanges, keyChanges } from "../schema/changes";
import type { Mapping } from "../schema/mapping";

/**
 * What of a text of variables a program takes away or changes that it did not give before: a person who set it by hand
 * sees no name of it in the plan. Said by name, for the preview.
 */

/** `env: removes X, Y; changes Z`; for run-time variables without `env`. */
export function named(path: string, { changed, removed }: KeyChanges): string[] {
  const prefix = path === "env" ? "" : `${path} `;
  return [
    ...(removed.length > 0 ? [`${prefix}removes ${removed.join(", ")}`] : []),
    ...(changed.length > 0 ? [`${prefix}changes ${changed.join(", ")}`] : []),
  ];
}

/** The sentence of it, for whose variables they are. */
export function overwritingNotice(who: string, whose: string, lost: readonly string[]): string {
  return `${who} takes over variables of the ${whose}: ${lost.join("; ")}.`;
}

/** Whether a text is given from now on, and was not before. */
export function beginsText(planned: readonly Change[]): boolean {
  return planned.some(({ begins, keys }) => begins && keys !== undefined);
}

/** The same for the texts that a resource gives from now on, and did not give before. */
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

/** As far as the wanted values are known. */
export function knownChanges(live: unknown, wanted: unknown): KeyChanges {
  if (!isRecord(wanted)) return { added: [], changed: [], removed: [] };
  const keys = keyChanges(live, wanted);
  return { ...keys, changed: keys.changed.filter((name) => !isUnknown(wanted[name])) };
}

import { isRecord } from "./record";
import { isUnknown } from "./unknown";

/** Path of a value: names, and indexes as texts, e.g. `["env", "TOKEN"]`. */
export type Path = readonly string[];

/**
 * Returns the value at a path; undefined when there is none. A value that is not known yet is also the value of each path
 * below it.
 */
export function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const name of path) {
    if (isUnknown(value)) return value;
    if (!isRecord(value) && !Array.isArray(value)) return undefined;
    value = Object.hasOwn(value, name) ? (value as Record<PropertyKey, unknown>)[name] : undefined;
  }
  return value;
}

import { isRecord } from "./record";

/** Placeholder of a value that Pulumi does not know yet, such as an output of a new resource: its `runtime.unknownValue`. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for the placeholder of a value that is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** True when the value, or anything in it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isRecord(value)) return Object.values(value).some(containsUnknown);
  return false;
}

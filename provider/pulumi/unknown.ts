import { unknownValue } from "./internals";

export { unknownValue };

/** True for the placeholder of a value that Pulumi does not know yet, such as an output of a new resource. */
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

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

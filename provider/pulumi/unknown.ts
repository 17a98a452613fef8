import { runtime } from "@pulumi/pulumi";

/** True for the text that stands for a value which Pulumi does not know yet (an output of a resource still to be made). */
export function isUnknown(value: unknown): boolean {
  return value === runtime.unknownValue;
}

/** True when the value, or anything inside it, is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isRecord(value)) return Object.values(value).some(containsUnknown);
  return false;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

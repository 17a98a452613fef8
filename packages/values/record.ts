/** Values by their names, such as the inputs of a resource. */
export type Values = Readonly<Record<string, unknown>>;

/** True for an object with named values: neither a list nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

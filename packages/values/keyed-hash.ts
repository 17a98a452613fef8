import { createHmac } from "node:crypto";
import { isRecord } from "./record";

/**
 * Returns the keyed hash of values as base64, of 44 characters: nobody without the key can make it, or find the values by
 * trial. The order of names in the values does not matter.
 *
 * @param purpose the use of the hash: for another use, the same values have another hash
 */
export function keyedHash(key: string, purpose: string, ...values: readonly unknown[]): string {
  const text = JSON.stringify([purpose, values.map(ordered)]);
  return createHmac("sha256", key).update(text).digest("base64");
}

/** Returns a value for JSON in which the order of names is always the same. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).sort();
  // A list of pairs: in an object, names like "10" would come first.
  return { pairs: names.map((name) => [name, ordered(value[name])]) };
}

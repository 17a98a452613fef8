import { createHmac } from "node:crypto";
import { isRecord } from "./unknown";

/** Key by which the fingerprint of a plan contains values, so that nobody without it can find them by trial. */
export class PlanKey {
  /** Environment variable with the key. */
  static readonly variable = "DOKPLOY_PLAN_KEY";
  static readonly leastLength = 16;

  private constructor(private readonly key: string) {}

  /** Returns the key of the environment; undefined if there is none, or a shorter one. */
  static from(environment: NodeJS.ProcessEnv): PlanKey | undefined {
    const key = (environment[PlanKey.variable] ?? "").trim();
    return key.length < PlanKey.leastLength ? undefined : new PlanKey(key);
  }

  /**
   * Returns the keyed hash of values as base64, of 44 characters. The order of names in them does not matter.
   *
   * @param purpose the use of the hash: for another use, the same values have another hash
   */
  hash(purpose: string, ...values: readonly unknown[]): string {
    const text = JSON.stringify([purpose, values.map(ordered)]);
    return createHmac("sha256", this.key).update(text).digest("base64");
  }

  /** Returns the beginning of the hash: 96 bits, enough to distinguish values. */
  shortHash(purpose: string, ...values: readonly unknown[]): string {
    return this.hash(purpose, ...values).slice(0, 16);
  }
}

/** Returns a value for JSON in which the order of names is always the same. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).sort();
  // A list of pairs: in an object, names like "10" would come first.
  return { pairs: names.map((name) => [name, ordered(value[name])]) };
}

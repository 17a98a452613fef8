import { keyedHash } from "../../packages/values";

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

  /** Returns the {@link keyedHash} of values. */
  hash(purpose: string, ...values: readonly unknown[]): string {
    return keyedHash(this.key, purpose, ...values);
  }

  /** Returns the beginning of the hash: 96 bits, enough to distinguish values. */
  shortHash(purpose: string, ...values: readonly unknown[]): string {
    return this.hash(purpose, ...values).slice(0, 16);
  }
}

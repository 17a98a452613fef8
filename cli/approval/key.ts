import { createHmac } from "node:crypto";
import { UsageError } from "../terminal/errors";

/** Environment variable with the key of fingerprints. */
const variable = "DOKPLOY_PLAN_KEY";
const leastLength = 16;
const advice =
  `Without a key, everybody who reads the comment could try out which values it was made from. Make one for each ` +
  `stage with "openssl rand -hex 32", and store it as a secret of the jobs that plan and deploy the stage.`;

/** Key of fingerprints. */
export class PlanKey {
  private constructor(private readonly key: string) {}

  /** @throws UsageError when the environment has no key, or one that is too short */
  static from(environment: NodeJS.ProcessEnv): PlanKey {
    const key = (environment[variable] ?? "").trim();
    if (key === "") throw new UsageError(`${variable}, the key of the fingerprint, is not set. ${advice}`);
    if (key.length < leastLength) {
      throw new UsageError(
        `${variable}, the key of the fingerprint, needs at least ${leastLength} characters. ${advice}`,
      );
    }
    return new PlanKey(key);
  }

  /** Returns the keyed hash of parts, as base64 of 44 characters. Parts in front tell its purpose and place. */
  hash(...parts: readonly string[]): string {
    return createHmac("sha256", this.key).update(JSON.stringify(parts)).digest("base64");
  }

  /** Returns the beginning of the hash: 96 bits, enough to tell values apart. */
  shortHash(...parts: readonly string[]): string {
    return this.hash(...parts).slice(0, 16);
  }
}

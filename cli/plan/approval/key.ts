import { PlanKey } from "../../../provider/pulumi";
import { UsageError } from "../../terminal";

/**
 * Returns the key of fingerprints.
 *
 * @throws UsageError when the environment has no key, or one that is too short
 */
export function planKey(environment: NodeJS.ProcessEnv): PlanKey {
  const key = PlanKey.from(environment);
  if (key !== undefined) return key;
  const { variable, leastLength } = PlanKey;
  const problem =
    (environment[variable] ?? "").trim() === "" ? "is not set" : `needs at least ${leastLength} characters`;
  throw new UsageError(
    `${variable}, the key of the fingerprint, ${problem}. Without a key, anybody who reads the comment could try ` +
      `values until one of them fits. Make one for each stage with "openssl rand -hex 32", and store it as a ` +
      "secret of the jobs that plan and deploy the stage.",
  );
}

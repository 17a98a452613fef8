import type { Values } from "../../../packages/values";
import { callAny } from "../../dokploy";
import type { Model } from "../../engine";
import type { Entity } from "../../lifecycle";
import { tries } from "../checks/trial";
import { refuseMissing } from "./assignments";
import { configOf } from "./wire";

/** Lets Dokploy sign in to the vault. */
const tryVault = tries({
  kind: "VaultProvider",
  inputs: ["vault"],
  at: "vault",
  ask: (api, columns) => callAny(api, "vaultProvider.testConnection", { config: configOf(columns) }),
  late: "the vault did not answer in time",
  hints: [
    [/fetch failed|ECONNREFUSED|ENOTFOUND/, "Dokploy's machine does not reach it"],
    [/timeout/i, "it did not answer in time"],
    [
      /AccessDenied|not authorized|cannot list/,
      "the key is not allowed to list secrets, which this test does",
    ],
    [/status 40[013]\b|security token|signature/, "it refuses the login"],
  ],
});

/**
 * Lets Dokploy try a changed vault once all values are known, and checks that the assigned projects and environments
 * exist.
 *
 * @throws CheckFailedError with the message of the vault, or for a missing project or environment
 */
export function lookAtVault(model: Model): NonNullable<Entity<Values, never>["preview"]> {
  return async (inputs, context, planned) => {
    if (planned.changes.length === 0) return [];
    await refuseMissing(inputs["assignments"], context);
    return await tryVault(model)(inputs, context, planned);
  };
}

import type { Context } from "../lifecycle/context";
import { tries } from "../simple/trial";
import { refuseMissing } from "./vault-assignments";
import { configOf } from "./vault-wire";

type Values = Readonly<Record<string, unknown>>;

/** Has Dokploy sign in to the vault. */
const tryVault = tries({
  kind: "VaultProvider",
  inputs: ["vault"],
  at: "vault",
  ask: (api, columns) => api.call("vaultProvider.testConnection", { config: configOf(columns) } as never),
  late: "the vault did not answer in time",
  hints: [
    [/fetch failed|ECONNREFUSED|ENOTFOUND/, "Dokploy's machine does not reach it"],
    [/timeout/i, "it did not answer in time"],
    [/AccessDenied|not authorized|cannot list/, "the key may not list secrets, which this test asks for"],
    [/status 40[013]\b|security token|signature/, "it refuses the login"],
  ],
});

/**
 * Has Dokploy try the vault, where that changes and all is known, and looks for the projects and environments that are
 * assigned.
 *
 * @throws CheckFailedError with what the vault said, or for what is not there
 */
export async function lookAtVault(
  inputs: Values,
  changed: ReadonlySet<string>,
  context: Pick<Context, "api" | "reads" | "inform">,
  columns: () => Values,
): Promise<void> {
  if (changed.size === 0) return;
  await refuseMissing(inputs["assignments"], context);
  await tryVault(inputs, changed, context, columns);
}

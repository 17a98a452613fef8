import { z } from "zod";
import { lookAtVault } from "../platform/look-at-vault";
import { assignments } from "../platform/vault-assignments";
import { vaultWire } from "../platform/vault-wire";
import { isWithoutConfig, vault } from "../platform/vaults";
import { simple } from "../simple/resource";
import { field, withTest } from "../simple/spec";

/**
 * A vault from which Dokploy takes secrets when it deploys: HashiCorp Vault (or OpenBao), Infisical, AWS Secrets Manager, Doppler,
 * Azure Key Vault or Scaleway's. Variables name one as `${{vault.<name>.<reference>}}`, so that its value stands neither in the
 * program nor in Dokploy. It needs Dokploy 0.30.0 and the key of an owner or admin, and no licence.
 *
 * Dokploy shows no secret of it, so a refresh does not see one that was changed by hand; each update writes it again.
 *
 * @example
 * ```ts
 * const main = new dokploy.VaultProvider("main", {
 *   name: "main",
 *   vault: { type: "hashicorp", url: "https://vault.acme.example", token: config.requireSecret("vaultToken") },
 *   assignments: [{ projectId: shop.id }],
 * });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DB_PASSWORD: pulumi.interpolate`\${{vault.${main.name}.shop/prod:DB_PASSWORD}}` },
 * });
 * ```
 */
export const vaultProvider = simple({
  kind: "VaultProvider",
  router: "vaultProvider",
  key: ["name"],
  label: ({ name }) => name,
  wire: vaultWire,
  look: lookAtVault,
  inputs: {
    /** Name, as references have it; no other vault of the organisation may have it. Those to the old name no longer find it. */
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ and - alone"),
    /** Which vault, and how Dokploy comes in. */
    vault: field(vault, {}),
    /** The projects, or environments of them, whose variables may name it: all others fail to deploy with it. */
    assignments,
    ...withTest,
  },
  columns: { vault: "as:type" },
  rules: {
    vault: ({ vault: from }) =>
      from !== undefined &&
      isWithoutConfig(from) &&
      "needs project and config, since the token is not that of a config (dp.st.…)",
  },
});

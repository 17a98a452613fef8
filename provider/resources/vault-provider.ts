import { z } from "zod";
import { field, simple, withTest } from "../engine";
import { withChecks } from "../lifecycle";
import { assignments } from "./vault-provider/assignments";
import { lookAtVault } from "./vault-provider/look";
import { isWithoutConfig, vault } from "./vault-provider/vaults";
import { vaultWire } from "./vault-provider/wire";

const base = simple({
  kind: "VaultProvider",
  router: "vaultProvider",
  key: ["name"],
  label: ({ name }) => name,
  ...vaultWire,
  inputs: {
    /**
     * Name that references use; unique among the vaults of the organization. After a change, references to the old name
     * no longer find the vault.
     */
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "must be 1 to 64 letters, digits, _ and -"),
    /** Vault, with the credentials that Dokploy uses. */
    vault: field(vault, { column: "as:type" }),
    /**
     * Projects, or environments of them, whose variables may refer to the vault. Anywhere else, a deployment with
     * such a variable fails.
     */
    assignments,
    ...withTest,
  },
  rules: {
    vault: ({ vault: from }) =>
      from !== undefined &&
      isWithoutConfig(from) &&
      "needs project and config, since the token is not the token of a config (dp.st.…)",
  },
});

/**
 * A vault from which Dokploy takes secrets when it deploys: HashiCorp Vault (or OpenBao), Infisical, AWS Secrets
 * Manager, Doppler, Azure Key Vault or Scaleway Secret Manager. Variables refer to a secret as
 * `${{vault.<name>.<reference>}}`, so that its value is neither in the program nor in Dokploy. It requires Dokploy
 * 0.30.0 and the key of an owner or admin, but no license.
 *
 * Dokploy does not show the credentials of the vault, so a refresh does not notice a change made by hand. Each update
 * writes them again.
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
export const vaultProvider = withChecks(base, { preview: lookAtVault(base.model) });

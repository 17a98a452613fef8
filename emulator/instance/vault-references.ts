import type { Instance } from "./instance";
import type { Row } from "./rows";
import type { Assignment } from "./vaults";

/**
 * Returns the lookup for references of a service: its project and environment must be assigned. Throws like
 * Dokploy.
 */
export function vaultFor(
  instance: Instance,
  { projectId, environmentId }: { readonly projectId: string; readonly environmentId: string },
): (provider: string, reference: string) => string {
  return (name, reference) => {
    const row = [...instance.simple("vaultProvider").values()].find((one) => one["name"] === name);
    if (!row)
      throw new Error(`Vault provider "${name}" not found. Configure it in Settings -> Secrets Providers.`);
    if (!isAssigned(row, projectId, environmentId))
      throw new Error(
        `Vault provider "${name}" is not enabled for this project/environment. Assign it in Settings -> Secrets Providers.`,
      );
    const value = instance.vaults.secrets.get(name)?.get(reference);
    if (value === undefined) throw new Error(`Secret "${reference}" not found in vault provider "${name}"`);
    return value;
  };
}

function isAssigned({ assignments }: Row, projectId: string, environmentId: string): boolean {
  return (assignments as readonly Assignment[]).some(
    (one) =>
      one.projectId === projectId &&
      (one.environmentIds.length === 0 || one.environmentIds.includes(environmentId)),
  );
}

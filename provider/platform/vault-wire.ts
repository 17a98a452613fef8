import type { Row, Wire } from "../simple/wire";
import { columnOf, SHOWN_SECRET, vaultFields } from "./vaults";

/** Dokploy keeps what leads to the vault in one column, shows its secret as stars, and takes an update whole alone. */
export const vaultWire: Wire = {
  read({ config, providerType, ...row }) {
    const type = String(providerType);
    const shown = (vaultFields.get(type)?.open ?? []).map((field) => [
      columnOf(type, field),
      (config as Row)[field] ?? null,
    ]);
    return { ...row, "as:type": type, ...Object.fromEntries(shown) };
  },

  send(verb, columns) {
    const { name, assignments, vaultProviderId } = columns;
    const input = { name, assignments, config: configOf(columns) };
    return verb === "create"
      ? { endpoint: "vaultProvider.create", input }
      : { endpoint: "vaultProvider.update", input: { ...input, vaultProviderId } };
  },
};

/** What leads to the vault, as Dokploy takes it; a secret that nobody gives is the one that it has. */
export function configOf(columns: Row): Row {
  const type = String(columns["as:type"]);
  const { open = [], secret = [] } = vaultFields.get(type) ?? {};
  const shown = open.map((field) => [field, columns[columnOf(type, field)]]);
  const hidden = secret.map((field) => [field, columns[columnOf(type, field)] ?? SHOWN_SECRET]);
  return {
    providerType: type,
    ...Object.fromEntries([...shown, ...hidden].filter(([, value]) => value != null)),
  };
}

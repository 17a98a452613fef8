import type { Row, Wire } from "../../lifecycle";
import { columnOf, SHOWN_SECRET, vaultFields } from "./vaults";

/** Calls for a vault: its settings are one column, which shows a secret as stars and is updated only whole. */
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

/** Returns the settings of the vault as Dokploy takes them; a secret that is not given stays as it is. */
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

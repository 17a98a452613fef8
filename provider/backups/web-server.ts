import type { Api } from "../dokploy/endpoints";
import type { Alone } from "../simple/spec";

/** Backups of Dokploy itself, which belong to a user. */
export const webServer: Alone & { readonly input: "databaseType" } = {
  input: "databaseType",
  value: "web-server",
  async list(api: Api) {
    const { id, backups } = (await api.call("user.getBackups", {})) as { id: string; backups: object[] };
    return { rows: backups, names: { userId: id } };
  },
};

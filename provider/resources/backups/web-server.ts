import type { Api } from "../../dokploy";
import type { Row } from "../../lifecycle";

/** Value of `databaseType` for Dokploy itself. */
export const WEB_SERVER = "web-server";

/** Returns the backups of Dokploy itself, and the user that they belong to. */
export async function backupsOfDokploy(api: Api): Promise<{ readonly id: string; readonly backups: Row[] }> {
  return (await api.call("user.getBackups", {})) as { id: string; backups: Row[] };
}

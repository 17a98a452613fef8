import type { Api } from "../dokploy/endpoints";
import { isRecord } from "../pulumi/unknown";

/** An update of an object. Dokploy's audit log does not say what of the object changed. */
export interface Update {
  /** Id of the object. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly userId: string;
  /** E-mail address of the user. */
  readonly who: string;
}

/** The most entries that Dokploy returns. */
const most = 500;

/**
 * Reads the latest updates of all objects from Dokploy's audit log, newest first.
 *
 * @throws DokployError without an enterprise license, or when the key must not read the log
 */
export async function latestUpdates(api: Api): Promise<Update[]> {
  const { logs } = await api.call("auditLog.all", { action: "update", limit: most });
  const updates = logs.flatMap((row): Update[] => {
    if (!isRecord(row)) return [];
    const { resourceId: id, createdAt, userId, userEmail: who } = row;
    const at = Date.parse(String(createdAt));
    return typeof id !== "string" || typeof who !== "string" || Number.isNaN(at)
      ? []
      : [{ id, at, userId, who }];
  });
  return updates.sort((a, b) => b.at - a.at);
}

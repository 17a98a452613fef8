import type { Api } from "../../provider/dokploy/endpoints";
import { isRecord } from "../../provider/pulumi/unknown";
import { isShared } from "../../provider/schema/kinds";
import { sharedService } from "../../sdk/env-files/contract-file";
import { targetOf } from "../env-diff/live-side";
import type { StateResource } from "../stack/stack";
import type { AuditEvent } from "./model";

/** The most that Dokploy returns. */
const most = 500;

/**
 * Reads who updated the objects of a stack that have variables. The log does not say which of their fields changed.
 *
 * @throws DokployError without an enterprise license, or when the key must not read the log
 */
export async function auditEvents(
  resources: readonly StateResource[],
  service: string | undefined,
  api: Api,
): Promise<AuditEvent[]> {
  const names = new Map<string, string>();
  for (const resource of resources) {
    const target = targetOf(resource);
    if (target === undefined) continue;
    const shared = isShared(target.kind) ? sharedService : undefined;
    const known = [resource.name, resource.inputs["name"], shared];
    if (service === undefined || known.includes(service)) names.set(target.id, service ?? resource.name);
  }
  if (names.size === 0) return [];
  const { logs } = await api.call("auditLog.all", { action: "update", limit: most });
  return logs.flatMap((row): AuditEvent[] => {
    const name = isRecord(row) ? names.get(String(row.resourceId)) : undefined;
    const at = Date.parse(String(row.createdAt));
    return name === undefined || Number.isNaN(at)
      ? []
      : [{ source: "dokploy", at, who: String(row.userEmail), service: name }];
  });
}

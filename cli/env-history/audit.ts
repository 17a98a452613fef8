import type { Api } from "../../provider/dokploy/endpoints";
import { latestUpdates } from "../../provider/lifecycle/audit-log";
import { isShared } from "../../provider/schema/kinds";
import { sharedService } from "../../sdk/env-files/contract-file";
import { targetOf } from "../env-diff/live-side";
import type { StateResource } from "../stack/stack";
import type { AuditEvent } from "./model";

/**
 * Reads who updated the objects of a stack that have variables.
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
  return (await latestUpdates(api)).flatMap(({ id, at, who }): AuditEvent[] => {
    const name = names.get(id);
    return name === undefined ? [] : [{ source: "dokploy", at, who, service: name }];
  });
}

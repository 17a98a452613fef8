import { shownMinute, visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import type { Api, AuditLogRow } from "../dokploy";

/** An update or a creation of an object. Dokploy's audit log does not say what of the object changed. */
export interface Update {
  /** Id of the object. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly userId: string;
  /** Email address of the user. */
  readonly who: string;
}

/** Largest number of entries that Dokploy returns. */
const most = 500;

/** Latest update of each object; undefined for an object that the key's own user updated last. */
type LastUpdates = ReadonlyMap<string, Update | undefined>;

/** Latest updates by connection, so that a run asks once, also after a failure. */
const asked = new WeakMap<Api, Promise<LastUpdates>>();

/**
 * Returns who updated an object last, and when, for a message about drift. Most servers keep no audit log, and most keys
 * must not read it, so a failure counts as an empty log.
 *
 * @param id id of the resource: that of the object, or `application/<applicationId>` for a block of variables
 * @returns `last changed in Dokploy by ana@acme.example, 2026-11-28 14:03 UTC`; undefined when the log names nobody, or
 * the user of the key, which pipelines have
 */
export async function lastChange(id: string, api: Api): Promise<string | undefined> {
  const update = await lastUpdate(id, api);
  return update && `last changed in Dokploy by ${visible(update.who)}, ${shownMinute(update.at)}`;
}

/** Returns the last update of an object, as {@link lastChange} says it. */
export async function lastUpdate(id: string, api: Api): Promise<Update | undefined> {
  const reading = asked.get(api) ?? lastUpdates(api).catch(() => new Map());
  asked.set(api, reading);
  return (await reading).get(id.slice(id.lastIndexOf("/") + 1));
}

/** Returns who created each object, as far as the audit log says it. */
export async function creations(api: Api): Promise<ReadonlyMap<string, Update>> {
  const entries = await entriesOf("create", api).catch(() => []);
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/** Returns entries of the audit log, the newest first. */
async function entriesOf(action: "create" | "update", api: Api): Promise<Update[]> {
  const { logs } = await api.call("auditLog.all", { action, limit: most });
  return logs.flatMap(updateOf).sort((a, b) => b.at - a.at);
}

async function lastUpdates(api: Api): Promise<LastUpdates> {
  const updates = await entriesOf("update", api);
  if (updates.length === 0) return new Map();
  const { userId: own } = await api.call("user.get", {});
  // A map keeps the last of several entries with one key: here the newest.
  return new Map(updates.reverse().map((update) => [update.id, update.userId === own ? undefined : update]));
}

function updateOf(row: AuditLogRow): Update[] {
  if (!isRecord(row)) return [];
  const { resourceId: id, createdAt, userId, userEmail: who } = row;
  const at = Date.parse(String(createdAt));
  if (typeof id !== "string" || typeof who !== "string" || Number.isNaN(at)) return [];
  return [{ id, at, userId, who }];
}

import type { Api } from "../../dokploy";
import { noSuch, type ParentKind } from "../../lifecycle";
import { type ServiceKind, traits } from "../../schema";

/** Kind of object that can list parts in its inputs and be deployed for them. */
export type ListingKind = ServiceKind;

/** Returns the noun for a kind of parent: `compose service`. */
export function parentNoun(kind: ParentKind): string {
  return kind === "server" ? "server" : traits[kind].noun;
}

/** Returns the reason why the parent does not exist: a sentence without its full stop. */
export async function noParent(kind: ParentKind, id: string, api: Pick<Api, "call">): Promise<string> {
  if (kind === "server") return `Dokploy has no server ${id} (or this key cannot see it)`;
  return await noSuch(kind, id, api);
}

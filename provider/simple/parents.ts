import type { Api } from "../dokploy/endpoints";
import { noSuch } from "../lifecycle/wrong-id";
import { type ServiceKind, traits } from "../schema/kinds";

/** Kind of object that a simple object can belong to; inputs such as `applicationId` and `postgresId` name it. */
export type ParentKind = ServiceKind | "server";

/** Kind of object that can list parts in its inputs and be deployed for them. */
export type ListingKind = ServiceKind;

/** Object that another one belongs to. */
export interface Parent {
  readonly kind: ParentKind;
  readonly id: string;
}

/** Returns the noun for a kind of parent: `compose service`. */
export function parentNoun(kind: ParentKind): string {
  return kind === "server" ? "server" : traits[kind].noun;
}

/** Returns the reason why the parent does not exist: a sentence without its full stop. */
export async function noParent(kind: ParentKind, id: string, api: Pick<Api, "call">): Promise<string> {
  if (kind === "server") return `Dokploy has no server ${id} (or this key may not see it)`;
  return await noSuch(kind, id, api);
}

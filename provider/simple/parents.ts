import type { Api } from "../dokploy/endpoints";
import { noSuch } from "../lifecycle/wrong-id";
import { traits } from "../schema/kinds";
import type { ParentKind } from "./spec";

/** Returns the noun for a kind of parent: `compose service`. */
export function parentNoun(kind: ParentKind): string {
  return kind === "server" ? "server" : traits[kind].noun;
}

/** Returns the reason why the parent does not exist: a sentence without its full stop. */
export async function noParent(kind: ParentKind, id: string, api: Pick<Api, "call">): Promise<string> {
  if (kind === "server") return `Dokploy has no server ${id} (or this key may not see it)`;
  return await noSuch(kind, id, api);
}

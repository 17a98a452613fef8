import { DokployError, type ServerTree } from "../../../provider/dokploy";
import { UserError } from "../../../provider/errors";
import { allDefinitions } from "../../../provider/resources";
import type { Kind } from "../../../sdk/run";
import { anyDefinition, type Item } from "./item";

/** Everything that was found on a server. */
export interface Survey {
  readonly items: readonly Item[];
  /** Kinds that could not be read, each with the reason. */
  readonly unread: readonly { readonly kind: string; readonly reason: string }[];
}

/**
 * Finds all objects that resources can manage.
 *
 * @throws DokployError when the server does not answer, or refuses the key altogether
 */
export async function survey(tree: ServerTree): Promise<Survey> {
  // An error here concerns all kinds.
  await tree.projects();
  const unread: { kind: string; reason: string }[] = [];
  const found = await Promise.all(
    allDefinitions().map(async (each) => {
      const definition = anyDefinition(each);
      const kind = definition.kind as Kind;
      try {
        const existing = (await definition.list?.(tree)) ?? [];
        return existing.map((object): Item => ({ kind, definition, notes: [], ...object }));
      } catch (error) {
        if (!isOfKind(error)) throw error;
        unread.push({ kind, reason: error.message });
        return [];
      }
    }),
  );
  return {
    items: found.flat(),
    unread: [...tree.unread, ...unread].sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}

/**
 * True for an error that other kinds do not share: the key or the version of the server does not allow the kind, or
 * Dokploy fails to read it.
 */
function isOfKind(error: unknown): error is Error {
  if (error instanceof DokployError)
    return ["forbidden", "unauthorized", "not-found", "unsupported-version", "server"].includes(error.kind);
  return error instanceof UserError;
}

import type { Item } from "../../../../../cli/server/export/item";
import { definitionOf } from "../../../../../provider/resources/generated/definitions";
import type { Kind } from "../../../../../sdk/run/kind";

/** Returns an id of Dokploy that begins with a text. */
export const id = (text: string) => text.padEnd(21, "0");

/** Returns an object of a server, as an export finds it. */
export const item = (
  kind: Kind,
  ownId: string,
  inputs: Readonly<Record<string, unknown>>,
  more: Partial<Item> = {},
): Item => ({
  kind,
  definition: definitionOf(kind) as unknown as Item["definition"],
  id: id(ownId),
  inputs,
  ...{ secrets: [], maybeSecrets: [], hidden: [], notes: [] },
  ...more,
});

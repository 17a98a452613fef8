import type { z } from "zod";
import type { Values } from "../../../packages/values";
import { listsIn } from "../../../provider/engine";
import { targetOf } from "../../../provider/schema";
import type { Item, Skipped } from "./item";
import { nameOf } from "./item";

/**
 * Moves the parts of services into the lists of their services, as a person would write them.
 *
 * @param isWritten true for a service that the program will have; the parts of others are not moved
 */
export function withParts(
  items: readonly Item[],
  isWritten: (item: Item) => boolean,
): { items: Item[]; skipped: Skipped[] } {
  const moved = new Set<Item>();
  const skipped: Skipped[] = [];
  const whole = items.map((item) => {
    const inputs: Record<string, unknown> = { ...item.inputs };
    const secrets = [...item.secrets];
    const maybeSecrets = [...item.maybeSecrets];
    const notes = [...item.notes];
    const lists = isWritten(item) ? listsIn(item.definition.schema as z.ZodObject) : [];
    for (const [list, { spec }] of lists) {
      const owner = `${targetOf(item.kind)}Id`;
      const parts = items.filter(({ kind, inputs: own }) => kind === spec.kind && own[owner] === item.id);
      const named = new Map<string, Values>();
      for (const part of parts) {
        moved.add(part);
        const { [owner]: _, ...own } = part.inputs;
        const name = spec.label(own);
        if (named.has(name)) {
          const reason = `the service has two of them, ${name}, and a program can have only one`;
          skipped.push({ kind: part.kind, id: part.id, name: nameOf(part) ?? name, reason, parent: item.id });
          continue;
        }
        named.set(name, own);
        secrets.push(...part.secrets.map((path) => [list, name, ...path]));
        maybeSecrets.push(...part.maybeSecrets.map((path) => [list, name, ...path]));
        notes.push(...part.notes.map((note) => `${list} ${name}: ${note}`));
      }
      const byName = [...named].sort(([a], [b]) => (a < b ? -1 : 1));
      if (byName.length > 0) inputs[list] = Object.fromEntries(byName);
    }
    return { ...item, inputs, secrets, maybeSecrets, notes };
  });
  return { items: whole.filter((_, index) => !moved.has(items[index] as Item)), skipped };
}

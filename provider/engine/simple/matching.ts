import type { Values } from "../../../packages/values";
import type { Model } from "./model";
import type { Row } from "./objects";

/** Finds the rows of the wanted parts: by their ids, or, if the state has none, by their keys. */
export function find(
  model: Model,
  rows: readonly Row[],
  wanted: ReadonlyMap<string, Values>,
  ids: Readonly<Record<string, string>> = {},
): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const name of wanted.keys()) {
    const row = byId(model, rows, ids[name]);
    if (row) found.set(name, row);
  }
  const remaining = new Set(rows.filter((row) => ![...found.values()].includes(row)));
  for (const [name, part] of wanted) {
    const row = found.has(name) ? undefined : model.sameAs([...remaining], part);
    if (!row) continue;
    found.set(name, row);
    remaining.delete(row);
  }
  return found;
}

/** Returns the row with this id. */
export function byId({ objects }: Model, rows: readonly Row[], id: string | undefined): Row | undefined {
  return id === undefined ? undefined : rows.find((row) => objects.idOf(row) === id);
}

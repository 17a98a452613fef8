import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import type { SimpleObject } from "../instance/simple-object";

/** Empties the columns that name a deleted object, as the database does. */
export function release({ namedBy = {} }: SimpleObject, id: unknown, { tables }: Instance): void {
  for (const [kind, columns] of Object.entries(namedBy)) {
    for (const row of tables[kind as keyof typeof namedBy].values() as Iterable<Row>) {
      for (const column of columns) if (row[column] === id) row[column] = null;
    }
  }
}

import type { Api } from "../../dokploy";
import { CheckFailedError } from "../../errors";
import type { Mapping, TargetKind } from "../../schema";
import { missingToAdopt } from "./naming";

/**
 * Reads the row of an object to adopt.
 *
 * @throws CheckFailedError when no object has this id
 */
export async function existingToAdopt<Row>(
  kind: TargetKind,
  id: string,
  observe: () => Promise<Row | undefined>,
  api: Pick<Api, "call">,
): Promise<Row> {
  const row = await observe();
  if (row !== undefined) return row;
  throw new CheckFailedError([{ property: "import", reason: await missingToAdopt(kind, id, api) }]);
}

/**
 * Refuses to adopt an object that differs from the inputs in what cannot be changed.
 *
 * @param label `Domain <id>`
 * @param live inputs as they are in Dokploy
 */
export function refuseFixed(label: string, live: object, inputs: object, mapping: Mapping): void {
  const fixed = mapping.changes(live, inputs).filter(({ replace }) => replace);
  if (fixed.length === 0) return;
  throw new CheckFailedError(
    fixed.map(({ path }) => ({
      property: path,
      reason: `differs from what the ${label} has, and cannot be changed in place`,
    })),
  );
}

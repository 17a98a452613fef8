import { isDeepStrictEqual } from "node:util";
import type { DokployError } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import type { Write } from "../objects/reconcile";
import type { Model, Values } from "./model";
import type { Row } from "./objects";

/** Sets what only an update can set of something that was just made. */
export async function saveLater(
  model: Model,
  id: string,
  inputs: Values,
  api: Context["api"],
): Promise<void> {
  // What it belongs to was said when it was made.
  const isParent = (column: string) => model.spec.parents.some((kind) => column === `${kind}Id`);
  const own = Object.entries(model.columns(inputs)).filter(([column]) => !isParent(column));
  const later = model.objects.laterColumns(Object.fromEntries(own));
  if (Object.keys(later).length === 0) return;
  const row = await model.objects.one(id, api);
  if (row === undefined) return;
  const left = Object.entries(later).filter(([column, value]) => !isDeepStrictEqual(row[column], value));
  if (left.length > 0) await model.objects.update(row, Object.fromEntries(left), api);
}

/**
 * How what differs between the row and what the program asks for is saved; undefined where nothing does.
 *
 * @param olds what the program asked for before, if it did
 * @param isTouched whether the program changes anything: then what Dokploy does not show is written again
 * @param unfinished the error for a change that may have been saved, or may be at any moment: with the inputs as they were,
 *   as far as anybody can tell
 */
export function writeOf(
  { mapping, objects }: Model,
  row: Row,
  news: Values,
  { olds, isTouched }: { olds: Values | undefined; isTouched: boolean },
  unfinished: (reason: DokployError, former: Values | undefined) => Error,
  { api }: Pick<Context, "api">,
): Write | undefined {
  const id = objects.idOf(row);
  const isHiding = Object.keys(mapping.writeOnly(news)).length > 0;
  // Of what Dokploy does not show, nobody can tell afterwards which of the two it has.
  const seen = (inputs: Values): Values => mapping.forgetting(inputs, news);
  const delta = mapping.delta(row, news, olds);
  const elsewhere = olds ? mapping.elsewhere(olds, news) : {};
  const isUnseen = isHiding || Object.keys(elsewhere).some((column) => !(column in delta));
  const hidden = isTouched || Object.keys(delta).length > 0 ? mapping.writeOnly(news) : {};
  const changed = { ...delta, ...elsewhere, ...hidden };
  if (Object.keys(changed).length === 0) return undefined;
  return {
    send: () => objects.update(row, changed, api),
    async isThere() {
      // Whether Dokploy has what it does not show, and what it did with that, no look tells.
      if (isUnseen) return false;
      const now = await objects.one(id, api);
      return now !== undefined && Object.keys(mapping.delta(now, news, olds)).length === 0;
    },
    unfinished: (reason) => unfinished(reason, olds && seen(olds)),
    // Dokploy logs in to a registry once that is saved.
    async refused(reason) {
      if (olds === undefined || !isHiding) return reason;
      const now = await objects.one(id, api).catch(() => undefined);
      return unfinished(reason, seen(mapping.readBack(now ?? row, { ...news, ...olds })));
    },
  };
}

import { isDeepStrictEqual } from "node:util";
import type { Values } from "../../../packages/values";
import type { DokployError } from "../../dokploy";
import type { Context } from "../../lifecycle";
import type { Write } from "../adoption/saving";
import type { Model } from "./model";
import type { Row } from "./objects";

/**
 * Sets the columns of a new object that only an update can set.
 *
 * @param sent columns that the creation sent
 */
export async function saveLater(
  model: Model,
  id: string,
  inputs: Values,
  sent: Row,
  api: Context["api"],
): Promise<void> {
  // Its parent was set at creation.
  const isParent = (column: string) => model.parents.some((kind) => column === `${kind}Id`);
  const own = Object.entries(model.columns(inputs)).filter(([column]) => !isParent(column));
  const later = model.objects.laterColumns(Object.fromEntries(own), sent);
  if (Object.keys(later).length === 0) return;
  const row = await model.objects.one(id, api);
  if (row === undefined) return;
  const remaining = Object.entries(later).filter(([column, value]) => !isDeepStrictEqual(row[column], value));
  if (remaining.length > 0) await model.objects.update(row, Object.fromEntries(remaining), api);
}

/** Facts of a write besides the row and the program. */
interface Touch {
  /** Inputs that the program had before, if any. */
  readonly olds: Values | undefined;
  /** True when the program changes anything: then hidden columns are written again. */
  readonly isTouched: boolean;
}

/**
 * Returns the write that changes the row to match the program; undefined when nothing differs.
 *
 * @param unfinished returns the error for a change that may have been saved, or may be at any moment, with the inputs
 * as they were, as far as known
 */
export async function writeOf(
  model: Model,
  row: Row,
  news: Values,
  { olds, isTouched }: Touch,
  unfinished: (reason: DokployError, former: Values | undefined) => Error,
  context: Pick<Context, "api" | "server">,
): Promise<Write | undefined> {
  const { mapping, objects } = model;
  const { api } = context;
  const released = olds ? await releasedColumns(model, olds, news, context) : {};
  const id = objects.idOf(row);
  const isHiding = Object.keys(mapping.writeOnly(news)).length > 0;
  // For hidden columns, it is unknown afterwards which of the two values Dokploy has.
  const forgetting = (inputs: Values): Values => mapping.forgetting(inputs, news);
  const deltaOf = (live: Row): Row => ({
    ...Object.fromEntries(
      Object.entries(released).filter(([column, value]) => !isDeepStrictEqual(live[column], value)),
    ),
    ...mapping.delta(live, news, olds),
  });
  const delta = deltaOf(row);
  const elsewhere = olds ? mapping.elsewhere(olds, news) : {};
  const isUnseen = isHiding || Object.keys(elsewhere).some((column) => !(column in delta));
  const hidden = isTouched || Object.keys(delta).length > 0 ? mapping.writeOnly(news) : {};
  const changed = { ...delta, ...elsewhere, ...hidden };
  if (Object.keys(changed).length === 0) return undefined;
  return {
    send: () => objects.update(row, changed, api),
    async isThere() {
      // A look cannot show whether Dokploy has a hidden value, or has used it.
      if (isUnseen) return false;
      const now = await objects.one(id, api);
      return now !== undefined && Object.keys(deltaOf(now)).length === 0;
    },
    unfinished: (reason) => unfinished(reason, olds && forgetting(olds)),
    // Dokploy logs in to a registry after it has saved it.
    async refused(reason) {
      if (olds === undefined || !isHiding) return reason;
      const now = await objects.one(id, api).catch(() => undefined);
      return unfinished(reason, forgetting(mapping.readBack(now ?? row, { ...news, ...olds })));
    },
  };
}

/**
 * Returns the columns to which inputs without a fixed default return when the program no longer gives them: as a creation
 * sends them, such as an address on this server.
 */
async function releasedColumns(
  model: Model,
  olds: Values,
  news: Values,
  context: Pick<Context, "api" | "server">,
): Promise<Row> {
  const columns = model.mapping.released(olds, news);
  if (columns.length === 0) return {};
  const sent = Object.entries(await model.creation(news, context));
  return Object.fromEntries(sent.filter(([column]) => columns.includes(column)));
}

import { isDeepStrictEqual } from "node:util";
import type { Api } from "../../dokploy";
import { PartialFailureError } from "../../errors";
import type { Context } from "../../lifecycle";
import { settleName } from "../adoption/claim";
import { unconfirmedOf } from "../adoption/foreign";
import { isAmbiguous } from "../adoption/naming";
import type { ScopeInputs, ScopeModel, ScopeRow } from "./model";
import { serviceNames } from "./services";

/**
 * Creates a project or environment under a free name, and then saves what its creation does not take.
 *
 * @param claim registers the variables of the new object
 * @throws PartialFailureError when it was created but the rest failed
 */
export async function createScope<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  inputs: Inputs,
  claim: (id: string) => void,
  context: Context,
): Promise<{ id: string; outputs: Own }> {
  const { api } = context;
  const { mapping } = model;
  await model.assertNameAvailable(inputs, context);
  const columns = Object.entries(mapping.columns(inputs));
  const taken = columns.filter(([column]) => model.isCreated(column));
  const row = await make(model, Object.fromEntries(taken), inputs, api);
  const id = model.idOf(row);
  const outputs = model.outputsOf(row);
  const unfinished = { ...outputs, ...unconfirmedOf(mapping.changes({}, inputs), mapping.variables()) };
  await settle(model, row, inputs, unfinished, context);
  claim(id);
  try {
    const isMissing = (column: string, value: unknown) => !isDeepStrictEqual(row[column], value);
    const later = columns.filter((column) => !model.isCreated(column[0]) && isMissing(...column));
    if (later.length > 0) await model.save(id, Object.fromEntries(later), api);
  } catch (error) {
    throw new PartialFailureError(id, unfinished, error);
  }
  return { id, outputs };
}

async function make<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  columns: object,
  inputs: Inputs,
  api: Api,
): Promise<Row> {
  try {
    return await model.create(columns, api);
  } catch (error) {
    // The response was lost, but the object may exist. Its name was free just before, so it is ours.
    const [found, other] = isAmbiguous(error) ? await model.named(inputs, api) : [];
    if (found === undefined || other !== undefined) throw error;
    return await model.one(found.id, api);
  }
}

/** Gives way to an older object of the same name that another run created at the same moment. */
async function settle<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  made: Row,
  inputs: Inputs,
  unfinished: object,
  context: Context,
): Promise<void> {
  const { api } = context;
  const id = model.idOf(made);
  await settleName({
    id,
    label: model.labelOf(id, inputs),
    outputs: unfinished,
    async holders() {
      const { projectId } = inputs;
      if (projectId === undefined) return await model.named(inputs, api);
      // Dokploy gives the creation times of environments with the project alone.
      const { environments } = await api.call("project.one", { projectId });
      return model.namedIn(environments, inputs);
    },
    async isAsMade() {
      const row = await model.one(id, api);
      const environments = (row.environments ?? []) as readonly ScopeRow[];
      const isBare = [row, ...environments].every((inner) => serviceNames(inner, inner.name).length === 0);
      const given = environments.some(({ env }) => typeof env === "string" && env !== "");
      const [before, now] = [made, row].map((columns) => model.mapping.readBack(columns, inputs));
      return isBare && !given && environments.length <= 1 && isDeepStrictEqual(now, before);
    },
    remove: () => model.remove(id, api),
    refuse: () => model.assertNameAvailable(inputs, context, id),
  });
}

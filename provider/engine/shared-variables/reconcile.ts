import type { Context, State } from "../../lifecycle";
import type { Change } from "../../schema";
import { refuseForeign, unconfirmedOf } from "../adoption/foreign";
import { reconcile } from "../adoption/reconcile";
import type { Write } from "../adoption/saving";
import type { ReferrerOutputs } from "../shared-variable-users/pending";
import { SharedChange } from "../shared-variable-users/redeploy";
import type { ScopeInputs, ScopeModel, ScopeRow } from "./model";

/**
 * Changes a project or environment to match the program, and deploys the services that refer to changed variables.
 *
 * @param olds inputs and outputs in the state; undefined when it is adopted
 */
export async function reconcileScope<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  id: string,
  news: Inputs,
  olds: State<Inputs, Own & ReferrerOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<Own & ReferrerOutputs> {
  const { api } = context;
  const { mapping } = model;
  const observe = () => (olds ? model.existing(id, olds.inputs, api) : model.toAdopt(id, api));
  const plan = async (row: Row) => {
    if (olds) await refuseForeign(model.labelOf(id, row), row, olds, news, mapping);
    const delta = mapping.delta(row, news, olds?.inputs);
    const drifted = mapping.changes(mapping.readBack(row, news), news);
    const change = new SharedChange(id, model.ownerOf(id, news), news, { planned, drifted }, olds?.outputs);
    const outputs = model.outputsOf(row);
    if (Object.keys(delta).length === 0) return { change, outputs };
    const write: Write = {
      send: () => model.save(id, delta, api),
      async isThere() {
        const now = await model.one(id, api);
        return Object.keys(mapping.delta(now, news, olds?.inputs)).length === 0;
      },
      unfinished: change.unfinished(
        { ...olds, outputs: { ...olds?.outputs, ...outputs } },
        unconfirmedOf("env" in delta ? drifted : [], ["env"], olds?.outputs),
      ),
    };
    return { change, outputs, write };
  };
  const { plan: done, since } = await reconcile<Row, Awaited<ReturnType<typeof plan>>>(
    `${model.noun}/${id}`,
    observe,
    plan,
    context,
  );
  return await done.change.deploy(since, done.outputs, context);
}

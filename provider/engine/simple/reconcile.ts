import type { Values } from "../../../packages/values";
import { PartialFailureError } from "../../errors";
import type { Context, State } from "../../lifecycle";
import { type Change, mergeChanges } from "../../schema";
import { reconcile, stillThere } from "../adoption/reconcile";
import { needed } from "../rollout/need";
import { pendingOf } from "../rollout/outputs";
import { isDeployed, type SimpleOutputs, saveAndApply, unappliedPart } from "./applying";
import type { Model } from "./model";
import type { Row } from "./objects";
import { writeOf } from "./saving";

/**
 * Changes an object to match the program, and applies that.
 *
 * @param olds inputs and outputs in the state; undefined when it is adopted
 */
export async function reconcileObject(
  model: Model,
  id: string,
  olds: State<Values, SimpleOutputs> | undefined,
  news: Values,
  planned: readonly Change[],
  context: Context,
): Promise<SimpleOutputs> {
  const { mapping, objects, spec } = model;
  const observed = () => {
    if (olds === undefined) return model.adoptable(id, news, context.api);
    const label = `${model.label(olds.inputs, context.run)} (${id})`;
    return stillThere(label, () => objects.one(id, context.api));
  };
  const plan = async (row: Row) => {
    const drifted = mapping.changes(mapping.readBack(row, news), news);
    const remaining = olds ? olds.outputs.pending : await unappliedPart(model, row, news, context);
    const isNew = olds === undefined && !context.adoptUnchanged;
    const need = needed(mergeChanges(planned, drifted), model.optionOf(news), remaining);
    const unfinished = (reason: Error, former?: Values) =>
      new PartialFailureError(id, { ...olds?.outputs, ...pendingOf(need) }, reason, former);
    const touch = { olds: olds?.inputs, isTouched: isNew || planned.length > 0 };
    return { need, write: await writeOf(model, row, news, touch, unfinished, context) };
  };
  let reported: Values = {};
  const { outputs } = await saveAndApply(model, news, context, async () => {
    const { plan: done } = await reconcile(`${spec.router}/${id}`, observed, plan, context);
    reported = await report(model, id, context);
    return { id, need: done.need };
  });
  const all = { ...outputs, ...reported };
  await verify(model, id, news, all, context);
  return all;
}

/** Reads the outputs. */
export async function report(model: Model, id: string, { api }: Pick<Context, "api">): Promise<Values> {
  const { kind, objects, spec } = model;
  if (spec.outputs === undefined) return {};
  return model.outputsOf(await stillThere(`${kind} ${id}`, () => objects.one(id, api)));
}

/**
 * Waits until the object works, if the inputs ask for that.
 *
 * @throws PartialFailureError when it does not work in time: nothing is pending then, and the next run looks again
 */
export async function verify(
  model: Model,
  id: string,
  inputs: Values,
  outputs: SimpleOutputs,
  context: Context,
): Promise<void> {
  const { spec } = model;
  if (!spec.verify || outputs.pending !== undefined) return;
  const { addresses, deployments } = context.run;
  const { kind, id: serviceId } = model.parentOf(inputs) ?? {};
  if (deployments.hasDeployed(`${kind}/${serviceId}`)) addresses.report(undefined, [inputs], context.inform);
  const wait = spec.verify(inputs, model.label(inputs, context.run), context);
  if (wait === undefined || !(await isDeployed(model, inputs, context))) return;
  try {
    await wait();
  } catch (error) {
    throw new PartialFailureError(id, { ...outputs, pending: "none" }, error);
  }
}

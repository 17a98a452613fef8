import { PartialFailureError } from "../../errors";
import type { Context, State } from "../../lifecycle";
import { type Change, mergeChanges } from "../../schema";
import { refuseForeign, unconfirmedOf } from "../adoption/foreign";
import { reconcile } from "../adoption/reconcile";
import type { Write } from "../adoption/saving";
import { type ReleaseStep, releaseStep } from "../release/step";
import { needOf } from "../rollout/need";
import { pendingOf } from "../rollout/outputs";
import { rollout } from "../rollout/rollout";
import {
  idsOutput,
  PartsError,
  type PartsOwner,
  type PartsState,
  type SavedParts,
} from "../simple/parts-state";
import { assertDeployable } from "../variable-targets/reference-checks";
import type { ServiceInputs, ServiceModel, ServiceResourceOutputs, ServiceRow } from "./model";

/**
 * Changes a service to match the program, by the smallest change, and applies it once.
 *
 * @param olds inputs and outputs in the state; undefined when it is adopted
 */
export async function reconcileService<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string,
  news: Inputs,
  olds: State<Inputs, ServiceResourceOutputs> | undefined,
  planned: readonly Change[],
  context: Context,
): Promise<ServiceResourceOutputs> {
  const { api, lock } = context;
  const { parts } = model;
  const mapping = await model.mappingOn(api, news);
  const place = `${model.service}/${id}`;
  const { partIds: known } = olds?.outputs ?? {};
  const observe = () => (olds ? model.existing(id, olds.inputs.name, api) : model.adoptable(id, news, api));
  const plan = async (observed: Row) => {
    if (olds) await refuseForeign(model.labelOf(id, observed), observed, olds, news, mapping);
    const row = await parts.whole({ id, row: observed }, news, known, api);
    const { live } = model.readBack(id, row, news, mapping, known);
    const formerParts = parts.stateOf(olds?.inputs ?? {}, known);
    const delta = mapping.delta(row, news, olds?.inputs);
    const isMoved = row.environmentId !== news.environmentId;
    const isSaved = Object.keys(delta).length > 0;
    const environment = isMoved
      ? await api.call("environment.one", { environmentId: news.environmentId })
      : row.environment;
    assertDeployable(mapping.texts(delta, news, row), environment, context);
    const drifted = mapping.changes(live, news);
    const asIs = model.target(id, { ...row, environment });
    const unapplied = context.adoptUnchanged ? "none" : model.pendingOutputs(id, row, news);
    const remaining = olds ? olds.outputs.pending : unapplied;
    const need = await needOf(asIs, { planned, drifted }, news, remaining, context);
    const after = { ...row, ...delta, environment };
    const changes = mergeChanges(planned, drifted);
    const release = releaseStep(
      {
        ...{ id, name: news.name, row: after, inputs: news, olds, changes },
        environmentIds: [news.environmentId, row.environmentId],
        mountIds: known?.["mounts"],
        secrets: news.release === undefined ? [] : model.secretsAround(news, row, environment, context),
        ...(olds ? {} : { adopted: row }),
      },
      context,
    );
    const outputs = {
      ...model.outputsOf(after, olds?.outputs, context),
      ...pendingOf(need),
      ...release.outputs,
    };
    const write: Write = {
      async send() {
        if (isMoved) await model.move(id, news.environmentId, api);
        if (isSaved) await model.save(id, delta, api, row);
      },
      async isThere() {
        const now = await model.one(id, api);
        const missing = mapping.delta(now, news, olds?.inputs);
        return now.environmentId === news.environmentId && Object.keys(missing).length === 0;
      },
      unfinished(reason) {
        const unconfirmed = unconfirmedOf(drifted, mapping.variables(), olds?.outputs);
        const former = { ...parts.none(news), ...olds?.inputs };
        return new PartialFailureError(id, { ...outputs, ...unconfirmed }, reason, former);
      },
    };
    let savedParts: SavedParts | undefined;
    return {
      changes,
      need,
      after,
      release,
      prepare: release.run,
      ...(isMoved || isSaved ? { write } : {}),
      async writeMore() {
        savedParts = await saveParts(model, { id, row }, news, formerParts, outputs, context);
        return savedParts.isChanged;
      },
      partIds: () => savedParts?.partIds,
      canUndo: () => isSaved || savedParts?.isChanged === true,
      /** Restores the previous configuration; a service that was moved stays where it is. */
      undo: () =>
        lock.run(place, async () => {
          const columns = Object.keys(delta).map((column) => [column, row[column as keyof Row]]);
          if (isSaved) await model.save(id, Object.fromEntries(columns), api, after);
          if (!savedParts?.isChanged) return;
          const { partIds } = savedParts;
          const now = await parts.whole({ id, row: await model.one(id, api) }, news, partIds, api);
          const before = parts.asBefore({ id, row }, news, formerParts);
          await parts.save({ id, row: now }, before, { lists: {}, partIds }, context);
        }),
    };
  };
  const saved = await reconcile<Row, Awaited<ReturnType<typeof plan>>>(place, observe, plan, context);
  const { row, readAt, since } = saved;
  const { after, changes, need, partIds, canUndo, undo, release } = saved.plan;
  const outputs = { ...model.outputsOf(after, olds?.outputs, context, partIds()), ...release.outputs };
  const applied = await finishing(id, release, () =>
    rollout(
      model.deployable(id, news, { before: row, after }, context),
      changes,
      { need, deploy: news.deploy, since, readAt, outputs, undo: canUndo() ? undo : undefined },
      context,
    ),
  );
  await settleParts(model, id, news, applied, context);
  return applied;
}

/**
 * Removes what ran a release command once its service is deployed, or could not be: until then, a run that ends early leaves
 * the result to the next one.
 *
 * @throws PartialFailureError when it could not be removed: nothing is pending then, and the next run tries again
 */
export async function finishing(
  id: string,
  { finish }: ReleaseStep,
  deploy: () => Promise<ServiceResourceOutputs>,
): Promise<ServiceResourceOutputs> {
  let applied: ServiceResourceOutputs;
  try {
    applied = await deploy();
  } catch (error) {
    await finish().catch(() => {});
    throw error;
  }
  try {
    await finish();
  } catch (error) {
    throw new PartialFailureError(id, { pending: "none", ...applied }, error);
  }
  return applied;
}

/**
 * Waits for the parts that the program asks to wait for.
 *
 * @throws PartialFailureError when a part does not work in time: nothing is pending then, and the next run looks again
 */
export async function settleParts<Inputs extends ServiceInputs, Row extends ServiceRow>(
  { parts }: ServiceModel<Inputs, Row>,
  id: string,
  inputs: Inputs,
  outputs: ServiceResourceOutputs,
  context: Context,
): Promise<void> {
  if (outputs.pending !== undefined) return;
  try {
    await parts.settle(id, inputs, context);
  } catch (error) {
    throw new PartialFailureError(id, { ...outputs, pending: "none" }, error);
  }
}

/**
 * Saves the parts that the inputs list.
 *
 * @throws PartialFailureError with the saved parts, and these outputs, when some parts are not saved
 */
export async function saveParts<Inputs extends ServiceInputs, Row extends ServiceRow>(
  { parts }: ServiceModel<Inputs, Row>,
  of: PartsOwner,
  news: Inputs,
  olds: PartsState,
  outputs: ServiceResourceOutputs,
  context: Context,
): Promise<SavedParts> {
  try {
    return await parts.save(of, news, olds, context);
  } catch (error) {
    if (!(error instanceof PartsError)) throw error;
    const { lists, partIds } = error.state;
    const { partIds: _, ...own } = outputs;
    throw new PartialFailureError(of.id, { ...own, ...idsOutput(partIds) }, error.reason, lists);
  }
}

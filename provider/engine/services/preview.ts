import { visible } from "../../../packages/text";
import { containsUnknown, isUnknown } from "../../../packages/values";
import { dialectOf } from "../../dokploy";
import type { Problem } from "../../errors";
import type { Context, Origin, Planned } from "../../lifecycle";
import { type Change, isDecisive } from "../../schema";
import { reportAdoption, splitUnknown } from "../adoption/adoption";
import { assertNameAvailable } from "../adoption/naming";
import { beginsText, overwrittenBy, warnOfOverwriting } from "../adoption/overwriting";
import { needed } from "../rollout/need";
import type { ServiceOutputs } from "../rollout/outputs";
import { previewForeign } from "../variable-targets/foreign-elsewhere";
import { previewReferences } from "../variable-targets/reference-checks";
import { checkNetwork } from "./full-network";
import { previewOwnInterruption } from "./interruption";
import { recordsOf, type ServiceInputs, type ServiceModel, type ServiceRow } from "./model";
import { refuseSkippedNetworks } from "./networks";
import { assertNothingLost } from "./replacing";
import { type OnServer, onServer, problemsHere } from "./server-rules";

/** Checks that a service can be created, adopted or replaced on this server. */
export async function preflightService<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  inputs: Inputs,
  context: Context,
  { adopted, replaced }: Origin<Inputs>,
): Promise<void> {
  if (isUnknown(adopted)) return;
  if (!containsUnknown(inputs)) {
    const mapping = await model.mappingOn(context.api, inputs);
    await model.assertSupported(mapping.columns(inputs), context.api);
  }
  if (adopted !== undefined) await announceAdoption(model, adopted, inputs, context);
  else if (!isUnknown(inputs.name) && !isUnknown(inputs.environmentId))
    await assertNameAvailable(model.service, model.kind.kind, inputs, context, replaced?.id);
  if (replaced) await assertNothingLost(model, replaced, inputs, context);
  else if (adopted === undefined) await checkNetwork(inputs, context);
}

/** Reports the changes that the adoption makes. */
async function announceAdoption<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string,
  inputs: Inputs,
  context: Context,
): Promise<void> {
  const { reads } = context;
  const { noun, parts } = model;
  const found = await model.adoptable(id, inputs, reads);
  const row = await parts.whole({ id, row: found }, inputs, undefined, reads);
  const what = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} "${visible(row.name)}" (${id})`;
  const mapping = await model.mappingOn(reads, inputs);
  const { live } = model.readBack(id, row, inputs, mapping);
  const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
  const option = containsUnknown(inputs.deploy) ? undefined : inputs.deploy;
  const remaining = context.adoptUnchanged ? "none" : model.pendingOutputs(id, row, inputs);
  reportAdoption(what, adoption, context, { option, records: recordsOf(row), remaining });
  const need = needed([...adoption.changes, ...adoption.unknown], option, remaining);
  await previewOwnInterruption(model, id, inputs, { need, olds: undefined }, context);
}

/**
 * Reports what a planned change does to variables of others and to parts, and checks the variables on this server.
 *
 * @returns references to variables elsewhere that have no match
 * @throws CheckFailedError for everything else that is wrong
 */
export async function previewService<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  inputs: Inputs,
  context: Context,
  { id, adopted, olds, changes }: Planned,
): Promise<Problem[]> {
  if (id !== undefined && olds) await previewVariables(model, id, olds, inputs, changes, context);
  if (id !== undefined && !changes.some(({ replace }) => replace)) {
    const { pending } = (olds?.outputs ?? {}) as Partial<ServiceOutputs>;
    const option = isUnknown(inputs.deploy) ? undefined : inputs.deploy;
    const need = needed(changes, option, pending);
    await previewOwnInterruption(model, id, inputs, { need, olds: olds?.inputs }, context);
  }
  await refuseSkippedNetworks(inputs, changes, context);
  await previewParts(model, id ?? adopted, inputs, changes, context);
  const maps = await mapsOnServer(model, id ?? adopted, inputs, context);
  const problems = await problemsHere(maps, rawFileOf(inputs), context);
  return [...problems, ...(await previewReferences(maps, inputs.environmentId, context))];
}

/**
 * Warns about variables that the program begins to set, and that others set before.
 *
 * @throws CheckFailedError when variables of others would be removed, and the program does not agree
 * @throws UserError when a service that stays no longer exists: before a refresh, nobody knows what a new one would lack. One
 * that is replaced may be gone, since an interrupted replacement has deleted it.
 */
async function previewVariables<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string,
  olds: NonNullable<Planned["olds"]>,
  inputs: Inputs,
  changes: readonly Change[],
  context: Context,
): Promise<void> {
  const { name } = olds.inputs as ServiceInputs;
  const mayBeGone = changes.some(({ replace, mayReplace }) => replace || mayReplace);
  const row = mayBeGone
    ? await model.observe(id, context.reads)
    : await model.existing(id, name, context.reads);
  if (row === undefined) return;
  const mapping = await model.mappingOn(context.reads, inputs);
  const label = model.labelOf(id, row);
  if (model.mapping.envs(olds.inputs).length > 0)
    await previewForeign(`${model.service}/${id}`, label, row, olds, inputs, changes, mapping, context);
  if (!beginsText(changes)) return;
  const lost = overwrittenBy(inputs, changes, row, mapping);
  warnOfOverwriting(model.nameOf(inputs), model.noun, lost, context);
}

/** Reports the effect on existing parts. */
async function previewParts<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string | undefined,
  inputs: Inputs,
  changes: readonly Change[],
  context: Context,
): Promise<void> {
  const { parts } = model;
  const given = parts.none(inputs);
  if (id === undefined || isUnknown(id) || !changes.some(({ path }) => path in given)) return;
  const observed = await model.observe(id, context.reads);
  if (!observed) return;
  const row = await parts.whole({ id, row: observed }, inputs, undefined, context.reads);
  const label = model.nameOf(isUnknown(inputs.name) ? row : inputs);
  await parts.previewChanges({ id, row }, label, inputs, changes, context);
}

/** Returns the maps of variables with their targets on the given server. */
async function mapsOnServer<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string | undefined,
  inputs: Inputs,
  { reads }: Context,
): Promise<OnServer[]> {
  const { mapping } = model;
  const given = mapping.envs(inputs);
  if (model.service !== "compose" || given.length === 0) return onServer(given, ({ target }) => target);
  // The type is in the inputs, or in the existing service.
  const isGiven = typeof inputs.composeType === "string" && !isUnknown(inputs.composeType);
  const matters = given.some((map) => isDecisive(map, "compose", "stack", false));
  const row = isGiven || !matters || id === undefined ? undefined : await model.observe(id, reads);
  const here = mapping.in(await dialectOf(reads)).envs(inputs, row);
  return onServer(given, ({ path }) => {
    const map = here.find((other) => other.path === path);
    return map?.maybe.length === 1 ? map.target : undefined;
  });
}

/** Returns the text of a compose file that the program gives and that is known. */
function rawFileOf(inputs: object): string | undefined {
  const { composeFile } = (inputs as { source?: { composeFile?: string } }).source ?? {};
  return isUnknown(composeFile) ? undefined : composeFile;
}

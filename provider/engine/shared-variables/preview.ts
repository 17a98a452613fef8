import type { Context, Planned } from "../../lifecycle";
import { type Change, type KeyChanges, withKeys } from "../../schema";
import { reportAdoption, splitUnknown } from "../adoption/adoption";
import type { Foreign } from "../adoption/foreign";
import { beginsText, knownChanges, overwrittenBy, warnOfOverwriting } from "../adoption/overwriting";
import { keysOf, previewOption, previewReferrers, sentenceOfSaved } from "../shared-variable-users/preview";
import { previewForeign } from "../variable-targets/foreign-elsewhere";
import type { ScopeInputs, ScopeModel, ScopeRow } from "./model";

/** Reports the changes that the adoption makes, and the services that they affect. */
export async function announceAdoption<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  id: string,
  inputs: Inputs,
  context: Context,
): Promise<void> {
  const { mapping } = model;
  const row = await model.toAdopt(id, context.api);
  const live = mapping.readBack(row, inputs);
  const adoption = splitUnknown(mapping.changes(live, inputs), inputs);
  const owner = model.ownerOf(id, inputs);
  const further = await sentenceOfSaved(owner, inputs, live.env ?? {}, context);
  reportAdoption(`${model.nameOf(row)} (${id})`, adoption, context, undefined, {
    ...{ option: undefined, remaining: "none", further },
  });
  const changes = [...adoption.changes, ...adoption.unknown];
  await previewReferrers(owner, keysOf(changes), context);
}

/**
 * Reports what a planned change does to variables of others, and to the services that refer to changed variables.
 *
 * @throws CheckFailedError when it removes variables that somebody else set, and the program does not agree
 */
export async function previewScope<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  inputs: Inputs,
  context: Context,
  { id, olds, changes }: Planned,
): Promise<void> {
  if (id === undefined) return;
  const foreign = olds ? await foreignIn(model, id, olds, inputs, changes, context) : undefined;
  if (inputs.env === undefined) return;
  const owner = model.ownerOf(id, inputs);
  const keys = beginsText(changes)
    ? await adoptedVariables(model, id, inputs, changes, context)
    : keysOf(changes);
  await previewReferrers(owner, withKeys(keys, foreign?.keys), context);
  previewOption(owner, changes, context);
}

async function foreignIn<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  id: string,
  olds: NonNullable<Planned["olds"]>,
  inputs: Inputs,
  changes: readonly Change[],
  context: Context,
): Promise<Foreign | undefined> {
  const { mapping, noun } = model;
  if (mapping.envs(olds.inputs).length === 0) return undefined;
  const row = await model.observe(id, context.reads);
  if (!row) return undefined;
  const label = model.labelOf(id, row);
  const [found] = await previewForeign(`${noun}/${id}`, label, row, olds, inputs, changes, mapping, context);
  return found;
}

/**
 * Warns which variables are removed or changed by a program that gives variables for the first time, since the plan
 * shows none of them.
 *
 * @returns the names that change, and the removed names among them
 */
async function adoptedVariables<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow>(
  model: ScopeModel<Inputs, Own, Row>,
  id: string,
  inputs: Inputs,
  changes: readonly Change[],
  context: Context,
): Promise<KeyChanges | undefined> {
  const { mapping, noun } = model;
  const planned = keysOf(changes);
  const row = await model.observe(id, context.reads);
  if (!row) return planned;
  warnOfOverwriting(model.nameOf(inputs), noun, overwrittenBy(inputs, changes, row, mapping), context);
  const live = mapping.readBack(row, inputs);
  return { added: [], changed: [], ...planned, removed: knownChanges(live.env, inputs.env).removed };
}

import { isDeepStrictEqual } from "node:util";
import { isUnknown, type Values } from "../../../packages/values";
import type { Problem } from "../../errors";
import type { Advice, Context, Origin, Planned } from "../../lifecycle";
import type { Apply, Change, DeployOption } from "../../schema";
import { reportAdoption, splitUnknown } from "../adoption/adoption";
import { previewInterruption } from "../rollout/interruption";
import { needed } from "../rollout/need";
import { deployProblems } from "../rollout/ways/ways";
import { type SimpleOutputs, unappliedPart } from "./applying";
import type { Model } from "./model";
import { lookForService, serviceInFile } from "./service-in-file";
import { refuseUsed } from "./users";

/**
 * Returns the problems of the inputs that need no server.
 *
 * @param advise see {@link Entity.check}
 * @param compose identity of the compose service of which they name a service
 */
export function problemsOf(
  model: Model,
  inputs: Values,
  advise: () => Advice | undefined,
  resource: string,
  compose: string | undefined,
): Problem[] {
  const context = model.spec.rules ? advise() : undefined;
  const owner = { resource, name: model.serviceName(inputs) };
  const warnings = context ? model.warnings(inputs, owner, context.run) : [];
  for (const warning of warnings) context?.say(warning, "advice");
  const [parent] = model.parentsGiven(inputs);
  return [
    ...parentProblems(model, inputs),
    ...(parent === undefined || parent === "server" ? [] : deployProblems(parent, inputs["deploy"])),
    ...model.problems(inputs),
    ...serviceInFile(model, inputs, compose, advise),
  ];
}

/** Returns the problem of inputs that do not name exactly one place. */
function parentProblems(model: Model, inputs: Values): Problem[] {
  const { alone } = model;
  const [parent, ...others] = model.parentsGiven(inputs);
  const saysAlone = alone === undefined ? false : inputs[alone.input];
  const isFit =
    saysAlone === alone?.value ? parent === undefined : parent !== undefined && others.length === 0;
  return model.parents.length > 1 && !isFit && !isUnknown(saysAlone)
    ? [{ property: "", reason: `needs exactly one of ${placesOf(model)}` }]
    : [];
}

/** Returns the inputs that name the parent: `applicationId and composeId`. */
function placesOf({ parents, alone }: Model): string {
  const ids = parents.map((kind) => `${kind}Id`);
  const names = alone === undefined ? ids : [...ids, `${alone.input}: "${alone.value}"`];
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].join(" and ");
}

/**
 * True for an object to which others refer: they get the new one before the old one is deleted, if both may exist.
 */
export function isMadeFirst({ mapping, spec }: Model, olds: Values, news: Values): boolean {
  const isOther = !isDeepStrictEqual(mapping.keyed(olds, spec.key), mapping.keyed(news, spec.key));
  return spec.usedBy !== undefined && isOther && !spec.clash?.(news, olds);
}

/** Checks that an object can be created, adopted or replaced. */
export async function preflightObject(
  model: Model,
  inputs: Values,
  context: Context,
  { adopted, replaced }: Origin<Values>,
): Promise<void> {
  const { reads, run } = context;
  if (replaced && !isMadeFirst(model, replaced.inputs, inputs))
    await refuseUsed(model, replaced.id, replaced.inputs, { api: reads, run });
  if (isUnknown(adopted)) return;
  if (adopted !== undefined) return await announceAdoption(model, adopted, inputs, context);
  if (model.isParentOpen(inputs)) return;
  await model.refuseDuplicate(await model.beside(inputs, reads), inputs, context, replaced?.id);
}

/** Checks that a planned change leads to no duplicate, and that the service which it names exists. */
export async function previewObject(
  model: Model,
  inputs: Values,
  context: Context,
  { id, adopted, olds, changes }: Planned,
): Promise<void> {
  const changed = new Set(changes.map(({ input }) => input));
  const matters = [...model.spec.key, ...model.distinct, ...model.reserved.keys()];
  const isOther = matters.some((name) => changed.has(name)) && !changes.some(({ replace }) => replace);
  if (id !== undefined && isOther && !model.isParentOpen(inputs))
    await model.refuseDuplicate(await model.beside(inputs, context.reads), inputs, context, id, true);
  if (changed.has("serviceName") || changed.has("composeId")) await lookForService(model, inputs, context);
  const { pending } = (olds?.outputs ?? {}) as SimpleOutputs;
  if (adopted === undefined) await previewService(model, inputs, changes, pending, context);
}

/** Reports that the deployment for an object interrupts its service. */
async function previewService(
  model: Model,
  inputs: Values,
  changes: readonly Change[],
  remaining: Apply | undefined,
  context: Context,
): Promise<void> {
  const parent = model.parentToDeploy(inputs);
  if (parent === undefined || parent.kind === "server") return;
  const option = model.optionOf(inputs);
  const need = needed(changes, option, remaining);
  await previewInterruption({ kind: parent.kind, id: parent.id, need, option }, context);
}

/** Reports the changes that the adoption makes. */
async function announceAdoption(model: Model, id: string, inputs: Values, context: Context): Promise<void> {
  const { mapping, kind } = model;
  const row = await model.adoptable(id, inputs, context.reads);
  const adoption = splitUnknown(mapping.changes(mapping.readBack(row, inputs), inputs), inputs);
  const changes = [...adoption.changes, ...(context.adoptUnchanged ? [] : mapping.hidden(inputs))];
  const remaining = await unappliedPart(model, row, inputs, context);
  const option = model.optionOf(inputs);
  const service = { option, remaining, further: applying(remaining, option) };
  reportAdoption(`${kind} ${id}`, { ...adoption, changes }, context, undefined, service);
  await previewService(model, inputs, [...changes, ...adoption.unknown], remaining, context);
}

/** Describes the action that an adoption needs besides its changes. */
function applying(remaining: Apply, option: DeployOption | undefined): string {
  if (remaining === "none" || option === false) return "";
  const act = remaining === "reload" ? "reloaded" : "deployed";
  return ` Its service is ${act}, since it is not known whether the service already runs with it.`;
}

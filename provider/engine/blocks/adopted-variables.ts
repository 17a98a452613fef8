import { visible } from "../../../packages/text";
import type { Api } from "../../dokploy";
import { EnvError, readEnv } from "../../env";
import type { Context, Planned } from "../../lifecycle";
import { type Apply, type Field, kindOf, type Mapping, textFields } from "../../schema";
import { adoptionData } from "../adoption/adoption-data";
import { knownChanges, named, warnOfOverwriting } from "../adoption/overwriting";
import { compareRunning, needed } from "../rollout/need";
import { sentenceOfSaved } from "../shared-variable-users/preview";
import { observe } from "../variable-targets/find";
import type { Service, SharedVariables, VariableTarget } from "../variable-targets/host";
import type { BlockInputs } from "./model";
import { sharedOwner } from "./owners";
import { OwnVariables } from "./texts";

/** True when the host has saved the variables of a new block already. */
export function hasSaved(host: VariableTarget, inputs: BlockInputs): boolean {
  try {
    return Object.keys(new OwnVariables(inputs, undefined).missing(host)).length === 0;
  } catch (error) {
    // The checks of variables report variables that cannot be written.
    if (error instanceof EnvError) return false;
    throw error;
  }
}

/**
 * Returns the action that a service needs to run with the variables of a new block, which it has saved: a killed run
 * may have saved them without a deployment. It has left no record of one if none began; then the containers show it.
 */
export async function unapplied(
  service: Service,
  inputs: BlockInputs,
  mapping: Mapping,
  api: Api,
): Promise<Apply> {
  if (service.pendingApply !== "none") return service.pendingApply;
  const isOther = (await compareRunning(inputs, service.withTexts({}), api)) === "other";
  const changes = mapping.changes({}, inputs).filter(({ path }) => isOther && path === "env");
  return needed(changes, inputs.deploy);
}

/** Reports a block whose variables are saved already, and in effect. */
export function reportSaved(
  { label }: VariableTarget,
  inputs: BlockInputs,
  { inform, resource }: Pick<Context, "inform" | "resource">,
): void {
  inform(`${asTheyAre(label, inputs)} Nothing to change.`, "unchanged", resource);
}

/**
 * Reports a block of shared variables, of which some are saved already.
 *
 * @param isSaved true when all are
 */
export async function reportShared(
  host: SharedVariables,
  inputs: BlockInputs,
  isSaved: boolean,
  context: Context,
): Promise<void> {
  const live = readEnv(host.texts.env ?? "", host.rules.env);
  const further = await sentenceOfSaved(sharedOwner(host, inputs), inputs, live, context);
  const what = isSaved
    ? asTheyAre(host.label, inputs)
    : `The ${host.label} has some variables of the block already.`;
  if (further !== "") context.warn(`${what}${further}`, "referrers");
  else if (isSaved) reportSaved(host, inputs, context);
}

/**
 * Reports a block whose variables are saved already, and have yet to take effect.
 *
 * @param need action that the service needs
 */
export function reportUnapplied(
  { label, pendingApply }: Service,
  inputs: BlockInputs,
  need: Apply,
  { warn, resource }: Pick<Context, "warn" | "resource">,
): void {
  const isHeld = inputs.deploy === false;
  const reason =
    pendingApply === "none"
      ? "Its containers do not have all of them"
      : "Its last deployment has not succeeded";
  const effect = isHeld ? "; not deployed (deploy: false)" : ", so it is deployed";
  const data = resource === undefined ? [] : [adoptionData(resource, isHeld ? "held" : need, [])];
  warn(`${asTheyAre(label, inputs)} ${reason}${effect}.`, "adopts", ...data);
}

/**
 * Returns the sentence about variables that are adopted unchanged.
 *
 * @param label object with the variables: `application "web" (<id>)`
 */
function asTheyAre(label: string, inputs: BlockInputs): string {
  const maps = textFields.flatMap((field) => {
    const given = inputs[field];
    if (given === undefined) return [];
    // Blocks of one object have different names, so the first name identifies the block.
    const [first = "none", ...more] = Object.keys(given).sort();
    return `${field} (${visible(first)}${more.length > 0 ? ` and ${more.length} more` : ""})`;
  });
  return `The variables of the ${label} are adopted as they are: ${maps.join(", ")}.`;
}

/** Lists the variables and lines that creating the block would remove or change. */
export function overwritten(host: VariableTarget, inputs: BlockInputs, field: Field): string[] {
  const text = host.texts[field] ?? "";
  const keys = knownChanges(readEnv(text, host.rules[field]), inputs[field]);
  if (inputs.mode === "additive") return named(field, { ...keys, removed: [] });
  return named(field, keys);
}

/** Reports the variables that a block would remove or change in a text that it adopts as a whole. */
export async function previewAdoptedVariables(
  inputs: BlockInputs,
  { id, changes }: Planned,
  context: Context,
): Promise<void> {
  if (id === undefined || inputs.mode === "additive" || kindOf(inputs.target) === undefined) return;
  const isWhole = changes.some(({ path }) => path === "mode");
  const planned = (field: Field) => changes.find(({ path }) => path === field);
  const fields = textFields.filter((field) => isWhole || planned(field)?.begins);
  if (fields.length === 0) return;
  const host = await observe(inputs.target, context.reads);
  if (!host) return;
  const lost = fields.flatMap((field) => {
    const text = host.texts[field] ?? "";
    const all = knownChanges(readEnv(text, host.rules[field]), inputs[field]);
    const { changed, removed, added } = all;
    const keys = planned(field)?.keys;
    // The plan already shows these.
    const shown = new Set(keys?.removed);
    const isNew = (name: string) => keys?.added.includes(name) ?? false;
    const hidden = {
      added,
      changed: changed.filter(isNew),
      removed: removed.filter((name) => !shown.has(name)),
    };
    return named(field, hidden);
  });
  warnOfOverwriting("The block", host.label, lost, context);
}

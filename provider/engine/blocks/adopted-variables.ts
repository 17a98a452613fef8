import { visible } from "../../../packages/text";
import { EnvError, readEnv } from "../../env";
import type { Context, Planned } from "../../lifecycle";
import { type Field, kindOf, textFields } from "../../schema";
import { knownChanges, lostLines, named, warnOfOverwriting } from "../adoption/overwriting";
import { needed } from "../rollout/need";
import { observe } from "../variable-targets/find";
import { isService, type VariableTarget } from "../variable-targets/host";
import type { BlockInputs } from "./model";
import { OwnVariables } from "./texts";

/** True when creating the block saves nothing and applies nothing. */
export function isUnchanged(host: VariableTarget, inputs: BlockInputs): boolean {
  if (isService(host) && needed([], inputs.deploy, host.pendingApply) !== "none") return false;
  try {
    return Object.keys(new OwnVariables(inputs, undefined).missing(host)).length === 0;
  } catch (error) {
    // The checks of variables report variables that cannot be written.
    if (error instanceof EnvError) return false;
    throw error;
  }
}

/**
 * Returns the message about variables that are adopted unchanged.
 *
 * @param label object with the variables: `application "web" (<id>)`
 */
export function asTheyAre(label: string, inputs: BlockInputs): string {
  const maps = textFields.flatMap((field) => {
    const given = inputs[field];
    if (given === undefined) return [];
    // Blocks of one object have different names, so the first name identifies the block.
    const [first = "none", ...more] = Object.keys(given).sort();
    return `${field} (${visible(first)}${more.length > 0 ? ` and ${more.length} more` : ""})`;
  });
  return `The variables of the ${label} are adopted as they are: ${maps.join(", ")}. Nothing to change.`;
}

/** Lists the variables and lines that creating the block would remove or change. */
export function overwritten(host: VariableTarget, inputs: BlockInputs, field: Field): string[] {
  const text = host.texts[field] ?? "";
  const keys = knownChanges(readEnv(text, host.rules[field]), inputs[field]);
  if (inputs.mode === "additive") return named(field, { ...keys, removed: [] });
  return named(field, keys, lostLines(text, keys));
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
    return named(field, hidden, lostLines(text, all));
  });
  warnOfOverwriting("The block", host.label, lost, context);
}

import { EnvError, readEnv } from "../env/codec";
import { observe } from "../env-hosts/find";
import { type EnvHost, isService, rulesOf } from "../env-hosts/host";
import type { Context } from "../lifecycle/context";
import type { Planned } from "../lifecycle/definition";
import { knownChanges, named, overwritingNotice } from "../objects/overwriting";
import { needed } from "../objects/service-outputs";
import { type Field, kindOf, textFields } from "../schema/kinds";
import type { GivenNames } from "../services/takeover";

import type { BlockInputs } from "./model";
import { nextText } from "./texts";

/** Whether creating the block saves nothing and applies nothing. */
export function isUnchanged(holder: EnvHost, inputs: BlockInputs): boolean {
  const isSaved = textFields.every((field) => {
    try {
      return nextText(holder, inputs, undefined, field) === undefined;
    } catch (error) {
      // Of what cannot be written the checks of variables tell.
      if (error instanceof EnvError) return false;
      throw error;
    }
  });
  return isSaved && (!isService(holder) || needed([], inputs.deploy, holder.pendingApply) === "none");
}

export function namesOf(inputs: BlockInputs): GivenNames {
  return Object.fromEntries(
    textFields.flatMap((field) => {
      const given = inputs[field];
      return given === undefined ? [] : [[field, Object.keys(given)]];
    }),
  );
}

/** What creating the block would take away or change, by name. */
export function overwritten(holder: EnvHost, inputs: BlockInputs, field: Field): string[] {
  const keys = knownChanges(readEnv(holder.texts[field] ?? "", rulesOf(holder, field)), inputs[field]);
  return named(field, inputs.mode === "additive" ? { ...keys, removed: [] } : keys);
}

/** The same where the block has the text from now on, and had only some variables of it before, or none. */
export async function foretellTakeover(
  inputs: BlockInputs,
  { id, changes }: Planned,
  { reads, warn }: Context,
): Promise<void> {
  if (id === undefined || inputs.mode === "additive" || kindOf(inputs.target) === undefined) return;
  const isWhole = changes.some(({ path }) => path === "mode");
  const planned = (field: Field) => changes.find(({ path }) => path === field);
  const fields = textFields.filter((field) => isWhole || planned(field)?.begins);
  if (fields.length === 0) return;
  const holder = await observe(inputs.target, reads);
  if (!holder) return;
  const lost = fields.flatMap((field) => {
    const live = readEnv(holder.texts[field] ?? "", rulesOf(holder, field));
    const { changed, removed, added } = knownChanges(live, inputs[field]);
    const keys = planned(field)?.keys;
    // What the plan shows already.
    const shown = new Set(keys?.removed);
    const isNew = (name: string) => keys?.added.includes(name) ?? false;
    return named(field, {
      added,
      changed: changed.filter(isNew),
      removed: removed.filter((name) => !shown.has(name)),
    });
  });
  if (lost.length > 0) warn(takeoverNotice(holder, lost));
}

export function takeoverNotice({ label }: EnvHost, lost: readonly string[]): string {
  return overwritingNotice("The block", label, lost);
}

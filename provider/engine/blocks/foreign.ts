import { containsUnknown } from "../../../packages/values";
import type { Context, Planned, State } from "../../lifecycle";
import { type Field, kindOf, pathOf, textFields } from "../../schema";
import { agreed, type Foreign, foreignIn, foreignToStack, type HeldText } from "../adoption/foreign";
import { existing } from "../variable-targets/find";
import { namingOthers } from "../variable-targets/foreign-elsewhere";
import type { VariableTarget } from "../variable-targets/host";
import type { BlockInputs, BlockOutputs, BlockTexts } from "./model";
import { ownersOf } from "./owners";

/**
 * Looks for variables that somebody else set, and that the block would remove: in a text that it already has, and
 * under names that an additive block begins to give. `previewAdoptedVariables` handles a text that the block adopts as a
 * whole.
 *
 * @param ours values besides those in the state that the block may have saved
 * @param warn reports the removed variables if the program agrees to that; undefined when they were already reported
 * @throws CheckFailedError when variables would be removed, and the program does not agree
 */
export async function refuseForeignToBlock(
  host: VariableTarget,
  news: BlockInputs,
  olds: State<BlockInputs, BlockOutputs>,
  { run }: Pick<Context, "run">,
  { ours = [], warn }: { ours?: readonly BlockTexts[]; warn?: Context["warn"] } = {},
): Promise<void> {
  const found = await foreignToStack(heldBy(host, news, olds.inputs, ours), olds);
  if (found.length === 0) return;
  const { block, owner } = ownersOf(news.target);
  // A variable may move from one resource of the stack to another, and change at the same time.
  const owned = await run.ownership.holdings.ownedVariables(block, owner);
  agreed(host.label, found.flatMap(withoutOwned), news, warn);

  function withoutOwned({ path, keys, ...more }: Foreign): Foreign[] {
    const names = owned[path] ?? [];
    const had = olds.inputs[path as Field] ?? {};
    const isForeign = (name: string) =>
      Object.hasOwn(had, name) || (names !== "all" && !names.includes(name));
    const remaining = {
      added: keys.added,
      changed: keys.changed.filter(isForeign),
      removed: keys.removed.filter(isForeign),
    };
    const { added, changed, removed } = remaining;
    return added.length + changed.length + removed.length > 0 ? [{ path, keys: remaining, ...more }] : [];
  }
}

/**
 * Applies `refuseForeignToBlock` to a plan of an existing block.
 *
 * @throws CheckFailedError also when the target no longer exists, as its update would
 */
export async function previewForeign(
  inputs: BlockInputs,
  { olds, changes }: Planned,
  context: Context,
): Promise<void> {
  if (!olds || kindOf(inputs.target) === undefined || changes.some(({ replace }) => replace)) return;
  if (containsUnknown(inputs.target)) return;
  const host = await existing(inputs.target, context.reads);
  const state = olds as State<BlockInputs, BlockOutputs>;
  await namingOthers(pathOf(inputs.target), context, () =>
    refuseForeignToBlock(host, inputs, state, context, { warn: context.warn }),
  );
}

/** Returns the names of the block whose values differ from its state. */
export function foreignToBlock(host: VariableTarget, path: Field, { [path]: known }: BlockInputs): string[] {
  const text = host.texts[path] ?? "";
  const held = { path, text, dialect: host.rules[path], known: [known], wanted: {}, isPart: true };
  return foreignIn([held]).flatMap(({ keys }) => keys.removed);
}

function heldBy(
  host: VariableTarget,
  news: BlockInputs,
  olds: BlockInputs,
  ours: readonly BlockTexts[],
): HeldText[] {
  return textFields.flatMap((path) => {
    const known = olds[path];
    const wanted = news[path];
    const isPart = news.mode === "additive" || wanted === undefined;
    const isAdopted = !isPart && (known === undefined || olds.mode === "additive");
    if (isAdopted || (known ?? wanted) === undefined) return [];
    const text = host.texts[path] ?? "";
    const dialect = host.rules[path];
    const isContested = ours.length > 0;
    const maps = [known, ...ours.map((texts) => texts[path])];
    return [{ path, text, dialect, known: maps, wanted, isPart, isContested }];
  });
}

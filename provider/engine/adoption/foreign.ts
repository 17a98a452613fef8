import { containsUnknown, isRecord } from "../../../packages/values";
import { type EnvDialect, type EnvMap, otherLines, readEnv, readingsOf, replaceEnv } from "../../env";
import { CheckFailedError } from "../../errors";
import type { Context, State } from "../../lifecycle";
import type { Change, KeyChanges, Mapping } from "../../schema";
import type { UnconfirmedOutputs } from "../rollout/outputs";
import { knownChanges, named } from "./overwriting";

/**
 * Variables that somebody else set or removed since the last run. The
 * state does not know of them, so Pulumi's plan does not show that an update undoes them. Both the plan and the update
 * look for them, and end before anything is saved.
 */

/** Text of variables in Dokploy, with the values of the state and of the program. */
export interface HeldText {
  /** Input that sets it: `env`. */
  readonly path: string;
  readonly text: string;
  readonly dialect: EnvDialect;
  /** Maps of variables that may be our own. */
  readonly known: readonly unknown[];
  readonly wanted: unknown;
  /** Map that a run which was killed may have saved. */
  readonly interrupted?: unknown;
  /** Set where the lines of other names stay unchanged. */
  readonly isPart?: boolean;
  /** Set where a save of another program may have removed variables that this run has saved. */
  readonly isContested?: boolean;
  /** Set where the object is replaced, and its text with it. */
  readonly isReplaced?: boolean;
}

/** Changes of others in one text that an update undoes. */
export interface Foreign {
  readonly path: string;
  /** `added`: variables that somebody removed, and that the update sets again. */
  readonly keys: KeyChanges;
  /** Numbers of the lines that hold no variable, which go with an object that is replaced. */
  readonly lines: readonly number[];
  /** True when a refresh puts all of them into the state. */
  readonly isRefreshed: boolean;
  /** True when a run was killed while it updated the object: another killed run may have saved them before. */
  readonly isDoubtful?: boolean;
}

/** Inputs of a resource that may remove variables that somebody else set. */
export interface Agreeing {
  overwriteVariables?: boolean | undefined;
}

/**
 * Finds variables that somebody else set, in the texts that the state has and the program keeps setting.
 *
 * @param warn reports the removed variables where the program agrees; undefined where they were reported before
 * @returns the removed variables
 * @throws CheckFailedError when variables would be removed, and the program does not agree
 */
export async function refuseForeign<News extends Agreeing>(
  label: string,
  row: object,
  olds: State<object, UnconfirmedOutputs>,
  news: News,
  mapping: Mapping,
  warn?: Context["warn"],
): Promise<Foreign[]> {
  const texts = heldTexts(row, olds.inputs, news, mapping).filter(({ wanted }) => wanted !== undefined);
  return agreed(label, await foreignToStack(texts, olds), news, warn);
}

/** Finds the changes of others like {@link foreignIn}, without those that a killed run of this stack made. */
export async function foreignToStack(
  texts: readonly HeldText[],
  olds: State<object, UnconfirmedOutputs>,
): Promise<Foreign[]> {
  const found = foreignIn(texts, olds);
  const saved = found.length === 0 ? undefined : await olds.interrupted?.();
  if (saved === undefined) return found;
  return foreignIn(
    texts.map((text) => ({ ...text, interrupted: saved[text.path] })),
    olds,
  ).map((one) => ({ ...one, isDoubtful: true }));
}

/**
 * Warns in the plan of a replacement about variables of these texts that somebody else set: the new object gets only
 * those of the program.
 */
export function previewLostVariables(
  label: string,
  row: object,
  olds: State<object, UnconfirmedOutputs>,
  news: object,
  mapping: Mapping,
  warn: Context["warn"],
): void {
  const texts = heldTexts(row, olds.inputs, news, mapping).map((text) => ({ ...text, isReplaced: true }));
  const found = foreignIn(texts, olds);
  if (found.length > 0) warn(lossOf(label, found, "the replacement"), "overwrites");
}

/** Returns the texts in the state. */
function heldTexts(row: object, inputs: object, news: object, mapping: Mapping): HeldText[] {
  const wanted = new Map(mapping.envs(news, row).map(({ path, value }) => [path, value]));
  const known = new Map(mapping.envs(inputs, row).map(({ path, value }) => [path, value]));
  return mapping.texts(row, inputs, row).map(({ input: path, text, target: dialect }) => {
    return { path, text, dialect, known: [known.get(path)], wanted: wanted.get(path) };
  });
}

/** Checks variables that were already found, like {@link refuseForeign}. */
export function agreed(
  label: string,
  found: Foreign[],
  { overwriteVariables }: Agreeing,
  warn?: Context["warn"],
): Foreign[] {
  if (found.length === 0) return found;
  if (!overwriteVariables) throw refusalOf(label, found);
  warn?.(lossOf(label, found, "the update"), "overwrites");
  return found;
}

function lossOf(label: string, found: readonly Foreign[], what: string): string {
  const lost = found.flatMap(({ path, keys, lines }) => [
    ...named(path, keys, lines),
    ...(keys.added.length > 0
      ? [`${path === "env" ? "" : `${path} `}sets ${keys.added.join(", ")} again`]
      : []),
  ]);
  const subject = `Variables of the ${label} that somebody else ${deedsIn(found)} since the last run`;
  return `${subject}: ${what} ${lost.join("; ")}.`;
}

/** Returns what others did with the variables: `set`, `removed` or both. Lines without a variable were set too. */
function deedsIn(found: readonly Foreign[]): string {
  const isSet = found.some(({ keys, lines }) => keys.changed.length + keys.removed.length + lines.length > 0);
  const isRemoved = found.some(({ keys }) => keys.added.length > 0);
  return [...(isSet ? ["set"] : []), ...(isRemoved ? ["removed"] : [])].join(" or ");
}

/**
 * Finds the changes of others in these texts that an update undoes.
 *
 * @param olds state that has the texts; undefined where no earlier save can have failed
 * @throws EnvError when a text with an open quote cannot get these variables without a loss of its other lines
 */
export function foreignIn(texts: readonly HeldText[], olds?: State<object, UnconfirmedOutputs>): Foreign[] {
  const unconfirmed = olds?.outputs.unconfirmed ?? [];
  return texts.flatMap((held) => {
    const {
      path,
      text,
      dialect,
      known,
      wanted,
      interrupted,
      isPart = false,
      isContested = false,
      isReplaced = false,
    } = held;
    const ours = known.filter(isRecord);
    const has = (name: string) => ours.some((map) => Object.hasOwn(map, name));
    const live = readEnv(text, dialect);
    const readings = readingsOf(dialect).map((reading) => readEnv(text, reading));
    /** A killed run left it like this: with its value, or without one. */
    const isInterrupted = (name: string) =>
      isRecord(interrupted) &&
      (Object.hasOwn(interrupted, name)
        ? readings.some((live) => live[name] === interrupted[name])
        : !Object.hasOwn(live, name));
    const isForeign = (name: string) =>
      !unconfirmed.includes(`${path}.${name}`) &&
      !isInterrupted(name) &&
      !ours.some((map) => Object.hasOwn(map, name) && readings.some((live) => live[name] === map[name]));
    const keys = knownChanges(live, wanted ?? {});
    const changed = keys.changed.filter(isForeign);
    const removed = keys.removed.filter((name) => isForeign(name) && (!isPart || has(name)));
    const countsRemovals = !isContested && !olds?.isUnrecorded;
    const added = countsRemovals ? keys.added.filter((name) => has(name) && isForeign(name)) : [];
    const isChanged = keys.added.length + keys.changed.length + keys.removed.length > 0;
    const lines = isReplaced && isChanged ? otherLines(text) : [];
    // The update would fail with this too.
    if (isChanged && !isReplaced && !isPart && isRecord(wanted) && !containsUnknown(wanted))
      replaceEnv(text, wanted as EnvMap, dialect);
    if (added.length + changed.length + removed.length + lines.length === 0) return [];
    const isRefreshed = !isPart || [...changed, ...removed].every(has);
    return [{ path, keys: { added, changed, removed }, lines, isRefreshed }];
  });
}

/** Returns the part of the state about a save whose response was lost. */
export function unconfirmedOf(
  changes: readonly Change[],
  paths: readonly string[],
  olds?: UnconfirmedOutputs,
): UnconfirmedOutputs {
  const names = changes.flatMap(({ path, keys }) => {
    if (!keys || !paths.includes(path)) return [];
    return [...keys.added, ...keys.changed, ...keys.removed].map((name) => `${path}.${name}`);
  });
  return unconfirmedNames(names, olds);
}

/** Returns the part of the state about these variables, which may not be saved: `env.NAME`. */
export function unconfirmedNames(
  names: readonly string[],
  { unconfirmed = [] }: UnconfirmedOutputs = {},
): UnconfirmedOutputs {
  const all = [...new Set([...unconfirmed, ...names])].sort();
  return all.length > 0 ? { unconfirmed: all } : {};
}

/** Refusal of a change that would undo what others did with variables. */
export class ForeignVariablesError extends CheckFailedError {}

function refusalOf(label: string, found: readonly Foreign[]): CheckFailedError {
  return new ForeignVariablesError(
    found.map((one) => {
      const { path, keys, isRefreshed, isDoubtful = false } = one;
      const { added, changed, removed } = keys;
      const who = `somebody else${isDoubtful ? ", or a run that was killed," : ""}`;
      const undone = [
        ...(removed.length > 0 ? [`remove ${removed.join(", ")}`] : []),
        ...(changed.length > 0 ? [`overwrite ${changed.join(", ")}`] : []),
        ...(added.length > 0 ? [`set ${added.join(", ")} again`] : []),
      ];
      const isSet = changed.length + removed.length > 0;
      const ways = [
        ...(isSet ? ["to keep them, give them here with the values that they have in Dokploy"] : []),
        ...(added.length > 0 ? ["to leave out what was removed, remove it here too"] : []),
      ].join("; ");
      const reason =
        `${who} ${deedsIn([one])} variables of the ${label} since the last run, and this update would ` +
        `${undone.join(" and ")}: nothing is saved. ${ways.charAt(0).toUpperCase()}${ways.slice(1)}` +
        (isRefreshed
          ? "; to see them in the plan, run `pulumi refresh`"
          : isSet
            ? ", or leave their names out"
            : "") +
        `; to ${isSet ? "discard them" : "set it again"}, set overwriteVariables: true`;
      return { property: path, reason };
    }),
  );
}

import { type EnvDialect, readingsOf } from "../env/dialects";
import { codec } from "../env/lazily";
import { CheckFailedError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { State } from "../lifecycle/definition";
import { isRecord } from "../pulumi/unknown";
import type { Change, KeyChanges } from "../schema/changes";
import type { Mapping } from "../schema/mapping";
import { knownChanges, named } from "./overwriting";
import type { UnconfirmedOutputs } from "./service-outputs";

/**
 * Variables that somebody else set since the last run. The state does not know them, so Pulumi's plan does not show that an
 * update takes them away: both the plan and the update look for them, and end before anything is saved.
 */

/** A text of variables as Dokploy has it, with what the state says of it and what the program gives. */
export interface HeldText {
  /** The input that gives it: `env`. */
  readonly path: string;
  readonly text: string;
  readonly dialect: EnvDialect;
  /** Each map of variables that may be our own. */
  readonly known: readonly unknown[];
  readonly wanted: unknown;
  /** Set where the lines of other names stay as they are. */
  readonly isPart?: boolean;
}

/** What an update takes away of one text. */
export interface Foreign {
  readonly path: string;
  readonly keys: KeyChanges;
  /** Whether a refresh takes all of it into the state. */
  readonly isRefreshed: boolean;
}

/** The inputs of a resource that may take away what somebody else set. */
interface Agreeing {
  overwriteVariables?: boolean | undefined;
}

/**
 * Looks for what somebody else set in the texts that the state has and the program goes on giving.
 *
 * @param warn says what goes where the program agrees to it; left out where that was said already
 * @returns what goes
 * @throws CheckFailedError when something would go, and the program does not agree
 */
export function refuseForeign<News extends Agreeing>(
  label: string,
  row: object,
  { inputs, outputs }: State<object, UnconfirmedOutputs>,
  news: News,
  mapping: Mapping,
  warn?: Context["warn"],
): Foreign[] {
  const texts = heldTexts(row, inputs, news, mapping).filter(({ wanted }) => wanted !== undefined);
  return agreed(label, foreignIn(texts, outputs.unconfirmed), news, warn);
}

/** Says in the plan of a replacement what of these texts somebody else set: the new object has what the program gives alone. */
export function foretellLost(
  label: string,
  row: object,
  { inputs, outputs }: State<object, UnconfirmedOutputs>,
  news: object,
  mapping: Mapping,
  warn: Context["warn"],
): void {
  const found = foreignIn(heldTexts(row, inputs, news, mapping), outputs.unconfirmed);
  if (found.length > 0) warn(lossOf(label, found, "the replacement"));
}

/** The texts that the state has. */
function heldTexts(row: object, inputs: object, news: object, mapping: Mapping): HeldText[] {
  const wanted = new Map(mapping.envs(news, row).map(({ path, value }) => [path, value]));
  const known = new Map(mapping.envs(inputs, row).map(({ path, value }) => [path, value]));
  return mapping.texts(row, inputs, row).map(({ input: path, text, target: dialect }) => {
    return { path, text, dialect, known: [known.get(path)], wanted: wanted.get(path) };
  });
}

/** The same of what was found already. */
export function agreed(
  label: string,
  found: Foreign[],
  { overwriteVariables }: Agreeing,
  warn?: Context["warn"],
): Foreign[] {
  if (found.length === 0) return found;
  if (!overwriteVariables) throw refusalOf(label, found);
  warn?.(lossOf(label, found, "the update"));
  return found;
}

function lossOf(label: string, found: readonly Foreign[], what: string): string {
  const lost = found.flatMap(({ path, keys }) => named(path, keys)).join("; ");
  return `Variables of the ${label} that somebody else set since the last run: ${what} ${lost}.`;
}

/** What of these texts somebody else set, and an update removes or overwrites. */
export function foreignIn(texts: readonly HeldText[], unconfirmed: readonly string[] = []): Foreign[] {
  return texts.flatMap(({ path, text, dialect, known, wanted, isPart = false }) => {
    const ours = known.filter(isRecord);
    const has = (name: string) => ours.some((map) => Object.hasOwn(map, name));
    const live = codec().readEnv(text, dialect);
    const readings = readingsOf(dialect).map((reading) => codec().readEnv(text, reading));
    const isForeign = (name: string) =>
      !unconfirmed.includes(`${path}.${name}`) &&
      !ours.some((map) => Object.hasOwn(map, name) && readings.some((live) => live[name] === map[name]));
    const keys = knownChanges(live, wanted ?? {});
    const changed = keys.changed.filter(isForeign);
    const removed = keys.removed.filter((name) => isForeign(name) && (!isPart || has(name)));
    if (changed.length + removed.length === 0) return [];
    const isRefreshed = !isPart || [...changed, ...removed].every(has);
    return [{ path, keys: { added: [], changed, removed }, isRefreshed }];
  });
}

/** What the state keeps of a save whose answer was lost. */
export function unconfirmedOf(
  changes: readonly Change[],
  paths: readonly string[],
  { unconfirmed = [] }: UnconfirmedOutputs = {},
): UnconfirmedOutputs {
  const names = changes.flatMap(({ path, keys }) => {
    if (!keys || !paths.includes(path)) return [];
    return [...keys.added, ...keys.changed, ...keys.removed].map((name) => `${path}.${name}`);
  });
  const all = [...new Set([...unconfirmed, ...names])].sort();
  return all.length > 0 ? { unconfirmed: all } : {};
}

function refusalOf(label: string, found: readonly Foreign[]): CheckFailedError {
  return new CheckFailedError(
    found.map(({ path, keys: { changed, removed }, isRefreshed }) => {
      const lost = [
        ...(removed.length > 0 ? [`remove ${removed.join(", ")}`] : []),
        ...(changed.length > 0 ? [`overwrite ${changed.join(", ")}`] : []),
      ];
      const reason =
        `somebody else set variables of the ${label} since the last run, and this update would ${lost.join(" and ")}: nothing ` +
        "is saved. To keep them, give them here with the values that they have in Dokploy" +
        (isRefreshed ? "; to see them in the plan, run `pulumi refresh`" : ", or leave their names out") +
        "; to let them go, set overwriteVariables: true";
      return { property: path, reason };
    }),
  );
}

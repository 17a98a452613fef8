import { isRecord } from "../pulumi/unknown";
import { type Apply, applyClasses } from "./fields";

type Values = Readonly<Record<string, unknown>>;

/** An input that differs between the state and the program, or between the program and Dokploy. */
export interface Change {
  path: string;
  /** The top-level input it belongs to. */
  input: string;
  apply: Apply;
  minApply: Apply;
  replace: boolean;
  /** For maps of variables, and of parts of a service: which names were added, changed and removed. */
  keys: KeyChanges | undefined;
  /** Whether the program gives it from now on, and did not before: the server may have it already. */
  begins?: true;
}

export interface KeyChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** @param isSame whether what both maps have under a name is equal. Default: the same value. */
export function keyChanges(old: unknown, now: unknown, isSame?: (name: string) => boolean): KeyChanges {
  const before: Values = isRecord(old) ? old : {};
  const after: Values = isRecord(now) ? now : {};
  const differs = (key: string) => (isSame ? !isSame(key) : before[key] !== after[key]);
  return {
    added: Object.keys(after).filter((key) => !Object.hasOwn(before, key)),
    changed: Object.keys(after).filter((key) => Object.hasOwn(before, key) && differs(key)),
    removed: Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  };
}

/** What the plan showed, and what drifted since; a path that both name is one change, with the names of both. */
export function mergeChanges(planned: readonly Change[], drifted: readonly Change[]): Change[] {
  const paths = new Set(planned.map(({ path }) => path));
  return [
    ...planned.map((change) => {
      const other = drifted.find(({ path, keys }) => path === change.path && keys);
      return change.keys ? { ...change, keys: withKeys(change.keys, other?.keys) } : change;
    }),
    ...drifted.filter(({ path }) => !paths.has(path)),
  ];
}

/** Names that change, and others that do so as well: each once, as the first have it. */
export function withKeys(keys: KeyChanges, others: KeyChanges | undefined): KeyChanges;
export function withKeys(
  keys: KeyChanges | undefined,
  others: KeyChanges | undefined,
): KeyChanges | undefined;
export function withKeys(
  keys: KeyChanges | undefined,
  others: KeyChanges | undefined,
): KeyChanges | undefined {
  if (!keys || !others) return keys ?? others;
  const known = new Set([...keys.added, ...keys.changed, ...keys.removed]);
  const more = (names: readonly string[]) => names.filter((name) => !known.has(name));
  return {
    added: [...keys.added, ...more(others.added)],
    changed: [...keys.changed, ...more(others.changed)],
    removed: [...keys.removed, ...more(others.removed)],
  };
}

/** The stronger of two ways to apply a change. */
export function stronger(a: Apply, b: Apply): Apply {
  return applyClasses.indexOf(a) >= applyClasses.indexOf(b) ? a : b;
}

import { isRecord, type Values } from "../../packages/values";
import { type Apply, applyClasses } from "./fields";

/** A difference of an input between the state and the program, or between the program and Dokploy. */
export interface Change {
  path: string;
  /** The top-level input to which it belongs. */
  input: string;
  apply: Apply;
  minApply: Apply;
  replace: boolean;
  /** True when it replaces the object once the new value is known, unless it is the former one. */
  mayReplace?: true;
  /** Added, changed and removed names, for maps of variables and of parts of a service. */
  keys: KeyChanges | undefined;
  /** Inputs that differ in each changed part of a service. */
  within?: ReadonlyMap<string, readonly string[]>;
  /** True when the program begins to give it now: the server may already have it. */
  begins?: true;
}

/** Names that were added, changed and removed. */
export interface KeyChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** Compares two maps by their names; `isSame` says whether a name has equal values. Default: the same value. */
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

/** Merges the changes of the plan with later drift. A path in both is one change, with the names of both. */
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

/** Merges two sets of names, each once; a name in both is classified as in the first. */
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

/** Returns the stronger of two ways to apply a change. */
export function stronger(a: Apply, b: Apply): Apply {
  return applyClasses.indexOf(a) >= applyClasses.indexOf(b) ? a : b;
}

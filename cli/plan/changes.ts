import { holdsLogin, looksSecret } from "../../provider/env";
import type { Step } from "./preview";
import {
  isRecord,
  isSecret,
  type Path,
  parsePath,
  reachable,
  secretValue,
  shown,
  type Value,
  valueAt,
} from "./values";

/** Operations on resources. A plan shows everything by name, never by time. */
export type Operation = "create" | "adopt" | "update" | "replace" | "release" | "delete";

export type ChangeKind = "add" | "update" | "delete";

/** A change of a variable, or of a whole map of variables. */
export interface VariableChange {
  /** `env`, `buildArgs` or `buildSecrets`. */
  map: string;
  /** Undefined for the map as a whole, when the plan does not show its keys. */
  key?: string;
  change: ChangeKind;
  before?: Value;
  after?: Value;
}

/** A change of an input that is not a variable. */
export interface InputChange {
  /** `source.image`. */
  path: string;
  change: ChangeKind;
  before?: Value;
  after?: Value;
  /** True when this change is why the resource is replaced. */
  replaces: boolean;
}

/** Inputs that are maps of variables. */
export const variableMaps: readonly unknown[] = ["env", "buildArgs", "buildSecrets"];

/** Operations by the engine's names for its steps. */
export const operations: Readonly<Record<string, Operation>> = {
  create: "create",
  import: "adopt",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** Lists the paths that differ, each with its kind of change. For a creation these are all inputs. */
export function pathsOf(step: Step): [Path, ChangeKind][] {
  const creates = operations[step.op] === "create" || operations[step.op] === "adopt";
  if (creates) return leaves(step.newState?.inputs ?? {}).map((path) => [path, "add"]);
  const diff = step.diff ?? Object.fromEntries(step.diffReasons.map((name) => [name, "update"]));
  const states = [step.oldState?.inputs, step.newState?.inputs];
  return Object.entries(diff)
    .map(([path, kind]): [Path, ChangeKind] => [parsePath(path), kind as ChangeKind])
    .filter(([path]) => isShown(path))
    .map(([path, kind]) => existing(path, kind, states))
    .flatMap(([path, kind]) => {
      const whole = states.map((state) => valueAt(state, path)).find(isRecord);
      // A map that appears or disappears as a whole is listed input by input, unless it holds variables.
      if (kind === "update" || variableMaps.includes(path[0]) || !whole || isSecret(whole))
        return [[path, kind]];
      return leaves(whole).map((inner): [Path, ChangeKind] => [[...path, ...inner], kind]);
    });
}

/** Returns the change at its path, or that of what contains it where neither state has a value at the path. */
function existing(path: Path, kind: ChangeKind, states: readonly unknown[]): [Path, ChangeKind] {
  const { length } = reachable(path, states);
  return length === path.length || path.length === 1
    ? [path, kind]
    : [path.slice(0, Math.max(1, length)), "update"];
}

function leaves(values: Readonly<Record<string, unknown>>, at: Path = []): Path[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = [...at, name];
    if (!isShown(path) || (at.length === 0 && name === "import")) return [];
    const isMap = isRecord(value) && !isSecret(value) && Object.keys(value).length > 0;
    return isMap ? leaves(value, path) : [path];
  });
}

/**
 * False for the engine's own inputs, such as `__provider` and `__defaults`. Below an input, people choose the names: of a
 * variable, of a label, or `__main__.py` for a patch.
 */
export function isShown([input]: Path): boolean {
  return input !== undefined && !String(input).startsWith("__");
}

/**
 * Returns the values before and after. A secret after hides the value before, because often it is the same value,
 * newly marked. In the other direction both are shown, as the CLI does: the program gives the new value in plain text,
 * and the old one may have been set by hand. A value that looks like a secret stays hidden, because the program may
 * just have lost the mark.
 */
export function sides(
  olds: unknown,
  news: unknown,
  path: Path,
  change: ChangeKind,
  hidden: ReadonlySet<string> = new Set(),
): { before?: Value; after?: Value } {
  const pair = [olds, news].map((values) => {
    const value = valueAt(values, path);
    return typeof value === "string" && hidden.has(value) && !mayBeShown(path, value)
      ? secretValue
      : shown(value);
  });
  const [former, latter] = pair;
  const before = former && latter?.kind === "secret" ? secretValue : former;
  const isSafe = latter?.kind !== "plain" || !looksSecret(String(path.at(-1)), latter.text);
  const after = former?.kind === "secret" && latter && !isSafe ? secretValue : latter;
  return {
    ...(before && change !== "add" ? { before } : {}),
    ...(after && change !== "delete" ? { after } : {}),
  };
}

/** True for inputs that may hold secrets and yet are shown: a compose file, and an address without credentials. */
function mayBeShown(path: Path, value: string): boolean {
  const name = path.at(-1);
  return name === "composeFile" || (name === "url" && !holdsLogin(value));
}

/** Returns the changes of a whole map of variables, one for each name if the names are known. */
export function wholeMap(map: string, old: unknown, now: unknown, change: ChangeKind): VariableChange[] {
  const before = isRecord(old) && !isSecret(old) ? old : undefined;
  const after = isRecord(now) && !isSecret(now) ? now : undefined;
  const secret = isSecret(old) || isSecret(now);
  if (secret || (!before && !after)) return [{ map, change, ...sides(old, now, [], change) }];
  const keys = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...keys].flatMap((key): VariableChange[] => {
    const values = sides(before, after, [key], "update");
    if (!values.before) return [{ map, key, change: "add", ...values }];
    if (!values.after) return [{ map, key, change: "delete", ...values }];
    const same = before?.[key] === after?.[key] && values.before.kind !== "secret";
    return same ? [] : [{ map, key, change: "update", ...values }];
  });
}

/** Hides a build secret, even if the program gives it in plain text. */
export function withoutBuildSecrets(variable: VariableChange): VariableChange {
  if (!variable.map.endsWith("buildSecrets")) return variable;
  const { before, after } = variable;
  return {
    ...variable,
    ...(before ? { before: secretValue } : {}),
    ...(after ? { after: secretValue } : {}),
  };
}

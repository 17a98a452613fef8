import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../packages/values";
import { holdsLogin } from "../env";
import { at, inArm, isShownOtherwise, type MappedField, put } from "./compile";

/** Path of an input, down to the keys of maps: `["env", "LOG_LEVEL"]`. */
export type Path = readonly string[];

/** Inputs that a program gives for an object that exists, so that it does not change. */
export interface ExistingInputs {
  /** Inputs with another value than the default, with secrets. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Paths of the texts that are secrets. */
  readonly secrets: readonly Path[];
  /** Paths of the texts that may be secrets, such as variables. */
  readonly maybeSecrets: readonly Path[];
  /** Paths of inputs that Dokploy has and never shows. */
  readonly hidden: readonly Path[];
}

/**
 * Returns the inputs in a row that a program has to give. Most defaults are left out, as are empty lists and maps that have
 * no default: an input that is left out is not managed.
 *
 * @param known inputs without a column, such as the id of the environment
 * @param read converts a column to the input
 */
export function existingInputs(
  leaves: readonly MappedField[],
  row: object,
  known: object,
  read: (leaf: MappedField, column: unknown, inputs: object) => unknown,
): ExistingInputs {
  const columns = row as Readonly<Record<string, unknown>>;
  const inputs: Record<string, unknown> = structuredClone({ ...known });
  const secrets: Path[] = [];
  const maybeSecrets: Path[] = [];
  const hidden: Path[] = [];
  const tags: Path[] = [];
  for (const leaf of leaves) {
    const { path, column, reset, isOptional, writeOnly } = leaf;
    if (column === undefined || !inArm(leaf, inputs) || isShownOtherwise(leaves, leaf, inputs)) continue;
    const isTag = leaves.some(({ arm }) => arm !== undefined && isDeepStrictEqual(arm.path, path));
    const isDefault = isDefaultOf(columns[column], reset);
    const isGiven = isTag || leaf.exportsDefault?.(columns) === true;
    if (writeOnly) hidden.push(path);
    if (writeOnly || (isDefault && !isGiven)) continue;
    const value = columns[column] === null ? undefined : read(leaf, columns[column], inputs);
    if (value === undefined || value === null || (isOptional && reset === undefined && isEmpty(value)))
      continue;
    put(inputs, path, value);
    if (isTag && isDefault) tags.push(path);
    (isSecret(leaf) ? secrets : maybeSecrets).push(...secretsIn(leaf, value));
  }
  // The member of a union that is the default is given only for one of its other inputs.
  for (const path of tags) {
    const union = path.slice(0, -1);
    if (Object.keys((at(inputs, union) as object | undefined) ?? {}).length === 1)
      put(inputs, union, undefined);
  }
  return { inputs, secrets, maybeSecrets, hidden };
}

/** True for a default. An empty text and null are the same default: Dokploy has null until a text was set once. */
function isDefaultOf(column: unknown, reset: unknown): boolean {
  if (reset === undefined) return false;
  const plain = (value: unknown) => (value === "" || value === undefined ? null : value);
  return isDeepStrictEqual(plain(column), plain(reset)) || isDeepStrictEqual(column, null);
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === "" || (isRecord(value) && Object.keys(value).length === 0);
}

function isSecret({ secret }: MappedField): boolean {
  return secret === true || secret === "login";
}

function secretsIn({ path, env, secret }: MappedField, value: unknown): Path[] {
  if (secret === undefined && !env) return [];
  if (secret === "login") return typeof value === "string" && holdsLogin(value) ? [path] : [];
  return textsWithin(path, value);
}

/** Returns the path of each text in a value. */
function textsWithin(path: Path, value: unknown): Path[] {
  if (typeof value === "string") return [path];
  if (Array.isArray(value))
    return value.flatMap((item, index) => textsWithin([...path, String(index)], item));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsWithin([...path, name], inner));
}

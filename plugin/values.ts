import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord, isUnknown } from "../packages/values";
import { isMarked, secret } from "../provider/pulumi";

/**
 * Conversion between the values that the engine sends and those that the handlers take: plain values, and separately
 * the paths of those that are secret.
 */

export type Values = Record<string, unknown>;

/** Path of a value: `["env", "TOKEN"]`. */
export type Path = readonly string[];

/** Values without marks, and the paths of those that had one. */
export interface Unsealed {
  readonly values: Values;
  readonly secrets: readonly Path[];
}

/**
 * Only input of a resource that has none: the engine gives no inputs for a new resource either. Pulumi shows no names
 * that begin with two underscores.
 */
const noInputsKey = "__noInputs";

/** Returns inputs as a state keeps them, from which {@link hasInputs} knows that the resource is not new. */
export function keptInputs(values: Values): Values {
  return Object.keys(values).length === 0 ? { [noInputsKey]: true } : values;
}

/** True for the inputs of a resource that the state has. */
export function hasInputs(struct: Struct | undefined): boolean {
  return Object.keys(struct?.toJavaScript() ?? {}).length > 0;
}

/** Returns the values of a message without marks. */
export function unsealed(struct: Struct | undefined): Unsealed {
  const secrets: Path[] = [];
  const plain = (value: unknown, path: Path): unknown => {
    if (isMarked(value)) {
      secrets.push(path);
      return plain(value.value, path);
    }
    if (Array.isArray(value)) return value.map((item, at) => plain(item, [...path, String(at)]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, plain(inner, [...path, name])]),
    );
  };
  const { [noInputsKey]: _, ...values } = struct?.toJavaScript() ?? {};
  return { values: plain(values, []) as Values, secrets };
}

/** Returns the values as a message, with a mark at each of these paths that has a value. */
export function sealed(values: Values, secrets: readonly Path[]): Struct {
  const marked = secrets.reduce<unknown>((all, path) => markAt(all, path), values);
  return Struct.fromJavaScript(withoutUndefined(marked) as never);
}

/** Returns the value at a path; undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? (inner as Values)[name] : undefined),
    value,
  );
}

/** Marks the value at the path, or the unknown or secret value around it. */
function markAt(value: unknown, path: Path): unknown {
  const [name, ...rest] = path;
  if (isMarked(value) || value === undefined || value === null) return value;
  if (name === undefined || isUnknown(value)) return secret(value);
  if (Array.isArray(value)) {
    return value.map((item, at) => (String(at) === name ? markAt(item, rest) : item));
  }
  if (!isRecord(value)) return value;
  return { ...value, [name]: markAt(value[name], rest) };
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item ?? null));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      inner === undefined ? [] : [[name, withoutUndefined(inner)]],
    ),
  );
}

/** Returns the values without those names. */
export function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}

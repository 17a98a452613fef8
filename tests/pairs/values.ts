import { runtime } from "@pulumi/pulumi";
import { isRecord } from "../../packages/values";
import { isMarked, secret } from "../../provider/pulumi";

export type Values = Record<string, unknown>;

const { specialSigKey: sigKey, specialSecretSig: secretSig } = runtime;

/** Copies values as they travel: names in the order of the alphabet, no undefined, and each secret as `sealed` shows it. */
function copied(value: unknown, sealed: (inner: unknown) => unknown): unknown {
  if (isMarked(value)) return sealed(value.value);
  if (Array.isArray(value)) return value.map((item) => copied(item, sealed));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inner]) => [name, copied(inner, sealed)]));
}

/** Returns values without their marks, as Pulumi sends them to a provider that takes no secrets. */
export function unmarked<V>(given: V): V {
  return copied(given, unmarked) as V;
}

/** Returns values in the form of an exported state. */
export function exported(value: unknown, showsSecrets: boolean): unknown {
  return copied(value, (inner) => ({
    [sigKey]: secretSig,
    ...(showsSecrets ? { plaintext: JSON.stringify(unmarked(inner)) } : { ciphertext: "AAAA" }),
  }));
}

/** Returns values in the form of a plan as JSON, in which secrets are not shown. */
export function hidden(value: unknown): unknown {
  return copied(value, () => "[secret]");
}

/** Marks the values that are marked at the same places in the inputs, as Pulumi does with what such a provider returns. */
export function markedLike(values: unknown, inputs: unknown): unknown {
  if (isMarked(values)) return values;
  if (isMarked(inputs)) return secret(values);
  if (Array.isArray(values))
    return values.map((item, index) => markedLike(item, Array.isArray(inputs) ? inputs[index] : undefined));
  if (!isRecord(values)) return values;
  return Object.fromEntries(
    Object.entries(values).map(([name, inner]) => [
      name,
      markedLike(inner, isRecord(inputs) ? inputs[name] : undefined),
    ]),
  );
}

/** Lists the paths at which two values differ, as Pulumi names them: `env.LOG_LEVEL`, `ports[0].targetPort`. */
export function differing(old: unknown, now: unknown, path = ""): Map<string, "add" | "delete" | "update"> {
  const [a, b] = [unmarked(old), unmarked(now)];
  const found = new Map<string, "add" | "delete" | "update">();
  if (JSON.stringify(a) === JSON.stringify(b)) return found;
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  if (isRecord(a) && isRecord(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
      for (const [inner, kind] of differing(a[name], b[name], at(name))) found.set(inner, kind);
  } else if (Array.isArray(a) && Array.isArray(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++)
      for (const [inner, kind] of differing(a[index], b[index], `${path}[${index}]`)) found.set(inner, kind);
  } else if (path !== "") found.set(path, a === undefined ? "add" : b === undefined ? "delete" : "update");
  return found;
}

import * as pulumi from "@pulumi/pulumi";
import { holdsLogin, looksSecret, shownKey } from "../../provider/env";
import { inputNames } from "./generated/input-names";
import { isPlain, isPlainSecret, noteSecret } from "./hidden";
import type { Kind } from "./kind";
import { noteFinding } from "./plan-checks";

/**
 * Marks inputs of a resource that are always secret, whether or not the program marks them, and in any form: the
 * password of a registry, build secrets, an address with a login. The definition of the resource names them. So are
 * variables that look like secrets.
 *
 * @param name name of the resource in the program
 * @param plain gets the paths of variables that look like secrets and that the program gives in plain text
 */
export function withSecrets<Args extends object>(
  kind: Kind,
  args: Args,
  name?: string,
  plain: string[] = [],
): Args {
  const { secret, login, variables } = inputNames[kind];
  let marked: unknown = args;
  for (const path of variables)
    marked = withoutPlainSecrets(marked, path.split("."), (key, isReported) => {
      plain.push(`${path}.${shownKey(key)}`);
      if (!isReported)
        noteFinding({
          check: "plain-secret",
          name: `${name}.${path}.${key}`,
          place: `${kind} "${name}" ${path}.${shownKey(key)}`,
        });
    });
  for (const path of secret) {
    const isMap = (variables as readonly string[]).includes(path);
    marked = change(marked, path.split("."), isMap ? entriesSecret : pulumi.secret);
  }
  for (const path of login) marked = change(marked, path.split("."), loginSecret);
  return marked as Args;
}

/** Changes the value at a path, inside plain objects, outputs and promises; everything else stays the same. */
function change(value: unknown, path: readonly string[], mark: (value: unknown) => unknown): unknown {
  const [name, ...deeper] = path;
  // A secret output need not be awaited, and is secret even while it is unknown.
  if (name === undefined && mark === pulumi.secret && value !== undefined) return mark(value);
  if (pulumi.Output.isInstance(value)) return value.apply((inner) => change(inner, path, mark));
  if (value instanceof Promise) return value.then((inner) => change(inner, path, mark));
  if (name === undefined) return mark(value);
  if (!isMap(value) || value[name] === undefined) return value;
  return { ...value, [name]: change(value[name], deeper, mark) };
}

/** Marks each value of a map, so that a plan names the values that change. */
function entriesSecret(map: unknown): unknown {
  if (map === undefined || map === null) return map;
  if (!isMap(map)) return pulumi.secret(map);
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, value === undefined ? value : pulumi.secret(value)]),
  );
}

/**
 * Marks variables that look like secrets in a map of the program. One that a file calls plain stays as it is.
 *
 * @param found called for each, and for those that were marked when their file was read
 */
function withoutPlainSecrets(
  inputs: unknown,
  path: readonly string[],
  found: (key: string, isReported: boolean) => void,
): unknown {
  const [input = "", ...deeper] = path;
  if (!isMap(inputs) || !isMap(inputs[input])) return inputs;
  const inner = inputs[input];
  if (deeper.length > 0) return { ...inputs, [input]: withoutPlainSecrets(inner, deeper, found) };
  const marks = Object.entries(inner).flatMap(([key, value]): [string, unknown][] => {
    if (isPlainSecret(value)) found(key, true);
    if (typeof value !== "string" || !looksSecret(key, value) || isPlain(key, value)) return [];
    noteSecret(value);
    found(key, false);
    return [[key, pulumi.secret(value)]];
  });
  return marks.length === 0 ? inputs : { ...inputs, [input]: { ...inner, ...Object.fromEntries(marks) } };
}

function loginSecret(url: unknown): unknown {
  return typeof url === "string" && holdsLogin(url) ? pulumi.secret(url) : url;
}

/** True for a value that Pulumi sends as a map, even an object of a class, but not for resources and assets. */
function isMap(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return ![pulumi.Output, pulumi.Resource, pulumi.asset.Asset, pulumi.asset.Archive].some((special) =>
    special.isInstance(value),
  );
}

import { isRecord, isUnknown } from "../packages/values";
import { holdsLogin } from "../provider/env";
import type { Problem } from "../provider/errors";
import { keyOf, listsOf, nameOf, samePart } from "../sdk/program-checks";
import { inputNames, type Kind } from "../sdk/run";
import { type Path, type Unsealed, type Values, valueAt } from "./values";

/** Returns the paths of the inputs that are secret without a mark, as far as they have a value. */
export function secretByNature(kind: Kind, inputs: Values): Path[] {
  const names = inputNames[kind];
  const variables: readonly string[] = names.variables;
  const always = names.secret.flatMap((text: string): Path[] => {
    const path = text.split(".");
    const value = valueAt(inputs, path);
    // Each value of a map has its own mark, so that a plan names the values that change.
    return variables.includes(text) && isRecord(value)
      ? Object.keys(value).map((key) => [...path, key])
      : [path];
  });
  const logins = names.login.flatMap((text: string): Path[] => {
    const path = text.split(".");
    const value = valueAt(inputs, path);
    return typeof value === "string" && holdsLogin(value) ? [path] : [];
  });
  const ofParts = Object.entries(listsOf(kind)).flatMap(([list, part]) =>
    Object.entries(partsIn(inputs[list])).flatMap(([name, item]) =>
      isRecord(item) ? secretByNature(part, item).map((path) => [list, name, ...path]) : [],
    ),
  );
  return [...always, ...logins, ...ofParts].filter((path) => valueAt(inputs, path) !== undefined);
}

/**
 * Returns the inputs with each list of parts as a map by the keys of the parts, and the marks moved with them. A part
 * whose name is unknown or secret is named by its position: `[0]`.
 */
export function withNamedParts(kind: Kind, given: Unsealed): Unsealed & { readonly failures: Problem[] } {
  const inputs = { ...given.values };
  const failures: Problem[] = [];
  let secrets = given.secrets;
  for (const [list, part] of Object.entries(listsOf(kind))) {
    const items = given.values[list];
    if (!Array.isArray(items)) continue;
    const places = new Map<string, number>();
    items.forEach((item: unknown, at) => {
      const isHidden = (input: string) =>
        given.secrets.some((path) => `${list}/${at}/${input}/`.startsWith(`${path.join("/")}/`));
      const name = partName(part, item, isHidden) ?? `[${at}]`;
      const other = places.get(name);
      if (other === undefined) places.set(name, at);
      else failures.push({ property: `${list}[${other}]`, reason: `and [${at}] ${samePart(part)}` });
      secrets = secrets.map((path) =>
        path[0] === list && path[1] === String(at) ? [list, name, ...path.slice(2)] : path,
      );
    });
    inputs[list] = Object.fromEntries([...places].map(([name, at]) => [name, items[at] as unknown]));
  }
  return { values: inputs, secrets, failures };
}

function partName(kind: Kind, item: unknown, isHidden: (input: string) => boolean): string | undefined {
  if (!isRecord(item)) return undefined;
  const values = keyOf(kind).map(([input, otherwise]) => [input, item[input] ?? otherwise] as const);
  const isOpen = values.every(([input, value]) => !isUnknown(value) && !isHidden(input));
  return isOpen ? nameOf(kind, values) : undefined;
}

function partsIn(value: unknown): Values {
  return isRecord(value) ? value : {};
}

/** Adds to the problem of a number, a boolean or null instead of a text how it comes about in YAML. */
export function withYamlAdvice(problem: string): string {
  return /must (?:be a string(?:, not a \w+)?|not be null: leave it out instead)$/.test(problem)
    ? `${problem}. In YAML, quote a text such as ".inf", "0o17", "null" or "~"`
    : problem;
}

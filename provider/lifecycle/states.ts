import { identityKey, plainKey, providerKey } from "../pulumi";

type Values = Record<string, unknown>;

/** Inputs that the package adds to those of the program. */
export const addedKeys: readonly string[] = [providerKey, identityKey, plainKey];

/** Returns the values without what the package adds to them. */
export function withoutKeys(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !addedKeys.includes(name)));
}

export function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}

/** Puts values into others, in place; an undefined one is removed. */
export function settle(values: Values, settled: Values): void {
  Object.assign(values, settled);
  for (const [name, value] of Object.entries(settled)) if (value === undefined) delete values[name];
}

/** Returns the identity of the resource that has these inputs, for a context. */
export function resourceOf({ [identityKey]: identity }: Values): { resource?: string } {
  return typeof identity === "string" ? { resource: identity } : {};
}

/**
 * True for a state that the plugin wrote and now belongs to a dynamic provider: an update has to add the text by which Pulumi
 * finds these handlers when it refreshes or deletes.
 */
export function isFromPlugin(olds: Values, news: Values): boolean {
  return providerKey in news && !(providerKey in olds);
}

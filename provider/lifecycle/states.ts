import { identityKey, providerKey } from "../pulumi";

type Values = Record<string, unknown>;

/** Returns the values without what the package adds to them: the handlers, and the resource's identity. */
export function withoutKeys(values: Values): Values {
  const { [providerKey]: _, [identityKey]: _identity, ...own } = values;
  return own;
}

export function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));
}

/**
 * True for a state that the plugin wrote and now belongs to a dynamic provider: an update has to add the text by which Pulumi
 * finds these handlers when it refreshes or deletes.
 */
export function isFromPlugin(olds: Values, news: Values): boolean {
  return providerKey in news && !(providerKey in olds);
}

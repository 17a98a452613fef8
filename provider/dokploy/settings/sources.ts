import { type SettingName, variableOf } from "./table";

/** Reads a setting from one place: the stack's configuration, or the inputs of a provider. */
export type ReadSetting = (name: SettingName) => string | undefined;

/** Places that give settings, in the order of precedence. */
export type PlaceName = "provider" | "stack" | "environment";

/** Sources of the settings of a run, or of a provider in it. */
export interface Sources {
  /** The stack's configuration. */
  readonly stack: ReadSetting;
  readonly environment: NodeJS.ProcessEnv;
  /** A provider that the program created. */
  readonly provider?: {
    /** Name of the provider in the program. */
    readonly name?: string;
    readonly read: ReadSetting;
    /** Settings that only the update will know, in a preview. */
    readonly unknown?: readonly SettingName[];
  };
}

/** Value of a setting, without spaces around it, and its origin. */
export interface Found {
  readonly value: string;
  readonly place: PlaceName;
  /** Origin in the words of errors: `DOKPLOY_URL`, `the stack's configuration (dokploy:url)`. */
  readonly origin: string;
}

/**
 * Looks up a setting in each place in turn. Spaces around it are ignored: a secret from a file often ends in a
 * newline.
 */
export function find(sources: Sources, name: SettingName): Found | undefined {
  for (const place of ["provider", "stack", "environment"] as const) {
    const value = readIn(sources, place, name);
    if (value !== undefined) return { value, place, origin: originOf(sources, place, name) };
  }
  return undefined;
}

/** Reads a setting from one place only. */
export function readIn(
  { provider, stack, environment }: Sources,
  place: PlaceName,
  name: SettingName,
): string | undefined {
  const variable = variableOf(name);
  const value = {
    provider: () => provider?.read(name),
    stack: () => stack(name),
    environment: () => (variable === undefined ? undefined : environment[variable]),
  }[place]();
  return value?.trim();
}

function originOf(sources: Sources, place: PlaceName, name: SettingName): string {
  switch (place) {
    case "provider":
      return `${labelOf(sources)}'s ${name}`;
    case "stack":
      return `the stack's configuration (dokploy:${name})`;
    case "environment":
      return variableOf(name) ?? name;
  }
}

/** Returns the words for the provider in messages: `the provider "eu"`. */
export function labelOf({ provider }: Sources): string {
  return provider?.name === undefined ? "the provider" : `the provider ${JSON.stringify(provider.name)}`;
}

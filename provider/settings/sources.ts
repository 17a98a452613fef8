import { type SettingName, variableOf } from "./table";

/** Gives a setting as one place has it: the stack's configuration, or the inputs of a provider. */
export type ReadSetting = (name: SettingName) => string | undefined;

/** Who gives settings, those that win first. */
export type PlaceName = "provider" | "stack" | "environment";

/** Where the settings of a run stand, or of what a provider does in it. */
export interface Sources {
  /** The stack's configuration. */
  readonly stack: ReadSetting;
  readonly environment: NodeJS.ProcessEnv;
  /** A provider that the program made. */
  readonly provider?: {
    /** The name that the program gives it. */
    readonly name?: string;
    readonly read: ReadSetting;
    /** Settings that only the update will know, in a preview. */
    readonly unknown?: readonly SettingName[];
  };
}

/** A value of a setting, without blanks around it, and who gave it. */
export interface Found {
  readonly value: string;
  readonly place: PlaceName;
  /** As errors call it: `DOKPLOY_URL`, `the stack's configuration (dokploy:url)`. */
  readonly origin: string;
}

/** Looks a setting up in each place in turn: blanks around it are ignored, as a secret from a file often ends in a newline. */
export function find(sources: Sources, name: SettingName): Found | undefined {
  for (const place of ["provider", "stack", "environment"] as const) {
    const value = readIn(sources, place, name);
    if (value !== undefined) return { value, place, origin: originOf(sources, place, name) };
  }
  return undefined;
}

/** What one place alone gives. */
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

/** How messages call the provider: `the provider "eu"`. */
export function labelOf({ provider }: Sources): string {
  return provider?.name === undefined ? "the provider" : `the provider ${JSON.stringify(provider.name)}`;
}

import type { ReadSetting, Sources } from "./sources";
import { type SettingName, settingNames } from "./table";

/**
 * Information that a program passes to the process of a provider that it creates: the settings as `dokploy:<name>`,
 * and in addition which of them are copied or unknown. It is kept in the state, from which refresh and destroy read
 * it without the program.
 */
export interface ProviderSettings {
  /** Name of the provider in the program. */
  readonly name: string;
  /** Settings copied from the stack's configuration, which Pulumi does not give such a process. */
  readonly copied: readonly SettingName[];
  /** Settings that only the update will know, in a preview. */
  readonly unknown: readonly SettingName[];
}

/** Input that contains it. */
export const providerSettingsKey = "dokploy:provider";

/** Placeholder for a value that only the update will know. */
export const laterText = "(known after the update)";

/** Returns the name of the input for a setting. */
export function inputOf(name: SettingName): string {
  return `dokploy:${name}`;
}

/** Formats it as the input that is passed together with the settings. */
export function providerSettingsText({ name, copied, unknown }: ProviderSettings): string {
  const lists = { ...(copied.length > 0 ? { copied } : {}), ...(unknown.length > 0 ? { unknown } : {}) };
  return JSON.stringify({ name, ...lists });
}

/**
 * Returns the sources of the settings for a provider's process: that of a provider that the program created, or of
 * the stack's own.
 *
 * @param read returns a value from Pulumi's configuration of the process
 */
export function sourcesOf(
  read: (key: string) => string | undefined,
  environment: NodeJS.ProcessEnv,
): Sources {
  const all: ReadSetting = (name) => read(inputOf(name));
  const text = read(providerSettingsKey);
  if (text === undefined) return { stack: all, environment };
  const { name, copied, unknown } = parseSettings(text);
  return {
    stack: (setting) => (copied.includes(setting) ? all(setting) : undefined),
    environment,
    provider: {
      name,
      unknown,
      read: (setting) => (copied.includes(setting) || unknown.includes(setting) ? undefined : all(setting)),
    },
  };
}

function parseSettings(text: string): ProviderSettings {
  let given: Partial<Record<keyof ProviderSettings, unknown>> = {};
  try {
    given = Object(JSON.parse(text)) as typeof given;
  } catch {
    // Somebody changed the state; the settings themselves still contain the address.
  }
  const names = (list: unknown) => settingNames.filter((name) => Array.isArray(list) && list.includes(name));
  return {
    name: typeof given.name === "string" ? given.name : "",
    copied: names(given.copied),
    unknown: names(given.unknown),
  };
}

/** False while a preview does not know which server the provider is for, or its key. */
export function isServerKnown({ provider }: Sources): boolean {
  const { unknown = [] } = provider ?? {};
  return !unknown.includes("url") && !unknown.includes("apiKey");
}

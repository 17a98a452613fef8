import type { ReadSetting, Sources } from "./sources";
import { type SettingName, settingNames } from "./table";

/**
 * What a program hands to the process of a provider that it makes: the settings as `dokploy:<name>`, and beside them what
 * tells these apart. It stands in the state, from which refresh and destroy take it without the program.
 */
export interface Handed {
  /** The name that the program gives the provider. */
  readonly name: string;
  /** Settings that the stack's configuration gives: such a process gets nothing of that itself. */
  readonly copied: readonly SettingName[];
  /** Settings that only the update will know, in a preview. */
  readonly unknown: readonly SettingName[];
}

/** The input that holds it. */
export const handedKey = "dokploy:provider";

/** In the place of a value that only the update will know. */
export const laterText = "(known after the update)";

/** The name of the input for a setting. */
export function inputOf(name: SettingName): string {
  return `dokploy:${name}`;
}

/** As the input that goes with the settings. */
export function handedText({ name, copied, unknown }: Handed): string {
  const lists = { ...(copied.length > 0 ? { copied } : {}), ...(unknown.length > 0 ? { unknown } : {}) };
  return JSON.stringify({ name, ...lists });
}

/**
 * Where the settings of a provider's process stand: of one that the program made, or of the stack's own.
 *
 * @param read gives a value of what Pulumi configures the process with
 */
export function sourcesOf(
  read: (key: string) => string | undefined,
  environment: NodeJS.ProcessEnv,
): Sources {
  const all: ReadSetting = (name) => read(inputOf(name));
  const text = read(handedKey);
  if (text === undefined) return { stack: all, environment };
  const { name, copied, unknown } = parseHanded(text);
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

function parseHanded(text: string): Handed {
  let given: Partial<Record<keyof Handed, unknown>> = {};
  try {
    given = Object(JSON.parse(text)) as typeof given;
  } catch {
    // Somebody changed the state; the settings themselves still say where to go.
  }
  const names = (list: unknown) => settingNames.filter((name) => Array.isArray(list) && list.includes(name));
  return {
    name: typeof given.name === "string" ? given.name : "",
    copied: names(given.copied),
    unknown: names(given.unknown),
  };
}

/** False while a preview does not know which server the provider is for, or with which key. */
export function isServerKnown({ provider }: Sources): boolean {
  const { unknown = [] } = provider ?? {};
  return !unknown.includes("url") && !unknown.includes("apiKey");
}

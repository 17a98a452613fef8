import { CheckFailure } from "@pulumi/pulumi/proto/provider_pb";
import { meantBy } from "../packages/text";
import { isUnknown } from "../packages/values";
import {
  inputOf,
  parseAddress,
  providerSettingsKey,
  providerSettingsText,
  readAddress,
  type Setting,
  type SettingName,
  SettingsError,
  type Sources,
  serverNotice,
  settingNames,
  settings,
} from "../provider/dokploy";
import { UserError } from "../provider/errors";
import { inNamespace } from "../provider/pulumi";
import type { Values } from "./values";

/** Settings of this plugin's process, as the handlers read them: `dokploy:url`. */
export type Configuration = (key: string) => string | undefined;

/** Returns the configuration of the stack, which Pulumi gives this process decrypted, without the names of secrets. */
export function configurationOfStack(): Values {
  try {
    return JSON.parse(process.env["PULUMI_CONFIG"] ?? "{}") as Values;
  } catch {
    // The parser's message would quote it.
    throw new UserError("PULUMI_CONFIG in the environment of the plugin is not JSON: start it with Pulumi.");
  }
}

/** Inputs of a provider that Pulumi itself adds. */
const addedByPulumi: readonly string[] = ["version", "pluginDownloadURL"];

/** Returns the problems of a provider's inputs. */
export function configurationProblems(inputs: Values): CheckFailure[] {
  if (isMadeBySdk(inputs)) return [];
  const unknown = Object.keys(inputs).filter((name) => !isSetting(name) && !addedByPulumi.includes(name));
  const problems = unknown.map((name) => {
    const meant = meantBy(name, settingNames);
    const hint = meant === undefined ? `settings are ${settingNames.join(", ")}` : `is ${meant} meant?`;
    return failure(`${name} is not a setting: ${hint}`);
  });
  const { url } = inputs;
  if (typeof url !== "string" || isUnknown(url)) return problems;
  const { problem } = parseAddress(url);
  return problem === undefined ? problems : [...problems, failure(`url ${problem}`)];
}

/** Returns the names of the settings that differ. */
export function changedSettings(olds: Values, news: Values): SettingName[] {
  return settingNames.filter((name) => textIn(olds, name) !== textIn(news, name));
}

/**
 * Returns the settings of a provider.
 *
 * @param name its name in the program; `default…` for the one that Pulumi creates from the stack's configuration
 * @param stack configuration of the stack, which a provider of the program uses for what it does not set itself
 */
export function configurationOf(name: string, inputs: Values, stack: Values): Configuration {
  if (isMadeBySdk(inputs)) return (key) => inputs[key] as string | undefined;
  const own = (setting: SettingName) => textIn(inputs, setting);
  // Pulumi gives the settings of the stack to its own provider as inputs.
  const isDefault = /^default(?:_|$)/.test(name);
  // A key belongs to its address.
  const isOwn = (setting: SettingName) =>
    own(setting) !== undefined || (setting === "apiKey" && own("url") !== undefined);
  const copied = isDefault ? [] : settingNames.filter((setting) => !isOwn(setting));
  const texts = new Map(
    settingNames.map((setting) => [
      inputOf(setting),
      copied.includes(setting) ? textIn(stack, setting) : own(setting),
    ]),
  );
  if (!isDefault) texts.set(providerSettingsKey, providerSettingsText({ name, copied, unknown: [] }));
  return (key) => texts.get(key);
}

/** Returns the notice that names the server; undefined without an address, or with one that may not have the key. */
export function serverOf(sources: Sources): ReturnType<typeof serverNotice> | undefined {
  const { name } = sources.provider ?? {};
  try {
    const base = readAddress(sources);
    return base === undefined
      ? undefined
      : serverNotice(base, name === undefined ? undefined : { provider: name, isSilent: false });
  } catch (error) {
    // The first resource fails with it.
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}

/** Returns the settings in the form of a stack's configuration, in which programs look for them. */
export function stackConfiguration(configuration: Configuration): Record<string, string> {
  const texts = settingNames.flatMap((name): [string, string][] => {
    const text = configuration(inputOf(name));
    return text === undefined ? [] : [[inputOf(name), text]];
  });
  return Object.fromEntries(texts);
}

/** Makes the failure of a check. Next to a property Pulumi prints its value, so the text names the property instead. */
export function failure(reason: string): CheckFailure {
  const made = new CheckFailure();
  made.setReason(inNamespace(reason));
  return made;
}

/** True for the inputs of a provider that the Node.js SDK makes, which has checked them. */
export function isMadeBySdk(inputs: Values): boolean {
  return Object.keys(inputs).some((name) => name.startsWith("dokploy:"));
}

function isSetting(name: string): name is SettingName {
  return (settingNames as readonly string[]).includes(name);
}

function textIn(values: Values, setting: SettingName): string | undefined {
  const value = values[setting] ?? values[inputOf(setting)];
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : (settings[setting] as Setting<unknown>).text(value);
}

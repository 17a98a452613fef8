import * as pulumi from "@pulumi/pulumi";
import { meantBy } from "../../packages/text";
import {
  find,
  inputOf,
  keyGoesElsewhere,
  labelOf,
  laterText,
  ofProvider,
  parseAddress,
  plainHttp,
  providerSettingsKey,
  providerSettingsText,
  type ReadSetting,
  readLevels,
  readRunSettings,
  type Setting,
  type SettingName,
  type Sources,
  serverNotice,
  settingNames,
  settings,
} from "../../provider/dokploy";
import { UserError } from "../../provider/errors";
import { stackSources } from "./connection";
import { currentRun, rememberedBy } from "./current-run";
import { inform } from "./diagnostics";
import { isSecretInStack } from "./plain-text-secrets";
import { ProgramError } from "./program-error";
import { applyWithUnknowns, outputValue } from "./pulumi";
import { checkSettingNames } from "./settings";

/** Settings that a program gives a provider, with the values that follow from them. */
export interface Given {
  /** Inputs for the provider's process and for the state. */
  readonly inputs: Readonly<Record<string, pulumi.Input<string | undefined>>>;
  readonly url: pulumi.Output<string>;
  /** Key of the server. */
  readonly server: object;
  /** Reads a setting of the program or of the stack's configuration. */
  readonly read: ReadSetting;
  /** Unknown as long as address or key is. */
  readonly whenKnown: pulumi.Output<unknown>;
  /** Returns the sources of all settings for the program itself; undefined while address or key is unknown. */
  sources(): Promise<Sources | undefined>;
}

/** A value that may be known only in the update. */
interface Later {
  readonly value: string | undefined;
  readonly isUnknown: boolean;
}

/**
 * Reads the settings that a program gives a provider. The process of such a provider does not get the stack's
 * configuration, so omitted settings are copied from it. The process reads the environment itself.
 *
 * @throws ProgramError when no provider can be created with them, also later where a value is an output
 */
export function readGiven(name: string, args: object): Given {
  checkSettingNames();
  const { stack, environment } = stackSources();
  const own = readPlain(name, args, stack);
  const { url, apiKey } = args as Readonly<Partial<Record<SettingName, pulumi.Input<string>>>>;
  const owner = `Provider ${JSON.stringify(name)}`;
  const sourcesOf = (address: string | undefined, key: string | undefined): Sources => {
    const connection: Partial<Record<SettingName, string | undefined>> = { url: address, apiKey: key };
    return { stack, environment, provider: { name, read: (setting) => connection[setting] ?? own(setting) } };
  };

  /** Checks the address before it gets into the state, even if the run never calls the server. */
  const checkAddress = (text: string | undefined): void => {
    const sources = sourcesOf(text, apiKey === undefined ? undefined : "given");
    const found = find(sources, "url");
    if (found === undefined) return;
    const { problem } = parseAddress(found.value);
    const wrong =
      problem === undefined
        ? (keyGoesElsewhere(sources) ?? readOnTheWay(sources))
        : `${found.origin} ${problem}`;
    if (wrong !== undefined) throw new ProgramError(`${wrong}.`);
  };
  if (typeof url === "string") checkAddress(url);
  const address = later(`${owner}: url`, url).apply((given) => {
    if (!given.isUnknown) checkAddress(given.value);
    return given;
  });
  const key = later(`${owner}: apiKey`, apiKey);
  // A key of the stack's configuration is used only if the configuration has the same address.
  const stacksKey = address.apply((given) => {
    const found = given.isUnknown ? undefined : find(sourcesOf(given.value, undefined), "apiKey");
    return found?.place === "stack" ? found.value : undefined;
  });
  const unknown = pulumi
    .all([address, pulumi.unsecret(key)])
    .apply((both) => (["url", "apiKey"] as const).filter((_, index) => both[index]?.isUnknown));
  const fullUrl = (given: string | undefined) => find(sourcesOf(given, undefined), "url")?.value;
  reportServer(name, address, unknown, fullUrl);

  const mayCopy = (setting: SettingName) =>
    setting === "url" || setting === "apiKey" ? url === undefined : own(setting) === undefined;
  const copied = settingNames.filter(
    (setting) =>
      mayCopy(setting) && !(setting === "apiKey" && apiKey !== undefined) && stack(setting) !== undefined,
  );
  const inputs: Record<string, pulumi.Input<string | undefined>> = {};
  for (const setting of settingNames) {
    const text = copied.includes(setting) ? stack(setting) : own(setting);
    if (text === undefined) continue;
    const { secret } = settings[setting] as Setting<never>;
    inputs[inputOf(setting)] = secret || isSecretInStack(setting) ? pulumi.secret(text) : text;
  }
  if (url !== undefined) inputs[inputOf("url")] = address.apply(textOf);
  if (apiKey !== undefined) inputs[inputOf("apiKey")] = pulumi.secret(key.apply(textOf));
  else if (url !== undefined && stack("apiKey") !== undefined)
    inputs[inputOf("apiKey")] = pulumi.secret(stacksKey);
  inputs[providerSettingsKey] = unknown.apply((names) =>
    providerSettingsText({ name, copied, unknown: names }),
  );
  return {
    inputs,
    url: address.apply((given) => (given.isUnknown ? unknownText : (fullUrl(given.value) ?? ""))),
    server: serverAt(url === undefined || typeof url === "string" ? fullUrl(url) : undefined),
    read: (setting) => own(setting) ?? stack(setting),
    whenKnown: unknown.apply((names) => (names.length > 0 ? unknownText : "")),
    async sources() {
      const [knownAddress, knownKey] = [await settled(address), await settled(key)];
      if (knownAddress.isUnknown || knownKey.isUnknown) return undefined;
      return sourcesOf(knownAddress.value, knownKey.value);
    },
  };
}

function readOnTheWay(sources: Sources): string | undefined {
  const problem = plainHttp(sources);
  return problem && ofProvider(labelOf(sources), problem);
}

/** Unknown text, as Pulumi represents it. */
const unknownText = pulumi.unknown as unknown as string;

function textOf({ value, isUnknown }: Later): string | undefined {
  return isUnknown ? laterText : value;
}

/** Reads the settings of the program other than address and key, which have their own checks. */
function readPlain(name: unknown, args: unknown, stack: ReadSetting): ReadSetting {
  if (typeof name !== "string" || name === "") {
    throw new ProgramError(
      'The first argument of a provider is its name in the program, a text: new Provider("eu", { url: …, apiKey: … }).',
    );
  }
  const owner = `Provider ${JSON.stringify(name)}`;
  if (typeof args !== "object" || args === null || isLater(args)) {
    throw new ProgramError(
      `${owner} has no settings: new Provider(${JSON.stringify(name)}, { url: …, apiKey: … }).`,
    );
  }
  const texts = new Map<SettingName, string>();
  for (const [given, value] of Object.entries(args)) {
    const setting = settingNames.find((known) => known === given);
    if (setting === undefined) {
      const meant = meantBy(given, settingNames);
      throw new ProgramError(
        `${owner} has no setting ${given}${meant === undefined ? "" : `; is ${meant} meant?`} Settings are ${settingNames.join(", ")}.`,
      );
    }
    const isConnection = setting === "url" || setting === "apiKey";
    // Without these the provider would use another server; every other undefined setting is treated as omitted.
    if (value === null || (value === undefined && isConnection)) throw isUndefined(`${owner}: ${setting}`);
    if (value === undefined || isConnection) continue;
    if (isLater(value)) {
      throw new ProgramError(
        `${owner}: ${setting} is an output or a promise, and the program itself needs it: give a plain value. Only url and ` +
          "apiKey may come from another resource.",
      );
    }
    texts.set(
      setting,
      typeof value === "string" ? value : (settings[setting] as Setting<unknown>).text(value),
    );
  }
  const own: ReadSetting = (setting) => texts.get(setting);
  try {
    readRunSettings({ stack: () => undefined, environment: {}, provider: { name, read: own } });
    // Merged rule by rule, so that the stack's configuration keeps its other rules.
    for (const setting of ["composeChecks", "checks"] as const) {
      const [checks, stacks] = [own(setting), stack(setting)?.trim()];
      if (checks === undefined || !stacks) continue;
      const levels = readLevels(stacks, `The setting dokploy:${setting}`);
      texts.set(setting, JSON.stringify({ ...levels, ...readLevels(checks, owner) }));
    }
  } catch (error) {
    throw error instanceof UserError ? new ProgramError(error.message) : error;
  }
  return own;
}

function isUndefined(what: string): ProgramError {
  return new ProgramError(
    `${what} is undefined, which is what process.env gives for a variable that is not set: give it a value, or leave it out.`,
  );
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/**
 * Returns an input that a preview may not know. If a provider has an unknown input, Pulumi doesn't ask the provider's
 * process to check its resources. So no input is unknown, and the process gets the names of the unknown settings
 * instead.
 *
 * @param what label for messages
 */
function later(what: string, input: pulumi.Input<string> | undefined): pulumi.Output<Later> {
  if (input === undefined) return pulumi.output({ value: undefined, isUnknown: false });
  const read = (value: unknown): Later => {
    if (pulumi.isUnknown(value)) return { value: undefined, isUnknown: true };
    if (value === undefined || value === null) throw isUndefined(what);
    return { value: String(value), isUnknown: false };
  };
  const output: pulumi.Output<unknown> = pulumi.output(input);
  // In an update Pulumi waits until it is known.
  if (!pulumi.runtime.isDryRun()) return output.apply(read);
  return applyWithUnknowns(output, read);
}

async function settled(output: pulumi.Output<Later>): Promise<Later> {
  const value = await outputValue(output);
  // Undefined in an update that omits its resource, for example with `--target`.
  return value === undefined || pulumi.isUnknown(value)
    ? { value: undefined, isUnknown: true }
    : (value as Later);
}

/** Reports the server in a plan. */
function reportServer(
  name: string,
  address: pulumi.Output<Later>,
  unknown: pulumi.Output<readonly string[]>,
  find: (given: string | undefined) => string | undefined,
): void {
  if (!pulumi.runtime.isDryRun()) return;
  pulumi.all([pulumi.unsecret(address), unknown]).apply(([{ value, isUnknown }, names]) => {
    const url = isUnknown ? undefined : find(value);
    const base = url && parseAddress(url).base;
    const isSilent = names.length > 0;
    if (base !== undefined || isSilent) inform(...serverNotice(base, { provider: name, isSilent }));
  });
}

/** Keys of the servers of a run, by address. */
const serversOf = rememberedBy(() => new Map<string, object>());

/** Returns the key of the server with an address, if it is known: the stack's own server, or another one. */
function serverAt(url: string | undefined): object {
  const base = url && parseAddress(url).base;
  if (base === undefined) return {};
  const run = currentRun();
  const known = serversOf(run);
  const stacks = find(stackSources(), "url")?.value;
  const found = known.get(base) ?? (stacks && parseAddress(stacks).base === base ? run : {});
  known.set(base, found);
  return found;
}

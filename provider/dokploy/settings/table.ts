import type { Levels } from "./checks";

/**
 * Table of all settings, with their values and the ways to set them. The stack's configuration (`dokploy:<name>`), the
 * environment, the inputs of a provider and the page of the reference all follow from it.
 */

/** A setting, whose values are of this type in a program. */
export interface Setting<Value> {
  /** Name of the environment variable; some values cannot be given in one. */
  readonly variable?: string;
  /** Text after the name in `pulumi config set dokploy:<name>…`. */
  readonly example: string;
  /** True for a value that is never shown, and that the stack's configuration encrypts. */
  readonly secret?: true;
  /** Returns a value as text, in the form that the stack's configuration has. */
  text(value: Value): string;
}

/** A setting that is one of a few words. */
export interface Choice<Word extends string> extends Setting<Word> {
  readonly words: readonly [standard: Word, ...others: Word[]];
}

const aText = { text: (value: string) => value };
const aNumber = { text: (value: number) => String(value) };
const aSwitch = { text: (value: boolean) => String(value) };
const aMap = { text: (value: object) => JSON.stringify(value) };
const words = <const Word extends string>(first: Word, ...others: Word[]) => ({
  words: [first, ...others] as readonly [Word, ...Word[]],
  text: (value: Word): string => value,
});

/** Settings by name, in the order in which messages list them. */
export const settings = {
  /** Address of the server, with or without `/api`. */
  url: { variable: "DOKPLOY_URL", example: " https://…", ...aText } as Setting<string>,
  /** API key of the server. Secret. It is sent only to the address that it was given with. */
  apiKey: { variable: "DOKPLOY_API_KEY", example: "", secret: true, ...aText } as Setting<string>,
  /** Former address of the same server, so that resources in the state continue under the new address. */
  formerUrl: { variable: "DOKPLOY_FORMER_URL", example: " https://…", ...aText } as Setting<string>,
  /**
   * True to allow an `http://` address of another machine, whose traffic anyone on the network path can read. Default:
   * false.
   */
  allowHttp: { variable: "DOKPLOY_ALLOW_HTTP", example: " true", ...aSwitch } as Setting<boolean>,
  /**
   * End of a deployment: `running`, when its containers run, or `deployed`, when Dokploy is done. Default: `running`.
   */
  waitFor: {
    variable: "DOKPLOY_WAIT_FOR",
    example: " running",
    ...words("running", "deployed"),
  } as Choice<"running" | "deployed">,
  /** Reaction to references to variables that will not be found: `error`, `warn` or `off`. Default: `error`. */
  references: {
    variable: "DOKPLOY_REFERENCES",
    example: " warn",
    ...words("error", "warn", "off"),
  } as Choice<"error" | "warn" | "off">,
  /** Level of each check of a plan, by its name: `{ "latest-tag": "error" }`. Default: the level of each check. */
  checks: {
    variable: "DOKPLOY_CHECKS",
    example: " latest-tag=error",
    ...aMap,
  } as Setting<Levels>,
  /** Former name of `checks`. A level in `checks` takes precedence. */
  composeChecks: {
    variable: "DOKPLOY_COMPOSE_CHECKS",
    example: " latest-tag=error",
    ...aMap,
  } as Setting<Levels>,
  /** Names of the services of a deployment repository that a run works on. Default: all. */
  only: {
    variable: "DOKPLOY_ONLY",
    example: " api,web",
    text: (names: readonly string[]) => names.join(","),
  } as Setting<readonly string[]>,
  /** Tag of the images of a deployment repository, which may have a digest: `1.4.2@sha256:…`. Default: the deployed tag stays. */
  imageTag: { variable: "DOKPLOY_IMAGE_TAG", example: " 1.4.2", ...aText } as Setting<string>,
  /** Tags of the images by service, which take precedence over `imageTag`. */
  imageTags: {
    example: ".<service> <tag>",
    ...aMap,
  } as Setting<Readonly<Record<string, string>>>,
  /** Number of the pull request of which the stack is a preview. Default: the stack is not a preview. */
  preview: { variable: "DOKPLOY_PREVIEW", example: " 12", ...aText } as Setting<string>,
  /** Branch of that pull request, which Dokploy builds where the rules for previews say so. */
  previewBranch: { variable: "DOKPLOY_PREVIEW_BRANCH", example: " feature", ...aText } as Setting<string>,
  /**
   * File with the ids of existing objects by type and name of resource, which a run adopts while the resources are new:
   * `dokploy-adopt.json`, as `pulumi-dokploy export` writes it. Default: none.
   */
  adopt: { variable: "DOKPLOY_ADOPT", example: " dokploy-adopt.json", ...aText } as Setting<string>,
  /** Maximum number of requests per minute, for a server or proxy that limits them. Default: no limit. */
  requestsPerMinute: {
    variable: "DOKPLOY_REQUESTS_PER_MINUTE",
    example: " 300",
    ...aNumber,
  } as Setting<number>,
  /** Maximum number of requests at the same time. Default: 8. */
  concurrency: { variable: "DOKPLOY_CONCURRENCY", example: " 8", ...aNumber } as Setting<number>,
  /** Header that carries the key: `x-api-key`, or `bearer` for a gateway that requires it. Default: `x-api-key`. */
  auth: {
    variable: "DOKPLOY_AUTH",
    example: " x-api-key",
    ...words("x-api-key", "bearer"),
  } as Choice<"x-api-key" | "bearer">,
} as const;

/** Name of a setting: in the stack's configuration after `dokploy:`, and as an input of a provider. */
export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as readonly SettingName[];

/** Type of the value of a setting in a program. */
export type ValueOf<Name extends SettingName> =
  (typeof settings)[Name] extends Setting<infer Value> ? Value : never;

/** Returns the environment variable of a setting: `DOKPLOY_URL`. */
export function variableOf(name: SettingName): string | undefined {
  return settings[name].variable;
}

/**
 * Returns the command that sets it: `` `pulumi config set dokploy:url https://…` ``.
 *
 * @param value where it is known
 */
export function commandOf(name: SettingName, value?: string): string {
  const { example, secret } = settings[name] as Setting<never>;
  const option = secret ? "--secret " : example.startsWith(".") ? "--path " : "";
  return `\`pulumi config set ${option}dokploy:${name}${value === undefined ? example : ` ${value}`}\``;
}

/** Note that Pulumi gives refresh and destroy the configuration in the state. */
export const OLD_SETTINGS =
  "After a change of the settings, `pulumi refresh` and `pulumi destroy` use the previous ones until `pulumi up` has run, " +
  "unless you add --run-program.";

/** Returns both ways to set it: the command, or the variable. */
export function howToSet(name: SettingName, value?: string): string {
  const variable = variableOf(name);
  const command = commandOf(name, value);
  return variable === undefined
    ? command
    : `${command} or ${value === undefined ? variable : `${variable}=${value}`}`;
}

/**
 * Advises how to set the address that a server had before, so that the resources of the state stay there.
 *
 * @param address safe to show in a message
 * @param provider as messages call it; undefined without one
 */
export function howToSetFormer(address: string, provider: string | undefined): string {
  const way =
    provider === undefined
      ? howToSet("formerUrl", address)
      : `${address} as the input formerUrl of ${provider}`;
  return `${way}. ${OLD_SETTINGS}`;
}

/**
 * Returns advice on a setting that the program itself gives: it names inputs instead of commands.
 *
 * @param provider as messages call it; undefined without one
 */
export function adviceFor(provider: string | undefined, text: string): string {
  if (provider === undefined) return text;
  return settingNames.reduce(
    (all, name) => all.replaceAll(howToSet(name), `the input ${name} of ${provider}`),
    text,
  );
}

/** Returns advice for a command that has no stack: it names the variables alone. */
export function adviceByVariable(text: string): string {
  return settingNames.reduce((all, name) => all.replaceAll(howToSet(name), variableOf(name) ?? "$&"), text);
}

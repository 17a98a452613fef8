import type { RuleLevels } from "../../packages/compose-checks/checks/rules";

/**
 * Every setting there is: where its text may stand, what values it has, and how it is set. The stack's configuration
 * (`dokploy:<name>`), the environment, the inputs of a provider and the table in README are all made of this one.
 */

/** One setting, whose values are of this type in a program. */
export interface Setting<Value> {
  /** The environment variable; not every value can stand in one. */
  readonly variable?: string;
  /** What follows the name in `pulumi config set dokploy:<name>…`. */
  readonly example: string;
  /** It never shows, and the stack's configuration has it encrypted. */
  readonly secret?: true;
  /** A value as a text, such as the stack's configuration has it. */
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

/** The settings by name, in the order in which people are told of them. */
export const settings = {
  /** Address of the server, with or without `/api`. */
  url: { variable: "DOKPLOY_URL", example: " https://…", ...aText } as Setting<string>,
  /** API key of the server. Secret. It goes only to the address that it was given with. */
  apiKey: { variable: "DOKPLOY_API_KEY", example: "", secret: true, ...aText } as Setting<string>,
  /** An address that this same server had before. Resources in the state then go on under the new address. */
  formerUrl: { variable: "DOKPLOY_FORMER_URL", example: " https://…", ...aText } as Setting<string>,
  /** Allows an address with `http://` that is not this machine. Default: false, since everybody on the way could read. */
  allowHttp: { variable: "DOKPLOY_ALLOW_HTTP", example: " true", ...aSwitch } as Setting<boolean>,
  /** When a deployment is over: `running`, once its containers run, or `deployed`, once Dokploy is done. Default: `running`. */
  waitFor: {
    variable: "DOKPLOY_WAIT_FOR",
    example: " running",
    ...words("running", "deployed"),
  } as Choice<"running" | "deployed">,
  /** What is done about references to variables that will not be found: `error`, `warn` or `off`. Default: `error`. */
  references: {
    variable: "DOKPLOY_REFERENCES",
    example: " warn",
    ...words("error", "warn", "off"),
  } as Choice<"error" | "warn" | "off">,
  /** How strict each check of compose files is, by its name: `{ "latest-tag": "error" }`. Default: what each check has. */
  composeChecks: {
    variable: "DOKPLOY_COMPOSE_CHECKS",
    example: " latest-tag=error",
    ...aMap,
  } as Setting<RuleLevels>,
  /** Names of the services of a deployment repository that a run works on. Default: all. */
  only: {
    variable: "DOKPLOY_ONLY",
    example: " api,web",
    text: (names: readonly string[]) => names.join(","),
  } as Setting<readonly string[]>,
  /** Tag of the images of a deployment repository. Default: what is deployed stays. */
  imageTag: { variable: "DOKPLOY_IMAGE_TAG", example: " 1.4.2", ...aText } as Setting<string>,
  /** Tags of its images by service, which go before `imageTag`. */
  imageTags: {
    example: ".<service> <tag>",
    ...aMap,
  } as Setting<Readonly<Record<string, string>>>,
  /** Most requests in a minute, for a server or proxy that limits them. Default: no limit. */
  requestsPerMinute: {
    variable: "DOKPLOY_REQUESTS_PER_MINUTE",
    example: " 300",
    ...aNumber,
  } as Setting<number>,
  /** Requests at a time. Default: 8. */
  concurrency: { variable: "DOKPLOY_CONCURRENCY", example: " 8", ...aNumber } as Setting<number>,
  /** How the key travels: `x-api-key`, or `bearer` for a gateway that wants it. Default: `x-api-key`. */
  auth: {
    variable: "DOKPLOY_AUTH",
    example: " x-api-key",
    ...words("x-api-key", "bearer"),
  } as Choice<"x-api-key" | "bearer">,
} as const;

/** The name of a setting: in the stack's configuration behind `dokploy:`, and as an input of a provider. */
export type SettingName = keyof typeof settings;
export const settingNames = Object.keys(settings) as readonly SettingName[];

/** The values that a setting has in a program. */
export type ValueOf<Name extends SettingName> =
  (typeof settings)[Name] extends Setting<infer Value> ? Value : never;

/** The variable of a setting: `DOKPLOY_URL`. */
export function variableOf(name: SettingName): string | undefined {
  return settings[name].variable;
}

/**
 * The command that sets it: `` `pulumi config set dokploy:url https://…` ``.
 *
 * @param value where it is known
 */
export function commandOf(name: SettingName, value?: string): string {
  const { example, secret } = settings[name] as Setting<never>;
  const option = secret ? "--secret " : example.startsWith(".") ? "--path " : "";
  return `\`pulumi config set ${option}dokploy:${name}${value === undefined ? example : ` ${value}`}\``;
}

/** Pulumi gives refresh and destroy the configuration that the state holds. */
export const OLD_SETTINGS =
  "After a change of the settings, `pulumi refresh` and `pulumi destroy` use the former ones until a `pulumi up` has run, " +
  "unless given --run-program.";

/** Both ways to set it: the command, or the variable. */
export function howToSet(name: SettingName, value?: string): string {
  const variable = variableOf(name);
  const command = commandOf(name, value);
  return variable === undefined
    ? command
    : `${command} or ${value === undefined ? variable : `${variable}=${value}`}`;
}

/**
 * Advice on how to set something, where the program itself gives the settings: it names inputs in place of commands.
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

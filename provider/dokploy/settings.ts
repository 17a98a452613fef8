import { UserError } from "../problem";
import { hostOf, parseAddress } from "./address";
import { keyGoesElsewhere, type Place, type PlaceName } from "./key-address";

/** How the API key travels. Dokploy 0.28 and later reads `x-api-key` only; `bearer` is for a gateway that wants it. */
export type Auth = "x-api-key" | "bearer";

/** Where the server is and how to log in. Made by `readSettings`; `apiKey` is a secret. */
export interface Settings {
  /** Address without `/api` and without a trailing slash, e.g. `https://dokploy.example.com`. */
  readonly url: string;
  readonly apiKey: string;
  readonly auth: Auth;
  /** Requests at a time. Default: 8. */
  readonly concurrency?: number;
  /** Requests in any minute, those that wait for a deployment included. Default: no limit. */
  readonly requestsPerMinute?: number;
  /** Where address and key were found, for errors about them: `DOKPLOY_URL`, `the stack's configuration (dokploy:url)`. */
  readonly origins?: Readonly<Record<"url" | "apiKey", string>>;
}

/** The settings cannot be used. The message lists every problem and both ways to give each value. */
export class SettingsError extends UserError {
  override readonly name = "SettingsError";

  constructor(readonly problems: readonly string[]) {
    super(
      [
        "The connection to Dokploy is not configured, or not correctly:",
        ...problems.map((p) => `  - ${p}`),
      ].join("\n"),
    );
  }
}

/** What to run or set to give a value. */
export const HOW_TO_SET = {
  url: "`pulumi config set dokploy:url https://…` or DOKPLOY_URL",
  apiKey: "`pulumi config set --secret dokploy:apiKey` or DOKPLOY_API_KEY",
  auth: "`pulumi config set dokploy:auth x-api-key` or DOKPLOY_AUTH",
  allowHttp: "`pulumi config set dokploy:allowHttp true` or DOKPLOY_ALLOW_HTTP",
  concurrency: "`pulumi config set dokploy:concurrency 8` or DOKPLOY_CONCURRENCY",
  requestsPerMinute: "`pulumi config set dokploy:requestsPerMinute 300` or DOKPLOY_REQUESTS_PER_MINUTE",
} as const;

/** The keys of the stack config, without `dokploy:`. */
export type SettingKey = keyof typeof HOW_TO_SET;

/** Gives a setting as one place has it: the stack's configuration, or the inputs of a provider. */
export type ReadSetting = (key: SettingKey) => string | undefined;

const ENV_NAMES: Record<SettingKey, string> = {
  url: "DOKPLOY_URL",
  apiKey: "DOKPLOY_API_KEY",
  auth: "DOKPLOY_AUTH",
  allowHttp: "DOKPLOY_ALLOW_HTTP",
  concurrency: "DOKPLOY_CONCURRENCY",
  requestsPerMinute: "DOKPLOY_REQUESTS_PER_MINUTE",
};

/** All settings of the connection. */
export const SETTING_KEYS = Object.keys(ENV_NAMES) as readonly SettingKey[];

const REQUIRED: ReadonlySet<SettingKey> = new Set<SettingKey>(["url", "apiKey"]);

/** A value of a setting, and who gave it. */
interface Found {
  value: string;
  place: PlaceName;
  /** As errors call it: `DOKPLOY_URL`, `the stack's configuration (dokploy:url)`. */
  origin: string;
}

/** Looks a setting up, in each place in turn. */
function finder(config: ReadSetting, env: NodeJS.ProcessEnv, provider: ReadSetting) {
  const places: readonly [PlaceName, ReadSetting, (key: SettingKey) => string][] = [
    ["provider", provider, (key) => `the provider's ${key}`],
    ["stack", config, (key) => `the stack's configuration (dokploy:${key})`],
    ["environment", (key) => env[ENV_NAMES[key]], (key) => ENV_NAMES[key]],
  ];
  return {
    find(key: SettingKey): Found | undefined {
      for (const [place, read, originOf] of places) {
        const value = read(key)?.trim();
        if (value !== undefined) return { value, place, origin: originOf(key) };
      }
      return undefined;
    },
    places: (): Place[] =>
      places.map(([name, read]) => ({
        name,
        url: read("url")?.trim(),
        hasKey: Boolean(read("apiKey")?.trim()),
      })),
  };
}

/**
 * Where a run of this configuration goes, without the rest of the settings.
 *
 * @returns the address; undefined where none is given or it cannot be used, which {@link readSettings} tells
 * @throws SettingsError when the key would go to another address than that which it came with
 */
export function readAddress(config: ReadSetting, env: NodeJS.ProcessEnv): string | undefined {
  const { find, places } = finder(config, env, () => undefined);
  const url = find("url");
  const base = url && parseAddress(url.value).base;
  if (base === undefined) return undefined;
  const problem = keyGoesElsewhere(places());
  if (problem !== undefined) throw new SettingsError([problem]);
  return base;
}

/**
 * Reads the connection from stack config (`dokploy:url`, `dokploy:apiKey`, `dokploy:auth`, `dokploy:allowHttp`,
 * `dokploy:concurrency`, `dokploy:requestsPerMinute`), else from the environment (`DOKPLOY_URL`, `DOKPLOY_API_KEY`,
 * `DOKPLOY_AUTH`, `DOKPLOY_ALLOW_HTTP`, `DOKPLOY_CONCURRENCY`, `DOKPLOY_REQUESTS_PER_MINUTE`). Config wins for each
 * value, but a key goes only to the address that it came with: see {@link keyGoesElsewhere}. Blanks around a value are
 * ignored, as a secret read from a file often ends in a newline.
 *
 * @param provider settings of a provider that the program made, which win over both
 * @throws SettingsError with all problems at once; no value but hosts is ever echoed, since a key may sit in the wrong field.
 *
 * @example
 * const config = new pulumi.Config("dokploy");
 * const settings = readSettings((key) => config.get(key), process.env);
 */
export function readSettings(
  config: ReadSetting,
  env: NodeJS.ProcessEnv,
  provider: ReadSetting = () => undefined,
): Settings {
  const problems: string[] = [];
  const { find, places } = finder(config, env, provider);

  const read = (key: SettingKey): Found | undefined => {
    const found = find(key);
    if (found?.value === "") {
      const source = found.place === "environment" ? found.origin : `dokploy:${key}`;
      problems.push(`${source} is empty: set it with ${HOW_TO_SET[key]}`);
      return undefined;
    }
    if (found === undefined && REQUIRED.has(key)) {
      problems.push(`dokploy:${key} is missing: set it with ${HOW_TO_SET[key]}`);
    }
    return found;
  };

  const readCount = (key: "concurrency" | "requestsPerMinute"): number | undefined => {
    const found = read(key);
    if (found === undefined) return undefined;
    if (/^[1-9]\d{0,5}$/.test(found.value)) return Number(found.value);
    problems.push(
      `dokploy:${key} must be a whole number from 1 to 999999; it comes from ${found.origin}: set it with ${HOW_TO_SET[key]}, or leave it out`,
    );
    return undefined;
  };

  const url = read("url");
  const apiKey = read("apiKey");
  const { value: auth, origin: authOrigin } = read("auth") ?? { value: "x-api-key", origin: "" };
  const allowHttp = read("allowHttp");
  const concurrency = readCount("concurrency");
  const requestsPerMinute = readCount("requestsPerMinute");

  const { base, problem } = url === undefined ? {} : parseAddress(url.value);
  if (problem !== undefined) {
    problems.push(`dokploy:url ${problem}; it comes from ${url?.origin}: set it with ${HOW_TO_SET.url}`);
  }
  const elsewhere = base === undefined ? undefined : keyGoesElsewhere(places());
  if (elsewhere !== undefined) problems.push(elsewhere);
  if (allowHttp !== undefined && allowHttp.value !== "true" && allowHttp.value !== "false") {
    problems.push(
      `dokploy:allowHttp must be true or false; it comes from ${allowHttp.origin}: set it with ${HOW_TO_SET.allowHttp}, or leave it out`,
    );
  }
  if (base !== undefined && isReadOnTheWay(base) && allowHttp?.value !== "true") {
    problems.push(
      `dokploy:url uses plain http to ${hostOf(base)}: everybody on the way can read the API key and all variables; it comes ` +
        `from ${url?.origin}. Use https; or, where nobody else is on that network, allow it with ${HOW_TO_SET.allowHttp}`,
    );
  }
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey.value)) {
    problems.push(
      "dokploy:apiKey holds a blank, a line break or a character that no key has; it comes from " +
        `${apiKey.origin}: copy it again and set it with ${HOW_TO_SET.apiKey}`,
    );
  }
  if (auth !== "x-api-key" && auth !== "bearer") {
    problems.push(
      `dokploy:auth must be x-api-key or bearer; it comes from ${authOrigin}: set it with ${HOW_TO_SET.auth}`,
    );
  }
  if (
    problems.length > 0 ||
    url === undefined ||
    base === undefined ||
    apiKey === undefined ||
    (auth !== "x-api-key" && auth !== "bearer")
  ) {
    throw new SettingsError(problems);
  }
  return {
    url: base,
    apiKey: apiKey.value,
    auth,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    origins: { url: url.origin, apiKey: apiKey.origin },
  };
}

/** Plain http to another machine. */
function isReadOnTheWay(base: string): boolean {
  const url = new URL(base);
  return url.protocol !== "https:" && !isLoopback(url.hostname);
}

/** Whether a host name of a URL is this machine (`localhost`, 127.0.0.0/8, `[::1]`). */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

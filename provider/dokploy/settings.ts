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
  /** Sentences for the user about settings that work but are not safe. */
  readonly warnings: readonly string[];
}

/** The settings cannot be used. The message lists every problem and both ways to give each value. */
export class SettingsError extends Error {
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
  concurrency: "`pulumi config set dokploy:concurrency 8` or DOKPLOY_CONCURRENCY",
  requestsPerMinute: "`pulumi config set dokploy:requestsPerMinute 300` or DOKPLOY_REQUESTS_PER_MINUTE",
} as const;

/** The keys of the stack config, without `dokploy:`. */
export type SettingKey = keyof typeof HOW_TO_SET;

const ENV_NAMES: Record<SettingKey, string> = {
  url: "DOKPLOY_URL",
  apiKey: "DOKPLOY_API_KEY",
  auth: "DOKPLOY_AUTH",
  concurrency: "DOKPLOY_CONCURRENCY",
  requestsPerMinute: "DOKPLOY_REQUESTS_PER_MINUTE",
};

const REQUIRED: ReadonlySet<SettingKey> = new Set<SettingKey>(["url", "apiKey"]);

/**
 * Reads the connection from stack config (`dokploy:url`, `dokploy:apiKey`, `dokploy:auth`, `dokploy:concurrency`,
 * `dokploy:requestsPerMinute`), else from the environment (`DOKPLOY_URL`, `DOKPLOY_API_KEY`, `DOKPLOY_AUTH`,
 * `DOKPLOY_CONCURRENCY`, `DOKPLOY_REQUESTS_PER_MINUTE`). Config wins for each value. Blanks around a value are
 * ignored, as a secret read from a file often ends in a newline.
 *
 * @throws SettingsError with all problems at once; no value is ever echoed, since a key may sit in the wrong field.
 *
 * @example
 * const config = new pulumi.Config("dokploy");
 * const settings = readSettings((key) => config.get(key), process.env);
 */
export function readSettings(
  config: (key: SettingKey) => string | undefined,
  env: NodeJS.ProcessEnv,
): Settings {
  const problems: string[] = [];

  const originOf = (key: SettingKey): string =>
    config(key) === undefined ? ENV_NAMES[key] : `the stack's configuration (dokploy:${key})`;
  const read = (key: SettingKey): string | undefined => {
    const fromConfig = config(key);
    const value = (fromConfig ?? env[ENV_NAMES[key]])?.trim();
    if (value === "") {
      const source = fromConfig === undefined ? ENV_NAMES[key] : `dokploy:${key}`;
      problems.push(`${source} is empty: set it with ${HOW_TO_SET[key]}`);
      return undefined;
    }
    if (value === undefined && REQUIRED.has(key)) {
      problems.push(`dokploy:${key} is missing: set it with ${HOW_TO_SET[key]}`);
    }
    return value;
  };

  const readCount = (key: "concurrency" | "requestsPerMinute"): number | undefined => {
    const value = read(key);
    if (value === undefined) return undefined;
    if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
    problems.push(
      `dokploy:${key} must be a whole number from 1 to 999999; it comes from ${originOf(key)}: set it with ${HOW_TO_SET[key]}, or leave it out`,
    );
    return undefined;
  };

  const rawUrl = read("url");
  const apiKey = read("apiKey");
  const auth = read("auth") ?? "x-api-key";
  const concurrency = readCount("concurrency");
  const requestsPerMinute = readCount("requestsPerMinute");

  const url = rawUrl === undefined ? undefined : parseUrl(rawUrl);
  if (url?.problem !== undefined) {
    problems.push(
      `dokploy:url ${url.problem}; it comes from ${originOf("url")}: set it with ${HOW_TO_SET.url}`,
    );
  }
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    problems.push(
      "dokploy:apiKey holds a blank, a line break or a character that no key has; it comes from " +
        `${originOf("apiKey")}: copy it again and set it with ${HOW_TO_SET.apiKey}`,
    );
  }
  if (auth !== "x-api-key" && auth !== "bearer") {
    problems.push(
      `dokploy:auth must be x-api-key or bearer; it comes from ${originOf("auth")}: set it with ${HOW_TO_SET.auth}`,
    );
  }
  if (
    problems.length > 0 ||
    url?.base === undefined ||
    apiKey === undefined ||
    (auth !== "x-api-key" && auth !== "bearer")
  ) {
    throw new SettingsError(problems);
  }
  return {
    url: url.base,
    apiKey,
    auth,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    origins: { url: originOf("url"), apiKey: originOf("apiKey") },
    warnings: plainHttpWarnings(url.base),
  };
}

function parseUrl(text: string): { base?: string; problem?: string } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return { problem: "is not a complete URL (it starts with https://)" };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return { problem: "must start with https:// (or http://)" };
  }
  if (url.username !== "" || url.password !== "") {
    return { problem: "must not hold a user name or password (the API key is the only login)" };
  }
  if (/[?#]/.test(text)) {
    return { problem: "must not have a query (?) or a fragment (#)" };
  }
  const path = url.pathname
    .replace(/\/+$/, "")
    .replace(/\/api$/, "")
    .replace(/\/+$/, "");
  return { base: url.origin + path };
}

function plainHttpWarnings(base: string): string[] {
  const url = new URL(base);
  if (url.protocol === "https:" || isLoopback(url.hostname)) {
    return [];
  }
  return [
    `dokploy:url uses plain http to ${url.host}: the API key and all environment values can be read on the way. Use https.`,
  ];
}

/** Whether a host name of a URL is this machine (`localhost`, 127.0.0.0/8, `[::1]`). */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

import { isThisMachine } from "../../../packages/text";
import { UserError } from "../../errors";
import { hostOf, parseAddress } from "./address";
import { keyGoesElsewhere } from "./key-address";
import { type Found, find, labelOf, type Sources } from "./sources";
import { adviceFor, howToSet, type SettingName, settings as table, type ValueOf } from "./table";

/**
 * Way to send the API key. Dokploy 0.28 and later reads only `x-api-key`; `bearer` is for a gateway that requires
 * it.
 */
export type Auth = ValueOf<"auth">;

/** Address of the server and the login. Created by `readSettings`; `apiKey` is a secret. */
export interface Settings {
  /** Address without `/api` and without a trailing slash, e.g. `https://dokploy.example.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** Earlier address of the same server, in the same form. */
  readonly formerUrl?: string;
  readonly auth: Auth;
  /** Maximum number of requests at a time. Default: 8. */
  readonly concurrency?: number;
  /** Maximum number of requests in any minute, including those that wait for a deployment. Default: no limit. */
  readonly requestsPerMinute?: number;
  /** Origins of address and key, for errors about them: `DOKPLOY_URL`, `the stack's configuration (dokploy:url)`. */
  readonly origins?: Readonly<Record<"url" | "apiKey", string>>;
  /** Name, in errors, of the provider that the program created for this server; undefined without one. */
  readonly provider?: string;
}

/** The settings cannot be used. The message lists every problem and both ways to set each value. */
export class SettingsError extends UserError {
  override readonly name = "SettingsError";

  constructor(readonly problems: readonly string[]) {
    super(
      [
        "The settings of the connection to Dokploy are missing or wrong:",
        ...problems.map((p) => `  - ${p}`),
      ].join("\n"),
    );
  }
}

const REQUIRED: ReadonlySet<SettingName> = new Set<SettingName>(["url", "apiKey"]);

/**
 * Reads the address of the server for this configuration, without the other settings.
 *
 * @returns the address; undefined where it is missing or cannot be used, which {@link readSettings} reports
 * @throws SettingsError when the key would go to another address than its own
 */
export function readAddress(sources: Sources): string | undefined {
  const url = find(sources, "url");
  const base = url && parseAddress(url.value).base;
  if (base === undefined) return undefined;
  const problem = keyGoesElsewhere(sources);
  if (problem !== undefined) throw new SettingsError([problem]);
  return base;
}

/**
 * Reads the connection from a provider that the program created, else from the stack's configuration, else from the
 * environment: see the table of settings. The first that has a value wins, but a key goes only to the address that
 * was given with it: see {@link keyGoesElsewhere}.
 *
 * @throws SettingsError with all problems at once; only hosts are quoted, since a key may be in the wrong field
 *
 * @example
 * const config = new pulumi.Config("dokploy");
 * const settings = readSettings({ stack: (name) => config.get(name), environment: process.env });
 */
export function readSettings(sources: Sources): Settings {
  const problems: string[] = [];
  const label = sources.provider === undefined ? undefined : labelOf(sources);

  const read = (key: SettingName): Found | undefined => {
    const found = find(sources, key);
    if (found?.value === "") {
      const source = found.place === "environment" ? found.origin : `dokploy:${key}`;
      problems.push(`${source} is empty: set it with ${howToSet(key)}`);
      return undefined;
    }
    if (found === undefined && REQUIRED.has(key)) {
      problems.push(`dokploy:${key} is missing: set it with ${howToSet(key)}`);
    }
    return found;
  };

  const readCount = (key: "concurrency" | "requestsPerMinute"): number | undefined => {
    const found = read(key);
    if (found === undefined) return undefined;
    if (/^[1-9]\d{0,5}$/.test(found.value)) return Number(found.value);
    problems.push(
      `dokploy:${key} must be a whole number from 1 to 999999; it comes from ${found.origin}: set it with ${howToSet(key)}, or leave it out`,
    );
    return undefined;
  };

  const url = read("url");
  const apiKey = read("apiKey");
  const [standardAuth] = table.auth.words;
  const { value: givenAuth, origin: authOrigin } = read("auth") ?? { value: standardAuth, origin: "" };
  const auth = table.auth.words.find((word) => word === givenAuth);
  const allowHttp = read("allowHttp");
  const concurrency = readCount("concurrency");
  const requestsPerMinute = readCount("requestsPerMinute");

  const { base, problem } = url === undefined ? {} : parseAddress(url.value);
  if (problem !== undefined) {
    problems.push(`dokploy:url ${problem}; it comes from ${url?.origin}: set it with ${howToSet("url")}`);
  }
  const formerUrl = read("formerUrl");
  const former = formerUrl === undefined ? {} : parseAddress(formerUrl.value);
  if (former.problem !== undefined) {
    problems.push(
      `dokploy:formerUrl ${former.problem}; it comes from ${formerUrl?.origin}: set it with ${howToSet("formerUrl")}, or leave it out`,
    );
  }
  const elsewhere = base === undefined ? undefined : keyGoesElsewhere(sources);
  if (elsewhere !== undefined) problems.push(elsewhere);
  if (allowHttp !== undefined && allowHttp.value !== "true" && allowHttp.value !== "false") {
    problems.push(
      `dokploy:allowHttp must be true or false; it comes from ${allowHttp.origin}: set it with ${howToSet("allowHttp")}, or leave it out`,
    );
  }
  const readable = plainHttp(sources);
  if (readable !== undefined) problems.push(readable);
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey.value)) {
    problems.push(
      "dokploy:apiKey contains a space, a line break or a character that no key has; it comes from " +
        `${apiKey.origin}: copy it again and set it with ${howToSet("apiKey")}`,
    );
  }
  if (auth === undefined) {
    problems.push(
      `dokploy:auth must be ${table.auth.words.join(" or ")}; it comes from ${authOrigin}: set it with ${howToSet("auth")}`,
    );
  }
  if (problems.length > 0 || !url || base === undefined || apiKey === undefined || auth === undefined) {
    throw new SettingsError(problems.map((text) => ofProvider(label, text)));
  }
  return {
    url: base,
    apiKey: apiKey.value,
    auth,
    ...(former.base === undefined ? {} : { formerUrl: former.base }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    origins: { url: url.origin, apiKey: apiKey.origin },
    ...(label === undefined ? {} : { provider: label }),
  };
}

/** Explains why a valid address must not be used: it sends plain http to another machine without permission. */
export function plainHttp(sources: Sources): string | undefined {
  const url = find(sources, "url");
  const base = url && parseAddress(url.value).base;
  if (base === undefined || !isReadOnTheWay(base) || find(sources, "allowHttp")?.value === "true")
    return undefined;
  return (
    `dokploy:url uses plain http to ${hostOf(base)}: anyone on the network path can read the API key and all ` +
    `variables; it comes ` +
    `from ${url?.origin}. Use https; or, where nobody else is on that network, allow it with ${howToSet("allowHttp")}`
  );
}

/** Rewrites a problem of a setting for a provider that the program created; unchanged without one. */
export function ofProvider(label: string | undefined, problem: string): string {
  return adviceFor(label, label ? problem.replace(/^dokploy:(\w+)/, `$1 of ${label}`) : problem);
}

/**
 * True for plain http to a possibly remote machine: some resolvers look up `dokploy.localhost` like any other name.
 */
function isReadOnTheWay(base: string): boolean {
  const { protocol, hostname } = new URL(base);
  return protocol !== "https:" && !isThisMachine(hostname);
}

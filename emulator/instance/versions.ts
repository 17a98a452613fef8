/** Differences between the versions of Dokploy that the emulator supports. */

/** Way of writing the variables of a compose service into `.env`. */
export type EnvFileStyle = "unquoted" | "quoted" | "templates";

/** Behaviour of a version that affects the variables of containers. */
export interface Traits {
  readonly envFile: EnvFileStyle;
  /** True when `.env` of a stack has quotes, which docker does not remove. */
  readonly quotesStackFile: boolean;
  /** True when `.env` contains `COMPOSE_PROJECT_NAME`. */
  readonly addsProjectName: boolean;
  /** True when docker gets Dokploy's own HOME. */
  readonly passesHome: boolean;
  /** True when `${{vault.…}}` is looked up. */
  readonly hasVaults: boolean;
}

export function traitsOf(version: string): Traits {
  const since = (first: string) => isSince(version, first);
  return {
    envFile: since("0.30.3") ? "templates" : since("0.30.0") ? "quoted" : "unquoted",
    quotesStackFile: since("0.30.0") && !since("0.30.2"),
    addsProjectName: since("0.29.0"),
    passesHome: since("0.29.12"),
    hasVaults: since("0.30.0"),
  };
}

/** First version of each endpoint; a name that ends in a dot is a whole router. */
const ENDPOINTS: readonly (readonly [name: string, first: string])[] = [
  ["libsql.", "0.29.0"],
  ["application.readLogs", "0.29.0"],
  ["compose.readLogs", "0.29.0"],
  ["deployment.readLogs", "0.29.5"],
  ["overview.services", "0.30.0"],
  ["docker.getServerHealth", "0.30.0"],
  ["vaultProvider.", "0.30.0"],
  ["dockerVolume.", "0.30.0"],
  ["dockerImage.", "0.30.0"],
];

export function hasEndpoint(version: string, name: string): boolean {
  return ENDPOINTS.every(
    ([start, first]) =>
      !(start.endsWith(".") ? name.startsWith(start) : name === start) || isSince(version, first),
  );
}

/** First version of each column. A mark is a column that only the rows of its table have. */
const COLUMNS: readonly (readonly [mark: string, column: string, first: string])[] = [
  ["dockerImage", "networkIds", "0.29.14"],
  ["dockerImage", "detachDokployNetwork", "0.29.14"],
  ["composeFile", "icon", "0.29.14"],
  ["composeFile", "serviceNetworks", "0.29.14"],
  ["composeFile", "createEnvFile", "0.30.0"],
  ["customCertResolver", "customEntrypoint", "0.29.0"],
  ["customCertResolver", "middlewares", "0.29.0"],
  ["customCertResolver", "enabled", "0.30.0"],
  ["ipam", "dockerId", "0.30.3"],
];

/** Removes the columns that this version does not have yet from a response. */
export function asAnsweredBy(version: string, answer: unknown): unknown {
  const later = COLUMNS.filter(([, , first]) => !isSince(version, first));
  return later.length === 0 ? answer : without(answer, later);
}

function without(value: unknown, later: typeof COLUMNS): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, later));
  if (typeof value !== "object" || value === null) return value;
  const dropped = new Set(later.filter(([mark]) => mark in value).map(([, column]) => column));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !dropped.has(name))
      .map(([name, inner]) => [name, without(inner, later)]),
  );
}

/** First version of inputs, by endpoint: older versions silently drop them. */
const INPUTS: readonly (readonly [endpoint: RegExp, input: string, first: string])[] = [
  [/^(application|compose)\.create$/, "sourceType", "0.30.0"],
  [/^application\.update$/, "networkIds", "0.29.14"],
  [/^application\.update$/, "detachDokployNetwork", "0.29.14"],
  [/^compose\.update$/, "icon", "0.29.14"],
  [/^compose\.update$/, "serviceNetworks", "0.29.14"],
  [/^compose\.(update|saveEnvironment)$/, "createEnvFile", "0.30.0"],
  [/^domain\.(create|update)$/, "customEntrypoint", "0.29.0"],
  [/^domain\.(create|update)$/, "middlewares", "0.29.0"],
  [/^domain\.update$/, "enabled", "0.30.0"],
  [/^notification\.(create|update)(Gotify|Ntfy)$/, "serverThreshold", "0.30.5"],
];

/** Values that older versions assume for missing inputs. */
const TAKEN: readonly (readonly [endpoint: RegExp, input: string, value: unknown, first: string])[] = [
  [/^mongo\.update$/, "replicaSets", false, "0.30.0"],
];

/** Inputs that a version requires, though older ones do not know them. */
const REQUIRED: typeof INPUTS = [[/^notification\.create(Gotify|Ntfy)$/, "serverThreshold", "0.30.5"]];

/** Returns the input that this version requires and a call leaves out. */
export function missingInput(version: string, endpoint: string, input: object): string | undefined {
  const [, name] =
    REQUIRED.find(
      ([pattern, required, first]) =>
        pattern.test(endpoint) && isSince(version, first) && !(required in input),
    ) ?? [];
  return name;
}

/** Returns an input as a version reads it. */
export function asReadBy(
  version: string,
  endpoint: string,
  input: Record<string, unknown>,
): Record<string, unknown> {
  const dropped = new Set(
    INPUTS.filter(([pattern, , first]) => pattern.test(endpoint) && !isSince(version, first)).map(
      ([, name]) => name,
    ),
  );
  const taken = TAKEN.filter(([pattern, , , first]) => pattern.test(endpoint) && !isSince(version, first));
  return {
    ...Object.fromEntries(taken.map(([, name, value]) => [name, value])),
    ...Object.fromEntries(Object.entries(input).filter(([name]) => !dropped.has(name))),
  };
}

/** True when the version is not older. A name without a number counts as newest: a build between releases. */
function isSince(version: string, first: string): boolean {
  const numbers = numbersOf(version);
  const [major = 0, minor = 0, patch = 0] = numbersOf(first) ?? [];
  if (numbers === undefined) return true;
  const [a = 0, b = 0, c = 0] = numbers;
  return a !== major ? a > major : b !== minor ? b > minor : c >= patch;
}

function numbersOf(version: string): number[] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match?.slice(1).map(Number);
}

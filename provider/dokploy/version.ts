/** A version of Dokploy. */
export interface Version {
  /** As the server or the table says it, e.g. `v0.30.2`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `canary.1` of `0.30.2-canary.1`; empty for a release. */
  readonly prerelease: string;
}

/**
 * Reads `v0.30.2`, `0.30.2`, `v0.30.2-canary.1`.
 *
 * A text that names no version (`canary`, the name of a branch) is a build between releases and counts as newer than
 * every release: what this provider must refuse are old releases, and those carry their number.
 */
export function parseVersion(text: string): Version {
  const match = /^\s*v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?\s*$/.exec(text);
  if (match === null) {
    return { text, major: Number.POSITIVE_INFINITY, minor: 0, patch: 0, prerelease: "" };
  }
  const [, major, minor, patch, prerelease] = match;
  return {
    text: text.trim(),
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease ?? "",
  };
}

/** Negative when `a` is older than `b`, positive when newer, 0 when equal. A pre-release is older than its release. */
export function compareVersions(a: Version, b: Version): number {
  for (const part of ["major", "minor", "patch"] as const) {
    if (a[part] !== b[part]) {
      return a[part] < b[part] ? -1 : 1;
    }
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  if (a === "" || b === "") {
    return a === "" ? 1 : -1;
  }
  return a.localeCompare(b, "en", { numeric: true });
}

/** The oldest version that this provider changes anything on. */
export const FLOOR = parseVersion("0.28.7");

/** Why older ones are refused. */
export const FLOOR_REASON =
  "0.28.0 to 0.28.6 reset a database's image to the default whenever anything else of it is updated " +
  "(postgres 15 becomes 18), and before 0.27.1 removing an environment drops its services without cleaning up";

/** The first version that has a feature. Endpoints go by their own names. */
const SINCE = {
  libsql: parseVersion("0.29.0"),
  "libsql.one": parseVersion("0.29.0"),
  "application.readLogs": parseVersion("0.29.0"),
  "compose.readLogs": parseVersion("0.29.0"),
  "deployment.readLogs": parseVersion("0.29.5"),
  /** `networkIds`, `detachDokployNetwork`, compose `serviceNetworks`. */
  networks: parseVersion("0.29.14"),
  "compose.icon": parseVersion("0.29.14"),
  "compose.createEnvFile": parseVersion("0.30.0"),
  /** Values in the `.env` of a compose service have quotes, so that Compose takes them as they are. */
  "compose.env.quoted": parseVersion("0.30.0"),
  /** Values in the `.env` of a stack have none, which docker would not take off: those of 0.30.0 and 0.30.1 have. */
  "stack.env.plain": parseVersion("0.30.2"),
  /** A `${NAME}` in a value of a compose service is passed on to Compose, which replaces it. */
  "compose.env.templates": parseVersion("0.30.3"),
  /** `sourceType` in `application.create` and `compose.create`; an update sets it on every server. */
  "create.sourceType": parseVersion("0.30.0"),
  /** `${{vault.<provider>.<reference>}}` in texts of variables. */
  vault: parseVersion("0.30.0"),
  "overview.services": parseVersion("0.30.0"),
  "domain.enabled": parseVersion("0.30.0"),
} as const;

export type Feature = keyof typeof SINCE;

/**
 * Whether a server of this version has the feature. Older ones drop unknown fields silently, so ask before relying.
 *
 * @example
 * if (supports(await client.version(), "deployment.readLogs")) { … }
 */
export function supports(version: Version, feature: Feature): boolean {
  return compareVersions(version, SINCE[feature]) >= 0;
}

/** The first version that has an endpoint or feature, where that is above the floor. */
export function since(name: string): Version | undefined {
  return Object.hasOwn(SINCE, name) ? SINCE[name as Feature] : undefined;
}

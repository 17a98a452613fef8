/** Version of Dokploy. */
export interface Version {
  /** Text from the server or the table, e.g. `v0.30.2`. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `canary.1` of `0.30.2-canary.1`; empty for a release. */
  readonly prerelease: string;
}

/**
 * Parses `v0.30.2`, `0.30.2`, `v0.30.2-canary.1`.
 *
 * A text without a version (`canary`, the name of a branch) is a build between releases and counts as newer than
 * every release: this provider must refuse old releases, and their text has a number.
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

/** Compares versions: negative when `a` is older than `b`, 0 when equal. A pre-release is older than its release. */
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

/** Oldest version on which this provider changes anything. */
export const FLOOR = parseVersion("0.28.7");

/** Reason for refusing older versions. */
export const FLOOR_REASON =
  "0.28.0 to 0.28.6 reset a database's image to the default whenever anything else of it is updated " +
  "(postgres 15 becomes 18), and before 0.27.1 removing an environment drops its services without cleaning up";

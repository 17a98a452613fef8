const KEY = /^[A-Za-z0-9_.-]+$/;

/**
 * True when a name can be the key of an environment variable in Dokploy: letters, digits, `_`, `.` and `-`.
 *
 * Dotenv reads no other names: it silently ignores such lines. A digit or a dot at the start is valid: containers
 * got `1A` and `a.b`. `__proto__` is not: Dokploy loses it while parsing.
 */
export function isEnvKey(name: string): boolean {
  return KEY.test(name) && name !== "__proto__";
}

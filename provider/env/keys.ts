const KEY = /^[A-Za-z0-9_.-]+$/;

/**
 * Whether a name can be the key of an environment variable in Dokploy: letters, digits, `_`, `.` and `-`.
 *
 * That is all dotenv reads; a line with any other name is ignored without a word. A digit or a dot at the
 * start is fine: containers got `1A` and `a.b`. `__proto__` is not: Dokploy loses it while parsing.
 */
export function isEnvKey(name: string): boolean {
  return KEY.test(name) && name !== "__proto__";
}

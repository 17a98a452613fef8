import { looksSecretByValue } from "./secret-looking";

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

/**
 * Returns a key for messages. A key that is not a name, is long or looks like a secret may be a misplaced value
 * (`PASSWORD:x` without the space). Such a key is cut to the name before a colon or equals sign.
 */
export function shownKey(key: string): string {
  if (/^[\w.-]{1,60}$/.test(key) && !looksSecretByValue(key)) return key;
  const [, name] = /^([A-Za-z_][\w.-]{0,59})\s*[:=]/.exec(key) ?? [];
  return name === undefined ? "a key" : `${name}…`;
}

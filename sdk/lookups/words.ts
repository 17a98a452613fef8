/** Names of kinds of objects in messages, pages and functions. */

/** Returns the noun of a kind: `Domain` → `domain`, `SshKey` → `ssh key`, unless its definition has another word. */
export function nounOf({
  kind,
  noun,
}: {
  readonly kind: string;
  readonly noun?: string | undefined;
}): string {
  if (noun !== undefined) return noun;
  return kind.replace(/(?!^)[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}

/** Returns the plural: `domain` → `domains`, `Registry` → `Registries`, `key` → `keys`. */
export function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}${/(?:s|x|ch|sh)$/.test(word) ? "es" : "s"}`;
}

/** Returns a noun with its article: `an application`, `a compose service`, `an SSH key`. */
export function aOrAn(noun: string): string {
  return `${/^(?:[aeiou]|API|SSH)/.test(noun) ? "an" : "a"} ${noun}`;
}

/** Joins words: `a, b and c`. */
export function inWords(parts: readonly string[], word: "and" | "or"): string {
  return [parts.slice(0, -1).join(", "), ...parts.slice(-1)].filter((part) => part !== "").join(` ${word} `);
}

/** Returns the name of a lookup: `getDomain`, for a kind with a small or a capital letter. */
export function callerOf(kind: string): string {
  return `get${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
}

/** Words in messages, pages and names of functions, and the order of texts. */

/** Returns the plural: `domain` → `domains`, `Registry` → `Registries`, `key` → `keys`. */
export function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return `${word}${/(?:s|x|ch|sh)$/.test(word) ? "es" : "s"}`;
}

/** Returns a count with its noun: `1 service`, `2 services`. */
export function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : pluralOf(noun)}`;
}

/** Returns a noun with its article: `an application`, `a compose service`, `an SSH key`. */
export function aOrAn(noun: string): string {
  return `${/^(?:[aeiou]|API|SSH)/.test(noun) ? "an" : "a"} ${noun}`;
}

/** Joins words: `a, b and c`. */
export function inWords(parts: readonly string[], word: "and" | "or"): string {
  return [parts.slice(0, -1).join(", "), ...parts.slice(-1)].filter((part) => part !== "").join(` ${word} `);
}

/** Returns a text with a capital letter first. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Cuts a text to at most `length` characters, with `…` at its end. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Compares by code unit, so that the order is the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Docker Swarm expands each environment value of a service as a Go template: `{{name}}` makes the deployment fail,
 * `{{.Service.Name}}` is replaced silently. Observed on Dokploy 0.30.2 for applications and stacks; compose services
 * and build arguments are not affected.
 */

import { encodeValue } from "./dotenv";
import { expandTemplate } from "./go-template";
import { mapLiterals } from "./references";

/** Protects a value from Swarm: `{{` becomes a template that prints it; references to variables stay. */
export function escapeTemplate(value: string): string {
  if (!value.includes("{{")) return value;
  return mapLiterals(value, escapeLiteral);
}

// The `$` and `{` before it are included, so that no `${{` remains that Dokploy would treat as a reference. A
// search starts only at the beginning of a row of them; otherwise a long row would be searched again from
// each of its characters.
function escapeLiteral(text: string): string {
  return text.replace(/(?<![{$])[{$]*\{\{/g, template);
}

/** Reverses `escapeTemplate`; templates that were written by hand stay unchanged. */
export function unescapeTemplate(value: string): string {
  if (!value.includes('{{"')) return value;
  return value.replace(/\{\{"((?:\{|\\x24)*\{\{)"\}\}/g, (_, braces: string) =>
    braces.replaceAll("\\x24", "$"),
  );
}

/**
 * Protects a value of a stack, which also passes a shell line and a file with one line per variable. Templates carry
 * the characters that these lose: a line break, a `~` at the start, and an exclamation mark together with a single
 * quote.
 */
export function escapeForStack(value: string): string {
  const start = value.startsWith("~") ? '{{"~"}}' : "";
  const rest = value.slice(start === "" ? 0 : 1);
  const odd = rest.includes("'") && rest.includes("!") ? QUOTES : LINES;
  const escaped = start + mapLiterals(rest, (literal) => literal.replace(odd, template));
  if (encodeValue(escaped) !== undefined) return escaped;
  // Without single quotes, and without a backslash at its end, dotenv reads it in single quotes.
  return (
    start +
    mapLiterals(rest, (literal, isLast) => literal.replace(isLast ? QUOTES_AND_END : QUOTES, template))
  );
}

/**
 * True when a stack may not get this text unchanged, once references are inserted: `env_file` takes one line, and
 * the shell puts a backslash before an exclamation mark if there is also a single quote.
 */
export function isLostInStack(raw: string): boolean {
  return /[\r\n]/.test(raw) || (raw.includes("'") && raw.includes("!"));
}

const LINES = /(?<![{$])[{$]*(?:\{\{|[\r\n]+)/g;
const QUOTES = /(?<![{$])[{$]*(?:\{\{|[\r\n']+)/g;
const QUOTES_AND_END = /(?<![{$])[{$]*(?:\{\{|[\r\n']+|\\$)/g;
const HEX: Readonly<Record<string, string>> = {
  $: "\\x24",
  "\n": "\\x0a",
  "\r": "\\x0d",
  "'": "\\x27",
  "\\": "\\x5c",
};

/** Returns a template that prints the text. */
function template(text: string): string {
  return `{{"${text.replace(/[$\r\n'\\]/g, (character) => HEX[character] ?? character)}"}}`;
}

/** Reverses `escapeForStack`; undefined for handwritten templates, which only the running service can expand. */
export function unescapeFromStack(raw: string): string | undefined {
  if (!raw.includes("{{")) return raw;
  let isKnown = true;
  const text = mapLiterals(raw, (literal) => {
    const expansion = expandTemplate(literal);
    if (typeof expansion !== "string") return expansion.text;
    isKnown = false;
    return literal;
  });
  return isKnown ? text : undefined;
}

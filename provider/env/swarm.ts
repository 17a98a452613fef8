/**
 * Docker Swarm takes each environment value of a service for a Go template: `{{name}}` fails the deployment,
 * `{{.Service.Name}}` is replaced in silence. Seen on Dokploy 0.30.2 for applications and stacks; compose services and
 * build arguments are not affected.
 */

import { encodeValue } from "./dotenv";
import { expandTemplate } from "./go-template";
import { mapLiterals } from "./references";

/** Makes a value survive Swarm. `{{` becomes a template that prints it; references to variables stay. */
export function escapeTemplate(value: string): string {
  if (!value.includes("{{")) return value;
  return mapLiterals(value, escapeLiteral);
}

// The `$` and `{` before it go along, so that no `${{` is left that Dokploy would take for a reference. A search begins
// where a row of them does, or a long row would be gone through again from each of its characters.
function escapeLiteral(text: string): string {
  return text.replace(/(?<![{$])[{$]*\{\{/g, template);
}

/** Undoes `escapeTemplate`; templates that were written by hand stay as they are. */
export function unescapeTemplate(value: string): string {
  if (!value.includes('{{"')) return value;
  return value.replace(/\{\{"((?:\{|\\x24)*\{\{)"\}\}/g, (_, braces: string) =>
    braces.replaceAll("\\x24", "$"),
  );
}

/**
 * The same for a stack, whose values also go through a shell line and a file with one line for each: templates carry what
 * these lose. That is a line break, a `~` at the start, and an exclamation mark in the company of a single quote.
 */
export function escapeForStack(value: string): string {
  const start = value.startsWith("~") ? '{{"~"}}' : "";
  const rest = value.slice(start === "" ? 0 : 1);
  const odd = rest.includes("'") && rest.includes("!") ? QUOTES : LINES;
  const escaped = start + mapLiterals(rest, (literal) => literal.replace(odd, template));
  if (encodeValue(escaped) !== undefined) return escaped;
  // Without single quotes, and with no backslash at its end, dotenv takes it in single quotes.
  return (
    start +
    mapLiterals(rest, (literal, isLast) => literal.replace(isLast ? QUOTES_AND_END : QUOTES, template))
  );
}

/**
 * Whether a stack may not get this text whole, once references are put in: `env_file` takes one line, and the shell puts a
 * backslash before an exclamation mark that has a single quote for company.
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

/** A template that prints the text. */
function template(text: string): string {
  return `{{"${text.replace(/[$\r\n'\\]/g, (character) => HEX[character] ?? character)}"}}`;
}

/** The reverse; undefined for templates that were written by hand, which only the running service can fill in. */
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

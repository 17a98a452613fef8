/**
 * Compose services before Dokploy 0.30.0: `.env` contains each value without quotes, so Compose's own parser
 * interprets quotes, comments, backslashes and dollar signs. So the quotes must be part of the value.
 */

import { encodeValue } from "./dotenv";
import type { Arrival } from "./model";
import { hasReference, mapLiterals, withoutReferences } from "./references";

/** Puts the value in quotes that make Compose read it unchanged. */
export function quoteForCompose(value: string): string {
  const ways = hasReference(value) ? [single, plain, double] : [plain, single, double];
  const written = ways.flatMap((way) => way(value) ?? []);
  return written.find((raw) => encodeValue(raw) !== undefined) ?? written[0] ?? value;
}

/** Reverses `quoteForCompose`; undefined for text that Compose does not read, or replaces. */
export function unquoteFromCompose(raw: string): string | undefined {
  const { text, putBack } = withoutReferences(raw);
  const arrival = afterParsing(text);
  return typeof arrival === "string" ? undefined : putBack(arrival.text);
}

/** Returns the text that Compose reads after `KEY=`. */
export function afterParsing(source: string): Arrival {
  const text = source.replace(/^[\t\v\f\r \x85\xa0]+/, "");
  const quote = text[0];
  if (quote !== "'" && quote !== '"') {
    const [line = "", ...rest] = text.split("\n");
    if (rest.some((further) => !/^\s*(?:#|$)/.test(further))) return "fails";
    return expand(line.replace(/ #.*$/s, "").replace(/(?<![\s\x85])[\s\x85]+$/, ""));
  }
  const end = closing(text, quote);
  if (end === undefined || !/^\s*(?:#.*)?$/.test(text.slice(end + 1))) return "fails";
  const inside = text.slice(1, end).replaceAll(`\\${quote}`, quote);
  return quote === "'" ? { text: inside } : expand(inside.replace(ESCAPE, unescaped));
}

/** Compose treats a backslash as an escape of any next character. */
function closing(text: string, quote: string): number | undefined {
  for (let at = 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote) return at;
  }
  return undefined;
}

const ESCAPE = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;
const CONTROLS: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  $: "$$",
  '"': '"',
  "\\": "\\",
};

/** Keeps `\c`, and numbers that are not octal ones of three digits; but such a number loses its 0. */
function unescaped(found: string): string {
  if (!found.startsWith("\\0")) return CONTROLS[found.slice(1)] ?? found;
  const digits = found.slice(2);
  const isOctal = /^[0-3][0-7]{2}$/.test(digits);
  return isOctal ? String.fromCharCode(Number.parseInt(digits, 8)) : `\\${digits}`;
}

/** A variable, or its beginning up to an operator. */
const VARIABLE = /\$(?:\$|\{[A-Za-z_]\w*(?:\}|:?[-+?])|\{|[A-Za-z_]\w*)/g;

function expand(text: string): Arrival {
  let arrival: Arrival = { text };
  // The text after an operator extends to the last brace of all.
  const lastBrace = text.lastIndexOf("}");
  let inside = 0;
  const expanded = text.replace(VARIABLE, (found, at: number) => {
    if (at < inside) return found;
    if (found === "$$") return "$";
    const hasOperator = /[-+?]$/.test(found);
    const isOpen = found === "${" || (hasOperator && lastBrace < at);
    if (hasOperator && !isOpen) inside = lastBrace;
    arrival = isOpen ? "fails" : "unknown";
    return found;
  });
  return typeof arrival === "string" ? arrival : { text: expanded };
}

function plain(value: string): string | undefined {
  if (/[\r\n]|^[\s\x85'"]|[\s\x85]$| #/.test(value)) return undefined;
  return mapLiterals(value, (literal) => literal.replaceAll("$", "$$$$"));
}

function single(value: string): string | undefined {
  return value.includes("'") || value.endsWith("\\") ? undefined : `'${value}'`;
}

function double(value: string): string {
  const escaped = mapLiterals(value, (literal) => literal.replace(/["\\]/g, "\\$&").replaceAll("$", "$$$$"));
  // Dokploy looks for references in single lines: without its line break, more text may look like one.
  return `"${value.includes("${{") ? escaped : escaped.replaceAll("\r", "\\r")}"`;
}

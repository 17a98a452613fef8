/**
 * Compose services before Dokploy 0.30.0: each value stands in `.env` without quotes, so that Compose's own parser takes
 * quotes, comments, backslashes and dollar signs for its own. The quotes have to be part of the value then.
 */

import { encodeValue } from "./dotenv";
import type { Arrival } from "./model";
import { hasReference, mapLiterals, withoutReferences } from "./references";

/** The value in the quotes that make Compose read it as it is. */
export function quoteForCompose(value: string): string {
  const ways = hasReference(value) ? [single, plain, double] : [plain, single, double];
  const written = ways.flatMap((way) => way(value) ?? []);
  return written.find((raw) => encodeValue(raw) !== undefined) ?? written[0] ?? value;
}

/** The reverse; undefined for what Compose does not read, or fills in. */
export function unquoteFromCompose(raw: string): string | undefined {
  const { text, putBack } = withoutReferences(raw);
  const arrival = afterParsing(text);
  return typeof arrival === "string" ? undefined : putBack(arrival.text);
}

/** What Compose reads behind `KEY=`. */
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

/** Compose counts a backslash as an escape of the next character, whichever that is. */
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

/** `\c`, and numbers that are not octal ones of three digits, stay as they are; of a number the 0 is lost. */
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
  // What stands behind an operator goes to the last brace of all.
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
  // Dokploy looks for references in single lines: without its line break, more may look like one.
  return `"${value.includes("${{") ? escaped : escaped.replaceAll("\r", "\\r")}"`;
}

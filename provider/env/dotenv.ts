/** Reader of the dotenv format of dotenv 16.4.5, the version in Dokploy, and writer for that reader. */

export type Quote = "'" | '"' | "`";

/** One `KEY=value` of a text. All numbers are offsets into the original text, before line breaks are converted. */
export interface Assignment {
  readonly key: string;
  /** Start of `export` or, without it, of the key. */
  readonly start: number;
  /** Offset just after the `=` or `:`. */
  readonly separatorEnd: number;
  /** Start of the value with its quotes, without the spaces around it; `valueEnd` for an empty value. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Offset after the comment that may follow the value: at a line break or the end of the text. */
  readonly end: number;
  /** Quote around the value; undefined where dotenv reads it as unquoted. */
  readonly quote: Quote | undefined;
}

const NEWLINE = 10;
const RETURN = 13;
const HASH = 35;
const COLON = 58;
const EQUALS = 61;
const BACKSLASH = 92;

const IS_KEY_CHARACTER = Uint8Array.from({ length: 128 }, (_, code) =>
  /[\w.-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** True for `\s` of a regular expression, which includes the byte order mark. */
function isBlank(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13);
  return (
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    isSeparator(code) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}

/** True for U+2028 and U+2029, line breaks for `^`, `$` and `.` of a regular expression, not for `[^\r\n]`. */
function isSeparator(code: number): boolean {
  return code === 0x2028 || code === 0x2029;
}

export function isLineBreak(code: number): boolean {
  return code === NEWLINE || code === RETURN || isSeparator(code);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Returns the offset of the first line break at or after `from`, or the end of the text. */
export function lineBreakAt(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineBreak(text.charCodeAt(at))) at++;
  return at;
}

/**
 * Finds the assignments that dotenv finds, in the order of the text. In linear time: dotenv's own expression takes
 * minutes for a megabyte of blank lines.
 */
export function scan(text: string): Assignment[] {
  const found: Assignment[] = [];
  let lineStart = 0;
  while (lineStart < text.length) {
    const start = skipBlanks(text, lineStart);
    const assignment = assignmentAt(text, start);
    if (assignment !== undefined) found.push(assignment);
    lineStart = lineBreakAt(text, assignment?.end ?? start) + 1;
  }
  return found;
}

function assignmentAt(text: string, start: number): Assignment | undefined {
  if (text.startsWith("export", start) && isBlank(text.charCodeAt(start + 6))) {
    const exported = assignmentOf(text, start, skipBlanks(text, start + 6));
    if (exported !== undefined) return exported;
  }
  return assignmentOf(text, start, start);
}

function assignmentOf(text: string, start: number, keyStart: number): Assignment | undefined {
  let keyEnd = keyStart;
  while (IS_KEY_CHARACTER[text.charCodeAt(keyEnd)] === 1) keyEnd++;
  if (keyEnd === keyStart) return undefined;

  const equals = skipBlanks(text, keyEnd);
  let separatorEnd: number;
  let from: number;
  if (text.charCodeAt(equals) === EQUALS) {
    separatorEnd = equals + 1;
    from = separatorEnd;
  } else if (text.charCodeAt(keyEnd) === COLON && isBlank(text.charCodeAt(keyEnd + 1))) {
    separatorEnd = keyEnd + 1;
    from = separatorEnd + (text.startsWith("\r\n", separatorEnd) ? 2 : 1);
  } else {
    return undefined;
  }
  const key = text.slice(keyStart, keyEnd);

  // A quoted value may begin some lines further down; an unquoted one has to begin on this line.
  const valueStart = skipBlanks(text, from);
  const quote = text[valueStart];
  if (quote === "'" || quote === '"' || quote === "`") {
    const closed = closeQuote(text, valueStart, quote);
    if (closed !== undefined) return { key, start, separatorEnd, valueStart, ...closed, quote };
  }

  let stop = from;
  while (stop < text.length) {
    const code = text.charCodeAt(stop);
    if (code === HASH || code === NEWLINE || code === RETURN) break;
    stop++;
  }
  const end = endOfTail(text, stop) ?? stop;
  if (valueStart >= stop) {
    // A line break can be the space that a colon needs. The next line is still not a part of this one.
    const empty = isLineBreak(text.charCodeAt(separatorEnd)) ? separatorEnd : from;
    return { key, start, separatorEnd, valueStart: empty, valueEnd: empty, end, quote: undefined };
  }
  let valueEnd = stop;
  while (isBlank(text.charCodeAt(valueEnd - 1))) valueEnd--;
  return { key, start, separatorEnd, valueStart, valueEnd, end, quote: undefined };
}

/**
 * Finds the closing quote: the first one without a backslash before it, if nothing but a comment follows it;
 * otherwise the last one with a backslash before it that meets this condition.
 */
function closeQuote(text: string, open: number, quote: Quote): { valueEnd: number; end: number } | undefined {
  const escaped: number[] = [];
  let close = text.indexOf(quote, open + 1);
  while (close !== -1 && text.charCodeAt(close - 1) === BACKSLASH) {
    escaped.push(close);
    close = text.indexOf(quote, close + 1);
  }
  if (close !== -1) escaped.push(close);
  for (let i = escaped.length - 1; i >= 0; i--) {
    const valueEnd = (escaped[i] ?? 0) + 1;
    const end = endOfTail(text, valueEnd);
    if (end !== undefined) return { valueEnd, end };
  }
  return undefined;
}

/** Returns the end of spaces and a comment after a value; undefined if something else follows on the line. */
function endOfTail(text: string, from: number): number | undefined {
  const next = skipBlanks(text, from);
  if (next === text.length) return next;
  if (text.charCodeAt(next) === HASH) return lineBreakAt(text, next);
  for (let at = next - 1; at >= from; at--) {
    if (isLineBreak(text.charCodeAt(at))) return at;
  }
  return undefined;
}

/** Returns the value of an assignment as dotenv reads it. */
export function decodeValue(text: string, { valueStart, valueEnd, quote }: Assignment): string {
  let value = text.slice(valueStart, valueEnd);
  const first = value[0];
  if (quote !== undefined) {
    value = value.slice(1, -1);
    if (value.includes("\r")) value = value.replace(/\r\n?/g, "\n");
  } else if (/[\u2028\u2029]/.test(value)) {
    value = withoutQuotes(value);
  } else if (value.length > 1 && (first === "'" || first === '"' || first === "`") && value.endsWith(first)) {
    value = value.slice(1, -1);
  }
  if (first === '"' && value.includes("\\")) value = value.replace(/\\n/g, "\n").replace(/\\r/g, "\r");
  return value;
}

/**
 * Removes quotes like dotenv's `/^(['"`])([\s\S]*)\1$/gm`: one at the start of a line, and the last of its kind at
 * the end of a line. It searches each kind once; otherwise a value with many lines would be searched again from each
 * line.
 */
function withoutQuotes(value: string): string {
  const lastOf = new Map<string, number>();
  for (const { 0: quote, index } of value.matchAll(/['"`]$/gm)) lastOf.set(quote, index);
  let bare = "";
  let from = 0;
  for (const { 0: quote, index } of value.matchAll(/^['"`]/gm)) {
    const last = lastOf.get(quote) ?? -1;
    if (index < from || last <= index) continue;
    bare += value.slice(from, index) + value.slice(index + 1, last);
    from = last + 1;
  }
  return bare + value.slice(from);
}

/** Parses a text like `dotenv.parse`. Returns a Map, so that no key has a special meaning. */
export function parse(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const assignment of scan(text)) values.set(assignment.key, decodeValue(text, assignment));
  return values;
}

/** Ways to write a value, the simplest first. */
export const STYLES = ["plain", "'", "`", '"'] as const;
export type Style = (typeof STYLES)[number];

const PLAIN = /^[^\s'"`#][^#\r\n\u2028\u2029]*$/;

/** Writes the value in this style; undefined if dotenv would read something else. */
export function encodeAs(style: Style, value: string): string | undefined {
  if (style === "plain") {
    if (value === "") return value;
    return PLAIN.test(value) && !isBlank(value.charCodeAt(value.length - 1)) ? value : undefined;
  }
  if (value.includes(style) || value.endsWith("\\")) return undefined;
  if (style === '"') {
    if (value.includes("\\n") || value.includes("\\r")) return undefined;
    return `"${value.replace(/\r/g, "\\r")}"`;
  }
  return value.includes("\r") ? undefined : `${style}${value}${style}`;
}

/** Writes the value in the first suitable style, of all or of the given ones; undefined if none is suitable. */
export function encodeValue(value: string, styles: readonly Style[] = STYLES): string | undefined {
  for (const style of styles) {
    const encoded = encodeAs(style, value);
    if (encoded !== undefined) return encoded;
  }
  return undefined;
}

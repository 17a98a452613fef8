import { isSecretOption, secretWords } from "./command-options";
import { isOpenValue } from "./open-values";
import { nameLooksSecret, secretForms } from "./secret-looking";
import { markVariables, withoutMarks } from "./variable-marks";

/** A part of a text that is a secret, from its first character to the one after its last. */
export interface SecretPart {
  readonly start: number;
  readonly end: number;
  /** Name that the text gives it, such as that of a variable; undefined where it has none. */
  readonly name?: string | undefined;
}

/**
 * Finds the secrets in a text, in any form that tools read: an assignment, an option of a command line, a header, an
 * address. A variable such as `${TOKEN}` is public, but its default may be secret. Takes time in proportion to the text.
 *
 * @returns parts that do not overlap, in their order
 * @example
 * secretParts("redis-server --requirepass hunter2") // [{ start: 27, end: 34, name: "requirepass" }]
 */
export function secretParts(text: string): SecretPart[] {
  return new Search(text).parts();
}

/** True when the name of a value calls it a secret. */
export function nameIsSecret(name: string, marked: string): boolean {
  if (isOpenValue(marked)) return false;
  return (
    nameLooksSecret(name, withoutMarks(marked).trim()) ||
    /(?:^|\.)(?:basic|digest)auth\.users(?:\[\d+\])?$/i.test(name)
  );
}

/** Forms of secrets that may have the dollar signs of a hash, which are no variables. */
const hashForms: readonly RegExp[] = [
  // Hashes of passwords, also with the dollar signs doubled, as compose files have them.
  /\$\$?(?:apr1|[1567]|2[abxy]?|y|gy|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,20})\$\$?[\w./,=+-]{2,100}\$/g,
  /\{(?:S?SHA|S?MD5|SSHA(?:256|512)|CRYPT)\}\S/gi,
];

/** Forms of secrets anywhere in a text. None of them takes long on any text. */
const forms: readonly RegExp[] = [
  ...secretForms,
  // A name before the host of a web address is a token, since people sign in by forms.
  /\bhttps?\??:(?:\\?\/){2}([^\s/?#@:\\]{1,300})@/dgi,
  // The addresses of Go's drivers for databases, but not the digest of an image.
  /(?:^|[\s"'=])[\w.-]{1,100}:([^\s@/:]{1,200})@(?!sha256:)(?:\w{0,20}\(|[\w.-]{1,100}:\d)/dg,
  /\/bot(\d{5,20}:[\w-]{20})/dg,
  /\bpwd["']?\s{0,9}:\s{0,9}["']([^"'\s]{1,300})["']/dg,
  /\b(?:password\s{1,9}'|identified\s{1,9}by\s{1,9}['"])([^'"]{1,300})/dgi,
  /\b(?:requirepass|masterauth|aws_secret_access_key)\s{1,9}["']?([^\s"'])/dgi,
  /\b(?:Bearer|Basic)\s{1,9}(?=[^\s\d]{0,300}\d)([\w+/=.~-]{8})/dgi,
];

/** Runs of letters and digits that may come from a generator, as letters of both cases with digits do. */
const runs = /[A-Za-z0-9+]{24,}/g;
/** Keys and certificates that everyone may see. */
const publicKeys = /^\s*(?:ssh-|ecdsa-|sk-ssh-|-----BEGIN (?:CERTIFICATE|PUBLIC KEY))/;
const privateKey = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/g;

/** `NAME=value`, `NAME: value`, `"name": "value"`, `--option=value`. */
const assignment =
  /(?<![\w./@$-])(--?)?([A-Za-z_][\w.-]{0,199})(\\*["'`])?(\s{0,9})([:=])(?![:=]|\/\/)>?(\s{0,9})(\\*["'`])?/g;
/** Words of a command; a backslash before a quote or a space belongs to that. */
const words = /(?:[^\s"'`,;(){}[\]|&<>\\]|\\(?!["'`\s]))+/g;

class Search {
  readonly #marked: string;
  readonly #parts: SecretPart[] = [];
  /** The line that was asked for last, from a place in it on. */
  #line = { from: 0, to: 0 };
  /** The word without quotes that was asked for last, from a place in it on, and the end of its value. */
  #word = { from: 0, to: 0, end: 0 };

  constructor(private readonly text: string) {
    this.#marked = markVariables(text);
  }

  parts(): SecretPart[] {
    if (!publicKeys.test(this.text)) this.#findRuns();
    this.#findKeys();
    for (const form of hashForms)
      for (const found of this.text.matchAll(form)) this.#add(found.index, this.#wordEnd(found.index));
    for (const form of forms) this.#findForm(form);
    let command: { start: number; text: string }[] = [];
    let previous = "";
    for (const { 0: line, index: start } of this.#marked.matchAll(/[^\r\n]+/g)) {
      this.#findAssignments(line, start);
      if (!continues(previous, line)) {
        this.#findOptions(command);
        command = [];
      }
      for (const word of this.#wordsOf(line, start)) command.push(word);
      previous = line;
    }
    this.#findOptions(command);
    return joined(this.#parts);
  }

  #findKeys(): void {
    privateKey.lastIndex = 0;
    for (let found = privateKey.exec(this.text); found !== null; found = privateKey.exec(this.text)) {
      const closing = this.text.indexOf("-----END", found.index);
      const end = closing === -1 ? this.text.length : lineEnd(this.text, closing);
      this.#add(found.index, end);
      privateKey.lastIndex = end;
    }
  }

  #findRuns(): void {
    for (const { 0: run, index } of this.#marked.matchAll(runs))
      if ([/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(run))) this.#add(index, index + run.length);
  }

  #findForm(form: RegExp): void {
    for (const found of this.#marked.matchAll(form)) {
      const [start, end] = found.indices?.[1] ?? [found.index, found.index + found[0].length];
      if (isOpenValue(this.#marked.slice(start, end))) continue;
      this.#add(start, this.#marked[end] === "@" ? end : Math.max(end, this.#wordEnd(start)));
    }
  }

  #findAssignments(line: string, lineAt: number): void {
    const quotes = new QuoteCount(line);
    const comment = line.search(/(?:^|\s)#/);
    assignment.lastIndex = 0;
    for (let found = assignment.exec(line); found !== null; found = assignment.exec(line)) {
      const [, dashes = "", name = "", closed, before, operator, after, opened] = found;
      const start = assignment.lastIndex;
      const isEmpty = operator === "=" && after !== "" && before === "" && opened === undefined;
      const isVariable =
        opened === "'" && after === "" && namesVariable(line.slice(Math.max(0, start - maxSqlLength), start));
      if (isEmpty || isVariable || (opened !== undefined && quotes.closes(opened, start - opened.length)))
        continue;
      const isFirst = opened === undefined && isLineStart(line, found.index);
      const quote =
        opened ??
        (isFirst && closed === undefined ? /["']/.exec(line[found.index - 1] ?? "")?.[0] : undefined);
      const isWhole = isFirst && quote === undefined;
      const value = isWhole && operator === ":" ? plainScalar(line, start) : valueAt(line, start, quote);
      // The source of a mount is no name: `passwords:/run/passwords`.
      if (operator === ":" && after === "" && value.startsWith("/")) continue;
      if (comment !== -1 && comment < found.index && operator === ":" && documentation.test(value)) continue;
      const isSecret =
        nameIsSecret(name, value) || (dashes !== "" && isSecretOption(dashes + name) && !isOpenValue(value));
      if (!isSecret) continue;
      const length = isWhole ? plainScalar(line, start).length : extentAt(line, start, quote);
      const end = start + Math.max(value.length, length);
      this.#add(lineAt + start, lineAt + end, name);
      assignment.lastIndex = end;
    }
  }

  #findOptions(command: readonly { readonly start: number; readonly text: string }[]): void {
    if (!command.some(({ text }) => text.startsWith("-"))) return;
    for (const { at, from } of secretWords(command.map(({ text }) => text))) {
      const { start = 0 } = command[at] ?? {};
      const name = from > 0 ? undefined : command[at - 1]?.text.replace(/^-+/, "");
      this.#add(start + from, this.#wordEnd(start + from), name);
    }
  }

  /** Returns the words of a line; `-p'x'` is one word, whose start is that of an unquoted one. */
  #wordsOf(line: string, lineAt: number): { start: number; text: string }[] {
    const found: { start: number; text: string }[] = [];
    let attached = -1;
    for (const { 0: text, index } of line.matchAll(words)) {
      const last = found.at(-1);
      if (last !== undefined && attached === index) {
        found[found.length - 1] = { start: lineAt + index - last.text.length, text: last.text + text };
        attached = -1;
        continue;
      }
      if (text === "-" || text === ":" || text === "=") continue;
      found.push({ start: lineAt + index, text });
      attached =
        /^-\w$/.test(text) && /["'`]/.test(line[index + text.length] ?? "") ? index + text.length + 1 : -1;
    }
    return found;
  }

  /** Returns the end of the word at a place: the quote that closes it, or else the next space or quote. */
  #wordEnd(start: number): number {
    const before = this.#marked.slice(Math.max(0, start - 4), start);
    const [quote] = /\\{0,3}["'`]$/.exec(before) ?? [];
    if (quote === undefined) return this.#bareWordEnd(start);
    return start + extentAt(this.#marked, start, quote, this.#lineEndAfter(start));
  }

  /** Returns the end of a word without quotes, in which many secrets may begin. */
  #bareWordEnd(start: number): number {
    const { from, to } = this.#word;
    if (start < from || start >= to) {
      const whole = bareWord(this.#marked, start);
      const value = endWithout(this.#marked, start, start + extentAt(whole, 0, undefined), variables);
      this.#word = { from: start, to: start + whole.length, end: value };
    }
    return Math.max(start, this.#word.end);
  }

  #lineEndAfter(start: number): number {
    const { from, to } = this.#line;
    if (start < from || start >= to) this.#line = { from: start, to: lineEnd(this.#marked, start) };
    return this.#line.to;
  }

  /** Adds a part, without the variables around it. */
  #add(start: number, end: number, name?: string): void {
    let from = start;
    while (from < end && variables.test(this.#marked[from] ?? "")) from += 1;
    const to = endWithout(this.#marked, from, end, variables);
    if (from < to) this.#parts.push({ start: from, end: to, name });
  }
}

/** Counts quotes from the start of a line, to distinguish those that close a text from those that open one. */
class QuoteCount {
  readonly #counts = new Map<string, { to: number; count: number }>();

  constructor(private readonly line: string) {}

  /** True when a quote ends a text that began before it; places are asked in their order. */
  closes(quote: string, at: number): boolean {
    const seen = this.#counts.get(quote) ?? { to: 0, count: 0 };
    this.#counts.set(quote, seen);
    for (
      let next = this.line.indexOf(quote, seen.to);
      next !== -1 && next < at;
      next = this.line.indexOf(quote, seen.to)
    ) {
      if (!this.#isApostrophe(quote, next) && (quote.length > 1 || this.line[next - 1] !== "\\"))
        seen.count += 1;
      seen.to = next + quote.length;
    }
    return seen.count % 2 === 1;
  }

  #isApostrophe(quote: string, at: number): boolean {
    return quote === "'" && /^\w'\w$/.test(this.line.slice(Math.max(0, at - 1), at + 2));
  }
}

/** Characters of SQL that are looked at. */
const maxSqlLength = 60;

/** True before a quote that begins the name of a variable of psql: `WITH PASSWORD :'name'`. */
function namesVariable(before: string): boolean {
  return /\b(?:with|encrypted)\s+password\s+:'$/i.test(before);
}

/** True at the start of the value of a line, behind the signs of lists, comments and shells. */
function isLineStart(line: string, at: number): boolean {
  return at <= 100 && /^[\s#]*(?:(?:-|export)\s+)*["']?$/.test(line.slice(0, at));
}

/** Returns the rest of a line without a comment, as YAML reads a text without quotes, and without the comma of JSON. */
function plainScalar(line: string, start: number): string {
  const rest = line.slice(start);
  const comment = rest.search(/\s#/);
  return (comment === -1 ? rest : rest.slice(0, comment)).trimEnd().replace(/,$/, "");
}

/** Longest value that is judged without quotes. */
const maxLength = 400;

/** Returns a value: the text up to the quote that closes it, or else a word. */
function valueAt(line: string, start: number, quote: string | undefined): string {
  if (quote !== undefined) return line.slice(start, start + extentAt(line, start, quote));
  const near = line.slice(start, start + maxLength);
  const [word = ""] = /^[^\s"'`,;&|(){}[\]]*/.exec(near) ?? [];
  return word === "" ? (/^[^\s"'`]*/.exec(near)?.[0] ?? "") : word;
}

/** Texts within quotes; a doubled quote or one behind a backslash does not close them. */
const quoted: Readonly<Record<string, RegExp>> = {
  '"': /(?:[^"\\\r\n]|\\.)*/y,
  "'": /(?:[^'\r\n]|'')*/y,
  "`": /[^`\r\n]*/y,
};
const unquoted = /[^\s"'`]*/y;
/** A variable, or the space around one. */
const variables = /[\s\uFFFB\uFFFC]/;

/** Returns the length of a value without the signs that end it in any language: all of it has to be hidden. */
function extentAt(text: string, start: number, quote: string | undefined, end = text.length): number {
  if (quote === undefined) {
    const value = bareWord(text, start);
    return endWithout(value, 0, value.length, /[,;)}\]]/);
  }
  const form = quoted[quote];
  if (form === undefined) return closingQuote(text, start, quote, end) - start;
  form.lastIndex = start;
  return form.exec(text)?.[0].length ?? 0;
}

function bareWord(text: string, start: number): string {
  unquoted.lastIndex = start;
  return unquoted.exec(text)?.[0] ?? "";
}

/** Returns the place of a quote behind backslashes, as many as those of the one that opened the text. */
function closingQuote(text: string, start: number, quote: string, end: number): number {
  let at = text.indexOf(quote, start);
  while (at !== -1 && at < end && text[at - 1] === "\\") at = text.indexOf(quote, at + quote.length);
  return at === -1 || at > end ? end : at;
}

/** Returns the end of a part without the signs of a set that it ends with. */
function endWithout(text: string, start: number, end: number, signs: RegExp): number {
  let at = end;
  while (at > start && signs.test(text[at - 1] ?? "")) at -= 1;
  return at;
}

function lineEnd(text: string, from: number): number {
  lineBreak.lastIndex = from;
  return lineBreak.exec(text)?.index ?? text.length;
}

const lineBreak = /[\r\n]/g;

/** Words with which documentation begins instead of a value: `# TOKEN: required`, `# PASSWORD: see the wiki`. */
const documentation =
  /^(?:required|optional|mandatory|needed|none|empty|unset|default|random|generated|deprecated|recommended|see|set|must|should|may|the|an?|your|same|used?|for|from|if|is|to|check|choose|change|leave|only|not)(?![^\s.,;])/i;

/** True when the words of a line belong to the command of the line before it: in a list, or behind a sign at its end. */
function continues(before: string, line: string): boolean {
  const isItem = (text: string) => /^\s*-(?:\s|$)/.test(text);
  return ["\\", ",", "["].includes(before.trimEnd().at(-1) ?? "") || (isItem(before) && isItem(line));
}

/** Joins parts that overlap; the first name stays. */
function joined(parts: readonly SecretPart[]): SecretPart[] {
  const all: SecretPart[] = [];
  for (const part of [...parts].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last === undefined || part.start >= last.end) all.push(part);
    else
      all[all.length - 1] = {
        start: last.start,
        end: Math.max(last.end, part.end),
        name: last.name ?? part.name,
      };
  }
  return all;
}

/** Removal of secrets from every text that people see: logs, and messages of the server. */

import { decodings } from "./decoded";
import { joined, occurrences, type Span, unfinished } from "./occurrences";
import { minSecretLength, partsOf } from "./parts";
import { writings } from "./writings";

/** Shorter values are not searched across the end of a line. */
const minWrappedLength = 8;

/** Replacement for a secret. */
export const MASK = "[secret]";

/**
 * Replaces secrets with `[secret]`: the given values and everything in them (see `partsOf`), also in the forms in
 * which a log may show them (JSON, YAML, shell, URL, HTML, base64, hex, broken over lines). It also replaces texts
 * that are secret because of their place.
 *
 * @param text without terminal codes
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  return maskByPlace(maskValues(text, secrets));
}

/** Replaces only the given values, for a text of this package, in which nothing is secret because of its place. */
export function maskValues(text: string, secrets: Iterable<string>): string {
  return new Mask(secrets).hide(text);
}

/** Some secrets, prepared for removal from many texts. */
export class Mask {
  private readonly forms: ReadonlyMap<string, boolean>;

  /** @param open texts that are shown elsewhere: hiding them would only reveal that they are part of a secret */
  constructor(secrets: Iterable<string>, open: ReadonlySet<string> = new Set()) {
    this.forms = formsOf(secrets, open);
  }

  /**
   * @param isCutOff true for a text that stopped in its middle: the beginning of a secret at its end is hidden too
   * @param shown length of the beginning that is left out of the result, since it was shown before
   */
  hide(text: string, isCutOff = false, shown = 0): string {
    const tail = { start: isCutOff ? this.cutOffAt(text) : text.length, end: text.length };
    const spans = tail.start === tail.end ? [] : [tail];
    let out = "";
    let from = shown;
    for (const { start, end } of joined([...this.spansIn(text), ...spans])) {
      if (end <= shown) continue;
      out += text.slice(from, Math.max(start, from)) + MASK;
      from = end;
    }
    return out + text.slice(from);
  }

  /** Returns the start of a secret that the end of the text may cut off, if that end shows enough of it to hide. */
  cutOffAt(text: string): number {
    const start = this.unfinishedAt(text);
    return text.length - start < minSecretLength ? text.length : start;
  }

  /** Returns the length of the first lines of a text, whose masks do not depend on the text that follows. */
  settled(text: string): number {
    const lines = text.slice(0, lineAt(text, text.length));
    let length = lineAt(lines, this.unfinishedAt(lines));
    for (const { start, end } of this.spansIn(text).reverse()) {
      if (start < length && length < end) length = lineAt(text, start);
    }
    return length;
  }

  private spansIn(text: string): Span[] {
    const all = inForms(text).flatMap(({ text: plain, placeOf }) => {
      const whole = occurrences(plain, this.forms, (start, end) => standsAlone(plain, start, end));
      const spans = [...whole, ...this.wrappedIn(plain)];
      return spans.map(({ start, end }) => ({ start: placeOf(start), end: placeOf(end) }));
    });
    return joined(all);
  }

  /** Finds values that were broken over lines, indented or not. */
  private wrappedIn(text: string): Span[] {
    if (!text.includes("\n")) return [];
    const { text: line, placeOf } = inOneLine(text);
    return occurrences(line, this.longForms(), () => true).map(({ start, end }) => ({
      start: placeOf(start),
      end: placeOf(end - 1) + 1,
    }));
  }

  /** Returns the start of a secret that the end of the text may cut off; the end of the text without one. */
  private unfinishedAt(text: string): number {
    const places = inForms(text).flatMap(({ text: plain, placeOf }) => {
      const whole = unfinished(plain, this.forms.keys());
      const line = inOneLine(plain);
      const wrapped = unfinished(line.text, this.longForms().keys());
      return [whole ?? [], wrapped === undefined ? [] : line.placeOf(wrapped)].flat().map(placeOf);
    });
    return Math.min(text.length, ...places);
  }

  /**
   * Returns the texts to look for across the ends of lines. Short ones are left out: they would be found where two
   * unrelated lines meet.
   */
  private longForms(): ReadonlyMap<string, boolean> {
    return new Map([...this.forms].filter(([form, alone]) => !alone && form.length >= minWrappedLength));
  }
}

/** A form of a text, and a function that converts an offset in it to one in the text. */
interface Form {
  readonly text: string;
  placeOf(at: number): number;
}

/** Returns a text as it is and without its escapes. */
function inForms(text: string): Form[] {
  const decoded = decodings(text).map(({ text: plain, starts }) => ({
    text: plain,
    placeOf: (at: number) => starts[at] ?? 0,
  }));
  return [{ text, placeOf: (at) => at }, ...decoded];
}

/** Returns the offset at which the line of another offset begins. */
function lineAt(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Returns the text as a terminal shows it: no codes or control characters, and overwritten lines in the end. */
export function plainText(log: string): string {
  return (
    log
      // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what this takes out
      .replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g, "")
      .split("\n")
      .map(lastState)
      .join("\n")
      .replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, "")
  );
}

function lastState(line: string): string {
  const text = line.replace(/(?<!\r)\r+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1);
}

/** Returns a text without the ends of its lines and the spaces around them. */
function inOneLine(text: string): Form {
  const pieces = [...text.matchAll(/[^\n]+/g)].map(({ 0: line, index }) => {
    const start = index + (line.length - line.trimStart().length);
    return { start, text: line.trim() };
  });
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.text.length;
  }
  let line = 0;
  const placeOf = (at: number) => {
    while (line > 0 && (starts[line] ?? 0) > at) line--;
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= at) line++;
    return (pieces[line]?.start ?? 0) + at - (starts[line] ?? 0);
  };
  return { text: pieces.map((piece) => piece.text).join(""), placeOf };
}

/** Returns the texts to look for, and for each if it counts only where it stands alone. */
function formsOf(secrets: Iterable<string>, open: ReadonlySet<string>): Map<string, boolean> {
  const forms = new Map<string, boolean>();
  for (const secret of secrets) {
    for (const [form, alone] of formsOfOne(secret)) {
      if (!open.has(form)) forms.set(form, alone && (forms.get(form) ?? true));
    }
  }
  return forms;
}

function formsOfOne(secret: string): ReadonlyMap<string, boolean> {
  const known = memory.get(secret);
  if (known) return known;
  const forms = new Map<string, boolean>();
  for (const { text, alone } of partsOf(secret)) {
    for (const form of alone ? [text] : writings(text)) {
      const shown = plainText(form);
      if (shown.length >= minSecretLength) forms.set(shown, alone && (forms.get(shown) ?? true));
    }
  }
  if (memory.size >= maxRemembered) memory.clear();
  memory.set(secret, forms);
  return forms;
}

/** A log is masked again and again during a wait, and each message of a run with all its secrets. */
const memory = new Map<string, ReadonlyMap<string, boolean>>();
const maxRemembered = 5000;

/** True outside of a word or, for a number, outside of another number. */
function standsAlone(text: string, start: number, end: number): boolean {
  const around = text.charAt(start - 1) + text.charAt(end);
  if (/\d/.test(around)) return false;
  return !/[\p{L}\p{N}]/u.test(around) || /^\d+$/.test(text.slice(start, end));
}

/** Masks texts that contain a secret because of their place. */
export function maskByPlace(text: string): string {
  return (
    text
      // The rest of the line quotes pieces of the value.
      .replace(/(expanding env ["'`]?)([^\s="'`]*)=[^\n]*/g, `$1$2=${MASK}" (rest withheld)`)
      .replace(/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@'"]{1,4096}@/gi, `$1${MASK}@`)
      .replace(/(--build-arg[= ]+["']?[\w.-]+=)(?:"[^"\n]*"|'[^'\n]*'|[^\s'"]+)/g, `$1${MASK}`)
      .replace(/((?:--password|--token)[= ]+)[^\s]+/g, `$1${MASK}`)
      .replace(
        /(\b(?:authorization|x-api-key)["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token)\s+)?)[^\s"']+/gi,
        `$1${MASK}`,
      )
      .replace(/(Failed query|\bparams:)[^\n]*/g, `$1 ${MASK}`)
  );
}

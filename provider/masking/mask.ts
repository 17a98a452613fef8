/** The one way in which secrets are taken out of a text that people get to see: a log, or what the server says. */

import { occurrences } from "./occurrences";
import { minSecretLength, partsOf } from "./parts";

/** What stands in the place of a secret. */
export const MASK = "[secret]";

/**
 * Replaces secrets by `[secret]`: the given values and all that stands in them (see `partsOf`), also in the forms in which
 * a log may show them (JSON, shell, URL, base64), and what looks like a secret by its place.
 *
 * @param text without terminal codes
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  return maskByPlace(maskValues(text, secrets));
}

/** What a terminal would show: no ANSI codes or control characters, and of an overwritten line its last state. */
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

function maskValues(text: string, secrets: Iterable<string>): string {
  let out = "";
  let from = 0;
  for (const { start, end } of occurrences(text, formsOf(secrets), (start, end) =>
    standsAlone(text, start, end),
  )) {
    out += text.slice(from, start) + MASK;
    from = end;
  }
  return out + text.slice(from);
}

/** The texts to look for, each with whether it counts only where it stands alone. */
function formsOf(secrets: Iterable<string>): Map<string, boolean> {
  const forms = new Map<string, boolean>();
  const add = (form: string, alone: boolean) => {
    const shown = plainText(form);
    if (shown.length >= minSecretLength) forms.set(shown, alone && (forms.get(shown) ?? true));
  };
  for (const secret of secrets) {
    for (const { text, alone } of partsOf(secret)) {
      for (const form of alone ? [text] : writings(text)) add(form, alone);
    }
  }
  return forms;
}

/** Not in the middle of a word or, for a number, of another number. */
function standsAlone(text: string, start: number, end: number): boolean {
  const around = text.charAt(start - 1) + text.charAt(end);
  if (/\d/.test(around)) return false;
  return !/[\p{L}\p{N}]/u.test(around) || /^\d+$/.test(text.slice(start, end));
}

/** How a value may be written in a log. */
function writings(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  return [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    value.replaceAll("'", `'\\''`),
    value.replaceAll("'", `'"'"'`),
    value.replace(/["\\$`]/g, "\\$&"),
    value.replace(/[^\w./:=@%+,-]/g, "\\$&"),
    value.replaceAll("$", "$$$$"),
    encodeUri(value),
    encodeUri(value).replaceAll("%20", "+"),
    ...base64(value),
  ];
}

function encodeUri(value: string): string {
  // Half a surrogate pair, which encodeURIComponent refuses, becomes what a log would show for it.
  return encodeURIComponent(Buffer.from(value).toString());
}

/** What is the same in the base64 of every text that holds the value, for each of the three ways it may be aligned. */
function base64(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2]
    .map((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
      const start = shift === 0 ? 0 : shift + 1;
      const whole = Math.floor(((shift + bytes.length) * 8) / 6);
      return text.slice(start, whole);
    })
    .filter((text) => text.length >= 8);
}

/** Texts that hold a secret by their place, whatever it is. */
function maskByPlace(text: string): string {
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

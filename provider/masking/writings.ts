import { visible } from "../../packages/text/visible";

/** Returns the forms in which languages and tools may write a value into a log, an error or a page. */
export function writings(value: string): string[] {
  // Most are the same in all three.
  const values = new Set([value, value.normalize("NFC"), value.normalize("NFD")]);
  return [...new Set([...values].flatMap(writingsOf))];
}

function writingsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const hex = Buffer.from(value).toString("hex");
  return [
    value,
    visible(value),
    json,
    hex,
    hex.toUpperCase(),
    ...escapedUnits(json),
    octal(value),
    ...entities(value),
    value.replaceAll("'", "''"),
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

/** Escapes characters outside of ASCII or with a meaning in HTML as `\\uXXXX`, as JSON of other languages. */
function escapedUnits(json: string): string[] {
  const escaped = (pattern: RegExp) =>
    json.replace(pattern, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const forms = [
    escaped(/[\u0080-\uffff]/g),
    escaped(/[<>&]/g),
    escaped(/[\u0080-\uffff]|[<>&]/g),
    escaped(/[\u0080-\uffff]|[<>&'+`=]/g),
  ];
  const upper = (form: string) =>
    form.replace(/\\u[\da-f]{4}/g, (unit) => `\\u${unit.slice(2).toUpperCase()}`);
  return [...forms, ...forms.map(upper)];
}

/** Writes bytes outside of ASCII like Git and C. */
function octal(value: string): string {
  return Array.from(Buffer.from(value), (byte) => octalBytes[byte]).join("");
}

const octalBytes: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte > 0x7e || byte < 0x20) return `\\${byte.toString(8).padStart(3, "0")}`;
  return byte === 0x22 || byte === 0x5c ? `\\${String.fromCharCode(byte)}` : String.fromCharCode(byte);
});

/** Writes the value as HTML, like several languages. */
function entities(value: string): string[] {
  const of = (quote: string, apostrophe: string, more: Readonly<Record<string, string>> = {}) => {
    const all: Readonly<Record<string, string>> = {
      "&": "&amp;",
      "<": "&lt;",
      ">": "&gt;",
      '"': quote,
      "'": apostrophe,
      ...more,
    };
    return value.replace(/[&<>"'/+`=]/g, (found) => all[found] ?? found);
  };
  return [
    of("&quot;", "&#39;"),
    of("&quot;", "'"),
    of("&quot;", "&#x27;"),
    of("&#34;", "&#39;", { "+": "&#43;" }),
    of("&quot;", "&#x27;", { "/": "&#x2F;" }),
    of("&quot;", "&#x27;", { "`": "&#x60;", "=": "&#x3D;" }),
  ];
}

function encodeUri(value: string): string {
  // Half a surrogate pair, which encodeURIComponent refuses, becomes the character that a log would show.
  return encodeURIComponent(Buffer.from(value).toString());
}

/**
 * Returns Base64 of the value alone, and the common part of Base64 of every text that contains it, for each of the
 * three alignments; also in the alphabet for URLs.
 */
function base64(value: string): string[] {
  const bytes = Buffer.from(value);
  const inOthers = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    const start = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return text.slice(start, whole);
  });
  const forms = [bytes.toString("base64"), ...inOthers].filter((text) => text.length >= 8);
  return [...forms, ...forms.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"))];
}

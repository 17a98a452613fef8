import { visible } from "../../../packages/text";

/**
 * Returns the forms in which languages and tools may write a value into a log, an error or a page, except for those that
 * `decodings` takes back.
 */
export function writings(value: string): string[] {
  // Most are the same in all three.
  const values = new Set([value, value.normalize("NFC"), value.normalize("NFD")]);
  return [...new Set([...values].flatMap(writingsOf))];
}

function writingsOf(value: string): string[] {
  const hex = Buffer.from(value).toString("hex");
  return [
    value,
    visible(value),
    // Also found in a text of JSON inside another one.
    JSON.stringify(value).slice(1, -1),
    hex,
    hex.toUpperCase(),
    // As programs for certificates and devices write it.
    hex.replace(/..\B/g, "$&:"),
    hex.toUpperCase().replace(/..\B/g, "$&:"),
    value.replaceAll("'", "''"),
    value.replaceAll('"', '""'),
    value.replaceAll("'", `'\\''`),
    value.replaceAll("'", `'"'"'`),
    value.replaceAll("$", "$$$$"),
    ...base64(value),
  ];
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

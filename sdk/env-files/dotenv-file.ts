import { decodeValue, scan, shownKey } from "../../provider/env";
import type { Source } from "../files";
import type { Reading } from "./entry";
import { tagUsage } from "./tags";

/** Reads the variables of a dotenv file, and reports each place where dotenv reads something other than the text. */
export function readDotenv({ text }: Source): Reading {
  const reading: Reading = { entries: [], findings: [] };
  let from = 0;
  for (const assignment of scan(text)) {
    const { key, start, separatorEnd, valueStart, valueEnd, end, quote } = assignment;
    findIgnored(reading, text, from, start);
    from = end;
    const written = text.slice(valueStart, valueEnd);
    const reason =
      lossOf(text.slice(start, valueStart), written, text[valueEnd], quote) ??
      (quote === undefined ? trimmed(text, separatorEnd, valueStart, valueEnd) : undefined);
    if (reason !== undefined) reading.findings.push({ offset: start, reason: `${shownKey(key)}: ${reason}` });
    else {
      const value = { kind: "text", text: decodeValue(text, assignment), plain: false } as const;
      reading.entries.push({ key, offset: start, value });
    }
  }
  findIgnored(reading, text, from, text.length);
  return reading;
}

function lossOf(
  before: string,
  written: string,
  behind: string | undefined,
  quote: string | undefined,
): string | undefined {
  if (/[\r\n]/.test(before)) return "its key and value are on different lines; write KEY=value on one";
  if (quote !== undefined) return undefined;
  if (/^['"`]/.test(written))
    return "its quote is not closed, or text follows it; close it, or use another kind of quote";
  if (written !== "" && behind === "#") {
    return "is cut at the #; put the value in quotes, or a space before a comment";
  }
  const tag = /^!\w+(?!\S)/.exec(written)?.[0];
  if (tag !== undefined && Object.hasOwn(tagUsage, tag)) {
    return `${tag} works in YAML files only; move it to one, or put the value in quotes if it is meant as text`;
  }
  return undefined;
}

/** Returns a text that dotenv strips around a value besides spaces and tabs, which an editor does not show. */
function trimmed(text: string, from: number, valueStart: number, valueEnd: number): string | undefined {
  const behind = /[^\S\r\n]*/y;
  behind.lastIndex = valueEnd;
  behind.test(text);
  const around = text.slice(from, valueStart) + text.slice(valueEnd, behind.lastIndex);
  const [character] = /[^ \t\r\n]/.exec(around) ?? [];
  if (character === undefined) return undefined;
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `dotenv removes the character U+${code} at the end of its value; remove it, or put the value in quotes`;
}

/** Reports each line between two offsets that dotenv ignores, except blank lines and comments. */
function findIgnored({ findings }: Reading, text: string, from: number, to: number): void {
  for (const line of text.slice(from, to).matchAll(/[^\r\n]+/g)) {
    const begin = line[0].search(/\S/);
    if (begin === -1 || line[0][begin] === "#") continue;
    const reason =
      "dotenv ignores this line; write KEY=value with letters, digits, _, . and - in the key, or a # first";
    findings.push({ offset: from + line.index + begin, reason });
  }
}

import { withEscapes } from "../../packages/text";

/** Words that YAML does not read as text. */
const special = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i;

/** Returns a text as YAML on one line. */
export function scalar(text: string): string {
  return isPlain(text) ? text : withEscapes(JSON.stringify(text), yamlEscape);
}

function isPlain(text: string): boolean {
  return /^[A-Za-z][\w./@-]*$/.test(text) && !special.test(text);
}

/** Writes a character as YAML does between double quotes. */
export function yamlEscape(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  return point > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`;
}

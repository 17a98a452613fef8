/**
 * Compose services from Dokploy 0.30.3 on: a `${NAME}` in a value, also with a default or the like, is passed on
 * unchanged, and Compose replaces it with the variable of that name. A literal `${` is split by a variable that is
 * never set: Compose replaces that variable with nothing, and treats the rest as text.
 */

import type { Arrival } from "./model";
import { mapLiterals, withoutReferences } from "./references";

/** Variable that must not be set. */
export const NEVER_SET = "__UNSET";
const NOTHING = `\${${NEVER_SET}:+x}`;

/** Matches the text that Dokploy passes on. */
const PASSED_ON = /\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-+?][^{}]*)?\}/g;
const OPENING = /\$\{(?=[A-Za-z_])/g;

/** Splits text that Compose would replace, also where a reference may complete it. */
export function breakTemplates(value: string): string {
  if (!value.includes("${")) return value;
  return mapLiterals(value, (literal, isLast) =>
    literal.replace(isLast ? OPENING : /\$\{(?=[A-Za-z_]|$)/g, `\${${NOTHING.replaceAll("$", "$$$$")}`),
  );
}

/** Reverses `breakTemplates`; undefined for text that Compose replaces, or may replace. */
export function joinTemplates(raw: string): string | undefined {
  if (!raw.includes("${")) return raw;
  const { text, mark, putBack } = withoutReferences(raw);
  if (hasTemplate(text)) return undefined;
  // A reference may complete text that is not split.
  const open = text.replaceAll(`\${${NOTHING}`, "\0");
  if (text.includes(mark) && new RegExp(`\\$\\{[A-Za-z_${mark}]`).test(open)) return undefined;
  return putBack(text.replaceAll(NOTHING, ""));
}

/** Returns the text that Compose makes of a value whose references are inserted. */
export function afterCompose(resolved: string): Arrival {
  if (!resolved.includes("${")) return { text: resolved };
  return hasTemplate(resolved) ? "unknown" : { text: resolved.replaceAll(NOTHING, "") };
}

function hasTemplate(text: string): boolean {
  return [...text.matchAll(PASSED_ON)].some(([found]) => found !== NOTHING);
}

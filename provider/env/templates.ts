/**
 * Compose services from Dokploy 0.30.3 on: a `${NAME}` in a value, also with a default or the like, is passed on as it
 * is, and Compose puts the variable of that name in its place. What stands there for itself is broken up by a variable
 * that is never set: Compose puts nothing in its place, and takes the rest for text.
 */

import type { Arrival } from "./model";
import { mapLiterals, withoutReferences } from "./references";

/** The variable that must not be set. */
export const NEVER_SET = "__UNSET";
const NOTHING = `\${${NEVER_SET}:+x}`;

/** As Dokploy finds what it passes on. */
const PASSED_ON = /\$\{[A-Za-z_][A-Za-z0-9_]*(?::?[-+?][^{}]*)?\}/g;
const OPENING = /\$\{(?=[A-Za-z_])/g;

/** Breaks up what Compose would replace, also where a reference may complete it. */
export function breakTemplates(value: string): string {
  if (!value.includes("${")) return value;
  return mapLiterals(value, (literal, isLast) =>
    literal.replace(isLast ? OPENING : /\$\{(?=[A-Za-z_]|$)/g, `\${${NOTHING.replaceAll("$", "$$$$")}`),
  );
}

/** The reverse; undefined for what Compose fills in, or may. */
export function joinTemplates(raw: string): string | undefined {
  if (!raw.includes("${")) return raw;
  const { text, mark, putBack } = withoutReferences(raw);
  if (hasTemplate(text)) return undefined;
  // A reference may complete what is not broken up.
  const open = text.replaceAll(`\${${NOTHING}`, "\0");
  if (text.includes(mark) && new RegExp(`\\$\\{[A-Za-z_${mark}]`).test(open)) return undefined;
  return putBack(text.replaceAll(NOTHING, ""));
}

/** What Compose makes of a value whose references are put in. */
export function afterCompose(resolved: string): Arrival {
  if (!resolved.includes("${")) return { text: resolved };
  return hasTemplate(resolved) ? "unknown" : { text: resolved.replaceAll(NOTHING, "") };
}

function hasTemplate(text: string): boolean {
  return [...text.matchAll(PASSED_ON)].some(([found]) => found !== NOTHING);
}

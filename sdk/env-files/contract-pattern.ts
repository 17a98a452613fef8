import type * as Re2 from "re2js";
import { visible } from "../../packages/text";

/** Patterns of a contract: regular expressions of RE2, whose time grows only in proportion to the value. */

const maxLength = 1000;
/** Most steps for a character of a value; a repetition `{1000}` has 1000. */
const maxSize = 2000;

/** True when a pattern that {@link patternProblem} accepts matches the whole value. */
export function matchesPattern(pattern: string, value: string): boolean {
  return re2().RE2JS.compile(pattern).matches(value);
}

/** Returns why a pattern cannot be used; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > maxLength) return `has over ${maxLength} characters; shorten it`;
  const { RE2JS, RE2JSException } = re2();
  try {
    const isSmall = RE2JS.compile(pattern).programSize() <= maxSize;
    return isSmall ? undefined : "repeats too much; use smaller numbers in { }";
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const reason = visible(error.message.replace(/^error parsing regexp: /, ""));
    return `is not a regular expression of RE2, which has no back references and no look-around: ${reason}`;
  }
}

/** Loads the library, which few programs need. */
function re2(): typeof Re2 {
  return require("re2js") as typeof Re2;
}

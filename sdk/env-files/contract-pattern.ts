/** Patterns of a contract: regular expressions that are fast on every value that they are tried on. */

/** Longer values match no pattern, because the time that one may take grows with their length. */
export const maxPatternValue = 256;

/**
 * Largest number of ways to match a value, as a power of two. At worst they are all tried: each `*` has one for each
 * character of the value, `?` has two, and groups multiply them.
 */
const maxBits = 24;
const bitsOfRepetition = Math.log2(maxPatternValue);
const maxLength = 1000;

/** True when a pattern that {@link patternProblem} accepts matches the whole value. */
export function matchesPattern(pattern: string, value: string): boolean {
  return value.length <= maxPatternValue && new RegExp(`^(?:${pattern})$`, "u").test(value);
}

/** Returns why a pattern cannot be used; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > maxLength) return `has over ${maxLength} characters; shorten it`;
  try {
    new RegExp(pattern, "u");
  } catch {
    return "is not a regular expression of JavaScript; correct it";
  }
  return slownessOf(pattern);
}

/** A group whose end was not read yet. All numbers of ways are powers of two. */
interface Group {
  /** Ways to match the alternative with the most, of those that ended. */
  most: number;
  alternatives: number;
  /** Ways to match the current alternative. */
  bits: number;
}

/** Matches a class, an escape, the beginning of a group, a repetition, or any other character. */
const piece = /\[(?:\\.|[^\]\\])*\]?|\\[pPu]\{[^}]*\}?|\\.|\((?:\?:?)?|\{[\d,]*\}?|./gsu;

function slownessOf(pattern: string): string | undefined {
  const open: Group[] = [{ most: 0, alternatives: 1, bits: 0 }];
  /** Ways to match the item that a repetition would follow. */
  let item = 0;
  let isGroup = false;
  let isRepeated = false;
  for (const [text] of pattern.matchAll(piece)) {
    const group = open.at(-1) as Group;
    const isLazy: boolean = text === "?" && isRepeated;
    if (isLazy || /^[*+?{]/.test(text)) {
      const added = isLazy ? 0 : bitsOf(text, item, isGroup);
      if (added === undefined) return varies;
      group.bits += added;
      isRepeated = !isLazy;
      continue;
    }
    isRepeated = false;
    isGroup = text === ")";
    item = 0;
    if (/^\\[1-9k]/.test(text)) return "has a back reference; write it without";
    if (text === "(?") return "has a group that begins with (? in another way than (?:; write it without";
    if (text === "(" || text === "(?:") open.push({ most: 0, alternatives: 1, bits: 0 });
    else if (text === "|") {
      group.most = Math.max(group.most, group.bits);
      group.bits = 0;
      group.alternatives += 1;
    } else if (isGroup) {
      open.pop();
      item = bitsOfGroup(group);
      (open.at(-1) as Group).bits += item;
    }
  }
  if (bitsOfGroup(open[0] as Group) <= maxBits) return undefined;
  return "can take very long on some values; use at most three of *, + and {1,}";
}

const varies =
  "repeats a group that can match in several ways, which can take very long; repeat characters and fixed texts only";

function bitsOfGroup({ most, alternatives, bits }: Group): number {
  return Math.max(most, bits) + Math.log2(alternatives);
}

/** Returns what a repetition adds to the ways of its item; undefined for any number of an item that varies. */
function bitsOf(text: string, item: number, isGroup: boolean): number | undefined {
  if (text === "?") return 1;
  const [, least = "", comma, most = ""] = /^\{(\d+)(?:(,)(\d*))?\}$/.exec(text) ?? [];
  const isFixed = least !== "" && (comma === undefined || least === most);
  if (!isFixed) return item === 0 ? bitsOfRepetition : undefined;
  const times = Math.max(1, Number(least));
  return item * (times - 1) + (isGroup ? Math.log2(times) : 0);
}

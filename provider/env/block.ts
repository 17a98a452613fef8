/** Changes to some variables of a text whose other lines belong to someone else. */
import {
  checkEnv,
  type EnvDialect,
  EnvError,
  type EnvMap,
  type EnvProblem,
  refuseUnwritable,
  writeEnv,
} from "./codec";
import {
  type Assignment,
  encodeValue,
  isLineBreak,
  lineBreakAt,
  parse,
  STYLES,
  type Style,
  scan,
} from "./dotenv";
import { textProblems } from "./limits";
import { otherLines } from "./lines";
import { fromRaw, toRaw } from "./quoting";

/**
 * Sets and removes variables in a text and leaves every other line unchanged: comments, blank lines, line breaks,
 * even lines that dotenv ignores. An existing key gets its new value in place (if several lines set it, the last one
 * stays). A new key goes to the end, or to the start where the text's end would swallow it. Removing a key removes
 * its lines. A key in both `set` and `remove` is set. Without changes the text stays the same.
 *
 * Throws `EnvError` for values that cannot be written, and where broken quotes in the other lines make it impossible
 * to make only this change.
 *
 * @param isRead false for a text that another reader than dotenv would not read as intended
 *
 * @example mergeEnv("# by hand\nA=1 # note\nB=2\n", { A: "x y", C: "3" }, ["B"], "compose")
 * // "# by hand\nA=x y # note\nC=3\n"
 */
export function mergeEnv(
  text: string,
  set: EnvMap,
  remove: readonly string[],
  target: EnvDialect,
  isRead: (text: string) => boolean = () => true,
): string {
  refuseUnwritable(checkEnv(set, target, { foreignKeys: "unknown" }));

  const before = parse(text);
  const changed = new Map<string, string>();
  for (const key of Object.keys(set)) {
    const raw = toRaw(set[key] ?? "", target);
    if (before.get(key) !== raw) changed.set(key, raw);
  }
  const removed = new Set(remove.filter((key) => before.has(key) && !Object.hasOwn(set, key)));
  if (changed.size === 0 && removed.size === 0) return text;

  const expected = new Map([...before, ...changed]);
  for (const key of removed) expected.delete(key);

  // If a quote further up is not closed, a new quote can close it; if a line ends in `KEY:` or `KEY=`, it can
  // take the next line as its value. Each way of writing is tried until dotenv reads the intended values.
  for (const plan of PLANS) {
    const merged = edit(text, changed, removed, plan);
    if (sameValues(parse(merged), expected) && isRead(merged)) {
      const oversized = textProblems(merged, target);
      if (oversized.length > 0) throw new EnvError(oversized);
      return merged;
    }
  }
  throw new EnvError(conflict(text, [...changed.keys(), ...removed]));
}

/**
 * Writes a text so that it has exactly these variables. Its other lines stay unchanged, such as comments, and lines that
 * dotenv ignores. Throws `EnvError` as {@link mergeEnv} does.
 *
 * @example replaceEnv("# by hand\nA=1\nB=2\n", { A: "3" }, "compose")
 * // "# by hand\nA=3\n"
 */
export function replaceEnv(text: string, env: EnvMap, target: EnvDialect): string {
  if (otherLines(text).length === 0) return writeEnv(env, target);
  return mergeEnv(text, env, [...parse(text).keys()], target);
}

/** Returns the values of the given keys in a text; missing keys are left out. */
export function pickEnv(text: string, keys: readonly string[], target: EnvDialect): Record<string, string> {
  const values = parse(text);
  const picked: Record<string, string> = {};
  for (const key of keys) {
    const value = values.get(key);
    if (value !== undefined && key !== "__proto__") picked[key] = fromRaw(value, target);
  }
  return picked;
}

interface Plan {
  /** Style that is tried first, for values that allow several. */
  readonly style: Style;
  /** Place of new keys; `move` also moves changed ones from their place. */
  readonly place: "end" | "start" | "move";
  /** Rest of a removed line: nothing, or a `#` that separates the lines around it. */
  readonly leave: "" | "#";
}

const PLANS: readonly Plan[] = (["", "#"] as const).flatMap((leave) =>
  (["end", "start", "move"] as const).flatMap((place) => STYLES.map((style) => ({ style, place, leave }))),
);

function edit(
  text: string,
  changed: ReadonlyMap<string, string>,
  removed: ReadonlySet<string>,
  { style, place, leave }: Plan,
): string {
  const styles = [style, ...STYLES];
  // An empty plain value would take a quote at the start of the next line.
  const encode = (value: string) => (value === "" ? '""' : (encodeValue(value, styles) ?? ""));

  const assignments = scan(text);
  const last = new Map(assignments.map((assignment) => [assignment.key, assignment]));
  let kept = "";
  let from = 0;
  for (const assignment of assignments) {
    const { key } = assignment;
    const value = changed.get(key);
    if (value === undefined && !removed.has(key)) continue;
    if (value !== undefined && place !== "move" && last.get(key) === assignment) {
      kept += text.slice(from, assignment.separatorEnd) + gapOf(text, assignment) + encode(value);
      from = assignment.valueEnd;
    } else {
      const line = lineOf(text, assignment);
      kept += text.slice(from, line.start) + (leave === "" ? "" : `#${text.slice(line.end, line.next)}`);
      // The last line does not end in a line break: the one before it is removed.
      if (leave === "" && line.end === line.next) kept = kept.replace(/(?:\r\n|[\r\n])$/, "");
      from = line.next;
    }
  }
  kept += text.slice(from);

  const added: string[] = [];
  for (const [key, value] of changed) {
    if (place === "move" || !last.has(key)) added.push(`${key}=${encode(value)}`);
  }
  if (added.length === 0) return kept;
  const lineBreak = /\r\n?|\n/.exec(text)?.[0] ?? "\n";
  if (place !== "end") {
    const mark = kept.startsWith("\ufeff") ? "\ufeff" : "";
    return mark + added.map((line) => line + lineBreak).join("") + kept.slice(mark.length);
  }
  if (kept === "") return added.join(lineBreak) + (/[\r\n]$/.test(text) ? lineBreak : "");
  if (/[\r\n]$/.test(kept)) return kept + added.map((line) => line + lineBreak).join("");
  return kept + added.map((line) => lineBreak + line).join("");
}

/** Returns the spaces before a value. A line break there works only for a quoted value; a colon needs one space. */
function gapOf(text: string, { separatorEnd, valueStart }: Assignment): string {
  const gap = text.slice(separatorEnd, valueStart);
  const kept = /[\r\n\u2028\u2029]/.test(gap) ? "" : gap;
  return kept === "" && text[separatorEnd - 1] === ":" ? " " : kept;
}

/** Finds the lines of an assignment with its comment: `end` excludes their last line break, `next` includes it. */
function lineOf(text: string, { start, valueEnd }: Assignment): { start: number; end: number; next: number } {
  let lineStart = start;
  while (lineStart > 0 && !isLineBreak(text.charCodeAt(lineStart - 1))) lineStart--;
  // A byte order mark belongs to the file, not to its first line.
  if (lineStart === 0 && text.startsWith("\ufeff")) lineStart = 1;
  const end = lineBreakAt(text, valueEnd);
  const next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length);
  return { start: lineStart, end, next };
}

function sameValues(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function conflict(text: string, keys: readonly string[]): EnvProblem[] {
  const open = scan(text).find(
    (assignment) => assignment.quote === undefined && /^['"`]/.test(text.slice(assignment.valueStart)),
  );
  const cause =
    open === undefined
      ? "lines of the text that dotenv does not read as one would expect"
      : `line ${text.slice(0, open.start).split(/\r\n?|\n/).length} of the text, where the quote of ${open.key} is not closed`;
  const reason = `cannot be changed without changing other variables, because of ${cause}; correct that in Dokploy first`;
  return keys.map((key) => ({ key, reason }));
}

import { visibleLines } from "../../../packages/text";
import { inserted, maxBytes } from "../../../sdk/files";
import type { SecretFinder } from "./secret-finder";

/** A text as a file shows it, with `${NAME}` instead of each secret. */
export interface Filled {
  readonly text: string;
  /** Secrets by the names of their places. */
  readonly values: ReadonlyMap<string, string>;
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly name?: string | undefined;
}

/**
 * Takes the secrets out of a text, so that a file can show the rest.
 *
 * @param used names of variables that the text may refer to
 * @param isHeld true for a text that still has a secret
 * @returns undefined where that is impossible, so that the whole text is a secret
 */
export function separated(
  text: string,
  finder: SecretFinder,
  used: Iterable<string>,
  isHeld = (shown: string) => finder.holds("", shown),
): Filled | undefined {
  const taken = new Set([...used, "IMAGE_TAG", ...namesIn(text)]);
  const found = finder.partsOf(text);
  for (const parts of [found, wholeLines(text, finder, found)]) {
    const filled = withPlaces(text, parts, taken);
    const isWhole = inserted(filled.text, Object.fromEntries(filled.values)) === text;
    if (isWhole && canBeFile(filled.text) && !isHeld(filled.text)) return filled;
  }
  return undefined;
}

/** True for a text that is the same after a file was written and read, and in which a reader sees everything. */
export function canBeFile(text: string): boolean {
  return visibleLines(text) === text.replaceAll("\r\n", "\n") && Buffer.byteLength(text) <= maxBytes;
}

/** Returns the path of a file with this text, which it adds if it is new. */
export function fileIn(files: Map<string, string>, path: string, text: string): string {
  const [, stem = "", ending = ""] = /^(.*?)((?:\.[^./]*)?)$/.exec(path) ?? [];
  let name = path;
  for (let number = 2; (files.get(name) ?? text) !== text; number += 1) name = `${stem}-${number}${ending}`;
  files.set(name, text);
  return name;
}

/** Returns the names of all variables in a text. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
}

function withPlaces(text: string, parts: readonly Part[], taken: ReadonlySet<string>): Filled {
  const names = new Map<string, string>();
  let shown = "";
  let done = 0;
  for (const { start, end, name } of parts) {
    const secret = text.slice(start, end);
    const place = names.get(secret) ?? freeName(name, taken, new Set(names.values()));
    names.set(secret, place);
    shown += `${text.slice(done, start)}\${${place}}`;
    done = end;
  }
  return {
    text: shown + text.slice(done),
    values: new Map([...names].map(([secret, name]) => [name, secret])),
  };
}

/** Returns `DB_PASSWORD` for `db.password`, with a number when that is taken. */
function freeName(name = "", ...taken: readonly ReadonlySet<string>[]): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, "$1_$2").match(/[A-Za-z\d]+/g) ?? [];
  const plain = words.join("_").toUpperCase().slice(0, 40);
  const base = /^[A-Z]/.test(plain) ? plain : "SECRET";
  const isTaken = (place: string) => taken.some((names) => names.has(place));
  let number = 1;
  const place = () => (number === 1 ? base : `${base}_${number}`);
  while (isTaken(place())) number += 1;
  return place();
}

/** Returns the parts, and all of each line that still holds a secret without them. */
function wholeLines(text: string, finder: SecretFinder, parts: readonly Part[]): Part[] {
  const lines = [...text.matchAll(/[^\r\n]+/g)].flatMap(({ 0: line, index }): Part[] => {
    if (!finder.holds("", line)) return [];
    const [indent = ""] = /^[\s-]*/.exec(line) ?? [];
    return [{ start: index + indent.length, end: index + line.trimEnd().length }];
  });
  const isInside = (part: Part) => lines.some(({ start, end }) => start <= part.start && part.end <= end);
  const all = [...lines, ...parts.filter((part) => !isInside(part))].sort((a, b) => a.start - b.start);
  return all.filter(({ start }, at) => start >= (all[at - 1]?.end ?? 0));
}

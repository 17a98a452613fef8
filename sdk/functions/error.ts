import { ProgramError } from "../program-error";

/** Something that a program looks up in Dokploy cannot be had. Pulumi prints the message without a stack trace. */
export class LookupError extends ProgramError {
  override readonly name = "LookupError";
}

/** Something that has a name and an id, as messages show it. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
}

const maxShown = 20;

/**
 * The one of a name.
 *
 * @param where what holds the candidates, to begin a sentence with: `the environment "production" of project "shop"`
 * @param nouns what the candidates are called, one and several
 * @param advice what to do when there are several of the name, as a sentence
 * @param elsewhere what to do when there is none, where more is known than the names
 * @throws LookupError with the candidates when there is none of the name, or several
 */
export function theOne<T extends Candidate>(
  name: string,
  candidates: readonly T[],
  { where, nouns, advice, elsewhere }: Place,
): T {
  const named = candidates.filter((candidate) => candidate.name === name);
  const [first] = named;
  if (first && named.length === 1) return first;
  const [noun, plural] = nouns;
  if (first) {
    throw new LookupError(
      `${where} has ${named.length} ${plural} named ${JSON.stringify(name)}: ${list(named.map(({ id }) => id))}. ${advice}`,
    );
  }
  const ranked = [...candidates].sort((a, b) => distance(a.name, name) - distance(b.name, name));
  const [closest] = ranked;
  const isClose = closest !== undefined && distance(closest.name, name) <= Math.max(1, name.length / 3);
  throw new LookupError(
    [
      `${where} has no ${noun} named ${JSON.stringify(name)}.`,
      ...(elsewhere === undefined ? [] : [elsewhere]),
      ...(isClose ? [`Did you mean ${shown(closest)}?`] : []),
      candidates.length === 0 ? `It has no ${plural} at all.` : `It has: ${list(ranked.map(shown))}.`,
      "Names are compared exactly, and a key of a member sees only what its user may see.",
    ].join(" "),
  );
}

export interface Place {
  readonly where: string;
  readonly nouns: readonly [one: string, several: string];
  readonly advice: string;
  readonly elsewhere?: string | undefined;
}

function shown({ name, id }: Candidate): string {
  return `${JSON.stringify(name)} (${id})`;
}

function list(texts: readonly string[]): string {
  const more = texts.length - maxShown;
  return [...texts.slice(0, maxShown), ...(more > 0 ? [`and ${more} more`] : [])].join(", ");
}

/** Levenshtein's, without regard to case; names are short, and only the first 64 characters count. */
function distance(a: string, b: string): number {
  const [from, to] = [a, b].map((name) => name.slice(0, 64).toLowerCase()) as [string, string];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const swap = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

import { pluralOf, someOf } from "../../packages/text";
import { ProgramError } from "../run";

/** An error for something that a program looks up and cannot have. Pulumi prints it without a stack trace. */
export class LookupError extends ProgramError {
  override readonly name = "LookupError";
}

/** An object with a name and an id, as messages show it. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
}

/** Largest number of candidates in a message, from which a person chooses. */
const maxShown = 20;

/** Place of a search, in the words of messages. */
export interface Place {
  /** Object that has the candidates, as the start of a sentence: `the environment "production" of project "shop"`. */
  readonly where: string;
  /** Noun for one of the candidates. */
  readonly noun: string;
  /** Advice for several matches, as a sentence. */
  readonly advice: string;
  /** Advice for no match, when more is known than the names. */
  readonly elsewhere?: string | undefined;
}

/** @throws LookupError with the candidates when none has the name, or several do */
export function theOne<T extends Candidate>(name: string, candidates: readonly T[], place: Place): T {
  const named = `named ${JSON.stringify(name)}`;
  const found = candidates.filter((candidate) => candidate.name === name);
  return single(
    found,
    { name, called: named, exactly: "Names are compared exactly, and a" },
    candidates,
    place,
  );
}

/**
 * Returns the candidate with the key, for kinds without names in Dokploy: a host with its path, a port with its
 * protocol.
 *
 * @param label the key as messages show it, like those of the candidates
 * @throws LookupError with the candidates when none has the key, or several do
 */
export function theOneOfKey<T extends Candidate>(
  label: string,
  isIt: (candidate: T) => boolean,
  candidates: readonly T[],
  place: Place,
): T {
  const wanted = { name: label, called: JSON.stringify(label), exactly: "A" };
  return single(candidates.filter(isIt), wanted, candidates, place);
}

function single<T extends Candidate>(
  found: readonly T[],
  { name, called, exactly }: { name: string; called: string; exactly: string },
  candidates: readonly T[],
  { where, noun, advice, elsewhere }: Place,
): T {
  const [first] = found;
  if (first && found.length === 1) return first;
  const plural = pluralOf(noun);
  if (first) {
    const ids = list(found.map(({ id }) => id));
    throw new LookupError(`${where} has ${found.length} ${plural} ${called}: ${ids}. ${advice}`);
  }
  const ranked = candidates
    .map((candidate) => ({ candidate, far: distance(candidate.name, name) }))
    .sort((a, b) => a.far - b.far);
  const [closest] = ranked;
  const isClose = closest !== undefined && closest.far <= Math.max(1, name.length / 3);
  const names = ranked.map(({ candidate }) => shown(candidate));
  throw new LookupError(
    [
      `${where} has no ${noun} ${called}.`,
      ...(elsewhere === undefined ? [] : [elsewhere]),
      ...(isClose ? [`Did you mean ${names[0]}?`] : []),
      candidates.length === 0 ? `It has no ${plural} at all.` : `It has: ${list(names)}.`,
      `${exactly} key of a member sees only what its user may see.`,
    ].join(" "),
  );
}

/** Makes the error for an id that no object has, with advice how to find the right one. */
export function noneOfId(noun: string, id: unknown, advice = "look it up in Dokploy"): LookupError {
  const given = JSON.stringify(id);
  return new LookupError(
    `Dokploy has no ${noun} with the id ${given}. It was deleted, or the id is wrong: ${advice}.`,
  );
}

function shown({ name, id }: Candidate): string {
  return name === id ? JSON.stringify(name) : `${JSON.stringify(name)} (${id})`;
}

function list(texts: readonly string[]): string {
  return someOf(texts, ", ", maxShown);
}

/** Returns Levenshtein's distance, ignoring case. Names are short, so only the first 64 characters count. */
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

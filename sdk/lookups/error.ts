import { someOf } from "../../packages/text/names";
import { ProgramError } from "../run/program-error";
import { pluralOf } from "./words";

/** Something that a program looks up in Dokploy cannot be had. Pulumi prints the message without a stack trace. */
export class LookupError extends ProgramError {
  override readonly name = "LookupError";
}

/** Something that has a name and an id, as messages show it. */
export interface Candidate {
  readonly id: string;
  readonly name: string;
}

/** A person chooses among them. */
const maxShown = 20;

/** Where something is looked for, in the words of messages. */
export interface Place {
  /** What holds the candidates, to begin a sentence with: `the environment "production" of project "shop"`. */
  readonly where: string;
  /** What one of the candidates is called. */
  readonly noun: string;
  /** What to do when there are several, as a sentence. */
  readonly advice: string;
  /** What to do when there is none, where more is known than the names. */
  readonly elsewhere?: string | undefined;
}

/**
 * The one of a name.
 *
 * @throws LookupError with the candidates when there is none of the name, or several
 */
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
 * The one of a key, by which Dokploy has no names: a host with its path, a port with its protocol.
 *
 * @param label the key as messages show it, like those of the candidates
 * @throws LookupError with the candidates when there is none of the key, or several
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

/**
 * What is said of an id that nothing has.
 *
 * @param advice where to find the right one
 */
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

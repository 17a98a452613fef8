import { type EnvDialect, isSwarm } from "./dialects";
import type { EnvMap, EnvProblem } from "./model";
import { type Reference, referencesOf } from "./references";

/**
 * Finds references that lead to references of the same text. Dokploy inserts each value once and unchanged, so the
 * container gets `${{…}}` instead of a value, and the deployment reports nothing. (With an application or a stack it
 * does fail; `checkEnv` reports that.)
 *
 * @example
 * checkChains({ A: "${{B}}", B: "${{A}}" }, "compose") // A and B refer to each other
 */
export function checkChains(env: EnvMap, target: EnvDialect): EnvProblem[] {
  if (isSwarm(target) || target === "shared") return [];
  const next = new Map<string, string[]>();
  const leads = new Map<string, boolean>();
  const namesIn = (key: string): string[] => {
    const known = next.get(key);
    if (known) return known;
    const names = Object.hasOwn(env, key) ? ownNames(env[key] ?? "") : [];
    next.set(key, names);
    return names;
  };
  /** True when a variable of the text refers to others. */
  const isTaker = (name: string): boolean => {
    let found = leads.get(name);
    if (found === undefined) {
      found = Object.hasOwn(env, name) && referencesOf(env[name] ?? "").some(isVariable);
      leads.set(name, found);
    }
    return found;
  };
  const search = { remaining: MOST_STEPS };
  return Object.keys(env).flatMap((key) =>
    namesIn(key).flatMap((name) => {
      if (name !== key && !isTaker(name)) return [];
      const reason = reasonOf(key, name, namesIn, search);
      return [{ key, reason, reference: true as const }];
    }),
  );
}

function reasonOf(
  key: string,
  name: string,
  namesIn: (key: string) => readonly string[],
  search: { remaining: number },
): string {
  if (name === key) return selfReference(key);
  const circle = circleFrom(key, name, namesIn, search);
  if (circle) {
    return (
      `refers to ${name}, which leads back to it (${circle.join(" → ")}): Dokploy resolves references only once, ` +
      "and the container gets the ${{…}} as text; give one of them a value"
    );
  }
  return (
    `refers to ${name}, which contains a reference too: Dokploy resolves references only once, and the container gets ` +
    `the \${{…}} as text; write the reference of ${name} here`
  );
}

function isVariable({ kind }: Reference): boolean {
  return kind !== "malformed" && kind !== "vault";
}

/** Explains why a variable cannot refer to itself. */
export function selfReference(key: string): string {
  return (
    "refers to itself, and Dokploy resolves references only once; to use the shared variable of that name, write " +
    `\${{project.${key}}} or \${{environment.${key}}}`
  );
}

/** Finds the way from a variable over `first` back to it; undefined also when it is too long to read or search. */
function circleFrom(
  key: string,
  first: string,
  namesIn: (key: string) => readonly string[],
  search: { remaining: number },
): string[] | undefined {
  let ways = [[key, first]];
  const seen = new Set([first]);
  for (let length = 2; length <= LONGEST_CIRCLE; length++) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const name of namesIn(way[way.length - 1] ?? "")) {
        if (name === key) return [...way, key];
        if (--search.remaining < 0) return undefined;
        if (seen.has(name)) continue;
        seen.add(name);
        longer.push([...way, name]);
      }
    }
    ways = longer;
  }
  return undefined;
}

const LONGEST_CIRCLE = 20;
/** Limit for all circles of a text: where everything refers to everything, each search would visit all of it. */
const MOST_STEPS = 1_000_000;

function ownNames(value: string): string[] {
  const names = referencesOf(value).flatMap((reference) =>
    reference.kind === "own" ? [reference.name] : [],
  );
  return [...new Set(names)];
}

import type { EnvMap, EnvProblem, EnvTarget } from "./codec";
import { referencesOf } from "./references";
import { isSwarm } from "./targets";

/**
 * References that lead to references of the same text. Dokploy puts each value in once and as it stands, so the
 * container gets `${{…}}` where a value was meant: the deployment says nothing of it. (With an application or a stack it
 * does fail; `checkEnv` tells.)
 *
 * @example
 * checkChains({ A: "${{B}}", B: "${{A}}" }, "compose") // A and B refer to each other
 */
export function checkChains(env: EnvMap, target: EnvTarget): EnvProblem[] {
  if (isSwarm(target) || target === "shared") return [];
  const next = new Map<string, string[]>();
  const namesIn = (key: string): string[] => {
    const known = next.get(key);
    if (known) return known;
    const names = Object.hasOwn(env, key) ? ownNames(env[key] ?? "") : [];
    next.set(key, names);
    return names;
  };
  return Object.keys(env).flatMap((key) =>
    namesIn(key).flatMap((name) => {
      const reason = reasonOf(key, name, env, namesIn);
      return reason === undefined ? [] : [{ key, reason, reference: true as const }];
    }),
  );
}

function reasonOf(
  key: string,
  name: string,
  env: EnvMap,
  namesIn: (key: string) => readonly string[],
): string | undefined {
  if (name === key) return selfReference(key);
  if (!Object.hasOwn(env, name) || !(env[name] ?? "").includes("${{")) return undefined;
  if (!referencesOf(env[name] ?? "").some(({ kind }) => kind !== "malformed" && kind !== "vault"))
    return undefined;
  const circle = circleFrom(key, name, namesIn);
  if (circle) {
    return (
      `refers to ${name}, which leads back to it (${circle.join(" → ")}): Dokploy puts each value in once, and the ` +
      `container gets the \${{…}} as text; give one of them its value`
    );
  }
  return (
    `refers to ${name}, which holds a reference too: Dokploy puts each value in once, and the container gets the ` +
    `\${{…}} as text; write the reference of ${name} here`
  );
}

/** Why a variable cannot refer to itself. */
export function selfReference(key: string): string {
  return (
    `refers to itself, and Dokploy puts each value in once; to take the shared variable of that name, write ` +
    `\${{project.${key}}} or \${{environment.${key}}}`
  );
}

/** The way from a variable over `first` back to itself; one that is too long to be read counts as none. */
function circleFrom(
  key: string,
  first: string,
  namesIn: (key: string) => readonly string[],
): string[] | undefined {
  let ways = [[key, first]];
  const seen = new Set([first]);
  for (let length = 2; length <= LONGEST_CIRCLE; length++) {
    const longer: string[][] = [];
    for (const way of ways) {
      for (const name of namesIn(way[way.length - 1] ?? "")) {
        if (name === key) return [...way, key];
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

function ownNames(value: string): string[] {
  const names = referencesOf(value).flatMap((reference) =>
    reference.kind === "own" ? [reference.name] : [],
  );
  return [...new Set(names)];
}

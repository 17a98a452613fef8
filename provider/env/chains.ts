import type { EnvMap, EnvProblem, EnvTarget } from "./codec";
import { referencesOf } from "./references";

/**
 * References that lead to references of the same text. Dokploy puts each value in once and as it stands, so the
 * container gets `${{…}}` where a value was meant: the deployment says nothing of it. (With an application it does
 * fail; `checkEnv` tells.)
 *
 * @example
 * checkChains({ A: "${{B}}", B: "${{A}}" }, "compose") // A and B refer to each other
 */
export function checkChains(env: EnvMap, target: EnvTarget): EnvProblem[] {
  if (target === "application" || target === "shared") return [];
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

/** The way from a variable over `first` back to itself. */
function circleFrom(
  key: string,
  first: string,
  namesIn: (key: string) => readonly string[],
): string[] | undefined {
  const seen = new Set<string>();
  const ways: string[][] = [[key, first]];
  for (let way = ways.pop(); way; way = ways.pop()) {
    const last = way[way.length - 1] ?? "";
    if (seen.has(last)) continue;
    seen.add(last);
    for (const name of namesIn(last)) {
      if (name === key) return [...way, key];
      ways.push([...way, name]);
    }
  }
  return undefined;
}

function ownNames(value: string): string[] {
  const names = referencesOf(value).flatMap((reference) =>
    reference.kind === "own" ? [reference.name] : [],
  );
  return [...new Set(names)];
}

import { type EnvMap, type EnvTarget, readEnv, writeEnv } from "./codec";
export function mergeEnv(text: string, set: EnvMap, remove: readonly string[], target: EnvTarget): string {
  const keep = text.split("\n").filter((l) => {
    const k = /^\s*(?:export\s+)?([\w.-]+)\s*[=:]/.exec(l)?.[1];
    return !k || !(remove.includes(k) || k in set);
  });
  return [...keep.filter((l, i) => l !== "" || i < keep.length - 1), ...writeEnv(set, target).split("\n")]
    .filter((l, i, a) => l !== "" || i < a.length - 1)
    .join("\n");
}
export function pickEnv(text: string, keys: readonly string[], target: EnvTarget): Record<string, string> {
  const all = readEnv(text, target);
  return Object.fromEntries(keys.filter((k) => k in all).map((k) => [k, all[k] as string]));
}

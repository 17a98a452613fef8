import * as dotenv from "dotenv";
export type EnvMap = Readonly<Record<string, string>>;
export type EnvTarget = "application" | "compose" | "build" | "shared";
export interface EnvProblem {
  key: string;
  reason: string;
}
export class EnvError extends Error {
  constructor(readonly problems: EnvProblem[]) {
    super(problems.map((p) => `${p.key}: ${p.reason}`).join("\n"));
  }
}
export function readEnv(text: string | null | undefined, target: EnvTarget): Record<string, string> {
  const map = dotenv.parse(text ?? "");
  return target === "application"
    ? Object.fromEntries(
        Object.entries(map).map(([k, v]) => [
          k,
          v.replace(/\{\{"((?:[{$]|\\x24)*\{\{)"\}\}/g, (_, m: string) => m.replace(/\\x24/g, "$")),
        ]),
      )
    : map;
}
const REFERENCE = /\$\{\{[^{}\s]+\}\}/g;
export function writeEnv(env: EnvMap, target: EnvTarget): string {
  return Object.entries(env)
    .map(([k, v]) => `${k}=${quote(target === "application" ? escape(v) : v)}`)
    .join("\n");
}
function escape(v: string): string {
  const parts = v.split(REFERENCE);
  const refs = v.match(REFERENCE) ?? [];
  return parts
    .map((p, i) => p.replace(/[{$]*\{\{/g, (m) => `{{"${m.replace(/\$/g, "\\x24")}"}}`) + (refs[i] ?? ""))
    .join("");
}
function quote(v: string): string {
  if (!/[\n\r#]/.test(v) && v === v.trim() && !/^['"`]/.test(v)) return v;
  if (!/[\r']/.test(v) && !v.endsWith("\\")) return `'${v}'`;
  if (!/[\r`]/.test(v) && !v.endsWith("\\")) return `\`${v}\``;
  return `"${v.replace(/\r/g, "\\r")}"`;
}
export function checkEnv(
  env: EnvMap,
  _target: EnvTarget,
  options: { unknownKeys?: readonly string[]; foreignKeys?: "unknown" } = {},
): EnvProblem[] {
  const out: EnvProblem[] = [];
  for (const [key, value] of Object.entries(env)) {
    if (!/^[\w.-]+$/.test(key)) out.push({ key, reason: "is not a name" });
    for (const [, name = ""] of value.matchAll(/\$\{\{([^}]*)\}\}/g))
      if (!name.includes(".") && !(name in env) && !options.foreignKeys)
        out.push({ key, reason: `refers to \${{${name}}}, which is not there` });
  }
  return out;
}
export function equalEnv(a: EnvMap, b: EnvMap): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([k, v]) => b[k] === v);
}

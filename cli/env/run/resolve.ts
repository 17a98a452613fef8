import { referencesOf, resolveVariables, toRaw } from "../../../provider/env";
import type { Host, Value } from "../diff/model";

/** Variables of a service as its containers would get them. */
export interface ServiceVariables {
  readonly values: ReadonlyMap<string, string>;
  /** Reasons why the others have no value, by key. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Shared variables that references mean; undefined where no file has them. */
export interface SharedHosts {
  readonly project: Host | undefined;
  readonly environment: Host | undefined;
}

/** The target that passes on every text that is not a reference. */
const target = "application";

/** Resolves the references of a service as Dokploy does. */
export function serviceVariables({ variables, owned }: Host, shared: SharedHosts): ServiceVariables {
  const own = new Map([...variables].filter(([key]) => owned?.has(key) ?? true));
  const raw = new Map([...own].map(([key, value]) => [key, convert(value, (text) => toRaw(text, target))]));
  const texts = [own, shared.project?.variables, shared.environment?.variables].flatMap((values) => [
    ...(values?.values() ?? []),
  ]);
  const { env, problems } = resolveVariables(raw, target, {
    project: valuesFor("project", texts, shared.project),
    environment: valuesFor("environment", texts, shared.environment),
  });
  const missing = new Map(problems.map(({ key, reason }) => [key, reason]));
  const values = new Map<string, string>();
  for (const [key, value] of own) {
    const text = Object.hasOwn(env, key) ? env[key] : undefined;
    if (text !== undefined && !missing.has(key)) values.set(key, text);
    else if (!missing.has(key)) missing.set(key, reasonFor(value, own, shared));
  }
  return { values, missing };
}

function convert(value: Value, change: (text: string) => string): string | undefined {
  return value.kind === "known" ? change(value.text) : undefined;
}

/** Returns the shared variables of a kind; those that texts refer to and no file has are unknown. */
function valuesFor(
  kind: "project" | "environment",
  texts: readonly Value[],
  host: Host | undefined,
): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const value of texts)
    if (value.kind === "known")
      for (const reference of referencesOf(value.text))
        if (reference.kind === kind) values.set(reference.name, undefined);
  for (const [key, value] of host?.variables ?? [])
    values.set(
      key,
      convert(value, (text) => text),
    );
  return values;
}

/** Says why a variable has no value, without the value. */
function reasonFor(value: Value, own: ReadonlyMap<string, Value>, shared: SharedHosts): string {
  if (value.kind === "unknown") return value.why;
  for (const reference of referencesOf(value.text)) {
    if (reference.kind === "malformed") continue;
    if (reference.kind === "vault") return "refers to a vault, which only Dokploy reads";
    const { kind, name } = reference;
    const shown = kind === "own" ? name : `${kind}.${name}`;
    const found = (kind === "own" ? own : shared[kind]?.variables)?.get(name);
    if (found === undefined) return `refers to \${{${shown}}}, which has no value in any file`;
    if (found.kind === "unknown") return `refers to \${{${shown}}}: ${found.why}`;
  }
  return "refers to a shared variable that itself refers to one without a value";
}

/** Environment variables as a map, and the text in which Dokploy stores them. */
import { UserError } from "../errors";
import { selfReference } from "./chains";
import { type EnvDialect, isAdded, isSwarm } from "./dialects";
import { encodeValue, parse } from "./dotenv";
import { isEnvKey } from "./keys";
import { MAX_INSERTED, TAKES_IN_TOO_MUCH, textProblems, variableSizeProblem } from "./limits";
import type { EnvMap, EnvProblem } from "./model";
import { keyProblems, valueWarnings } from "./names";
import { arrivalOf, fromRaw, LOST_IN_STACK, spoiled, toRaw } from "./quoting";
import {
  classify,
  hasOpenVault,
  hasReference,
  type Reference,
  referencesOf,
  replaceReferences,
} from "./references";
import { isLostInStack } from "./swarm";

export type { EnvDialect } from "./dialects";
export { otherLines } from "./lines";
export type { EnvMap, EnvProblem } from "./model";

/** A map that cannot be written as a text. The message lists each problem on a separate line. */
export class EnvError extends UserError {
  override readonly name = "EnvError";

  constructor(readonly problems: readonly EnvProblem[]) {
    super(
      problems.map(({ key, reason }) => (key === "" ? `the text ${reason}` : `${key} ${reason}`)).join("\n"),
    );
  }
}

/** Options of {@link checkEnv}. */
export interface CheckOptions {
  /** Keys whose value is not known yet: references to them are valid. */
  readonly unknownKeys?: readonly string[];
  /** `"unknown"`: the text may contain other keys than the map, so a reference to a missing key is valid. */
  readonly foreignKeys?: "unknown";
}

/**
 * Reads a text as Dokploy does, with dotenv 16.4.5, and reverses `writeEnv` for the target. A value that was written
 * by hand and does not arrive unchanged is returned with a note, so that it equals no value of a program; for
 * `application` it is returned unchanged. Lines that dotenv ignores are ignored, and so is `__proto__`, which
 * Dokploy loses.
 *
 * @example readEnv("A=1 # note\nB='x y'", "compose") // { A: "1", B: "x y" }
 */
export function readEnv(text: string | null | undefined, target: EnvDialect): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [key, value] of parse(text ?? "")) {
    if (key !== "__proto__") env[key] = fromRaw(value, target);
  }
  return env;
}

/**
 * Writes a map so that `readEnv` returns it: one line per key, in the map's order (a value with line breaks takes
 * several lines). Throws `EnvError` if `checkEnv` finds a problem with anything but a reference.
 *
 * @example writeEnv({ A: "x#y", B: "1" }, "compose") // "A='x#y'\nB=1"
 */
export function writeEnv(env: EnvMap, target: EnvDialect): string {
  const { text, problems } = write(env, target, {});
  refuseUnwritable(problems);
  return text;
}

/** Returns the reasons why this map cannot be written, or would make the deployment that uses it fail. */
export function checkEnv(env: EnvMap, target: EnvDialect, options: CheckOptions = {}): EnvProblem[] {
  return write(env, target, options).problems;
}

/** @throws EnvError with the problems that prevent writing */
export function refuseUnwritable(problems: readonly EnvProblem[]): void {
  const unwritable = problems.filter(({ reference, warning }) => !reference && !warning);
  if (unwritable.length > 0) throw new EnvError(unwritable);
}

/** True when two maps contain the same variables, in any order. */
export function equalEnv(a: EnvMap, b: EnvMap): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  );
}

function write(
  env: EnvMap,
  target: EnvDialect,
  options: CheckOptions,
): { text: string; problems: EnvProblem[] } {
  const problems: EnvProblem[] = [];
  const lines: string[] = [];
  const map = new ReferredMap(env, options.unknownKeys);
  for (const key of options.unknownKeys ?? []) problems.push(...keyProblems(key, target));
  for (const key of Object.keys(env)) {
    const value = env[key] ?? "";
    const named = keyProblems(key, target);
    problems.push(...named);
    if (named.some(({ warning }) => !warning)) continue;
    const encoded = encodeValue(toRaw(value, target));
    if (encoded === undefined) problems.push({ key, reason: unwritable(value, target) });
    else lines.push(`${key}=${encoded}`);
    problems.push(...valueProblems(key, value, map, target, options));
  }
  if (map.room < 0) problems.push({ key: "", reason: TAKES_IN_TOO_MUCH });
  const text = lines.join("\n");
  problems.push(...textProblems(text, target));
  return { text, problems };
}

function unwritable(value: string, target: EnvDialect): string {
  const escaped = isSwarm(target) && value.includes("{{") ? " (and {{ adds double quotes)" : "";
  return (
    "has a value that cannot be written as dotenv: no kind of quote fits its mix of quotes, CR, \\n or \\r as text " +
    `and a backslash at the end${escaped}. Encode it, for example in base64, or use a file mount`
  );
}

function valueProblems(
  key: string,
  value: string,
  map: ReferredMap,
  target: EnvDialect,
  options: CheckOptions,
): EnvProblem[] {
  const reasons: string[] = [];
  if (value.includes("\0")) {
    reasons.push(
      "contains a NUL character, which no environment variable can hold; encode it, for example in base64",
    );
  }
  if (/\p{Surrogate}/u.test(value)) {
    reasons.push(
      "contains half of a character (a lone surrogate), which is lost on the way; encode binary data in base64",
    );
  }
  // Swarm's escape splits an open `${{vault.`; elsewhere Dokploy would see it.
  if (!isSwarm(target) && hasOpenVault(value)) {
    reasons.push(
      "contains ${{vault. without a proper end, so Dokploy searches for one in all the text that follows; write " +
        "${{vault.<provider>.<reference>}} on one line, without braces in the reference",
    );
  }
  const references = referencesOf(value);
  const unresolved = references.flatMap(
    (reference) => referenceProblem(key, reference, map, target, options) ?? [],
  );
  const problems: EnvProblem[] = [
    ...reasons.map((reason) => ({ key, reason })),
    ...[...new Set(unresolved)].map((reason) => ({ key, reason, reference: true as const })),
  ];
  problems.push(...valueWarnings(key, value, target));
  if (problems.some(({ warning }) => !warning)) {
    problems.push(...variableSizeProblem(key, value, target));
    return problems;
  }
  if (!map.hasRoomFor(references)) return problems;
  const seen = insertOwn(value, map, (inserted) => inserted);
  const inserted = insertOwn(toRaw(value, target), map, (other) => toRaw(other, target));
  const arrival = arrivalOf(inserted, target);
  if (target === "stack" && isLostInStack(inserted)) problems.push({ key, reason: LOST_IN_STACK });
  else if (typeof arrival === "string" || arrival.text !== seen) {
    problems.push({ key, reason: spoiled(target, seen, references.length > 0) });
  }
  problems.push(...variableSizeProblem(key, seen, target));
  return problems;
}

function referenceProblem(
  key: string,
  reference: Reference,
  map: ReferredMap,
  target: EnvDialect,
  { foreignKeys }: CheckOptions,
): string | undefined {
  const exists = (name: string) => map.has(name) || map.isUnknown(name);
  if (reference.kind === "malformed") {
    const { meant } = reference;
    const isVariable = meant !== undefined && (meant.kind !== "own" || exists(meant.name));
    // Swarm's escape passes any other `${{…}}` as text.
    if (isSwarm(target) && !isVariable) return undefined;
    if (meant !== undefined) {
      const written = meant.kind === "own" ? meant.name : `${meant.kind}.${meant.name}`;
      return `contains a reference with spaces, so the deployment fails; write \${{${written}}}`;
    }
    return (
      "contains ${{…}} that is not a reference, so the deployment fails; write ${{NAME}}, ${{project.NAME}}, " +
      "${{environment.NAME}} or ${{vault.<provider>.<reference>}}"
    );
  }
  if (target === "shared") {
    // A service looks up the rest among its own keys, which are not known here.
    if (reference.kind !== "project") return undefined;
    return (
      "refers to a variable of the project, which shared variables cannot do: a deployment that uses it " +
      "fails; put the reference into the service instead"
    );
  }
  if (reference.kind !== "own") return undefined;
  const { name } = reference;
  if (map.has(name)) {
    if (!isSwarm(target) || !map.refers(name)) return undefined;
    if (name === key) return selfReference(name);
    return (
      `refers to ${name}, which contains a reference too: Dokploy resolves only one, and Swarm fails on the other; ` +
      `write the reference of ${name} here`
    );
  }
  if (isAdded(name, target)) return undefined;
  if (isEnvKey(name) && (foreignKeys === "unknown" || exists(name))) return undefined;
  return (
    `refers to ${name}, which does not exist here, so the deployment fails; add it, or write ` +
    `\${{project.${name}}} or \${{environment.${name}}} if it is set there`
  );
}

/** Returns the value after secrets are inserted, which happens first; each secret counts as one letter. */
function withoutVaults(value: string): string {
  return replaceReferences(value, (body, whole) => (classify(body).kind === "vault" ? "x" : whole));
}

/** The map as its values refer to it: each value is examined once, however often it is referred to. */
class ReferredMap {
  /** Number of characters that references may still insert. */
  room = MAX_INSERTED;
  private readonly unknown: ReadonlySet<string>;
  private readonly seen = new Map<string, { inserted: string; refers: boolean }>();

  constructor(
    private readonly env: EnvMap,
    unknownKeys: readonly string[] = [],
  ) {
    this.unknown = new Set(unknownKeys);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.env, name);
  }

  isUnknown(name: string): boolean {
    return this.unknown.has(name);
  }

  /** Returns the text that is inserted for a reference to the name. */
  inserted(name: string): string {
    return this.look(name).inserted;
  }

  /** True when the inserted text contains a reference. */
  refers(name: string): boolean {
    return this.look(name).refers;
  }

  hasRoomFor(references: readonly Reference[]): boolean {
    for (const reference of references) {
      if (reference.kind === "own" && this.has(reference.name))
        this.room -= this.inserted(reference.name).length;
    }
    return this.room >= 0;
  }

  private look(name: string): { inserted: string; refers: boolean } {
    let found = this.seen.get(name);
    if (found === undefined) {
      const inserted = withoutVaults(this.env[name] ?? "");
      found = { inserted, refers: hasReference(inserted) };
      this.seen.set(name, found);
    }
    return found;
  }
}

/** Inserts the map's values for references to its keys; an unknown value counts as one letter. */
function insertOwn(value: string, map: ReferredMap, convert: (inserted: string) => string): string {
  return replaceReferences(value, (body, match) => {
    const reference = classify(body);
    if (reference.kind === "malformed") return match;
    return reference.kind === "own" && map.has(reference.name) ? convert(map.inserted(reference.name)) : "x";
  });
}

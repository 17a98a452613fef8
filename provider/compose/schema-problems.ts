import type { ErrorObject } from "ajv";
import { quoted } from "./subject";

/** More of them say no more. */
const maxErrors = 500;

export type Path = readonly string[];

/** What a schema has against a file. */
export interface Problem {
  at: Path;
  /** The key of the mapping there that it is about. */
  key: string | undefined;
  reason: string;
  /** Set when the key is unknown: those that are known in its place. */
  known?: readonly string[];
  /** Set when the value is of the wrong type altogether. */
  types?: string[];
  /** Set when nothing should be said, but the value shows which form was meant. */
  forgiven?: boolean;
}

/**
 * The validator tells for a union of forms what speaks against each of them, then that none fits. Of those, the
 * complaints about the form that the value has are kept; where it has none of them, one that names all.
 */
export function problemsOf(
  errors: readonly ErrorObject[],
  forgives: (problem: Problem, error: ErrorObject) => boolean,
): Problem[] {
  let problems: Problem[] = [];
  // Of a file that is wrong throughout, the first mistakes will do.
  for (const error of errors.slice(0, maxErrors)) {
    const at = pathOf(error.instancePath);
    if (error.keyword !== "oneOf" && error.keyword !== "anyOf") {
      const problem = explain(error, at);
      problems.push(forgives(problem, error) ? { ...problem, forgiven: true } : problem);
      continue;
    }
    const inside = problems.filter((problem) => startsWith(problem.at, at));
    problems = problems.filter((problem) => !startsWith(problem.at, at));
    const ofItsForm = inside.filter(
      ({ at: where, types }) => types === undefined || where.length > at.length,
    );
    const types = [...new Set(inside.flatMap((problem) => problem.types ?? []))];
    if (ofItsForm.length > 0) problems.push(...ofItsForm);
    else if (types.length > 0) problems.push(wrongType(at, types));
    else problems.push({ at, key: undefined, reason: "has none of the forms that it may have" });
  }
  const seen = new Set<string>();
  return problems.filter(({ at, key, reason, forgiven }) => {
    if (forgiven) return false;
    const id = JSON.stringify([at, key, reason]);
    return !seen.has(id) && seen.add(id);
  });
}

/** The patterns of the schema in words, by the key whose value they are about. */
const forms: Readonly<Record<string, string>> = {
  container_name:
    "must begin with a letter or a digit, and go on with at least one more letter, digit or _ . -",
  pull_policy:
    "must be always, never, build, missing, if_not_present, refresh, daily, weekly, or every_ and a time such as every_12h",
};

function explain(error: ErrorObject, at: Path): Problem {
  const params = error.params as Readonly<Record<string, unknown>>;
  const problem = (reason: string, key?: string): Problem => ({ at, key, reason });
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const known = Object.keys((error.parentSchema?.["properties"] as object | undefined) ?? {});
      if (known.length > 0)
        return { ...problem(`has a key ${quoted(key)}, which Compose does not know`, key), known };
      const what = at.length === 1 && at[0] === "services" ? "service" : "key";
      return problem(`has a ${what} ${quoted(key)}: a name has letters, digits and . _ - only`, key);
    }
    case "type":
      return wrongType(at, [params["type"]].flat().map(String));
    case "required":
      return problem(`has no ${String(params["missingProperty"])}`);
    case "enum":
      return problem(`must be one of ${(params["allowedValues"] as unknown[]).map(String).join(", ")}`);
    case "uniqueItems":
      return { at: [...at, String(params["i"])], key: undefined, reason: "stands in the list twice" };
    case "pattern":
      return problem(forms[at.at(-1) ?? ""] ?? `must match ${String(params["pattern"])}`);
    case "format":
      return problem("needs a unit, such as 30s");
    default:
      return problem(error.message ?? "is not what Compose takes");
  }
}

const nouns: Readonly<Record<string, string>> = {
  array: "a list",
  object: "a mapping",
  string: "a text",
  boolean: "true or false",
  integer: "a whole number",
  number: "a number",
};

function wrongType(at: Path, types: string[]): Problem {
  const known = types.flatMap((type) => nouns[type] ?? []);
  const last = known.pop();
  const list = known.length > 0 ? `${known.join(", ")} or ${last}` : (last ?? "empty");
  return { at, key: undefined, reason: `must be ${list}`, types };
}

function pathOf(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((part, index) => path[index] === part);
}

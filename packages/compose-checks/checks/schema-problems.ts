import type { ErrorObject } from "ajv";
import { quoted } from "./subject";

/** Further errors add nothing. */
const maxErrors = 500;

export type Path = readonly string[];

/** A violation of a schema. */
export interface Problem {
  at: Path;
  /** The key at that position that it is about. */
  key: string | undefined;
  reason: string;
  /** Set when the key is unknown: the keys that the schema knows in its place. */
  known?: readonly string[];
  /** Set when the value has a type that the schema does not allow. */
  types?: string[];
  /** True when it is not reported, and only shows which form of a union was meant. */
  tolerated?: boolean;
}

/**
 * Reduces the errors of a schema to those worth reporting. For a union of forms, the validator reports the mistakes
 * against each form, and then that none matches. This keeps the mistakes against the form that the value has; if none
 * has that form, it keeps one error that names all forms.
 */
export function problemsOf(
  errors: readonly ErrorObject[],
  isTolerated: (problem: Problem, error: ErrorObject) => boolean,
): Problem[] {
  let problems: Problem[] = [];
  // For a file that is wrong throughout, the first mistakes are enough.
  for (const error of errors.slice(0, maxErrors)) {
    const at = pathOf(error.instancePath);
    if (error.keyword !== "oneOf" && error.keyword !== "anyOf") {
      const problem = explain(error, at);
      problems.push(isTolerated(problem, error) ? { ...problem, tolerated: true } : problem);
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
    else problems.push({ at, key: undefined, reason: "matches none of the allowed forms" });
  }
  const seen = new Set<string>();
  return problems.filter(({ at, key, reason, tolerated }) => {
    if (tolerated) return false;
    const id = JSON.stringify([at, key, reason]);
    return !seen.has(id) && seen.add(id);
  });
}

/** Descriptions of the schema's patterns, by the key whose value they check. */
const forms: Readonly<Record<string, string>> = {
  container_name:
    "must begin with a letter or a digit, with at least one more letter, digit or _ . - after it",
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
      return problem(`has a ${what} ${quoted(key)}: a name may have only letters, digits and . _ -`, key);
    }
    case "type":
      return wrongType(at, [params["type"]].flat().map(String));
    case "required":
      return problem(`has no ${String(params["missingProperty"])}`);
    case "enum":
      return problem(`must be one of ${(params["allowedValues"] as unknown[]).map(String).join(", ")}`);
    case "uniqueItems":
      return { at: [...at, String(params["i"])], key: undefined, reason: "is in the list twice" };
    case "pattern":
      return problem(forms[at.at(-1) ?? ""] ?? `must match ${String(params["pattern"])}`);
    case "format":
      return problem("needs a unit, such as 30s");
    case "minLength":
      return problem("is empty");
    default:
      return problem(error.message ?? "is not a value that Compose accepts");
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

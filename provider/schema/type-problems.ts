import type { z } from "zod";
import { inWords, meantBy } from "../../packages/text";
import { containsUnknown, isRecord, isUnknown, type Values, valueAt } from "../../packages/values";

/** A problem with the type of one value, in words and without the value. */
export interface TypeProblem {
  /** Path of the value, e.g. `["source", "image"]`. */
  path: PropertyKey[];
  reason: string;
}

/**
 * Returns a path as Pulumi's plans show it: `source.image`, `domains["shop.example.com/"].port`. An entry that is
 * named by its position in the program's list is shown with it: `domains[0]`.
 */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => {
      const name = String(step);
      if (/^\[\d+\]$/.test(name)) return name;
      if (!/^[\w$-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
      return at === 0 ? name : `.${name}`;
    })
    .join("");
}

/** Checks for wrong types, unknown fields and missing fields. Unknown values count as valid. */
export function typeProblems(kind: string, schema: z.ZodType, inputs: Values): TypeProblem[] {
  const parsed = schema.safeParse(inputs, { error: noteKnown });
  if (parsed.success) return [];
  const issues = flatten(parsed.error.issues, inputs);
  return issues.filter(isLimitOfItsOwn).flatMap((issue) => explain(kind, issue, inputs, issues));
}

/** Adds the known keys to an issue with an unknown key, because an issue does not contain its schema. */
function noteKnown(issue: z.core.$ZodRawIssue): undefined {
  if (issue.code !== "unrecognized_keys") return;
  // A map whose keys are words that the schema knows has no shape.
  const { shape = {} } = (issue.inst as z.core.$ZodObject)._zod.def;
  issue["known"] = Object.keys(shape);
}

/**
 * False for the second issue about a number that is too large for an integer, if the limit of its field is exceeded
 * too.
 */
function isLimitOfItsOwn(issue: z.core.$ZodIssue, _: number, all: readonly z.core.$ZodIssue[]): boolean {
  if (!("origin" in issue) || issue.origin !== "int") return true;
  return !all.some(
    (other) => other !== issue && other.code === issue.code && other.path.join() === issue.path.join(),
  );
}

/** Returns the paths of inputs that hold a text where the schema accepts no text at all. */
export function textMisfits(schema: z.ZodType, inputs: Values): PropertyKey[][] {
  const parsed = schema.safeParse(inputs);
  if (parsed.success) return [];
  return flatten(parsed.error.issues, inputs)
    .filter((issue) => takesNoText(issue) && typeof valueAt(inputs, issue.path) === "string")
    .map(({ path }) => path);
}

function takesNoText(issue: z.core.$ZodIssue): boolean {
  if (issue.code === "invalid_type") return true;
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return false;
  return issue.errors.every((branch) =>
    branch.some((inner) => inner.path.length === 0 && takesNoText(inner)),
  );
}

/** Reduces the issues of a failed union to those about the shape that is nearest to the value. */
function flatten(issues: readonly z.core.$ZodIssue[], inputs: Values): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
    const shapes = issue.errors.map((errors) => errors.filter((inner) => isKnown(issue, inner, inputs)));
    // One of the shapes may match when all values are known.
    if (shapes.some((errors) => errors.length === 0)) return [];
    const value = valueAt(inputs, issue.path);
    if (issue.message !== "Invalid input" && !(isRecord(value) && Object.keys(value).length === 1))
      return [issue];
    const nearest = shapes
      .filter((errors) =>
        errors.every((inner) => inner.path.length > 0 || inner.code === "unrecognized_keys"),
      )
      .sort((a, b) => a.length - b.length)[0];
    if (!nearest) return [issue];
    return flatten(
      nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
      inputs,
    );
  });
}

/** True when an issue of one shape of a union is an error regardless of the unknown values. */
function isKnown(union: z.core.$ZodIssue, inner: z.core.$ZodIssue, inputs: Values): boolean {
  const value = valueAt(inputs, [...union.path, ...inner.path]);
  return !isUnknown(value) && !(inner.code === "invalid_union" && containsUnknown(value));
}

function explain(
  kind: string,
  issue: z.core.$ZodIssue,
  inputs: Values,
  all: readonly z.core.$ZodIssue[],
): TypeProblem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const parent = valueAt(inputs, issue.path);
    const tag = isRecord(parent) && typeof parent["type"] === "string" ? ` of type "${parent["type"]}"` : "";
    const owner =
      issue.path.length === 0 ? `${/^[aeiou]/i.test(kind) ? "an" : "a"} ${kind}` : `${pathText(path)}${tag}`;
    const { known = [] } = issue as { known?: readonly string[] };
    const missing = all.flatMap((other) => missingField(other, path, inputs));
    // With other fields that are right, it is the object that is meant, and not another one of a union.
    const isSure = isRecord(parent) && Object.keys(parent).length > issue.keys.length;
    const isPair = isSure && tag === "" && issue.keys.length === 1 && missing.length === 1;
    return issue.keys.map((key) => {
      const meant = meantBy(key, known) ?? (isPair ? missing[0] : undefined);
      const advice = meant === undefined ? "" : `: did you mean ${meant}?`;
      return { path: [...path, key], reason: `is not an input of ${owner}${advice}` };
    });
  }
  const value = valueAt(inputs, issue.path);
  return isUnknown(value) ? [] : [{ path, reason: reasonOf(issue, value) }];
}

/** Returns the field that an issue is about, if the object at a path lacks it. */
function missingField(issue: z.core.$ZodIssue, path: readonly PropertyKey[], inputs: Values): string[] {
  const [field, ...parent] = [...issue.path].reverse();
  const isHere = parent.reverse().join("\0") === path.join("\0");
  return isHere && typeof field === "string" && valueAt(inputs, issue.path) === undefined ? [field] : [];
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined) return "is missing";
  if (value === null) return "must not be null: leave it out instead";
  switch (issue.code) {
    case "invalid_type": {
      const { expected } = issue;
      if (typeof value !== "number") return `must be ${nounOf(expected)}, not ${nounOf(typeOf(value))}`;
      if (!Number.isFinite(value))
        return `must be ${["number", "int"].includes(expected) ? "a finite number" : nounOf(expected)}`;
      return expected === "int" ? "must be a whole number" : `must be ${nounOf(expected)}, not a number`;
    }
    case "invalid_value":
      return `must be one of ${issue.values.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
    case "invalid_union": {
      const [, expected] = /^Invalid discriminator value\. Expected (.*)$/.exec(issue.message) ?? [];
      if (expected !== undefined)
        return `must be one of ${expected.replaceAll("'", '"').replaceAll(" | ", ", ")}`;
      if (issue.message !== "Invalid input") return issue.message;
      if ("options" in issue && Array.isArray(issue.options))
        return `matches none of the allowed forms (${issue.options.join(", ")})`;
      const forms = [...new Set(issue.errors.flatMap((errors) => errors.flatMap(formOf)))];
      // A form of the right type has another mistake inside, which is not about the type.
      if (forms.length === 0 || forms.includes(nounOf(typeOf(value))))
        return "matches none of the allowed forms";
      return `must be ${inWords(forms, "or")}, not ${nounOf(typeOf(value))}`;
    }
    case "too_small":
      if (issue.origin === "string") return "must not be empty";
      if (isNumber(issue.origin))
        return `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
      break;
    case "too_big":
      if (issue.origin === "string") return `must have at most ${issue.maximum} characters`;
      if (isNumber(issue.origin)) return `must be at most ${issue.maximum}`;
  }
  return lowerFirst(issue.message);
}

/** Returns the form that a member of a union has, from the issue about a value of another type. */
function formOf(issue: z.core.$ZodIssue): string[] {
  if (issue.path.length > 0) return [];
  if (issue.code === "invalid_type") return [nounOf(issue.expected)];
  return issue.code === "invalid_value" ? issue.values.map((value) => JSON.stringify(value)) : [];
}

function isNumber(origin: string): boolean {
  return origin === "number" || origin === "int";
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}

/** Returns a noun for a type. */
function nounOf(type: string): string {
  const words: Readonly<Record<string, string>> = {
    array: "a list",
    object: "an object",
    record: "a map",
  };
  return words[type] ?? `a ${type}`;
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

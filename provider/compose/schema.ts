import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import type { Node } from "./document";
import { hasVariable } from "./interpolation";
import { quoted, type Subject } from "./subject";

/** More of them say no more: most files have one mistake. */
const maxFindings = 10;
const maxErrors = 500;

/**
 * The Compose Specification, by its JSON schema. Compose checks with the same schema, after it has put in the variables:
 * so a value with a variable in it is taken as right.
 */
export function checkSchema({ root, started, report }: Subject): void {
  const validate = composeSpecification();
  if (!validate(plain(root))) {
    const problems = reduce(validate.errors ?? []).filter(({ at }) => !isVariable(nodeAt(root, at)));
    for (const { at, key, reason } of problems.slice(0, maxFindings)) {
      const node = nodeAt(root, at);
      const place = key !== undefined && node?.kind === "map" ? (node.entries.get(key) ?? node) : node;
      report("schema", place ?? root, `${named(at)} ${reason}`);
    }
  }
  if (!root.entries.has("include") && isEmpty(root.entries.get("services")?.value)) {
    report("schema", root, "the file defines no services");
  }
  for (const { name, offset, node } of started) {
    const has = (key: string) => node.entries.has(key);
    if (!has("image") && !has("build") && !has("extends") && !has("provider")) {
      report("schema", { offset }, `service ${quoted(name)} has neither image nor build`);
    }
  }
}

function isEmpty(node: Node | undefined): boolean {
  if (node === undefined) return true;
  return node.kind === "map" ? node.entries.size === 0 : node.kind === "scalar" && node.value === null;
}

let compiled: ValidateFunction | undefined;

function composeSpecification(): ValidateFunction {
  if (compiled) return compiled;
  const folder = dirname(require.resolve("dclint/package.json"));
  const schema = JSON.parse(readFileSync(join(folder, "schemas", "compose.schema.json"), "utf8"));
  // It names its draft with https, which is not the draft's name.
  const { $schema: _draft, ...rest } = schema;
  compiled = new Ajv({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
    // It is used a few times in a run: what takes longest is to compile it.
    code: { optimize: false },
    inlineRefs: false,
    validateSchema: false,
    meta: false,
  }).compile(rest);
  return compiled;
}

function plain(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key, plain(value)]));
}

type Path = readonly string[];

interface Problem {
  at: Path;
  /** The key of the mapping there that it is about. */
  key: string | undefined;
  reason: string;
  /** Set when the value is of the wrong type altogether. */
  types?: string[];
}

/**
 * The validator tells for a union of forms what speaks against each of them, then that none fits. Of those, the
 * complaints about the form that the value has are kept; where it has none of them, one that names all.
 */
function reduce(errors: readonly ErrorObject[]): Problem[] {
  let problems: Problem[] = [];
  // Of a file that is wrong throughout, the first mistakes will do.
  for (const error of errors.slice(0, maxErrors)) {
    const at = pathOf(error.instancePath);
    if (error.keyword !== "oneOf" && error.keyword !== "anyOf") {
      problems.push(explain(error, at));
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
  return problems.filter(({ at, key, reason }) => {
    const id = JSON.stringify([at, key, reason]);
    return !seen.has(id) && seen.add(id);
  });
}

function explain(error: ErrorObject, at: Path): Problem {
  const params = error.params as Readonly<Record<string, unknown>>;
  const problem = (reason: string, key?: string): Problem => ({ at, key, reason });
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const named = quoted(key);
      if (at.length === 1 && at[0] === "services") {
        return problem(`has a service ${named}: a name has letters, digits and . _ - only`, key);
      }
      return problem(`has a key ${named}, which Compose does not know`, key);
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
      return problem("has not the form that Compose takes");
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

function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const part of path) {
    if (node?.kind === "map") node = node.entries.get(part)?.value;
    else if (node?.kind === "list") node = node.items[Number(part)];
    else return undefined;
  }
  return node;
}

function isVariable(node: Node | undefined): boolean {
  return node?.kind === "scalar" && typeof node.value === "string" && hasVariable(node.text);
}

/** `service "web", ports` for services.web.ports; entries of lists count from 1. */
function named(path: Path): string {
  const [first, second, ...rest] = path;
  if (first === undefined) return "the file";
  const kinds: Readonly<Record<string, string>> = {
    services: "service",
    volumes: "volume",
    networks: "network",
    secrets: "secret",
    configs: "config",
  };
  const kind = kinds[first];
  const start =
    kind !== undefined && second !== undefined
      ? [`${kind} ${quoted(second)}`]
      : [safe(first), ...(second === undefined ? [] : [step(second)])];
  return [...start, ...rest.map(step)].join(", ");
}

function step(part: string): string {
  return /^\d+$/.test(part) ? `entry ${Number(part) + 1}` : safe(part);
}

function safe(part: string): string {
  return /^[\w.-]{1,80}$/.test(part) ? part : "…";
}

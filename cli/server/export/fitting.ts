import { visible } from "../../../packages/text";
import { isRecord, type Values } from "../../../packages/values";
import { Mask } from "../../../provider/env";
import type { Problem } from "../../../provider/errors";
import type { Context } from "../../../provider/lifecycle";
import { Mapping, type Path, pathText, put, typeProblems, variableProblems } from "../../../provider/schema";
import { inputNames } from "../../../sdk/run";
import { type Item, keyOf } from "./item";
import type { SecretFinder } from "./secret-finder";
import { secretTextsOf } from "./secrets";

/** Placeholder for a value that Dokploy does not show. */
export const HIDDEN = "hidden";

/**
 * Leaves out the inputs that a program could not give, such as a host name in capitals, each with a note.
 *
 * @returns the item, or the reason why no resource can manage the object
 */
export function fitted(
  item: Item,
  finder: SecretFinder,
  context: Context,
): Item | { readonly reason: string } {
  const inputs = structuredClone(item.inputs) as Record<string, unknown>;
  const mask = new Mask(secretTextsOf(item, finder));
  const notes = item.notes.map((note) => mask.hide(note));
  const textOf = ({ property, reason }: Problem) =>
    visible(mask.hide(property === "" ? reason : `${property} ${reason}`)).replace(/\.$/, "");
  const hidden = item.hidden.filter((path) => isRequired(item, inputs, path));
  /** Problems of the inputs that were left out, by their paths. */
  const removed = new Map<string, string>();
  for (;;) {
    const [problem] = [
      ...exposed({ ...item, inputs }, finder),
      ...problemsOf(item, withHidden(inputs, hidden), context),
    ];
    if (problem === undefined) break;
    const check = checkOf(problem, item, inputs);
    if (check !== undefined) {
      inputs["checks"] = { ...(inputs["checks"] as object | undefined), [check]: "warn" };
      notes.push(`${textOf(problem)}. This is only a warning here.`);
      continue;
    }
    const path = removable(item, inputs, problem.property);
    // An input may be needed after all: its own problem is the reason then, and not its absence.
    if (path === undefined) return { reason: withCause(removed.get(problem.property) ?? textOf(problem)) };
    put(inputs, path, undefined);
    const [name = ""] = path;
    if (isEmptyRecord(inputs[name])) put(inputs, [name], undefined);
    removed.set(path.join("."), textOf(problem));
    notes.push(`${textOf(problem)}. It is not in the program and stays as it is.`);
  }
  const isLeft = (path: Path) =>
    path.reduce<unknown>((value, step) => Object(value)[step], inputs) !== undefined;
  const secrets = item.secrets.filter(isLeft);
  return { ...item, inputs, secrets, maybeSecrets: item.maybeSecrets.filter(isLeft), hidden, notes };
}

/**
 * Returns the problems of secrets that no output can give: Pulumi shows the names of entries, and a plan names an
 * object by the inputs of its key.
 */
function exposed(item: Item, finder: SecretFinder): Problem[] {
  const keys = new Set(keysOf(item.kind));
  const inKey = item.secrets.filter(([name = "", ...inner]) => keys.has(name) && inner.length === 0);
  const inMaps = finder.keysWithin(item).map((path) => ({
    property: pathText(path.slice(0, 1)),
    reason: "has a name that holds a secret, which the program would show",
  }));
  const inNames = inKey.map((path) => ({
    property: pathText(path),
    reason: "holds a secret, which the name of the object would show",
  }));
  return [...inNames, ...inMaps];
}

/** Returns the problems that the check of the resource would report, without references to other objects. */
function problemsOf({ kind, definition, id }: Item, inputs: Values, context: Context): Problem[] {
  const types = typeProblems(kind, definition.schema, inputs).map(({ path, reason }) => ({
    property: pathText(path),
    reason,
  }));
  if (types.length > 0) return types;
  const variables = new Mapping(definition.schema)
    .envs(inputs)
    .flatMap((map) => variableProblems(map, map.sharesText))
    .filter(({ reference, warning }) => !reference && !warning);
  const named = Object.entries(inputs)
    .filter(([, value]) => isRecord(value) && Object.hasOwn(value, "toString"))
    .map(([property]) => ({ property, reason: "has the name toString, which Pulumi cannot handle" }));
  const advice = { ...context, say: context.warn };
  return [...variables, ...named, ...(definition.check?.(inputs as never, () => advice, id) ?? [])];
}

/** Returns the check of a compose file that reports a problem, if a program can make it a warning. */
function checkOf({ reason }: Problem, { definition }: Item, inputs: Values): string | undefined {
  const [, check] = /\[([a-z-]+)\]$/.exec(reason) ?? [];
  const isKnown = check !== undefined && "checks" in definition.schema.shape;
  return isKnown && Object(inputs["checks"])[check] === undefined ? check : undefined;
}

/**
 * Returns the smallest input around a problem that can be left out: a part of a list, or else a whole input. An input
 * that distinguishes the object from others, such as the path of a domain, cannot.
 */
function removable({ kind, definition }: Item, inputs: Values, property: string): Path | undefined {
  const [, name = "", bracketed, dotted] =
    /^(\w+)(?:\["((?:[^"\\]|\\.)*)"\]|\.([\w$-]+))?/.exec(property) ?? [];
  const type = definition.schema.shape[name];
  if (inputs[name] === undefined || type?.safeParse(undefined).success !== true) return undefined;
  if (keysOf(kind).includes(name)) return undefined;
  const part = bracketed === undefined ? dotted : (JSON.parse(`"${bracketed}"`) as string);
  const isPart =
    part !== undefined && type.meta()?.field?.env === undefined && Object.hasOwn(Object(inputs[name]), part);
  return isPart && isListed(inputs[name]) ? [name, part] : [name];
}

function withCause(reason: string): string {
  const isOpen = /^source\.\w+Id is missing$/.test(reason);
  return isOpen ? `${reason}: no source was ever chosen, or its git provider was deleted` : reason;
}

function keysOf(kind: Item["kind"]): string[] {
  const names = inputNames[kind];
  return "key" in names ? names.key.map(([name]) => name) : [];
}

function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}

/** True for a list of parts, which are objects by their names. */
function isListed(value: unknown): boolean {
  return Object.values(Object(value) as object).every((part) => typeof part === "object");
}

function isRequired({ kind, definition }: Item, inputs: Values, path: Path): boolean {
  const problems = typeProblems(kind, definition.schema, inputs);
  return problems.some((problem) => keyOf(problem.path) === keyOf(path));
}

function withHidden(inputs: Values, hidden: readonly Path[]): Values {
  const all = structuredClone(inputs) as Record<string, unknown>;
  for (const path of hidden) put(all, path, HIDDEN);
  return all;
}

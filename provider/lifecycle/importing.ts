import { isRecord, isUnknown, unknownValue } from "../../packages/values";
import { looksSecret } from "../env";
import { CheckFailedError, UserError } from "../errors";
import { unmarked } from "../pulumi";
import {
  at,
  compile,
  inArm,
  kindAndId,
  Mapping,
  type Path,
  put,
  type Target,
  traits,
  typeProblems,
} from "../schema";
import type { Context } from "./context";
import type { Entity, Existing } from "./entity";
import { assertImportable, targetOfId } from "./import-ids";
import { ImportSearch } from "./import-search";
import { isRemains } from "./losses";

type Values = Record<string, unknown>;

/** Object of Dokploy that no state has yet. */
export interface Imported {
  /** Inputs of the shortest program in which the object stays unchanged. */
  readonly inputs: Values;
  /** Further inputs of the object that Dokploy shows, such as those with a default: a program may give them too. */
  readonly others: Values;
  readonly outputs: object;
  /** Paths of the inputs that are secrets. */
  readonly secrets: readonly Path[];
}

/**
 * Reads an object that no state has yet, for `pulumi import`, the option `import` and `get`: reads only.
 *
 * @returns undefined when Dokploy has no such object
 * @throws UserError when the id has the wrong form, or no program can manage the object
 */
export async function readImported<Inputs extends object, Outputs extends object>(
  entity: Entity<Inputs, Outputs>,
  id: string,
  context: Context,
): Promise<Imported | undefined> {
  await assertImportable(entity, id, context);
  const reads = context.reads.snapshot();
  const quiet: Context = { ...context, reads, warn: () => {}, inform: () => {} };
  const read = async (inputs: object) => {
    const found = await entity.read(id, { inputs: inputs as Inputs, outputs: {} as Outputs }, quiet);
    return found && !isRemains(found) ? found : undefined;
  };
  const part = entity.relation === "part" ? wholePart(id) : undefined;
  const seen = await read(part ?? idsIn(entity.schema.shape));
  if (seen === undefined) return undefined;
  const surroundings = known(seen.inputs);
  const found = part
    ? withoutEmpty(entity, surroundings)
    : await listed(entity, id, new ImportSearch(reads, entity.kind, id, surroundings));
  if (found === undefined) {
    const live = (await read(everything(entity, surroundings)))?.inputs ?? {};
    const reason = await refusal(entity, id, known(live), quiet);
    throw new UserError(`The ${entity.kind} ${id} is not imported: ${reason}.`);
  }
  const asked = part ?? everything(entity, found.inputs);
  const whole = (await read(asked))?.inputs ?? {};
  const isVariable = new Set(new Mapping(entity.schema).variables());
  const isSecret = (path: Path) =>
    !isVariable.has(path.slice(0, -1).join(".")) ||
    looksSecret(path.at(-1) ?? "", String(at(found.inputs, path)));
  return {
    inputs: found.inputs as Values,
    others: othersIn(entity, found.inputs, [known(whole), known(asked)]),
    outputs: (await read(found.inputs))?.outputs ?? {},
    secrets: [...found.secrets, ...found.maybeSecrets.filter(isSecret)],
  };
}

/**
 * Returns inputs that manage everything that Dokploy shows of an object: the given ones, defaults, and unknown values
 * for all others, in whose place a read puts the object's own.
 */
function everything({ schema }: Pick<Entity<never, never>, "schema">, given: object): Values {
  const inputs: Values = structuredClone({ ...given });
  for (const leaf of compile(schema, [], undefined)) {
    const { path, column, writeOnly, reset = null, read } = leaf;
    if (column === undefined || writeOnly || !inArm(leaf, inputs) || at(inputs, path) !== undefined) continue;
    const standard = reset === null || !read ? reset : read(reset as never, {} as never);
    put(inputs, path, standard ?? unknownValue);
  }
  return inputs;
}

/**
 * Returns the object as a list of its kind has it.
 *
 * @throws UserError for another id than that of an object of which a server has only one
 */
async function listed(
  { kind, key, list }: Pick<Entity<never, never>, "kind" | "key" | "list">,
  id: string,
  tree: ImportSearch,
): Promise<Existing | undefined> {
  const all = (await list?.(tree)) ?? [];
  const [only] = key?.length === 0 ? all : [];
  if (only === undefined || only.id === id) return all.find((other) => other.id === id);
  throw new UserError(
    `The ${kind} is not imported: its id must be "${only.id}", since a server has only one.`,
  );
}

/** Returns the reason why no program can manage an object, as far as its kind gives one for an adoption. */
async function refusal<Inputs extends object>(
  { kind, schema, preflight }: Pick<Entity<Inputs, never>, "kind" | "schema" | "preflight">,
  id: string,
  inputs: Values,
  context: Context,
): Promise<string> {
  try {
    if (typeProblems(kind, schema, inputs).length === 0)
      await preflight?.(inputs as Inputs, context, { adopted: id });
  } catch (error) {
    if (error instanceof CheckFailedError) return error.problems.map(({ reason }) => reason).join("; ");
    throw error;
  }
  return "it exists, but no program can manage it";
}

/** Returns the inputs that name other objects, as unknown values. */
function idsIn(shape: object): Values {
  const names = Object.keys(shape).filter((name) => name.endsWith("Id"));
  return Object.fromEntries(names.map((name) => [name, unknownValue]));
}

/** Returns inputs that manage all variables of the target in the id of a part. */
function wholePart(id: string): Values {
  const target = targetOfId(id) as Target;
  const { texts } = traits[kindAndId(target).kind];
  return { target, ...Object.fromEntries(texts.map((name) => [name, {}])) };
}

/** Returns the inputs of a part of an object without its empty maps. */
function withoutEmpty(
  { schema }: Pick<Entity<never, never>, "schema">,
  inputs: Values,
): Omit<Existing, "id"> {
  const secrets: Path[] = [];
  const maybeSecrets: Path[] = [];
  for (const { path, env, secret } of compile(schema, [], undefined)) {
    const map = env ? at(inputs, path) : undefined;
    if (!isRecord(map)) continue;
    const keys = Object.keys(map).map((key) => [...path, key]);
    if (keys.length === 0) put(inputs, path, undefined);
    (secret === true ? secrets : maybeSecrets).push(...keys);
  }
  return { inputs, secrets, maybeSecrets, hidden: [] };
}

/** Returns the inputs that the given ones lack, each from the first source that has it. */
function othersIn(
  { schema }: Pick<Entity<never, never>, "schema">,
  given: object,
  sources: readonly Values[],
): Values {
  const others: Values = {};
  for (const { path } of compile(schema, [], undefined)) {
    if (at(given, path) !== undefined) continue;
    put(
      others,
      path,
      sources.map((source) => at(source, path)).find((value) => value !== undefined),
    );
  }
  return others;
}

/** Returns values without marks and unknown values. */
function known(values: object): Values {
  const plain = Object.entries(values).map(([name, value]) => [name, knownValue(value)] as const);
  return Object.fromEntries(plain.filter(([, value]) => value !== undefined));
}

function knownValue(value: unknown): unknown {
  const open = unmarked(value);
  if (isUnknown(open)) return undefined;
  if (Array.isArray(open)) return open.map(knownValue);
  return isRecord(open) ? known(open) : open;
}

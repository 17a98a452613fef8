import { looksSecret } from "../env/secret-looking";
import { CheckFailedError, UserError } from "../errors/problem";
import { unmarked } from "../pulumi/secret";
import { isRecord, isUnknown, unknownValue } from "../pulumi/unknown";
import { at, compile, inArm, put } from "../schema/compile";
import type { Path } from "../schema/existing";
import { kindAndId, type Target, traits } from "../schema/kinds";
import { Mapping } from "../schema/mapping";
import type { Context } from "./context";
import type { Entity, Existing } from "./entity";
import { assertImportable, targetOfId } from "./import-ids";
import { NearTree } from "./near-tree";

type Values = Record<string, unknown>;

/** Object of Dokploy that no state has yet. */
export interface Imported {
  /** Inputs of the shortest program in which the object stays unchanged. */
  readonly inputs: Values;
  /** All inputs that Dokploy shows, with defaults: a program may give any of them. */
  readonly all: Values;
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
  const read = (inputs: object) =>
    entity.read(id, { inputs: inputs as Inputs, outputs: {} as Outputs }, quiet);
  const part = entity.relation === "part" ? wholePart(id) : undefined;
  const seen = await read(part ?? idsIn(entity.schema.shape));
  if (seen === undefined) return undefined;
  const found = part
    ? withoutEmpty(entity, seen.inputs)
    : await listed(entity, id, known(seen.inputs), quiet);
  const asked = part ?? everything(entity, found.inputs);
  const whole = (await read(asked))?.inputs ?? {};
  const isVariable = new Set(new Mapping(entity.schema).variables());
  const isSecret = (path: Path) =>
    !isVariable.has(path.slice(0, -1).join(".")) ||
    looksSecret(path.at(-1) ?? "", String(at(found.inputs, path)));
  return {
    inputs: found.inputs as Values,
    all: merged(merged(known(asked), known(whole)), found.inputs) as Values,
    outputs: (await read(found.inputs))?.outputs ?? {},
    secrets: [...found.secrets, ...found.maybeSecrets.filter(isSecret)],
  };
}

/**
 * Returns inputs that manage everything that Dokploy shows of an object: the given ones, defaults, and unknown values
 * for all others, in whose place a read puts the object's own.
 */
export function everything({ schema }: Pick<Entity<never, never>, "schema">, given: object): Values {
  const inputs: Values = structuredClone({ ...given });
  for (const leaf of compile(schema, [], undefined)) {
    const { path, column, writeOnly, reset = null, read } = leaf;
    if (column === undefined || writeOnly || !inArm(leaf, inputs) || at(inputs, path) !== undefined) continue;
    const standard = reset === null || !read ? reset : read(reset as never);
    put(inputs, path, standard ?? unknownValue);
  }
  return inputs;
}

/** Returns the object as a list of its kind has it. */
async function listed<Inputs extends object, Outputs extends object>(
  entity: Entity<Inputs, Outputs>,
  id: string,
  seen: object,
  context: Context,
): Promise<Existing> {
  const all = (await entity.list?.(new NearTree(context.reads, entity.kind, id, seen))) ?? [];
  const found = all.find((other) => other.id === id);
  if (found) return found;
  const [only] = entity.key?.length === 0 ? all : [];
  if (only) throw new UserError(`The id of ${entity.kind} must be "${only.id}": a server has only one.`);
  const reason = await refusal(entity, id, seen, context);
  throw new UserError(`${entity.kind} ${id} exists, but no program can manage it${reason}.`);
}

/** Returns the reason why an object cannot be adopted, as far as its kind says it, after a colon. */
async function refusal<Inputs extends object, Outputs extends object>(
  entity: Entity<Inputs, Outputs>,
  id: string,
  seen: object,
  context: Context,
): Promise<string> {
  try {
    const live = await entity.read(
      id,
      { inputs: everything(entity, seen) as Inputs, outputs: {} as Outputs },
      context,
    );
    await entity.preflight?.(known(live?.inputs ?? {}) as Inputs, context, { adopted: id });
    return "";
  } catch (error) {
    if (error instanceof CheckFailedError)
      return `: ${error.problems.map(({ reason }) => reason).join("; ")}`;
    throw error;
  }
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
function withoutEmpty({ schema }: Pick<Entity<never, never>, "schema">, live: object): Omit<Existing, "id"> {
  const secrets: Path[] = [];
  const maybeSecrets: Path[] = [];
  const inputs = known(live);
  for (const { path, env, secret } of compile(schema, [], undefined)) {
    const map = env ? at(inputs, path) : undefined;
    if (!isRecord(map)) continue;
    const keys = Object.keys(map).map((key) => [...path, key]);
    if (keys.length === 0) put(inputs, path, undefined);
    (secret === true ? secrets : maybeSecrets).push(...keys);
  }
  return { inputs, secrets, maybeSecrets, hidden: [] };
}

/** Returns values without marks and unknown values. */
function known(values: object): Values {
  const plain = (value: unknown): unknown => {
    const open = unmarked(value);
    if (Array.isArray(open)) return open.map(plain);
    return isRecord(open) ? known(open) : open;
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (isUnknown(value) ? [] : [[name, plain(value)]])),
  );
}

/** Merges two values, of which the second one counts where both have one. */
function merged(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return other ?? one;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, merged(one[name], other[name])]));
}

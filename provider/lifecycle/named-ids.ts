import { z } from "zod";
import type { Endpoint } from "../dokploy/endpoints";
import { DokployError, type ErrorKind } from "../dokploy/errors";
import { OBJECTS, QUERIES } from "../dokploy/generated/facts";
import { NOUNS } from "../dokploy/nouns";
import type { Problem } from "../errors/problem";
import { isRecord, isUnknown } from "../pulumi/unknown";
import { isId } from "../schema/ids";
import { pathText } from "../schema/type-problems";
import type { Context } from "./context";

/** Id among inputs, with its path and the router of its object. */
interface NamedId {
  readonly path: readonly PropertyKey[];
  readonly router: string;
  readonly id: string;
}

const objects: Readonly<Partial<Record<string, { readonly id: string }>>> = OBJECTS;

/** Routers whose objects can be looked up, by the ending of inputs that name one, the longest first: `SshKeyId`. */
const routers: readonly (readonly [ending: string, router: string, column: string])[] = Object.entries(
  QUERIES,
)
  .filter(([, verbs]) => verbs.includes("one"))
  .map(([router]) => {
    const column = objects[router]?.id ?? `${router}Id`;
    return [capital(column), router, column] as const;
  })
  .sort(([a], [b]) => b.length - a.length);

const nouns: Readonly<Partial<Record<string, string>>> = NOUNS;

/**
 * Routers that refuse a caller who is not a member, even if the object does not exist. The input fails in both cases.
 */
const refusedWhenGone: ReadonlySet<string> = new Set(["organization"]);

/**
 * Errors that do not show whether the object exists: the key may not look it up, or this version of Dokploy does not
 * show it.
 */
const untold: ReadonlySet<ErrorKind> = new Set(["forbidden", "unauthorized", "unsupported-version"]);

/**
 * Looks for the objects that changed inputs name by id. Dokploy itself reports a missing one only when the change is
 * made, with words that name neither the input nor the id, or not at all.
 *
 * @param olds the former inputs; an id that they already contain is not a new mistake
 * @returns the inputs whose ids name nothing; without inputs that the kind itself checks
 */
export async function idsOfNothing(
  schema: z.ZodType,
  olds: object,
  news: object,
  changed: ReadonlySet<string>,
  { reads }: Pick<Context, "reads">,
): Promise<Problem[]> {
  const keyOf = ({ path, id }: NamedId) =>
    JSON.stringify([path.filter((step) => typeof step !== "number"), id]);
  const known = new Set(idsIn(schema, olds).map(keyOf));
  const asked = idsIn(schema, news).filter(
    (named) => changed.has(String(named.path[0])) && !known.has(keyOf(named)),
  );
  const gone = await Promise.all(asked.map(async (named) => !(await isThere(named, reads))));
  return asked.filter((_, index) => gone[index]).map(problemOf);
}

/** Finds the ids in a value whose type, or name, shows the kind of their object. */
function idsIn(type: z.ZodType, value: unknown, path: readonly PropertyKey[] = []): NamedId[] {
  const { field, isId: isOfDokploy } = type.meta() ?? {};
  if (field?.looksItself || value === undefined || isUnknown(value)) return [];
  if (type instanceof z.ZodOptional) return idsIn(type.unwrap() as z.ZodType, value, path);
  if (type instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((item, index) => idsIn(type.element as z.ZodType, item, [...path, index]));
  if (type instanceof z.ZodString && isOfDokploy) {
    const router = routerOf(String(path.findLast((step) => typeof step === "string")));
    return router !== undefined && typeof value === "string" && isId(value)
      ? [{ path, router, id: value }]
      : [];
  }
  if (!isRecord(value)) return [];
  if (type instanceof z.ZodRecord)
    return Object.entries(value).flatMap(([name, item]) =>
      idsIn(type.valueType as z.ZodType, item, [...path, name]),
    );
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape as Record<string, z.ZodType>).flatMap(([name, inner]) =>
      idsIn(inner, value[name], [...path, name]),
    );
  if (type instanceof z.ZodUnion)
    return (type.options as z.ZodType[])
      .filter((option) => isArm(option, value))
      .flatMap((option) => idsIn(option, value, path));
  return [];
}

/** True when a value may be of this member of a union: its distinguishing and its required fields are present. */
function isArm(option: z.ZodType, value: Readonly<Record<string, unknown>>): boolean {
  if (!(option instanceof z.ZodObject)) return true;
  return Object.entries(option.shape as Record<string, z.ZodType>).every(
    ([name, type]) =>
      (!(type instanceof z.ZodLiteral) || type.safeParse(value[name]).success) &&
      (value[name] !== undefined || type.safeParse(undefined).success),
  );
}

/** Returns the router of an input: `server` for `buildServerId` and `serverIds`. */
function routerOf(input: string): string | undefined {
  const name = capital(input.replace(/s$/, ""));
  return routers.find(([ending]) => name.endsWith(ending))?.[1];
}

async function isThere({ router, id }: NamedId, reads: Context["reads"]): Promise<boolean> {
  const column = routers.find(([, other]) => other === router)?.[2] ?? "";
  try {
    await reads.call(`${router}.one` as Endpoint, { [column]: id } as never);
    return true;
  } catch (error) {
    if (!(error instanceof DokployError)) throw error;
    if (error.kind === "not-found") return false;
    if (untold.has(error.kind)) return !(refusedWhenGone.has(router) && error.kind === "forbidden");
    throw error;
  }
}

function problemOf({ path, router, id }: NamedId): Problem {
  // For a list, the reason names the item.
  const property = pathText(typeof path.at(-1) === "number" ? path.slice(0, -1) : path);
  return { property, reason: `Dokploy has no ${nouns[router] ?? router} ${id} (or this key may not see it)` };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

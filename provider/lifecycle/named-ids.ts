import type { z } from "zod";
import { callAny, DokployError, type Endpoint, type ErrorKind, NOUNS, OBJECTS, QUERIES } from "../dokploy";
import type { Problem } from "../errors";
import { idValuesIn, pathText } from "../schema";
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
 * Errors that do not show whether the object exists: the key cannot look it up, or this version of Dokploy does not
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
function idsIn(schema: z.ZodType, value: object): NamedId[] {
  return idValuesIn(schema, value).flatMap(({ path, id, looksItself }) => {
    const router = routerOf(String(path.findLast((step) => typeof step === "string")));
    return looksItself || router === undefined ? [] : [{ path, router, id }];
  });
}

/** Returns the router of an input: `server` for `buildServerId` and `serverIds`. */
function routerOf(input: string): string | undefined {
  const name = capital(input.replace(/s$/, ""));
  return routers.find(([ending]) => name.endsWith(ending))?.[1];
}

async function isThere({ router, id }: NamedId, reads: Context["reads"]): Promise<boolean> {
  const column = routers.find(([, other]) => other === router)?.[2] ?? "";
  try {
    await callAny(reads, `${router}.one` as Endpoint, { [column]: id });
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
  return { property, reason: `Dokploy has no ${nouns[router] ?? router} ${id} (or this key cannot see it)` };
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

import { z } from "zod";
import type { FieldSpec } from "../../provider/schema/fields";
import { CANARY } from "./simple-data";

type Values = Record<string, unknown>;

/** Ids of what is there, by the name of the input that takes one: `environmentId`. */
export type Ids = Readonly<Record<string, string>>;

/** As Dokploy makes ids; nothing has this one. */
export const NO_ID = "PQqzqTGCVtx0St2SA3vCi";

/**
 * What a text may be: the first that the type takes is given. A type that takes none of these needs one more here, or
 * `.meta({ examples: ["…"] })` in its definition.
 */
const texts = [
  "shop",
  "shop.example.com",
  "https://shop.example.com",
  "ops@shop.example.com",
  "/shop",
  "postgres:18",
  "0 3 * * *",
  "512MiB",
  "10.0.0.0/16",
  "203.0.113.7",
  NO_ID,
];
/** Where the type alone says too little. */
const named: Readonly<Record<string, unknown>> = {
  composeFile: "services:\n  web:\n    image: acme/web:1\n",
  deploy: { waitFor: "deployed" },
  image: "acme/web:1",
};
const numbers = [8080, 5, 1, 0.5];

interface Options {
  /** Whether to give all that holds a secret, also where it may be left out. */
  readonly secrets?: boolean;
}

/**
 * Inputs that a program may give for a resource, from the types of its definition alone: all that it must give, and all that
 * holds a secret, which begins with {@link CANARY}. Where all that it must give only says which one it is, the rest too: there
 * would be nothing to do.
 */
export function generated(schema: z.ZodObject, ids: Ids, { secrets = true }: Options = {}): Values {
  const shape = Object.entries(schema.shape) as [string, z.ZodType][];
  const parents = shape.filter(([name]) => name in ids && name !== "serverId");
  // Of what may belong to several kinds, one is named.
  const [parent] = parents.filter(([, type]) => isOptional(type));
  const valuesOf = (give: (name: string, type: z.ZodType) => unknown): Values =>
    Object.fromEntries(
      shape.flatMap(([name, type]): [string, unknown][] => {
        const value = name === parent?.[0] ? ids[name] : give(name, type);
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const few = valuesOf((name, type) =>
    secrets || !isOptional(type) ? valueFor(name, type, ids) : undefined,
  );
  const isOnlyNamed = Object.keys(few).every((name) => fieldOf(schema.shape[name])?.replace === true);
  if (!isOnlyNamed) return few;
  return valuesOf((name, type) => (fieldOf(type)?.createOnly ? undefined : anyValue(name, type, ids)));
}

function fieldOf(type: unknown): FieldSpec<string> | undefined {
  return (type as z.ZodType).meta()?.field;
}

/** A value for an input, also one that may be left out; undefined where nothing is known that the type takes. */
export function anyValue(name: string, type: z.ZodType, ids: Ids): unknown {
  const inner = unwrapped(type);
  const given = valueFor(name, inner, ids) ?? (inner instanceof z.ZodObject ? oneOf(inner, ids) : undefined);
  return given !== undefined && inner.safeParse(given).success ? given : undefined;
}

/** @returns undefined for what may be left out, and holds no secret */
function valueFor(name: string, type: z.ZodType, ids: Ids): unknown {
  const inner = unwrapped(type);
  if (isOptional(type) && !holdsSecret(type)) return undefined;
  const { env, secret } = type.meta()?.field ?? inner.meta()?.field ?? {};
  if (env || (secret && inner instanceof z.ZodRecord)) return { TOKEN: `${CANARY}-${name}` };
  if (inner instanceof z.ZodRecord) return { [name]: valueFor(name, inner.valueType as z.ZodType, ids) };
  if (inner instanceof z.ZodObject) return objectOf(inner, ids);
  if (inner instanceof z.ZodDiscriminatedUnion || inner instanceof z.ZodUnion) {
    const [first] = inner.options as z.ZodType[];
    return name in named ? named[name] : first && valueFor(name, first, ids);
  }
  if (inner instanceof z.ZodLiteral) return inner.value;
  if (inner instanceof z.ZodEnum) return inner.options[0];
  if (inner instanceof z.ZodBoolean) return true;
  if (inner instanceof z.ZodArray) {
    const each = name.replace(/s$/, "");
    return [valueFor(each in ids ? each : name, inner.element as z.ZodType, ids)];
  }
  if (secret === true)
    return firstTaken(inner, [`${CANARY}-${name}`, `https://shop.example.com/${CANARY}-${name}`]);
  if (name in ids && inner.safeParse(ids[name]).success) return ids[name];
  if (name === "name") return `shop`;
  const examples = (inner.meta() as { examples?: unknown[] } | undefined)?.examples ?? [];
  return firstTaken(inner, [...examples, ...(name in named ? [named[name]] : []), ...texts, ...numbers]);
}

function objectOf(type: z.ZodObject, ids: Ids): Values | undefined {
  const entries = (Object.entries(type.shape) as [string, z.ZodType][]).flatMap(
    ([name, field]): [string, unknown][] => {
      const value = valueFor(name, field, ids);
      return value === undefined ? [] : [[name, value]];
    },
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** An object of which all may be left out, with the first that may be given. */
function oneOf({ shape }: z.ZodObject, ids: Ids): Values | undefined {
  const [first] = Object.entries(shape) as [string, z.ZodType][];
  const value = first && anyValue(...first, ids);
  return value === undefined ? undefined : { [first?.[0] ?? ""]: value };
}

function firstTaken(type: z.ZodType, candidates: readonly unknown[]): unknown {
  return candidates.find((candidate) => type.safeParse(candidate).success);
}

/** Whether anything in it is a secret by its nature, or variables. */
function holdsSecret(type: z.ZodType): boolean {
  const { env, secret } = type.meta()?.field ?? {};
  if (env || secret === true) return true;
  const inner = unwrapped(type);
  if (inner !== type) return holdsSecret(inner);
  return inner instanceof z.ZodObject && (Object.values(inner.shape) as z.ZodType[]).some(holdsSecret);
}

function isOptional(type: z.ZodType): boolean {
  return type.safeParse(undefined).success;
}

function unwrapped(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
}

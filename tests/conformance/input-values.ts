import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { toColumn } from "../../provider/schema/columns";
import { at, type MappedField, put } from "../../provider/schema/compile";
import { anyValue, generated, type Ids } from "../resources/generated";

type Values = Record<string, unknown>;

/** Prefix of the id of a second object of a kind: `other environmentId`. */
export const OTHER = "other ";

/** What a text may be changed to, beyond what the type takes first. */
const texts = [
  "other",
  "dynamic/other.yml",
  "other.example.com",
  "https://other.example.com",
  "/other",
  "30 4 * * *",
  "acme/web:2",
  "#f00",
  "*.other.example.com",
  "Europe/Berlin",
  "--s3-acl=private",
  "ops@other.example.com",
];
const numbers = [9090, 7, 2, 0.25];

/** Returns the inputs in which the union of a leaf has the leaf's member. */
export function inItsArm(schema: z.ZodObject, { arm }: MappedField, given: Values, ids: Ids): Values {
  if (arm === undefined || at(given, arm.path) === arm.value) return structuredClone(given);
  const union = arm.path.slice(0, -1);
  const { type } = typeAt(schema, union);
  const tag = arm.path.at(-1) ?? "";
  const inputs = structuredClone(given);
  put(inputs, union, undefined);
  const option = optionsOf(type).find((one) => tagOf(one, tag) === arm.value);
  if (option !== undefined) put(inputs, union, generated(option, ids));
  return inputs;
}

/** Returns values that the type of an input takes, and that are neither the given one nor the default. */
export function valuesAway(schema: z.ZodObject, leaf: MappedField, given: Values, ids: Ids): unknown[] {
  const { type, isTag } = typeAt(schema, leaf.path, leaf.arm);
  const [name = ""] = leaf.path.slice(-1);
  const old = at(given, isTag ? leaf.path.slice(0, -1) : leaf.path);
  if (isTag)
    return optionsOf(type)
      .filter((option) => tagOf(option, name) !== at(given, leaf.path))
      .map((option) => generated(option, ids))
      .filter((value) => !isDeepStrictEqual(toColumn(leaf, value[name]), leaf.reset));
  const first = anyValue(name, type, ids);
  return [first, ...others(name, type, old ?? first, ids)].filter(
    (value) =>
      value !== undefined &&
      type.safeParse(value).success &&
      !isDeepStrictEqual(value, old) &&
      !isDeepStrictEqual(toColumn(leaf, value), leaf.reset),
  );
}

function others(name: string, type: z.ZodType, given: unknown, ids: Ids): unknown[] {
  const inner = unwrapped(type);
  if (inner instanceof z.ZodEnum) return [...inner.options];
  if (inner instanceof z.ZodBoolean) return [true, false];
  if (inner instanceof z.ZodNumber) return numbers;
  if (inner instanceof z.ZodArray)
    return [[], ...others(name, inner.element as z.ZodType, "", ids).map((one) => [one])];
  if (inner instanceof z.ZodRecord) return [{ OTHER: "other" }];
  if (inner instanceof z.ZodUnion)
    return inner.options.flatMap((option) => [
      anyValue(name, option as z.ZodType, ids),
      ...others(name, option as z.ZodType, given, ids),
    ]);
  return [ids[OTHER + name], `${String(given)}2`, `${String(given).slice(0, -1)}x`, ...texts];
}

/** The type of an input; of a union's tag that of the union. */
export function typeAt(
  schema: z.ZodType,
  path: readonly string[],
  arm?: MappedField["arm"],
): { readonly type: z.ZodType; readonly isTag?: true } {
  let type = schema;
  for (const [index, name] of path.entries()) {
    const inner = unwrapped(type);
    if (inner instanceof z.ZodDiscriminatedUnion) {
      if (inner.def.discriminator === name) return { type: inner, isTag: true };
      const isOfArm = arm !== undefined && arm.path.length === index + 1;
      const option = optionsOf(inner).find((one) =>
        isOfArm ? tagOf(one, inner.def.discriminator) === arm.value : name in one.shape,
      );
      type = option?.shape[name] as z.ZodType;
    } else type = (inner as z.ZodObject).shape[name] as z.ZodType;
  }
  return { type };
}

function optionsOf(type: z.ZodType): z.ZodObject[] {
  return (unwrapped(type) as z.ZodDiscriminatedUnion).options as unknown as z.ZodObject[];
}

function tagOf(option: z.ZodObject, tag: string): unknown {
  return (option.shape[tag] as unknown as z.ZodLiteral).value;
}

function unwrapped(type: z.ZodType): z.ZodType {
  return type instanceof z.ZodOptional ? (type.unwrap() as z.ZodType) : type;
}

import { z } from "zod";
import { isRecord, isUnknown } from "../../packages/values";
import { isId } from "./ids";

/** An id of Dokploy among inputs. */
export interface IdValue {
  readonly path: readonly PropertyKey[];
  readonly id: string;
  /** True if the definition itself checks that the object exists. */
  readonly looksItself: boolean;
}

/** Finds the ids of Dokploy in a value, by its type. */
export function idValuesIn(
  type: z.ZodType,
  value: unknown,
  path: readonly PropertyKey[] = [],
  outer = false,
): IdValue[] {
  const { field, isId: isOfDokploy } = type.meta() ?? {};
  const looksItself = outer || field?.looksItself === true;
  const inside = (inner: z.ZodType, item: unknown, step?: PropertyKey) =>
    idValuesIn(inner, item, step === undefined ? path : [...path, step], looksItself);
  if (value === undefined || isUnknown(value)) return [];
  if (type instanceof z.ZodOptional) return inside(type.unwrap() as z.ZodType, value);
  if (type instanceof z.ZodArray && Array.isArray(value))
    return value.flatMap((item, index) => inside(type.element as z.ZodType, item, index));
  if (type instanceof z.ZodString && isOfDokploy)
    return typeof value === "string" && isId(value) ? [{ path, id: value, looksItself }] : [];
  if (!isRecord(value)) return [];
  if (type instanceof z.ZodRecord)
    return Object.entries(value).flatMap(([name, item]) => inside(type.valueType as z.ZodType, item, name));
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape as Record<string, z.ZodType>).flatMap(([name, inner]) =>
      inside(inner, value[name], name),
    );
  if (type instanceof z.ZodUnion)
    return (type.options as z.ZodType[])
      .filter((option) => isArm(option, value))
      .flatMap((option) => inside(option, value));
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

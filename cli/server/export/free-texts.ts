import { z } from "zod";
import { isRecord } from "../../../packages/values";
import type { Path } from "../../../provider/schema";

/** A text among inputs that the schema does not fix: neither a word of a list nor an id of Dokploy. */
export interface FreeText {
  readonly path: Path;
  readonly text: string;
  /** Name by which people know the text: the last one of its path, or that in `{ name, value }`. */
  readonly name: string;
  /** Path of the list that it is an item of. */
  readonly list: Path | undefined;
  /** True for the name of an entry, which no output can give. The path is that of its map. */
  readonly isKey: boolean;
}

/** Finds every text in inputs that can be anything, in order. */
export function freeTexts(schema: z.ZodType, inputs: unknown): FreeText[] {
  return within([schema], inputs, { path: [], name: "", list: undefined });
}

type Place = Omit<FreeText, "text" | "isKey">;

/** @param types schemas of which the value may be */
function within(types: readonly z.ZodType[], value: unknown, place: Place): FreeText[] {
  const possible = types.flatMap(alternatives);
  const { path, name } = place;
  if (typeof value === "string")
    return possible.some((type) => isFixed(type, value)) ? [] : [{ ...place, text: value, isKey: false }];
  if (Array.isArray(value)) {
    const each = possible.flatMap((type) => (type instanceof z.ZodArray ? [type.element as z.ZodType] : []));
    return value.flatMap((item: unknown, at) =>
      within(each, item, { path: [...path, String(at)], name, list: path }),
    );
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const fields = possible.flatMap((type) =>
      type instanceof z.ZodObject && Object.hasOwn(type.shape, key) ? [type.shape[key] as z.ZodType] : [],
    );
    const entries = possible.flatMap((type) =>
      type instanceof z.ZodRecord ? [type.valueType as z.ZodType] : [],
    );
    const own = { path: [...path, key], name: nameIn(value, key), list: undefined };
    const found = within([...fields, ...entries], inner, own);
    return fields.length > 0 ? found : [{ path, name, list: undefined, text: key, isKey: true }, ...found];
  });
}

/** Returns the members of a union, and the type of what may be left out. */
function alternatives(type: z.ZodType): z.ZodType[] {
  if (type instanceof z.ZodOptional) return alternatives(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodUnion) return (type.options as z.ZodType[]).flatMap(alternatives);
  return [type];
}

function isFixed(type: z.ZodType, value: string): boolean {
  if (type instanceof z.ZodLiteral || type instanceof z.ZodEnum) return type.safeParse(value).success;
  return type.meta()?.isId === true;
}

function nameIn(record: Readonly<Record<string, unknown>>, key: string): string {
  const name = /^value$/i.test(key) ? (record["name"] ?? record["key"]) : undefined;
  return typeof name === "string" ? name : key;
}

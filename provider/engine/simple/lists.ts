import { z } from "zod";
import type { ParentKind } from "../../lifecycle";
import { withoutColumn } from "../../schema";
import type { Model } from "./model";
import type { ListingKind } from "./parents";
import type { SimpleResource } from "./resource";
import { needIn, partSchemaOf, type Shape } from "./spec";

/** Models of the parts in a list, by the schema of the list. */
const listed = new WeakMap<z.ZodType, Model>();

/**
 * Returns the schema of a service's input that lists parts of one kind, by their keys. The program gives a list; the
 * state and the plan have names, so that a plan says which part changes.
 */
export function listOf<I extends Shape, P extends ParentKind>(
  { model }: SimpleResource<I, P>,
  parent: P & ListingKind,
): z.ZodOptional<z.ZodRecord<z.ZodString, z.ZodObject<{ [K in keyof I as Exclude<K, "deploy">]: I[K] }>>> {
  const parts = z.record(z.string(), partSchemaOf(model.spec, parent)).optional();
  const schema = withoutColumn(parts, { apply: needIn(model.spec.parents[parent]) });
  listed.set(schema, model);
  return schema as unknown as ReturnType<typeof listOf<I, P>>;
}

/** Returns the kinds of parts that a service lists, by the names of the inputs. */
export function listsIn(schema: z.ZodObject): ReadonlyMap<string, Model> {
  return new Map(
    Object.entries(schema.shape).flatMap(([name, input]) => {
      const model = listed.get(input as z.ZodType);
      return model ? [[name, model] as const] : [];
    }),
  );
}

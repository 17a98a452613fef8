/** Compiles the schema of a resource to the list of its inputs, each with its path and its column. */

import { z } from "zod";
import { isRecord, isUnknown } from "../../packages/values";
import type { Apply, FieldSpec } from "./fields";

/** An input that Dokploy keeps in one column. */
export interface MappedField extends FieldSpec<string> {
  /** Path of the input, e.g. `["source", "image"]`. */
  path: readonly string[];
  /** True if a program may leave it out. */
  isOptional?: boolean;
  /** Set inside a tagged union: the input exists only while the tag has this value. */
  arm?: { path: readonly string[]; value: unknown };
  /** Set on maps of objects, such as the domains of a service: the fields of each object. */
  each?: readonly MappedField[];
}

/** Schemas that are compiled. Several modules have a mapping of the same one. */
const compiled = new WeakMap<z.ZodType, readonly MappedField[]>();

/** Returns the inputs of the schema of a resource. */
export function compiledOnce(schema: z.ZodType): readonly MappedField[] {
  const leaves = compiled.get(schema) ?? compile(schema, [], undefined);
  compiled.set(schema, leaves);
  return leaves;
}

export function compile(schema: z.ZodType, path: readonly string[], arm: MappedField["arm"]): MappedField[] {
  const spec = schema.meta()?.field;
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  if (inner instanceof z.ZodDiscriminatedUnion) {
    const tag = inner.def.discriminator;
    const tagLeaf: MappedField[] = spec ? [{ ...spec, path: [...path, tag], ...(arm ? { arm } : {}) }] : [];
    const arms = inner.options.flatMap((option) => {
      const { [tag]: literal, ...fields } = (option as z.ZodObject).shape;
      const value = (literal as unknown as z.ZodLiteral).value;
      return compileFields(fields, path, { path: [...path, tag], value });
    });
    return [...tagLeaf, ...arms];
  }
  const isOptional = schema instanceof z.ZodOptional;
  if (spec) return [{ ...spec, path, isOptional, ...(arm ? { arm } : {}), ...eachOf(inner) }];
  if (inner instanceof z.ZodObject) return compileFields(inner.shape, path, arm);
  throw new Error(`The schema says nothing about how ${path.join(".")} is kept.`);
}

function eachOf(schema: z.ZodType): Pick<MappedField, "each"> {
  return schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodObject
    ? { each: compileFields(schema.valueType.shape, [], undefined) }
    : {};
}

function compileFields(
  fields: Record<string, unknown>,
  path: readonly string[],
  arm: MappedField["arm"],
): MappedField[] {
  return Object.entries(fields).flatMap(([name, field]) => compile(field as z.ZodType, [...path, name], arm));
}

/** True when a change from one value to the other only needs to be saved. */
export function isIdle({ saysSame }: MappedField, old: unknown, now: unknown): boolean {
  if (saysSame === undefined || typeof old !== "string" || typeof now !== "string") return false;
  return !isUnknown(old) && !isUnknown(now) && saysSame(old, now);
}

/** Returns the action that a change of an input needs. */
export function applyOf({ apply }: MappedField, inputs: object): Apply {
  return typeof apply === "function" ? apply(inputs) : apply;
}

/** True when the inputs have the member of the union to which the leaf belongs. */
export function inArm(leaf: MappedField, inputs: object): boolean {
  return leaf.arm === undefined || isArmOf(leaf.arm, inputs);
}

/** True for the former name of an input that these inputs have under its other name. */
export function isShownOtherwise(
  leaves: readonly MappedField[],
  { former, column }: MappedField,
  inputs: object,
): boolean {
  return former === true && presentIn(leaves, inputs).some((leaf) => leaf.column === column && !leaf.former);
}

/** Returns the leaves that these inputs use. */
export function presentIn(leaves: readonly MappedField[], inputs: object): MappedField[] {
  return leaves.filter((leaf) => inArm(leaf, inputs) && at(inputs, leaf.path) !== undefined);
}

/** True when the tag of the inputs has the value of this member. */
export function isArmOf(arm: NonNullable<MappedField["arm"]>, inputs: object): boolean {
  return at(inputs, arm.path) === arm.value;
}

/** Returns the value at a path, undefined for null, or the unknown value that contains the path. */
export function at(values: object, path: readonly string[]): unknown {
  let value: unknown = values;
  for (const name of path) {
    if (isUnknown(value)) return value;
    if (!isRecord(value)) return undefined;
    value = value[name];
  }
  return value === null ? undefined : value;
}

/** Sets the value at a path, and creates objects on the way; undefined removes the value. */
export function put(values: object, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length > 0) {
    const inner = at(values, [name]);
    if (isRecord(inner)) put(inner, rest, value);
    else if (value !== undefined) {
      const made = {};
      put(made, rest, value);
      Object.assign(values, { [name]: made });
    }
  } else if (value === undefined) {
    Reflect.deleteProperty(values, name);
  } else {
    Object.assign(values, { [name]: value });
  }
}

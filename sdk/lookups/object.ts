import { pluralOf } from "../../packages/text";
import type { Model } from "../../provider/engine";
import { inputNames, type Kind } from "../run";
import { findObject, listObjects } from "./find-object";
import { type Lookup, openLookup } from "./lookup";
import { callerOf } from "./words";

/** Kinds that are described by a definition alone. */
type SimpleKind = {
  [K in Kind]: (typeof inputNames)[K] extends { readonly parents: unknown } ? K : never;
}[Kind];

/** Argument that names an object: its id. */
export interface ById {
  /** Id in Dokploy. */
  readonly id: string;
}

/** Inputs that identify an object. */
export type Key<Inputs, Names extends keyof Inputs> = { readonly [Name in Names]: Inputs[Name] };

/** Inputs of an existing object: each of `Always`, and each of `Maybe` or undefined. */
export type Shown<Inputs, Always extends keyof Inputs, Maybe extends keyof Inputs = never> = {
  readonly [Name in Always]-?: NonNullable<Inputs[Name]>;
} & Unboxed<{ readonly [Name in Maybe]-?: [Inputs[Name] | undefined] }>;
type Unboxed<Boxes> = {
  readonly [Name in keyof Boxes]: Boxes[Name] extends readonly [infer Value] ? Value : never;
};

/** Each member of a union without its secrets. */
export type Without<Union, Names extends PropertyKey> = Union extends unknown ? Omit<Union, Names> : never;

/**
 * Makes a lookup of one object, by its id, or by its key and the object that it belongs to. Everything about the kind
 * comes from the definition, which is loaded with the first lookup.
 *
 * @param secrets names of the inputs that are secret and that Dokploy shows
 */
export function objectLookup<Args extends object, Result, Secrets extends object = object>(
  kind: SimpleKind,
  model: () => Model,
  secrets: readonly (keyof Secrets & string)[] = [],
): Lookup<Args, Result, Secrets> {
  const optional: readonly string[] = inputNames[kind].optional;
  const key = inputNames[kind].key.map(([name]) => (optional.includes(name) ? `${name}?` : name));
  const places = placesOf(kind).map((place) => [...place, ...key]);
  return {
    caller: callerOf(kind),
    sets: [["id"], ...(key.length === 0 ? [] : places)],
    secrets,
    async find(args, reader) {
      return (await findObject(model(), args, reader)) as never;
    },
  };
}

/** Makes a lookup that lists all objects of a service, or of the server for kinds that belong to no other object. */
export function objectsLookup<Args extends object, Result>(
  kind: SimpleKind,
  model: () => Model,
): Lookup<Args, readonly Result[]> {
  return openLookup(pluralOf(callerOf(kind)), placesOf(kind), async (args, reader) => {
    return (await listObjects(model(), args, reader)) as Result[];
  });
}

/** Returns the arguments that name the owner of an object, for each kind of owner. */
function placesOf(kind: SimpleKind): string[][] {
  const names = inputNames[kind];
  const alone = "alone" in names ? [[String(names.alone)]] : [];
  return names.parents.length === 0 ? [[]] : [...names.parents.map((parent) => [`${parent}Id`]), ...alone];
}

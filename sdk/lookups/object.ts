import type { Model } from "../../provider/simple/model";
import { inputNames } from "../program-checks/generated/input-names";
import type { Kind } from "../run/kind";
import type { Lookup } from "./lookup";
import { callerOf, pluralOf } from "./words";

/** The kinds that are described by a definition alone. */
type SimpleKind = {
  [K in Kind]: (typeof inputNames)[K] extends { readonly parents: unknown } ? K : never;
}[Kind];

/** Which object: by its id. */
export interface ById {
  /** Its id in Dokploy. */
  readonly id: string;
}

/** The inputs that tell one from another. */
export type Key<Inputs, Names extends keyof Inputs> = { readonly [Name in Names]: Inputs[Name] };

/** Inputs as an object has them: each of `Always`, and undefined where it has none of `Maybe`. */
export type Shown<Inputs, Always extends keyof Inputs, Maybe extends keyof Inputs = never> = {
  readonly [Name in Always]-?: NonNullable<Inputs[Name]>;
} & Unboxed<{ readonly [Name in Maybe]-?: [Inputs[Name] | undefined] }>;
type Unboxed<Boxes> = {
  readonly [Name in keyof Boxes]: Boxes[Name] extends readonly [infer Value] ? Value : never;
};

/** Each arm of a union without what is secret in it. */
export type Without<Union, Names extends PropertyKey> = Union extends unknown ? Omit<Union, Names> : never;

/**
 * What looks up one object: by its id, or by what it belongs to and its key. All that it knows of the kind, it has from the
 * definition, which is loaded with the first lookup.
 *
 * @param secrets the names of inputs that are secret, and that Dokploy shows
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
      const { findObject } = require("./find-object") as typeof import("./find-object");
      return (await findObject(model(), args, reader)) as never;
    },
  };
}

/** What looks up all objects of a service, or of the server where they belong to none. */
export function objectsLookup<Args extends object, Result>(
  kind: SimpleKind,
  model: () => Model,
): Lookup<Args, readonly Result[]> {
  return {
    caller: pluralOf(callerOf(kind)),
    sets: placesOf(kind),
    secrets: [],
    async find(args, reader) {
      const { listObjects } = require("./find-object") as typeof import("./find-object");
      return { result: (await listObjects(model(), args, reader)) as Result[], secrets: {} };
    },
  };
}

/** The arguments that say where an object is, of each kind of place. */
function placesOf(kind: SimpleKind): string[][] {
  const names = inputNames[kind];
  const alone = "alone" in names ? [[String(names.alone)]] : [];
  return names.parents.length === 0 ? [[]] : [...names.parents.map((parent) => [`${parent}Id`]), ...alone];
}

import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { UserError } from "../provider/errors";
import { importedKey, managed } from "../provider/lifecycle";
import type { Resource } from "./resources";
import { type Unsealed, unsealed, type Values } from "./values";

/**
 * True when a read must import the object: the engine gives no state, or one whose inputs no program has given yet.
 *
 * @param inputs inputs in the state
 */
export function isImport(state: Values, inputs: Values): boolean {
  return Object.keys(state).length === 0 || importedKey in inputs;
}

/**
 * Returns a state as the handlers see it: of an imported object, what the program manages.
 *
 * @param inputs inputs in the state
 * @param news inputs of the program; undefined for a read or a deletion
 */
export function stateOf(
  { entity }: Pick<Resource, "entity">,
  state: Struct | undefined,
  inputs: Struct | undefined,
  news?: Values,
): Unsealed {
  const { values, secrets } = unsealed(state);
  return { values: managed(entity, values, unsealed(inputs).values, news), secrets };
}

/** Returns the error of an import or a `get` that finds no object. */
export function notFound({ kind }: Pick<Resource, "kind">, id: string): UserError {
  return new UserError(
    `Dokploy has no ${kind} with the id ${id}, or this key cannot see it. It was deleted, or the id is wrong or that ` +
      "of another kind: look it up in Dokploy.",
  );
}

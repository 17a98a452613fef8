import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { importedKey, managed } from "../provider/lifecycle/imported";
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

import { importedKey } from "../provider/lifecycle/imported-inputs";
import { isRecord } from "../provider/pulumi/unknown";
import { at, compile, inArm, type MappedField, put } from "../provider/schema/compile";
import type { AnyEntity } from "./resources";
import type { Values } from "./values";

/**
 * True when a read must import the object: the engine gives no state, or one whose inputs no program has given yet.
 *
 * @param inputs inputs in the state
 */
export function isImport(state: Values, inputs: Values): boolean {
  return Object.keys(state).length === 0 || importedKey in inputs;
}

/**
 * Returns a state as the handlers see it. The state of an import has everything that Dokploy shows; of that, a program
 * manages what it gives, so that the rest is neither compared nor reset. An option without a place in Dokploy, and an
 * input that Dokploy never shows, count as given before.
 *
 * @param inputs inputs in the state
 * @param news inputs of the program; undefined for a read or a deletion
 */
export function managed(
  { schema, relation }: Pick<AnyEntity, "schema" | "relation">,
  state: Values,
  inputs: Values,
  news?: Values,
): Values {
  if (!(importedKey in state)) return state;
  const programs = [...(importedKey in inputs ? [] : [inputs]), ...(news ? [news] : [])];
  const kept = Object.fromEntries(Object.entries(state).filter(([name]) => !(name in schema.shape)));
  if (programs.length === 0) return state;
  const isPart = relation === "part" && programs.some(({ mode }) => mode === "additive");
  for (const leaf of compile(schema, [], undefined)) {
    const given = programs
      .filter((program) => inArm(leaf, program))
      .map((program) => at(program, leaf.path))
      .filter((value) => value !== undefined);
    const live = isPart && leaf.env ? ownKeys(at(state, leaf.path), given) : at(state, leaf.path);
    if (given.length > 0) put(kept, leaf.path, live ?? (isShown(leaf) ? undefined : given[0]));
  }
  return kept;
}

/** Returns the variables of a text that have one of the given names. */
function ownKeys(live: unknown, given: readonly unknown[]): unknown {
  if (!isRecord(live)) return live;
  const names = new Set(given.flatMap((map) => (isRecord(map) ? Object.keys(map) : [])));
  return Object.fromEntries(Object.entries(live).filter(([name]) => names.has(name)));
}

/** True when Dokploy shows the value of an input, or the parts that it lists. */
function isShown({ column, writeOnly = false, each }: MappedField): boolean {
  return each !== undefined || (column !== undefined && !writeOnly);
}

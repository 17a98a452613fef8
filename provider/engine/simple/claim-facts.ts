import type { ClaimFacts, Entity, Key, ObjectFacts } from "../../lifecycle";
import { listsIn } from "./lists";
import type { Model } from "./model";

type Definition = Pick<Entity<never, never>, "kind" | "schema"> & {
  readonly key?: readonly string[] | undefined;
  readonly model?: Model | undefined;
};

/** Returns the facts about the claims of a kind, from its definition. */
export function claimFactsOf(definition: Definition): ClaimFacts {
  const { schema } = definition;
  const lists = [...listsIn(schema)].map(([input, model]) => [
    input,
    objectFacts({ kind: model.kind, schema: model.schema, model }),
  ]);
  return { ...objectFacts(definition), lists: Object.fromEntries(lists) as ClaimFacts["lists"] };
}

function objectFacts({ kind, schema, model, key: own }: Definition): ObjectFacts {
  const key = model?.spec.key ?? own;
  const duplicates = model && duplicatesOf(model);
  return {
    kind,
    ...(key === undefined ? {} : { key: withDefaults(key, schema) }),
    ...(model === undefined ? {} : { parents: model.parents }),
    ...(duplicates === undefined ? {} : { duplicates }),
  };
}

/** Returns the inputs of the key, each with its default: `[["host"], ["path", "/"]]`. */
function withDefaults(key: readonly string[], { shape }: Definition["schema"]): Key {
  return key.map((name) => {
    const reset = shape[name]?.meta()?.field?.reset;
    return reset === undefined || reset === null ? [name] : [name, reset];
  });
}

/** Returns the effect of two objects with the same key on each other, if there is one. */
function duplicatesOf({ spec: { key, clash } }: Model): string | undefined {
  const one = Object.fromEntries(key.map((name) => [name, `{${name}}`]));
  const conflict = clash?.(one as never, one as never);
  return conflict ? conflict.replace(/^two /, "") : undefined;
}

import type { Operation, VariableChange } from "./changes";
import { coded, named, type Phrase, phrase } from "./phrase";

export const operationWords: readonly (readonly [Operation, string])[] = [
  ["create", "create"],
  ["adopt", "adopt"],
  ["update", "update"],
  ["replace", "replace"],
  ["release", "let go"],
  ["delete", "delete"],
];

/** Returns the word for an operation, in lists and headlines. */
export function operationWord(operation: Operation): string {
  return operationWords.find(([each]) => each === operation)?.[1] ?? operation;
}

/** Returns a variable's name for a table or a sentence, with the name of its map unless that is `env`. */
export function variableName({ map, key }: Pick<VariableChange, "map" | "key">): Phrase {
  if (key === undefined) return phrase`all of ${coded(map)}`;
  const name = named(key, 120);
  return map === "env" ? name : phrase`${name} (${coded(map)})`;
}

/** Returns the path of an input as code, cut if it is long. */
export function pathLabel(path: string): Phrase {
  return named(path, 120);
}

import { someOf } from "../../packages/text";
import type { Operation, VariableChange } from "./changes";
import { code, cut } from "./markdown";

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
export function variableName({ map, key }: VariableChange): string {
  if (key === undefined) return `all of ${code(map)}`;
  const name = code(cut(key, 120));
  return map === "env" ? name : `${name} (${code(map)})`;
}

/** Returns the path of an input as code, cut if it is long. */
export function pathLabel(path: string): string {
  return code(cut(path, 120));
}

/** Lists the first items, and the number of omitted ones. */
export function listed<T>(items: readonly T[], most: number, label: (item: T) => string): string {
  return someOf(items.map(label), ", ", most);
}

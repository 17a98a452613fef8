import { someOf } from "../../packages/text/names";
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

export function operationWord(operation: Operation): string {
  return operationWords.find(([each]) => each === operation)?.[1] ?? operation;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** As it stands in a table or a sentence: with its map, where it is not `env`. */
export function variableName({ map, key }: VariableChange): string {
  if (key === undefined) return `all of ${code(map)}`;
  const name = code(cut(key, 120));
  return map === "env" ? name : `${name} (${code(map)})`;
}

export function pathLabel(path: string): string {
  return code(cut(path, 120));
}

/** The first items, and how many there are beside them. */
export function listed<T>(items: readonly T[], most: number, label: (item: T) => string): string {
  return someOf(items.map(label), ", ", most);
}

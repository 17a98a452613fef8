import { isRecord, type Values } from "../../../packages/values";
import type { ServerTree } from "../../../provider/dokploy";
import { parse, referencesOf } from "../../../provider/env";
import { Mapping, variableProblems } from "../../../provider/schema";
import type { Item } from "./item";

/** Names of the shared variables around a service. */
type Shared = Readonly<Record<"project" | "environment", ReadonlySet<string>>>;

/** Returns the names of the shared variables by the id of the environment. */
export async function sharedVariables(tree: ServerTree): Promise<Map<string, Shared>> {
  const namesIn = (text: string | null | undefined) => new Set(parse(text ?? "").keys());
  return new Map(
    (await tree.projects()).flatMap(({ env, environments }) => {
      const project = namesIn(env);
      return environments.map(
        (each) => [each.environmentId, { project, environment: namesIn(each.env) }] as const,
      );
    }),
  );
}

/** True when a variable of the item refers to one that does not exist. */
export function hasOpenReference(
  { definition, inputs, id }: Item,
  shared: ReadonlyMap<string, Shared>,
): boolean {
  const target = Object(inputs["target"]) as Values;
  const around = shared.get(String(inputs["environmentId"] ?? target["environmentId"] ?? id));
  return new Mapping(definition.schema).envs(inputs).some((map) => {
    const values = isRecord(map.value) ? Object.values(map.value) : [];
    return (
      variableProblems(map, map.sharesText).some(({ reference }) => reference) ||
      values.some((value) => typeof value === "string" && isOpen(value, around))
    );
  });
}

function isOpen(value: string, around: Shared | undefined): boolean {
  return referencesOf(value).some(
    (reference) =>
      (reference.kind === "project" || reference.kind === "environment") &&
      around?.[reference.kind].has(reference.name) === false,
  );
}

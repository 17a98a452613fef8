import { getProject, getStack, Resource } from "@pulumi/pulumi";
import { parseUrn } from "../../provider/pulumi";
import { outputValue } from "./pulumi";

/**
 * Returns the URN that the engine will give to a resource of a type, e.g. `…:dynamic/dokploy:Application`. It is a
 * promise: an output would make the resource depend on its parent, be replaced with it, and wait for all in a
 * component.
 */
export async function urnOf(type: string, name: string, parent: Resource | undefined): Promise<string> {
  // Same result as Pulumi's `createUrn`, which is slow because it creates outputs.
  const within = (above: string) => `urn:pulumi:${getStack()}::${getProject()}::${above}${type}::${name}`;
  // The engine itself reports an invalid parent.
  if (!Resource.isInstance(parent)) return within("");
  // `createUrn` reads a parent whose name contains `::` as another one.
  const { types } = parseUrn(await outputValue(parent.urn)) ?? {};
  return within(types === undefined || types === "pulumi:pulumi:Stack" ? "" : `${types}$`);
}

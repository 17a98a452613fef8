import { getProject, getStack, Resource } from "@pulumi/pulumi";
import { parseUrn } from "../../provider/pulumi/urn";
import { outputValue } from "./pulumi";

/**
 * Returns the URN that the engine will give to a resource. It is a promise, since an output would make the resource
 * depend on its parent: it would be replaced with the parent, and wait for everything in a component.
 *
 * @param type type of the resource, e.g. `pulumi-nodejs:dynamic/dokploy:Application`
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

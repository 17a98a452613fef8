import { getProject, getStack, type Output, Resource } from "@pulumi/pulumi";
import { parseUrn } from "../../provider/pulumi/urn";

/** What Pulumi's outputs have besides what their types say. */
interface Inner {
  promise(): Promise<string>;
}

/**
 * The URN that the engine is going to give to a resource. A promise, since an output would make the resource depend on its
 * parent: it would be replaced with that, and wait for all that a component has.
 *
 * @param type of the resource, e.g. `pulumi-nodejs:dynamic/dokploy:Application`
 */
export async function urnOf(type: string, name: string, parent: Resource | undefined): Promise<string> {
  // As Pulumi's `createUrn` has it, which takes time for the outputs that it makes.
  const within = (above: string) => `urn:pulumi:${getStack()}::${getProject()}::${above}${type}::${name}`;
  // Of a parent that is none the engine's own error tells.
  if (!Resource.isInstance(parent)) return within("");
  // `createUrn` takes a parent whose name holds `::` for another one.
  const { types } = parseUrn(await settled(parent.urn)) ?? {};
  return within(types === undefined || types === "pulumi:pulumi:Stack" ? "" : `${types}$`);
}

function settled(urn: Output<string>): Promise<string> {
  return (urn as unknown as Inner).promise();
}

/** Name of the variable that a deployment repository replaces by the tag of an image. */
export const tagVariable = "IMAGE_TAG";

/** Places in the name of an image that have no value yet: `$TAG`, `${TAG}`, and what {@link missingTag} returns. */
export const openPlaces = /\$(?:\{(?:dokploy:imageTags\.[\w.-]+|\w*)\}|\w*)/g;

/** Returns the text for a tag that nothing gives; it names the setting that would. */
export function missingTag(service: string): string {
  return `\${dokploy:imageTags.${service}}`;
}

/** Returns how to give a tag that is missing at a place; undefined for a place that is not one of a tag. */
export function howToGiveTag(open: string): string | undefined {
  const [, service] = /^\$\{dokploy:imageTags\.([\w.-]+)\}$/.exec(open) ?? [];
  if (service === undefined && open !== `\${${tagVariable}}`) return undefined;
  return `set dokploy:imageTags.${service ?? "<service>"} or dokploy:imageTag, or DOKPLOY_IMAGE_TAG for this run`;
}

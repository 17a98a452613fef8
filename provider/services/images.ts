import { isUnknown } from "../pulumi/unknown";

/** Returns the name of an image without registry, folders, tag and digest: `mysql` of `docker.io/library/mysql:8`. */
export function nameOfImage(image: string): string {
  return (image.slice(image.lastIndexOf("/") + 1).split(/[:@]/)[0] ?? "").toLowerCase();
}

/** Returns a clause about an image without a version; undefined for any other. */
export function untagged(property: string, image: unknown): string | undefined {
  if (typeof image !== "string" || isUnknown(image)) return undefined;
  const name = image.slice(image.lastIndexOf("/") + 1);
  if (/[:@]/.test(name) || name === "") return undefined;
  return (
    `${property} has no tag, so each deployment uses the image with the tag latest at that time: name a version, ` +
    `such as ${name}:1.4.2, or a digest`
  );
}

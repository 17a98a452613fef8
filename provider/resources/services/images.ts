import type { Advice } from "../../lifecycle";
import { isUnknown } from "../../pulumi";

/** Returns the name of an image without registry, folders, tag and digest: `mysql` of `docker.io/library/mysql:8`. */
export function nameOfImage(image: string): string {
  return (image.slice(image.lastIndexOf("/") + 1).split(/[:@]/)[0] ?? "").toLowerCase();
}

/** Warns about an image without a version. */
export function warnUntagged(property: string, image: unknown, advise: () => Advice | undefined): void {
  if (typeof image !== "string" || isUnknown(image)) return;
  const last = image.slice(image.lastIndexOf("/") + 1);
  if (/[:@]/.test(last) || last === "") return;
  advise()?.warn(
    `${property} has no tag, so each deployment uses the image with the tag latest at that time: name a ` +
      `version, such as ${last}:1.4.2, or a digest.`,
    "advice",
  );
}

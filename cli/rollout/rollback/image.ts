import { visible } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import { type ImageName, parseImage } from "../../../provider/schema";
import type { Source } from "../../../sdk/files";
import { placeholder, readApp, tagVariable } from "../../../sdk/repository";
import { type StateResource, stackName } from "../../stack";
import { type Place, placeOf, valueFor } from "../promote/place";
import type { Deployment } from "./deployments";
import { Refused } from "./refused";
import type { Version } from "./version";

/** Change of the value that says which image a stage runs. */
export interface ImageChange extends Pick<Place, "file" | "keys"> {
  readonly before: string | undefined;
  readonly after: string;
}

/** Facts about the service that are the same for all its deployments. */
export interface Service {
  readonly resource: StateResource;
  readonly stack: string;
  /** Folder of the project, from the working directory. */
  readonly folder: string;
  /** Image that its latest deployment pulled. */
  readonly latest: ImageName | undefined;
}

/** Image that a deployment ran. */
export interface PastImage {
  /** Undefined for a compose service, which has a tag only. */
  readonly image: ImageName | undefined;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** Evidence for it. The configuration proves no tag: a run may have had another one from `DOKPLOY_IMAGE_TAG`. */
  readonly from: "log" | "files" | "configuration";
}

/**
 * Finds the image of a deployment; undefined for a compose service without a tag.
 *
 * @param app `dokploy-app.yaml` at its commit
 * @throws Refused when nobody knows it
 */
export function imageThen(
  service: Service,
  deployment: Deployment,
  then: Version,
  app: Source | undefined,
): PastImage | undefined {
  const { kind, inputs } = service.resource;
  const [tag, digest] = then.tag?.split("@") ?? [];
  if (kind === "Application") {
    const named = app && imageOf(service, { ...then, tag: then.tag ?? "any" }, app);
    const pulled = deployment.image;
    // Somebody may have deployed another image while the update ran.
    if (pulled !== undefined && named !== undefined && pulled.repository !== named.image.repository)
      throw new Refused(
        `its log has the image ${visible(nameOf(pulled) ?? "")}, and the files of its commit have ${named.image.repository}`,
      );
    const found =
      pulled === undefined ? imageOf(service, then, app) : { image: pulled, from: "log" as const };
    if (found !== undefined) return { ...found, tag: found.image.tag, digest: found.image.digest };
    throw new Refused("its log does not say which image it was, and neither do the files of its commit");
  }
  if (!isRecord(inputs["env"]) || !Object.hasOwn(inputs["env"], tagVariable)) return undefined;
  if (tag !== undefined) return { image: undefined, tag, digest, from: "configuration" };
  throw new Refused(
    "the configuration at its commit has no tag for it: a run that sets DOKPLOY_IMAGE_TAG leaves no other trace",
  );
}

/**
 * Returns the change that goes back to an image; undefined when the files have it.
 *
 * @throws Refused, or NotPromoted of {@link placeOf}, when the files have no place for it
 */
export function imageChange(service: Service, { image, tag, digest }: PastImage): ImageChange | undefined {
  const { resource, stack, folder } = service;
  const place = placeOf(resource.name, { image }, stack, folder);
  const after = valueFor(place, { tag, image }, digest);
  if (isSame(place.before, after, service, image)) return undefined;
  if (place.advice !== undefined) {
    throw new Refused(
      `its image was ${nameOf(image) ?? tag}, and ${place.file} has no tag for it: write it into the program`,
    );
  }
  return { file: place.file, keys: place.keys, before: place.before, after };
}

/** Returns the image that the files at its commit name, which have the tag only. */
function imageOf(
  { resource, stack }: Service,
  { tag }: Version,
  app: Source | undefined,
): { readonly image: ImageName; readonly from: "files" | "configuration" } | undefined {
  const [name, digest] = tag?.split("@") ?? [];
  if (app === undefined) {
    const now = imageIn(resource);
    const isKnown = now !== undefined && name !== undefined;
    return isKnown ? { image: { ...now, tag: name, digest }, from: "configuration" } : undefined;
  }
  const source = readApp(app, [stackName(stack)], () => "").inputs["source"];
  const text = isRecord(source) ? source["image"] : undefined;
  if (typeof text !== "string") return undefined;
  const takesTag = text.includes(placeholder);
  if (takesTag && tag === undefined) return undefined;
  const image = parseImage(text.replaceAll(placeholder, tag ?? ""));
  return image && { image, from: takesTag ? "configuration" : "files" };
}

function imageIn({ inputs: { source } }: StateResource): ImageName | undefined {
  const text = isRecord(source) ? source["image"] : undefined;
  return typeof text === "string" ? parseImage(text) : undefined;
}

/** True when the files have an image, where a tag without a digest names the one that was pulled last. */
function isSame(
  before: string | undefined,
  after: string,
  { latest, resource }: Service,
  image: ImageName | undefined,
): boolean {
  if (before === after) return true;
  const now = latest ?? imageIn(resource);
  const isLatest = image !== undefined && now?.tag === image.tag && now?.repository === image.repository;
  const isOfDigest = image?.digest === undefined || now?.digest === undefined || image.digest === now.digest;
  // A program without a place for the tag has the image of its latest deployment.
  return (before === undefined || before === after.split("@")[0]) && isLatest && isOfDigest;
}

/** Returns an image as people write it. */
export function nameOf(image: ImageName | undefined): string | undefined {
  if (image === undefined) return undefined;
  const { repository, tag, digest } = image;
  return `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

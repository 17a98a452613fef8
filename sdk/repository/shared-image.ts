import { join } from "node:path";
import { someOf, visible } from "../../packages/text";
import { parseImage } from "../../provider/schema";
import { isValues } from "../env-files";
import { FileError, type FileProblem, fileError, type Source } from "../files";
import { type App, type ResolveTag, readApp } from "./app-file";
import { imagesWithTag, placeholder, writtenTag } from "./image-tag";
import type { Layout } from "./layout";

/** Image of another service that a service takes by `imageOf`. */
export interface SharedImage {
  /** Service whose image it is. */
  readonly service: string;
  /** Source of that service. */
  readonly source: Readonly<Record<string, unknown>>;
  /** The image, maybe with the placeholder of the tag; undefined when it is a secret. */
  readonly text: string | undefined;
}

/** Parts of a repository that {@link sharedImage} needs. */
export interface ImageOwners extends Pick<Layout, "services" | "applied"> {
  /** Reads a file of the repository. */
  read(path: string): Source;
  /** Returns a function that finds values from outside a file, and adds missing ones to the problems of the file. */
  resolver(findings: FileProblem[]): ResolveTag;
}

/**
 * Finds the image that a service takes from another one; undefined when it has its own.
 *
 * @param source the service's `dokploy-app.yaml`
 * @throws FileError when the other service has no image that it could take
 */
export function sharedImage(
  { imageOf }: App,
  source: Source,
  { services, applied, read, resolver }: ImageOwners,
): SharedImage | undefined {
  if (imageOf === undefined) return undefined;
  const { name: service, offset } = imageOf;
  const refused = (why: string) =>
    fileError(source, [{ offset, reason: `imageOf: ${visible(service)} ${why}` }]);
  const owner = services.find(({ name }) => name === service);
  // The check of the names has said so.
  if (owner === undefined) return undefined;
  const file = read(owner.app);
  const found: FileProblem[] = [];
  const app = appOf(file, applied);
  if (app === undefined) return undefined;
  if (app.imageOf !== undefined)
    throw refused(`takes its image from ${visible(app.imageOf.name)} itself; name that one`);
  const given = app.kind === "application" ? app.sourceWith(resolver(found)) : undefined;
  if (!isValues(given) || given["type"] !== "docker") {
    const what = app.kind === "application" ? "is built from source" : `is of kind ${app.kind}`;
    throw refused(`${what}, so it has no image that another service could take`);
  }
  if (found.length > 0) throw fileError(file, found);
  const { image } = given;
  return { service, source: given, text: typeof image === "string" ? image : undefined };
}

/** Reads the file of another service; undefined where it has problems, which its own reading reports. */
function appOf(file: Source, applied: readonly string[]): App | undefined {
  try {
    return readApp(file, applied, () => "");
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/**
 * Checks that a compose file takes the tag for the image of the other service only.
 *
 * @throws FileError when it has no place for the tag, or another image takes it
 */
export function assertSameImage(
  { imageOf }: App,
  source: Source,
  { service, text }: SharedImage,
  composeFile: string,
): void {
  const images = imagesWithTag(composeFile);
  if (images === undefined) return;
  const repository = text === undefined ? undefined : repositoryOf(text.replaceAll(placeholder, "x"));
  const others = images.filter((image) => repositoryOf(image.replaceAll(placeholder, "x")) !== repository);
  const where = "image of its compose file";
  const reason =
    repository === undefined
      ? `the image of ${visible(service)} is a secret`
      : !text?.includes(placeholder) && writtenTag(text ?? "") === undefined
        ? `the image of ${visible(service)} has no tag that the compose file could take`
        : images.length === 0
          ? `no ${where} has ${placeholder}`
          : others.length > 0
            ? `the ${where} is ${someOf(others.map(visible))}, but that of ${visible(service)} is ${visible(text ?? "")}`
            : undefined;
  if (reason !== undefined)
    throw fileError(source, [{ offset: imageOf?.offset ?? 0, reason: `imageOf: ${reason}` }]);
}

function repositoryOf(image: string): string | undefined {
  const name = parseImage(image);
  return name && join(name.host, name.path);
}

import { extname } from "node:path";
import { visible } from "../../packages/text";
import { FileError, type ReadOptions, readBytes } from "./source";

/** Types of images by the ending of their files. */
const types: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
};

/** Options for reading an image. */
export interface ImageFileOptions extends ReadOptions {
  /** Type of the image: `image/vnd.microsoft.icon`. Default: that of the ending of its file. */
  readonly type?: string | undefined;
}

/** Dokploy takes an icon of 2 MiB as a data URL, which has four characters for three bytes. */
const maxBytes = 1536 * 1024;

/**
 * Reads an image of the repository as the `icon` of a service.
 *
 * @param path relative to the working directory, which in a Pulumi program is the folder of its `main`; its ending says
 * the type unless the options do: `.svg`, `.png`, `.jpg`, `.jpeg`, `.gif`, `.webp`, `.avif` or `.ico`
 * @returns a data URL: `data:image/svg+xml;base64,…`
 * @throws FileError when it is missing, not a file, outside the repository, over 1.5 MiB, or no image by its type
 * @example
 * ```ts
 * new dokploy.Application("web", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "web",
 *   source: { type: "docker", image: "ghcr.io/acme/web:1.4.2" },
 *   icon: dokploy.imageFile("icons/web.svg"),
 * });
 * ```
 */
export function imageFile(path: string, options: ImageFileOptions = {}): string {
  const { type = typeOf(path), ...reading } = options;
  if (type === undefined || !isImage(type)) {
    throw new FileError(
      type === undefined
        ? `${visible(path)}: images end with ${Object.keys(types).join(", ")}; rename it, or give the option type`
        : `${visible(path)}: the option type is no type of an image, such as image/png; correct it`,
    );
  }
  return `data:${type};base64,${readBytes(path, reading, maxBytes).toString("base64")}`;
}

/** An image as a file. */
export interface Image {
  /** Ending of its file. */
  readonly ending: string;
  /** Type of the image, where the ending does not say it. */
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Returns the image in a data URL; undefined for a text that `imageFile` never returns. */
export function imageIn(url: string): Image | undefined {
  const [, type = "", base64 = ""] = /^data:([\w/.+-]{1,60});base64,([A-Za-z0-9+/]*={0,2})$/.exec(url) ?? [];
  const bytes = Buffer.from(base64, "base64");
  if (!isImage(type) || bytes.length > maxBytes || bytes.toString("base64") !== base64) return undefined;
  const ending = Object.keys(types).find((each) => types[each] === type);
  const word = type.split(/[^a-z]+/).at(-1) || "image";
  return {
    ending: ending ?? (word === "icon" ? ".ico" : `.${word}`),
    type: ending ? undefined : type,
    bytes,
  };
}

function typeOf(path: string): string | undefined {
  return types[extname(path).toLowerCase()];
}

function isImage(type: string): boolean {
  return /^image\/[a-z][\w.+-]{0,50}$/.test(type);
}

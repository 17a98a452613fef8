import { posix } from "node:path";
import { z } from "zod";

/** Whole names between slashes, none of which leads elsewhere. */
const names = "(?!\\.{1,2}(?:/|$))[^/\\0]+(?:/(?!\\.{1,2}(?:/|$))[^/\\0]+)*";

/** A path from the root of a container or a server. */
export const absolutePath = z
  .string()
  .regex(
    new RegExp(`^/${names}$`),
    "is not a path such as /var/lib/app: from the root, without .. or a / at its end",
  );

/** A path of an address on the web, as a rule of Traefik may have it. */
export const urlPath = z
  .string()
  .regex(/^\/[^\s`?#]*$/, "must begin with /, and has no space and none of ` ? #");

/** A path inside of a folder. */
export const innerPath = z
  .string()
  .regex(
    new RegExp(`^${names}$`),
    "is not a path such as conf/app.conf: inside of the folder, without .. or a / at either end",
  );

/** `/conf/./app.conf`, as others may have given it, is `conf/app.conf` inside of a folder. */
export function readInnerPath(path: string): string {
  return posix.normalize(path).replace(/^\/+/, "");
}

/** The API refuses longer requests (413 `Body exceeded 1mb limit`), and the text is but a part of one. */
const maxBytes = 1_000_000;

/** A text that Dokploy's database can keep, and a request carry. */
export const content = z
  .string()
  .regex(/^[^\0]*$/, "holds a zero byte, which Dokploy cannot keep")
  .refine(
    (text) => Buffer.byteLength(JSON.stringify(text)) <= maxBytes,
    "is longer than the 1 MB that Dokploy takes",
  );

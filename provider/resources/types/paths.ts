import { posix } from "node:path";
import { z } from "zod";

/** Matches whole names between slashes, none of which leads elsewhere. */
const names = "(?!\\.{1,2}(?:/|$))[^/\\0]+(?:/(?!\\.{1,2}(?:/|$))[^/\\0]+)*";

/** A path from the root of a container or a server. */
export const absolutePath = z
  .string()
  .regex(
    new RegExp(`^/${names}$`),
    "is not a path such as /var/lib/app: from the root, without .. or a / at its end",
  );

/** Returns the normal form of a path inside a folder: `conf/app.conf` for `/conf/./app.conf`. */
export function readInnerPath(path: string): string {
  return posix.normalize(path).replace(/^\/+/, "");
}

/** The API refuses longer requests (413 `Body exceeded 1mb limit`), and the text is only a part of one. */
const maxBytes = 1_000_000;

/** A text that fits into Dokploy's database, and into a request. */
export const content = z
  .string()
  .regex(/^[^\0]*$/, "contains a zero byte, which Dokploy cannot store")
  .refine(
    (text) => Buffer.byteLength(JSON.stringify(text)) <= maxBytes,
    "is longer than the 1 MB that Dokploy accepts",
  );

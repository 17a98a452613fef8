import { plain, text } from "./shapes";

/** Texts of service files and compose files. None has a space, a quote, a `$` or a backtick, unless it says so. */

export const name = text("a name", /^\w[\w.-]{0,127}$/);
export const path = plain("an absolute path in the container, without `..`", isAbsolute);
export const pathInside = plain(
  "a path inside the folder, without `..`",
  (written) => isRelative(written) || isAbsolute(written),
);
/** A path in the folder of a build: Compose leaves that for an absolute path. */
export const pathBelow = plain("a relative path, without `..`", isRelative);
export const host = text("a host, maybe with a port", /^[\w.-]+(?::\d{1,5})?$/);

const tag = /(?:[\w.-]|\$\{[A-Za-z_]\w*(?::?[-?][\w .-]*)?\}|\$[A-Za-z_]\w*)+/.source;
export const image = text(
  "an image, of which only the tag may come from a variable",
  new RegExp(`^(?:[\\w.-]+(?::\\d{1,5})?/)?[a-z\\d][\\w./-]*(?::${tag})?(?:@sha256:[\\da-f]{64})?$`),
);

/** True for an absolute path of plain characters without `..`. */
export function isAbsolute(written: string): boolean {
  return written.startsWith("/") && staysInside(written);
}

/** True for a relative path of plain characters without `..`. */
export function isRelative(written: string): boolean {
  return /^[\w.@]/.test(written) && staysInside(written);
}

function staysInside(written: string): boolean {
  return /^[\w./@+-]+$/.test(written) && !written.split("/").includes("..");
}

/** True for an address of git that anybody can read; after `#` a branch, a `:` and a folder. */
export function isPublicRepository(written: string): boolean {
  return (
    /^https:\/\/[\w.-]+(?::\d{1,5})?\/[\w./~+-]+(?:#[\w./+-]*(?::[\w./+-]+)?)?$/.test(written) &&
    !written.includes("..")
  );
}

/** Duration, also without a unit. */
export const duration = text("a time such as `30s`", /^\d[\dhmsu.]*$/);

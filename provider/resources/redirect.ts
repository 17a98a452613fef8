import { z } from "zod";
import { simple } from "../engine";
import { traefikText } from "./types/text-types";

/**
 * A redirect by Traefik for requests to an application whose address matches a pattern. It takes effect
 * as soon as it is saved.
 *
 * @example
 * ```ts
 * new dokploy.Redirect("www", {
 *   applicationId: web.id,
 *   regex: "^https?://www.example.com/(.*)",
 *   replacement: "https://example.com/${1}",
 *   permanent: true,
 * });
 * ```
 */
export const redirect = simple({
  kind: "Redirect",
  router: "redirects",
  parents: { application: "none" },
  key: ["regex"],
  label: ({ regex }) => regex,
  inputs: {
    /** Regular expression in Go syntax that the whole address of the request has to match. */
    regex: traefikText,
    /** Address to redirect to; `${1}` is the text that the first group of the pattern matched. */
    replacement: traefikText,
    /** True for status 301, which clients remember; false for 302. */
    permanent: z.boolean(),
  },
  rules: { regex: ({ regex }) => regex !== undefined && goProblem(regex) },
});

/**
 * Returns the mistake in a Go expression, as far as JavaScript finds it. Traefik serves no application with a wrong
 * one.
 */
function goProblem(regex: string): string | undefined {
  if (/(?<!\\)\(\?<?[=!]/.test(regex))
    return "uses lookahead or lookbehind, which Go's regular expressions do not support";
  const alike = regex
    .replace(/\\Q.*?(?:\\E|$)/gs, "q")
    .replace(/\(\?[imsU-]+\)/g, "")
    .replace(/\(\?[imsU-]+:/g, "(?:")
    .replaceAll("(?P<", "(?<");
  try {
    new RegExp(alike);
    return undefined;
  } catch (error) {
    // The text before the last colon quotes the expression, which may be a secret.
    return `is not a regular expression: ${(error as Error).message.split(": ").at(-1)}`;
  }
}

import { z } from "zod";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";

/**
 * A redirect that Traefik answers for an application, by a pattern of the address. It works as soon as it is saved.
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
  list: "redirects",
  parents: ["application"],
  key: ["regex"],
  label: ({ regex }) => regex,
  inputs: {
    /** Regular expression, in Go's syntax, that the whole address of the request has to match. */
    regex: text,
    /** Where to send the caller; `${1}` is what the first group of the pattern matched. */
    replacement: text,
    /** 301, which callers keep, instead of 302. */
    permanent: z.boolean(),
  },
  rules: { regex: ({ regex }) => regex !== undefined && goProblem(regex) },
});

/** What is wrong with an expression of Go's, as far as JavaScript's tell. Traefik serves no application with such a one. */
function goProblem(regex: string): string | undefined {
  if (/(?<!\\)\(\?<?[=!]/.test(regex)) return "looks ahead or behind, which Go's expressions cannot";
  const alike = regex
    .replace(/\\Q.*?(?:\\E|$)/gs, "q")
    .replace(/\(\?[imsU-]+\)/g, "")
    .replace(/\(\?[imsU-]+:/g, "(?:")
    .replaceAll("(?P<", "(?<");
  try {
    new RegExp(alike);
    return undefined;
  } catch (error) {
    // Before the last colon it quotes the expression, which may be a secret.
    return `is not a regular expression: ${(error as Error).message.split(": ").at(-1)}`;
  }
}

import { z } from "zod";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

/**
 * A name and a password that Traefik asks callers of an application for (HTTP basic auth), on all of its domains. With
 * several, any of them opens it; without one, it is open. It works as soon as it is saved. The application that lists it
 * among its inputs has it before its first deployment; as a resource of its own it comes after that.
 *
 * While the only one of an application changes, callers may get in without for a moment: Dokploy takes the old one away first.
 *
 * @example
 * ```ts
 * new dokploy.Security("staff", {
 *   applicationId: web.id, username: "staff", password: config.requireSecret("staffPassword"),
 * });
 * ```
 */
export const security = simple({
  kind: "Security",
  noun: "login",
  router: "security",
  list: "security",
  parents: ["application"],
  key: ["username"],
  label: ({ username }) => username,
  inputs: {
    /** Name of the caller; no other of the application may have it. */
    username: z
      .string()
      .regex(
        /^[^:\p{Cc}]+$/u,
        "is not a name that HTTP basic auth can carry: at least one character, no colon and no control character",
      ),
    /** Password of the caller, of at most 72 bytes. Secret. */
    password: field(text.regex(/^\P{Cc}*$/u, "has a control character, such as a line break at its end"), {
      secret: true,
    }),
  },
  rules: {
    password: ({ password }) =>
      password !== undefined &&
      Buffer.byteLength(password) > 72 &&
      "has more than 72 bytes, of which Traefik would compare the first 72 alone",
  },
});

import { field, simple } from "../engine";
import { nonEmptyText } from "../schema";
import { traefikText } from "./types/text-types";

/**
 * A login (HTTP basic auth) that Traefik requires on all domains of an application. Any one of several logins gives
 * access; without a login the application is open. A login takes effect as soon as it is saved. An application that
 * lists the login in `security` has it before its first deployment; as a separate resource, it comes after that.
 *
 * While the only login of an application changes, the application is open for a moment, since Dokploy first removes the
 * old login.
 *
 * @example
 * ```ts
 * new dokploy.Security("staff", { applicationId: web.id, username: "staff", password:
 * config.requireSecret("staffPassword"), });
 * ```
 */
export const security = simple({
  kind: "Security",
  router: "security",
  parents: { application: "none" },
  key: ["username"],
  label: ({ username }) => username,
  inputs: {
    /** User name; unique among the logins of the application. */
    username: traefikText.regex(
      /^[^:\p{Cc}]+$/u,
      "is not a valid name for HTTP basic auth: at least one character, no colon and no control character",
    ),
    /** Password of at most 72 bytes. Secret. */
    password: field(
      nonEmptyText.regex(/^\P{Cc}*$/u, "has a control character, such as a line break at its end"),
      {
        secret: true,
      },
    ),
  },
  rules: {
    password: ({ password }) =>
      password !== undefined &&
      Buffer.byteLength(password) > 72 &&
      "has more than 72 bytes, and Traefik would compare only the first 72",
  },
});

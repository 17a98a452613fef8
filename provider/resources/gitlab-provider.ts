import { z } from "zod";
import { field, simple } from "../engine";
import { nonEmptyText, output } from "../schema";
import { redirectTo } from "./member/sign-in";
import { webAddress } from "./types/addresses";

/**
 * A GitLab server, gitlab.com or one of your own, from which applications and compose services are built.
 *
 * It needs an application in GitLab (User settings, Applications): confidential, with the scopes `api`, `read_user` and
 * `read_repository`. Its redirect URI is `redirectUri` followed by `?gitlabId=` and the id of this resource. A person
 * must then open `authorizeUrl` once and approve. Until then `isConfigured` is false, and nothing can be built from it.
 *
 * @example
 * ```ts
 * const gitlab = new dokploy.GitlabProvider("gitlab", {
 *   name: "gitlab", clientId: config.require("gitlabClientId"), clientSecret: config.requireSecret("gitlabClientSecret"),
 * });
 * export const openOnce = gitlab.authorizeUrl;
 * ```
 */
export const gitlabProvider = simple({
  kind: "GitlabProvider",
  router: "gitlab",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["gitlabId"],
  // Id of the owner, which Dokploy requires but does not use.
  create: (columns, _, { server }) => ({ authId: "api", ...redirectTo("gitlab", server), ...columns }),
  inputs: {
    /** Name in Dokploy; unique among the GitLab providers of the server. */
    name: nonEmptyText,
    /** Address of the GitLab server. Default: `https://gitlab.com`. */
    url: field(webAddress, { column: "gitlabUrl", default: "https://gitlab.com" }),
    /** Address at which Dokploy's server reaches it, if that is a different one. */
    internalUrl: field(webAddress, { column: "gitlabInternalUrl", default: null }),
    /** Id of the application in GitLab. */
    clientId: field(nonEmptyText, { column: "applicationId" }),
    /** Secret of the application in GitLab. Secret. */
    clientSecret: field(nonEmptyText, { column: "secret", secret: true }),
    /**
     * Address that GitLab redirects to after the sign-in. Default: the address of Dokploy in the settings, with
     * `/api/providers/gitlab/callback`.
     */
    redirectUri: webAddress.optional(),
    /** Groups whose projects are shown. Default: the projects of the person who approved. */
    groups: field(z.array(nonEmptyText), {
      column: "groupName",
      default: "",
      write: (groups: string[]) => groups.join(","),
      read: (column: string) => column.split(",").filter((group) => group !== ""),
    }),
  },
  outputs: z.strictObject({
    /** True when a person has approved and Dokploy can read repositories. */
    isConfigured: output(z.boolean(), ({ accessToken, refreshToken }) =>
      Boolean(accessToken && refreshToken),
    ),
    /** Address of the page on which a person approves the access in a browser. */
    authorizeUrl: output(
      z.string(),
      ({ gitlabUrl, applicationId, redirectUri, gitlabId }) => {
        const query = new URLSearchParams({
          client_id: String(applicationId),
          redirect_uri: `${redirectUri}?gitlabId=${gitlabId}`,
          response_type: "code",
          scope: "api read_user read_repository",
        });
        return `${gitlabUrl}/oauth/authorize?${query}`;
      },
      { follows: ["url", "clientId", "redirectUri"] },
    ),
  }),
});

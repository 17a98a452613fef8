import { z } from "zod";
import { NOUNS } from "../dokploy/nouns";
import { redirectTo } from "../platform/sign-in";
import { text, webAddress } from "../schema/fields";
import { simple } from "../simple/resource";
import { field, output } from "../simple/spec";

/**
 * A GitLab, gitlab.com or one of your own, from which applications and compose services are built. It starts with an
 * application in GitLab (User settings, Applications; confidential, scopes `api`, `read_user` and `read_repository`) whose redirect
 * URI is `redirectUri` with `?gitlabId=` and the id of this; then a person opens `authorizeUrl` once and agrees. Until then
 * `isConfigured` is false, and nothing can be built from it.
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
  noun: NOUNS.gitlab,
  router: "gitlab",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["gitlabId"],
  makes: ({ redirectUri }, { url }) => ({
    // Whose it is: Dokploy asks, and does not look at it.
    authId: "api",
    ...redirectTo("gitlab", redirectUri, url),
  }),
  inputs: {
    /** Name in Dokploy; no other GitLab of the server may have it. */
    name: text,
    /** Address of the GitLab. Default: `https://gitlab.com`. */
    url: field(webAddress, { default: "https://gitlab.com" }),
    /** Its address as Dokploy's server reaches it, where that is another one. */
    internalUrl: field(webAddress, { default: null }),
    /** Id of the application in GitLab. */
    clientId: text,
    /** Secret of the application in GitLab. Secret. */
    clientSecret: field(text, { secret: true }),
    /** Where GitLab leads back to. Default: the address of Dokploy in the settings, with `/api/providers/gitlab/callback`. */
    redirectUri: webAddress.optional(),
    /** Groups whose projects are shown. Default: the projects of the person who agreed. */
    groups: field(z.array(text), {
      default: "",
      write: (groups: string[]) => groups.join(","),
      read: (column: string) => column.split(",").filter((group) => group !== ""),
    }),
  },
  columns: {
    url: "gitlabUrl",
    internalUrl: "gitlabInternalUrl",
    clientId: "applicationId",
    clientSecret: "secret",
    groups: "groupName",
  },
  outputs: {
    /** Whether a person has agreed, so that Dokploy may read there. */
    isConfigured: output(z.boolean(), ({ accessToken, refreshToken }) =>
      Boolean(accessToken && refreshToken),
    ),
    /** The page that a person opens in the browser, and agrees on. */
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
  },
});

import { z } from "zod";
import { field, simple } from "../engine";
import { nonEmptyText, output } from "../schema";
import { redirectTo } from "./member/sign-in";
import { webAddress } from "./types/addresses";

/**
 * A Gitea or Forgejo server from which applications and compose services are built.
 *
 * With an `accessToken` of Gitea it works at once. Without one it needs an OAuth2 application in Gitea (Settings,
 * Applications) whose redirect URI is `redirectUri`, and a person must open `authorizeUrl` once and approve. Until then
 * `isConfigured` is false, and nothing can be built from it. A change from one to the other removes the former
 * credential from Dokploy.
 *
 * @example
 * ```ts
 * const gitea = new dokploy.GiteaProvider("gitea", {
 *   name: "gitea", url: "https://git.example.com", accessToken: config.requireSecret("giteaToken"),
 * });
 * ```
 */
export const giteaProvider = simple({
  kind: "GiteaProvider",
  router: "gitea",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["giteaId"],
  create: (columns, _, { server }) => ({ ...redirectTo("gitea", server), ...columns }),
  // Next to an OAuth2 application, the token is that of a person's sign-in, which no program gives.
  read: (row) => ({
    ...row,
    hasToken: Boolean(row["accessToken"]),
    accessToken: row["clientId"] ? null : row["accessToken"],
  }),
  inputs: {
    /** Name in Dokploy; unique among the Gitea providers of the server. */
    name: nonEmptyText,
    /** Address of the Gitea server: `https://git.example.com`. */
    url: field(webAddress, { column: "giteaUrl" }),
    /** Address at which Dokploy's server reaches it, if that is a different one. */
    internalUrl: field(webAddress, { column: "giteaInternalUrl", default: null }),
    /** Id of the OAuth2 application in Gitea. */
    clientId: field(nonEmptyText, { default: "" }),
    /** Secret of the OAuth2 application in Gitea. Secret. */
    clientSecret: field(nonEmptyText, { secret: true, default: "" }),
    /**
     * Address that Gitea redirects to after the sign-in. Default: the address of Dokploy in the settings, with
     * `/api/providers/gitea/callback`.
     */
    redirectUri: webAddress.optional(),
    /** Token of Gitea with the scope `read:repository`, instead of the OAuth2 application. Secret. */
    accessToken: field(nonEmptyText, { secret: true, default: "" }),
  },
  rules: {
    clientSecret: ({ clientId, clientSecret }) =>
      (clientId === undefined) !== (clientSecret === undefined) &&
      "needs clientId: give both, or neither of them",
    accessToken: ({ accessToken, clientId }) => {
      if (accessToken === undefined && clientId === undefined)
        return "is missing: give it, or clientId and clientSecret of an OAuth2 application";
      return (
        accessToken !== undefined &&
        clientId !== undefined &&
        "replaces clientId and clientSecret: give one or the other"
      );
    },
  },
  outputs: z.strictObject({
    /** True when Dokploy has a token and can read repositories. */
    isConfigured: output(z.boolean(), ({ hasToken }) => Boolean(hasToken)),
    /** Address of the page on which a person approves the access in a browser; empty without an OAuth2 application. */
    authorizeUrl: output(
      z.string(),
      ({ giteaUrl, clientId, redirectUri, giteaId }) => {
        if (!clientId) return "";
        const query = new URLSearchParams({
          client_id: String(clientId),
          response_type: "code",
          redirect_uri: String(redirectUri),
          scope: "read:user repo",
          state: String(giteaId),
        });
        return `${giteaUrl}/login/oauth/authorize?${query}`;
      },
      { follows: ["url", "clientId", "redirectUri"] },
    ),
  }),
});

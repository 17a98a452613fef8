import { z } from "zod";
import { NOUNS } from "../dokploy/nouns";
import { redirectTo } from "../platform/sign-in";
import { text, webAddress } from "../schema/fields";
import { simple } from "../simple/resource";
import { field, output } from "../simple/spec";

/**
 * A Gitea (or Forgejo) from which applications and compose services are built. Either a token of Gitea is given (`accessToken`),
 * and it works at once; or it starts with an OAuth2 application in Gitea (Settings, Applications) whose redirect URI is
 * `redirectUri`, and a person opens `authorizeUrl` once and agrees. Until then `isConfigured` is false, and nothing can be built
 * from it.
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
  noun: NOUNS.gitea,
  router: "gitea",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["giteaId"],
  makes: ({ redirectUri }, { url }) => redirectTo("gitea", redirectUri, url),
  inputs: {
    /** Name in Dokploy; no other Gitea of the server may have it. */
    name: text,
    /** Address of the Gitea: `https://git.example.com`. */
    url: webAddress,
    /** Its address as Dokploy's server reaches it, where that is another one. */
    internalUrl: field(webAddress, { default: null }),
    /** Id of the OAuth2 application in Gitea. */
    clientId: text.optional(),
    /** Secret of the OAuth2 application in Gitea. Secret. */
    clientSecret: field(text.optional(), { secret: true }),
    /** Where Gitea leads back to. Default: the address of Dokploy in the settings, with `/api/providers/gitea/callback`. */
    redirectUri: webAddress.optional(),
    /** Token of Gitea (scope `read:repository`), in the place of the OAuth2 application. Secret. */
    accessToken: field(text.optional(), { secret: true }),
  },
  columns: { url: "giteaUrl", internalUrl: "giteaInternalUrl" },
  rules: {
    clientSecret: ({ clientId, clientSecret }) =>
      (clientId === undefined) !== (clientSecret === undefined) &&
      "goes with clientId: give both, or neither of them",
    accessToken: ({ accessToken, clientId }) => {
      if (accessToken === undefined && clientId === undefined)
        return "is missing: give it, or clientId and clientSecret of an OAuth2 application";
      return (
        accessToken !== undefined &&
        clientId !== undefined &&
        "takes the place of clientId and clientSecret: give one or the other"
      );
    },
  },
  outputs: {
    /** Whether Dokploy has a token, so that it may read there. */
    isConfigured: output(z.boolean(), ({ accessToken }) => Boolean(accessToken)),
    /** The page that a person opens in the browser, and agrees on; empty where no OAuth2 application is given. */
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
  },
});

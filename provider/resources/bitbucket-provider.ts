import { z } from "zod";
import { field, simple } from "../engine";
import { nonEmptyText } from "../schema";

/**
 * A Bitbucket account from which applications and compose services are built. It works at once, without a sign-in in
 * the browser.
 *
 * @example
 * ```ts
 * const bitbucket = new dokploy.BitbucketProvider("bitbucket", {
 *   name: "bitbucket", username: "acme-bot", email: "bot@acme.example", apiToken: config.requireSecret("bitbucketToken"),
 * });
 * ```
 */
export const bitbucketProvider = simple({
  kind: "BitbucketProvider",
  router: "bitbucket",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["bitbucketId"],
  // Id of the owner, which Dokploy requires but does not use.
  create: (columns) => ({ authId: "api", ...columns }),
  inputs: {
    /** Name in Dokploy; unique among the Bitbucket providers of the server. */
    name: nonEmptyText,
    /** User name in Bitbucket. */
    // The name is in another table, and Dokploy also updates this one, which fails without a value.
    username: field(nonEmptyText, { column: "bitbucketUsername", resent: true }),
    /**
     * Email of the Atlassian account; Bitbucket requires it with an API token. When removed from the program, it stays as
     * it is.
     */
    email: field(z.email("is not an email address").optional(), { column: "bitbucketEmail" }),
    /** API token with the scopes to read repositories, pull requests and workspaces. Secret. */
    apiToken: field(nonEmptyText, { secret: true, default: "" }),
    /** App password that still works; Bitbucket no longer issues new ones. Secret. */
    appPassword: field(nonEmptyText, { secret: true, default: "" }),
    /** Workspace whose repositories are shown. Default: the user's workspace. */
    workspace: field(nonEmptyText, { column: "bitbucketWorkspaceName", default: "" }),
  },
  rules: {
    apiToken: ({ apiToken, appPassword }) =>
      apiToken === undefined &&
      appPassword === undefined &&
      "is missing: Bitbucket does not accept a login without one",
    email: ({ apiToken, email }) =>
      apiToken !== undefined && email === undefined && "is missing: Bitbucket asks for it with an API token",
  },
});

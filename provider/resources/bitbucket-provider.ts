import { z } from "zod";
import { NOUNS } from "../dokploy/nouns";
import { text } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

/**
 * An account of Bitbucket, from which applications and compose services are built. It works at once, without a browser.
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
  noun: NOUNS.bitbucket,
  router: "bitbucket",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["bitbucketId"],
  // Whose it is: Dokploy asks, and does not look at it.
  makes: () => ({ authId: "api" }),
  inputs: {
    /** Name in Dokploy; no other Bitbucket account of the server may have it. */
    name: text,
    /** User name in Bitbucket. */
    username: text,
    /** Email of the Atlassian account, which Bitbucket asks for with an API token. */
    email: z.email("is not an email address").optional(),
    /** API token with the scopes to read repositories, pull requests and workspaces. Secret. */
    apiToken: field(text, { secret: true, default: "" }),
    /** App password, which Bitbucket gives no more: one that still works. Secret. */
    appPassword: field(text, { secret: true, default: "" }),
    /** Workspace whose repositories are shown. Default: that of the user. */
    workspace: field(text, { default: "" }),
  },
  columns: { username: "bitbucketUsername", email: "bitbucketEmail", workspace: "bitbucketWorkspaceName" },
  rules: {
    apiToken: ({ apiToken, appPassword }) =>
      apiToken === undefined &&
      appPassword === undefined &&
      "is missing: Bitbucket lets nobody in without one",
    email: ({ apiToken, email }) =>
      apiToken !== undefined && email === undefined && "is missing: Bitbucket asks for it with an API token",
  },
});

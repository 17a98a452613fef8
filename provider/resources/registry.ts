import { z } from "zod";
import { field, simple } from "../engine";
import { id, nonEmptyText } from "../schema";
import { imagePrefix } from "./types/text-types";

/**
 * An image registry with its login, for the whole server. Applications push the images that they build there, and the
 * machines of a cluster pull them. A private image that is not built has its login in the `source` of the application;
 * without one, a deployment pulls it with the login of the machine, which is that of the registry.
 *
 * Dokploy logs in on the machine when the registry is created or changed, so a login that does not work is an error. A
 * change deploys nothing: applications and compose services use it from their next deployment on.
 *
 * @example
 * ```ts
 * const ghcr = new dokploy.Registry("ghcr", {
 *   name: "ghcr", url: "ghcr.io", username: "acme-bot", password: config.requireSecret("ghcrToken"),
 * });
 * new dokploy.Application("api", { environmentId, name: "api", source: { type: "git", url: "https://git.example.com/acme/api.git", branch: "main" }, registryId: ghcr.id });
 * ```
 */
export const registry = simple({
  kind: "Registry",
  router: "registry",
  key: ["name"],
  label: ({ name }) => name,
  usedBy: ["registryId", "buildRegistryId", "rollbackRegistryId"],
  create: (columns) => ({ registryType: "cloud", ...columns }),
  inputs: {
    /** Name in Dokploy; unique among the registries of the server. */
    name: field(nonEmptyText, { column: "registryName" }),
    /** Host and port, without a scheme or a path: `ghcr.io`. Default: Docker Hub. */
    url: field(
      z
        .string()
        .regex(
          /^[a-zA-Z0-9](?:[a-zA-Z0-9._-]{0,251}[a-zA-Z0-9])?(?::[0-9]{1,5})?$/,
          "is not a host such as ghcr.io or registry.example.com:5000",
        ),
      { column: "registryUrl", default: "" },
    ),
    /** User name for the registry. */
    username: nonEmptyText,
    /** Password or token. Dokploy does not show it, so a change made by hand is not noticed. Secret. */
    password: field(nonEmptyText, { secret: true, writeOnly: true }),
    /** Prefix of the names of images that are pushed: `acme`. Default: the user name. */
    imagePrefix: field(imagePrefix, { default: null }),
    /** Id of the server that logs in. A change replaces the registry. Default: Dokploy's own machine. */
    serverId: field(id.optional(), { replace: true }),
  },
});

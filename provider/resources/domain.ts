import { z } from "zod";
import { isUnknown } from "../pulumi/unknown";
import { portNumber, servedHost, text } from "../schema/fields";
import { urlPath } from "../schema/paths";
import { servedPlace, untilReached, waitUntilReached } from "../simple/reachable";
import { simple } from "../simple/resource";
import { serviceNameRule, unusedCertificate } from "../simple/rules";
import { field, withService } from "../simple/spec";

/**
 * A host name under which Traefik reaches an application, or one service of a compose file. That of an application works as
 * soon as it is saved; that of a compose service needs a deployment, which is one for all that a run changes around it.
 *
 * @example
 * ```ts
 * new dokploy.Domain("shop", { applicationId: web.id, host: "shop.example.com", port: 80, https: true, certificateType: "letsencrypt" });
 * new dokploy.Domain("wiki", { composeId: wiki.id, serviceName: "web", host: "wiki.example.com", port: 8080 });
 * ```
 */
export const domain = simple({
  kind: "Domain",
  router: "domain",
  parents: ["application", "compose"],
  key: ["host", "path"],
  label: ({ host, path = "/" }) => `${host}${path}`,
  applies: { compose: "deploy" },
  sends: (parent) => ({ domainType: parent }),
  occupies: servedPlace,
  crowded: "if both run on one server, Traefik sends every request to only one of them",
  advice: unusedCertificate,
  settle: waitUntilReached,
  columns: { reachable: false },
  inputs: {
    /** Host name in small letters, without a scheme or a path. */
    host: servedHost,
    /** Only paths that begin so. Default: `/`. */
    path: field(urlPath, { default: "/" }),
    /** Port on which the container listens. Default: 3000. */
    port: field(portNumber, { default: 3000 }),
    /** The service in the compose file that is reached; only with `composeId`, and needed there. */
    serviceName: field(text, { default: null }),
    /** Answer HTTPS too, and send callers of HTTP there. Default: false. */
    https: field(z.boolean(), { default: false }),
    /** Where the certificate comes from; `custom` is a resolver of Traefik's own configuration. Default: `none`. */
    certificateType: field(z.enum(["none", "letsencrypt", "custom"]), { default: "none" }),
    /** Name of the resolver, for `certificateType: "custom"`. */
    customCertResolver: field(text, { default: null }),
    /** Path that is put before the caller's on the way to the container. Default: `/`, for none. */
    internalPath: field(urlPath, { default: "/" }),
    /** Take `path` away on the way to the container. Default: false. */
    stripPath: field(z.boolean(), { default: false }),
    /** Entry point of Traefik instead of `web` and `websecure`. */
    customEntrypoint: field(text, { default: null }),
    /** Names of Traefik's middlewares that requests pass, such as `auth@file`. Default: none. */
    middlewares: field(z.array(text), { default: [] }),
    /** Whether it is served; `false` keeps its settings. Needs Dokploy 0.30.0. Default: true. */
    enabled: field(z.boolean(), { default: true }),
    ...untilReached,
    ...withService,
  },
  rules: {
    serviceName: serviceNameRule,
    customCertResolver: ({ certificateType: type, customCertResolver: resolver }) =>
      type === "custom"
        ? resolver === undefined && "is missing: a custom certificate needs it"
        : resolver !== undefined && !isUnknown(type) && 'is for certificateType: "custom" alone',
    stripPath: ({ path = "/", stripPath }) =>
      stripPath === true && path === "/" && "has nothing to take away: give path",
  },
});

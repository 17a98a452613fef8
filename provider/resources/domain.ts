import { z } from "zod";
import { isUnknown } from "../../packages/values";
import { field, simple, withService } from "../engine";
import { serviceNameRule } from "./checks/rules";
import { untilReached, waitForDomain } from "./domain/reachable";
import { portNumber, servedHost } from "./types/addresses";
import {
  composeServiceName,
  entryPoint,
  labelProblem,
  middlewareName,
  traefikName,
  urlPath,
} from "./types/text-types";

/**
 * A host name under which Traefik serves an application, or one service of a compose file. For an application it takes
 * effect as soon as it is saved. For a compose service it needs a deployment: one for all changes that the run makes to
 * the service.
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
  parents: { application: "none", compose: "deploy" },
  key: ["host", "path"],
  label: ({ host, path = "/" }) => `${host}${path}`,
  create: (columns, parent) => ({ domainType: parent?.kind, ...columns }),
  verify: waitForDomain,
  inputs: {
    /** Host name in lower case, without a scheme or a path. */
    host: servedHost,
    /** Start of the paths that the domain serves. Default: `/`. */
    path: field(urlPath, { default: "/" }),
    /** Port that the container listens on. Default: 3000. */
    port: field(portNumber, { default: 3000 }),
    /** Name of the service in the compose file; required with `composeId`, and not allowed without it. */
    serviceName: field(composeServiceName, { default: null }),
    /** True to serve HTTPS, and to redirect requests from HTTP to it. Default: false. */
    https: field(z.boolean(), { default: false }),
    /** Source of the certificate; `custom` is a resolver in Traefik's own configuration. Default: `none`. */
    certificateType: field(z.enum(["none", "letsencrypt", "custom"]), { default: "none" }),
    /** Name of the resolver; required with `certificateType: "custom"`, and not allowed without it. */
    customCertResolver: field(traefikName, { default: null }),
    /** Path that is put in front of the requested one on the way to the container. Default: `/`, which adds nothing. */
    internalPath: field(urlPath, { default: "/" }),
    /** True to remove `path` from the request on the way to the container. Default: false. */
    stripPath: field(z.boolean(), { default: false }),
    /** Entry point of Traefik, instead of `web` and `websecure`. */
    customEntrypoint: field(entryPoint, { default: null }),
    /** Names of the Traefik middlewares that requests pass, such as `auth@file`. Default: none. */
    middlewares: field(z.array(middlewareName), { default: [] }),
    /** True when the domain is served; `false` only keeps its settings. Requires Dokploy 0.30.0. Default: true. */
    enabled: field(z.boolean(), { default: true }),
    ...untilReached,
    ...withService,
  },
  rules: {
    certificateType: ({ certificateType: type = "none", https = false }) =>
      https === false &&
      type !== "none" &&
      !isUnknown(type) && { advice: "has a certificateType, which does nothing without https: true" },
    host: ({ host, path = "/", customEntrypoint = "", enabled }, occupy) => {
      if (enabled === false || [host, path, customEntrypoint, enabled].some(isUnknown)) return false;
      const effect = "Traefik sends every request to only one of them";
      return { advice: occupy(`${customEntrypoint} ${host}${path}`, effect) };
    },
    path: ({ composeId, path }) => composeId !== undefined && labelProblem(path),
    internalPath: ({ composeId, internalPath }) => composeId !== undefined && labelProblem(internalPath),
    serviceName: serviceNameRule,
    customCertResolver: ({ certificateType: type, customCertResolver: resolver }) =>
      type === "custom"
        ? resolver === undefined && "is missing: a custom certificate needs it"
        : resolver !== undefined && !isUnknown(type) && 'is only for certificateType: "custom"',
    stripPath: ({ composeId, path = "/", stripPath }) =>
      stripPath === true &&
      ((path === "/" && "has nothing to strip: give path") ||
        (composeId !== undefined &&
          path.includes(",") &&
          "strips two paths: Traefik reads the comma of path in a label as the end of a path")),
  },
});

// biome-ignore-all format: written by `npm run docs` from the simple objects in provider/resources; not to be edited

import type { ResourceOptions } from "./base";
import type { Inputs, Internal } from "./inputs";
import type { Outputs } from "./outputs";
import type { DomainInputs, PortInputs, RedirectInputs, RegistryInputs, SecurityInputs } from "./simple-inputs";
import type { DomainInputs, NetworkInputs, NotificationInputs, PortInputs, RedirectInputs, RegistryInputs, SecurityInputs, ServerInputs } from "./simple-inputs";
import { SimpleResource } from "./simple-resource";

export interface DomainArgs extends Inputs<Omit<DomainInputs, Internal>> {}

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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Domain extends SimpleResource {
  constructor(name: string, args: DomainArgs, options?: ResourceOptions) {
    super("Domain", name, args, options);
  }
}

export interface Domain extends Outputs<Omit<DomainInputs, Internal>> {}

export interface PortArgs extends Inputs<Omit<PortInputs, Internal>> {}

/**
 * A port of an application that is published on the servers of the swarm. It takes effect with a reload of the application,
 * which is one for all ports that a run changes; an application that was never deployed gets it with its first deployment.
 *
 * What speaks HTTP needs none: give it a {@link Domain}.
 *
 * @example
 * ```ts
 * new dokploy.Port("smtp", { applicationId: mail.id, publishedPort: 25, targetPort: 2525, publishMode: "host" });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Port extends SimpleResource {
  constructor(name: string, args: PortArgs, options?: ResourceOptions) {
    super("Port", name, args, options);
  }
}

export interface Port extends Outputs<Omit<PortInputs, Internal>> {}

export interface RedirectArgs extends Inputs<Omit<RedirectInputs, Internal>> {}

/**
 * A redirect that Traefik answers for an application, by a pattern of the address. It works as soon as it is saved.
 *
 * @example
 * ```ts
 * new dokploy.Redirect("www", {
 *   applicationId: web.id,
 *   regex: "^https?://www.example.com/(.*)",
 *   replacement: "https://example.com/${1}",
 *   permanent: true,
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Redirect extends SimpleResource {
  constructor(name: string, args: RedirectArgs, options?: ResourceOptions) {
    super("Redirect", name, args, options);
  }
}

export interface Redirect extends Outputs<Omit<RedirectInputs, Internal>> {}

export interface RegistryArgs extends Inputs<Omit<RegistryInputs, Internal>> {}

/**
 * A registry of images with its login, for the whole server: applications push what they build there, and pull from it.
 * Dokploy logs in when it is made and when it changes, so a login that does not work is an error. Applications use a change
 * with their next deployment.
 *
 * @example
 * ```ts
 * const ghcr = new dokploy.Registry("ghcr", {
 *   name: "ghcr", url: "ghcr.io", username: "acme-bot", password: config.requireSecret("ghcrToken"),
 * });
 * new dokploy.Application("api", { …, registryId: ghcr.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Registry extends SimpleResource {
  constructor(name: string, args: RegistryArgs, options?: ResourceOptions) {
    super("Registry", name, args, options);
  }
}

export interface Registry extends Outputs<Omit<RegistryInputs, Internal>> {}

export interface SecurityArgs extends Inputs<Omit<SecurityInputs, Internal>> {}

/**
 * A name and a password that Traefik asks callers of an application for (HTTP basic auth), on all of its domains. With
 * several, any of them opens it; without one, it is open. It works as soon as it is saved. The application that lists it
 * among its inputs has it before its first deployment; as a resource of its own it comes after that.
 *
 * While the only one of an application changes, callers may get in without for a moment: Dokploy takes the old one away first.
 *
 * @example
 * ```ts
 * new dokploy.Security("staff", {
 *   applicationId: web.id, username: "staff", password: config.requireSecret("staffPassword"),
 * });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Security extends SimpleResource {
  constructor(name: string, args: SecurityArgs, options?: ResourceOptions) {
    super("Security", name, args, options);
  }
}

export interface Security extends Outputs<Omit<SecurityInputs, Internal>> {}

export interface ServerArgs extends Inputs<Omit<ServerInputs, Internal>> {}

/**
 * A further machine, which Dokploy reaches over SSH: from an empty one with a key to one that takes services, in one update.
 * The machine is waited for, looked at, set up where something is missing, and looked at again; a run that fails or ends in
 * between goes on with the next. Changed connections are looked at again.
 *
 * Deleted, it is taken out of Dokploy, which refuses that while services are on it; what was installed on it stays.
 *
 * @example
 * ```ts
 * const worker = new dokploy.Server("worker", { name: "worker", ipAddress: "203.0.113.7", sshKeyId: key.id });
 * new dokploy.Application("api", { …, serverId: worker.id });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see `Outputs`
export class Server extends SimpleResource {
  constructor(name: string, args: ServerArgs, options?: ResourceOptions) {
    super("Server", name, args, options);
  }
}

export interface Server extends Outputs<Omit<ServerInputs, Internal>> {}

// biome-ignore-all format: written by `npm run docs` from the simple objects in provider/resources; not to be edited

import type { Output } from "@pulumi/pulumi";
import type { DomainInputs, PortInputs, RedirectInputs, RegistryInputs, SecurityInputs } from "../simple-inputs";
import type { DomainInputs, NetworkInputs, NotificationInputs, PortInputs, RedirectInputs, RegistryInputs, SecurityInputs, ServerInputs } from "../simple-inputs";
import type { InputsOf, OneOf } from "./arguments";
import { type LookupOptions, later, now, type OutputWith } from "./lookup";
import { type ById, type Key, objectLookup, objectsLookup, type Shown } from "./object";

interface OfApplication {
  /** Id of the application that it belongs to. */
  readonly applicationId: string;
}
interface OfCompose {
  /** Id of the compose service that it belongs to. */
  readonly composeId: string;
}

const domain = () => (require("../../provider/resources/domain") as typeof import("../../provider/resources/domain")).domain.model;
const domainLookup = objectLookup<GetDomainArgs, GetDomainResult>("Domain", domain);

/** Which domain: by its id, or by what it belongs to, `host` and `path`. */
export type GetDomainArgs = OneOf<ById | (OfApplication & Key<DomainInputs, "host" | "path">) | (OfCompose & Key<DomainInputs, "host" | "path">)>;
/** The same with outputs. */
export type GetDomainOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<DomainInputs, "host" | "path">) | (OfCompose & Key<DomainInputs, "host" | "path">)>>;

/** A domain. */
export interface GetDomainResult extends ById, Shown<DomainInputs, "host" | "path" | "port" | "https" | "certificateType" | "internalPath" | "stripPath" | "middlewares" | "enabled", "applicationId" | "composeId" | "serviceName" | "customCertResolver" | "customEntrypoint"> {}

/**
 * A domain that exists in Dokploy: by its id, or by what it belongs to, `host` and `path`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getDomainOutput`.
 *
 * @throws LookupError when there is no such domain, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getDomain({ applicationId, host });
 * ```
 */
export function getDomain(args: GetDomainArgs, options?: LookupOptions): Promise<GetDomainResult> {
  return now(domainLookup, args, options);
}

/**
 * A domain that exists in Dokploy: by its id, or by what it belongs to, `host` and `path`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such domain, or several; the message lists what there is
 */
export function getDomainOutput(args: GetDomainOutputArgs, options?: LookupOptions): Output<GetDomainResult> {
  return later(domainLookup, args, options);
}

const domainList = objectsLookup<GetDomainsArgs, GetDomainResult>("Domain", domain);

/** Whose domains. */
export type GetDomainsArgs = OneOf<OfApplication | OfCompose>;
/** The same with outputs. */
export type GetDomainsOutputArgs = OneOf<InputsOf<OfApplication | OfCompose>>;

/**
 * All domains of an application or a compose service, each as `getDomain` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const domains = await dokploy.getDomains({ applicationId });
 * ```
 */
export function getDomains(args: GetDomainsArgs, options?: LookupOptions): Promise<readonly GetDomainResult[]> {
  return now(domainList, args, options);
}

/**
 * All domains of an application or a compose service, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getDomainsOutput(args: GetDomainsOutputArgs, options?: LookupOptions): Output<readonly GetDomainResult[]> {
  return later(domainList, args, options);
}

const port = () => (require("../../provider/resources/port") as typeof import("../../provider/resources/port")).port.model;
const portLookup = objectLookup<GetPortArgs, GetPortResult>("Port", port);

/** Which port: by its id, or by what it belongs to, `publishedPort` and `protocol`. */
export type GetPortArgs = OneOf<ById | (OfApplication & Key<PortInputs, "publishedPort" | "protocol">)>;
/** The same with outputs. */
export type GetPortOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<PortInputs, "publishedPort" | "protocol">)>>;

/** A port. */
export interface GetPortResult extends ById, Shown<PortInputs, "applicationId" | "publishedPort" | "targetPort" | "protocol" | "publishMode"> {}

/**
 * A port that exists in Dokploy: by its id, or by what it belongs to, `publishedPort` and `protocol`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getPortOutput`.
 *
 * @throws LookupError when there is no such port, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getPort({ applicationId, publishedPort });
 * ```
 */
export function getPort(args: GetPortArgs, options?: LookupOptions): Promise<GetPortResult> {
  return now(portLookup, args, options);
}

/**
 * A port that exists in Dokploy: by its id, or by what it belongs to, `publishedPort` and `protocol`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such port, or several; the message lists what there is
 */
export function getPortOutput(args: GetPortOutputArgs, options?: LookupOptions): Output<GetPortResult> {
  return later(portLookup, args, options);
}

const portList = objectsLookup<GetPortsArgs, GetPortResult>("Port", port);

/** Whose ports. */
export type GetPortsArgs = OneOf<OfApplication>;
/** The same with outputs. */
export type GetPortsOutputArgs = OneOf<InputsOf<OfApplication>>;

/**
 * All ports of an application, each as `getPort` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const ports = await dokploy.getPorts({ applicationId });
 * ```
 */
export function getPorts(args: GetPortsArgs, options?: LookupOptions): Promise<readonly GetPortResult[]> {
  return now(portList, args, options);
}

/**
 * All ports of an application, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getPortsOutput(args: GetPortsOutputArgs, options?: LookupOptions): Output<readonly GetPortResult[]> {
  return later(portList, args, options);
}

const redirect = () => (require("../../provider/resources/redirect") as typeof import("../../provider/resources/redirect")).redirect.model;
const redirectLookup = objectLookup<GetRedirectArgs, GetRedirectResult>("Redirect", redirect);

/** Which redirect: by its id, or by what it belongs to and `regex`. */
export type GetRedirectArgs = OneOf<ById | (OfApplication & Key<RedirectInputs, "regex">)>;
/** The same with outputs. */
export type GetRedirectOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<RedirectInputs, "regex">)>>;

/** A redirect. */
export interface GetRedirectResult extends ById, Shown<RedirectInputs, "applicationId" | "regex" | "replacement" | "permanent"> {}

/**
 * A redirect that exists in Dokploy: by its id, or by what it belongs to and `regex`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getRedirectOutput`.
 *
 * @throws LookupError when there is no such redirect, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getRedirect({ applicationId, regex });
 * ```
 */
export function getRedirect(args: GetRedirectArgs, options?: LookupOptions): Promise<GetRedirectResult> {
  return now(redirectLookup, args, options);
}

/**
 * A redirect that exists in Dokploy: by its id, or by what it belongs to and `regex`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such redirect, or several; the message lists what there is
 */
export function getRedirectOutput(args: GetRedirectOutputArgs, options?: LookupOptions): Output<GetRedirectResult> {
  return later(redirectLookup, args, options);
}

const redirectList = objectsLookup<GetRedirectsArgs, GetRedirectResult>("Redirect", redirect);

/** Whose redirects. */
export type GetRedirectsArgs = OneOf<OfApplication>;
/** The same with outputs. */
export type GetRedirectsOutputArgs = OneOf<InputsOf<OfApplication>>;

/**
 * All redirects of an application, each as `getRedirect` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const redirects = await dokploy.getRedirects({ applicationId });
 * ```
 */
export function getRedirects(args: GetRedirectsArgs, options?: LookupOptions): Promise<readonly GetRedirectResult[]> {
  return now(redirectList, args, options);
}

/**
 * All redirects of an application, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getRedirectsOutput(args: GetRedirectsOutputArgs, options?: LookupOptions): Output<readonly GetRedirectResult[]> {
  return later(redirectList, args, options);
}

const registry = () => (require("../../provider/resources/registry") as typeof import("../../provider/resources/registry")).registry.model;
const registryLookup = objectLookup<GetRegistryArgs, GetRegistryResult>("Registry", registry);

/** Which registry: by its id, or by `name`. */
export type GetRegistryArgs = OneOf<ById | Key<RegistryInputs, "name">>;
/** The same with outputs. */
export type GetRegistryOutputArgs = OneOf<InputsOf<ById | Key<RegistryInputs, "name">>>;

/** A registry. */
export interface GetRegistryResult extends ById, Shown<RegistryInputs, "name" | "url" | "username", "imagePrefix" | "serverId"> {}

/**
 * A registry that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getRegistryOutput`. Dokploy does not show `password`, so it is not in the result.
 *
 * @throws LookupError when there is no such registry, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getRegistry({ name });
 * ```
 */
export function getRegistry(args: GetRegistryArgs, options?: LookupOptions): Promise<GetRegistryResult> {
  return now(registryLookup, args, options);
}

/**
 * A registry that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such registry, or several; the message lists what there is
 */
export function getRegistryOutput(args: GetRegistryOutputArgs, options?: LookupOptions): Output<GetRegistryResult> {
  return later(registryLookup, args, options);
}

const registryList = objectsLookup<object, GetRegistryResult>("Registry", registry);

/**
 * All registries of the server, each as `getRegistry` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const registries = await dokploy.getRegistries();
 * ```
 */
export function getRegistries(options?: LookupOptions): Promise<readonly GetRegistryResult[]> {
  return now(registryList, {}, options);
}

/**
 * All registries of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getRegistriesOutput(options?: LookupOptions): Output<readonly GetRegistryResult[]> {
  return later(registryList, {}, options);
}

const security = () => (require("../../provider/resources/security") as typeof import("../../provider/resources/security")).security.model;
const securityLookup = objectLookup<GetSecurityArgs, GetSecurityResult, { readonly [Name in "password"]: NonNullable<SecurityInputs[Name]> }>("Security", security, ["password"]);

/** Which login: by its id, or by what it belongs to and `username`. */
export type GetSecurityArgs = OneOf<ById | (OfApplication & Key<SecurityInputs, "username">)>;
/** The same with outputs. */
export type GetSecurityOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<SecurityInputs, "username">)>>;

/** A login. */
export interface GetSecurityResult extends ById, Shown<SecurityInputs, "applicationId" | "username"> {}

/**
 * A login that exists in Dokploy: by its id, or by what it belongs to and `username`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getSecurityOutput`. A secret, such as `password`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such login, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getSecurity({ applicationId, username });
 * ```
 */
export function getSecurity(args: GetSecurityArgs, options?: LookupOptions): Promise<GetSecurityResult> {
  return now(securityLookup, args, options);
}

/**
 * A login that exists in Dokploy: by its id, or by what it belongs to and `username`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such login, or several; the message lists what there is
 */
export function getSecurityOutput(args: GetSecurityOutputArgs, options?: LookupOptions): OutputWith<GetSecurityResult, { readonly [Name in "password"]: NonNullable<SecurityInputs[Name]> }> {
  return later(securityLookup, args, options);
}

const securityList = objectsLookup<GetSecuritiesArgs, GetSecurityResult>("Security", security);

/** Whose logins. */
export type GetSecuritiesArgs = OneOf<OfApplication>;
/** The same with outputs. */
export type GetSecuritiesOutputArgs = OneOf<InputsOf<OfApplication>>;

/**
 * All logins of an application, each as `getSecurity` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const securities = await dokploy.getSecurities({ applicationId });
 * ```
 */
export function getSecurities(args: GetSecuritiesArgs, options?: LookupOptions): Promise<readonly GetSecurityResult[]> {
  return now(securityList, args, options);
}

/**
 * All logins of an application, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getSecuritiesOutput(args: GetSecuritiesOutputArgs, options?: LookupOptions): Output<readonly GetSecurityResult[]> {
  return later(securityList, args, options);
}

const server = () => (require("../../provider/resources/server") as typeof import("../../provider/resources/server")).server.model;
const serverLookup = objectLookup<GetServerArgs, GetServerResult>("Server", server);

/** Which server: by its id, or by `name`. */
export type GetServerArgs = OneOf<ById | Key<ServerInputs, "name">>;
/** The same with outputs. */
export type GetServerOutputArgs = OneOf<InputsOf<ById | Key<ServerInputs, "name">>>;

/** A server. */
export interface GetServerResult extends ById, Shown<ServerInputs, "name" | "ipAddress" | "port" | "username" | "serverType" | "enableDockerCleanup" | "command", "description" | "sshKeyId"> {}

/**
 * A server that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getServerOutput`.
 *
 * @throws LookupError when there is no such server, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getServer({ name });
 * ```
 */
export function getServer(args: GetServerArgs, options?: LookupOptions): Promise<GetServerResult> {
  return now(serverLookup, args, options);
}

/**
 * A server that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such server, or several; the message lists what there is
 */
export function getServerOutput(args: GetServerOutputArgs, options?: LookupOptions): Output<GetServerResult> {
  return later(serverLookup, args, options);
}

const serverList = objectsLookup<object, GetServerResult>("Server", server);

/**
 * All servers of the server, each as `getServer` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const servers = await dokploy.getServers();
 * ```
 */
export function getServers(options?: LookupOptions): Promise<readonly GetServerResult[]> {
  return now(serverList, {}, options);
}

/**
 * All servers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getServersOutput(options?: LookupOptions): Output<readonly GetServerResult[]> {
  return later(serverList, {}, options);
}

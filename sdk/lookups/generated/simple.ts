// Written by `npm run docs` from the simple objects in provider/resources. Do not edit

import type { Output } from "@pulumi/pulumi";
import type { BackupInputs, BitbucketProviderInputs, CertificateInputs, DestinationInputs, DomainInputs, GiteaProviderInputs, GiteaProviderOutputs, GitlabProviderInputs, GitlabProviderOutputs, MountInputs, NetworkInputs, NotificationInputs, OrganizationInputs, PatchInputs, PortInputs, RedirectInputs, RegistryInputs, ScheduleInputs, SecurityInputs, ServerInputs, SshKeyInputs, SshKeyOutputs, TagInputs, VaultProviderInputs, VolumeBackupInputs } from "../../classes/generated/simple-inputs";
import type { InputsOf, OneOf } from "../arguments";
import { type LookupOptions, later, now, type OutputWith } from "../lookup";
import type { ById, Key, Shown, Without } from "../object";

const of = () => require("../object") as typeof import("../object");

interface OfApplication {
  /** Id of the application that it belongs to. */
  readonly applicationId: string;
}
interface OfCompose {
  /** Id of the compose service that it belongs to. */
  readonly composeId: string;
}
interface OfLibsql {
  /** Id of the libSQL database that it belongs to. */
  readonly libsqlId: string;
}
interface OfMariadb {
  /** Id of the MariaDB database that it belongs to. */
  readonly mariadbId: string;
}
interface OfMongo {
  /** Id of the MongoDB database that it belongs to. */
  readonly mongoId: string;
}
interface OfMysql {
  /** Id of the MySQL database that it belongs to. */
  readonly mysqlId: string;
}
interface OfPostgres {
  /** Id of the Postgres database that it belongs to. */
  readonly postgresId: string;
}
interface OfRedis {
  /** Id of the Redis database that it belongs to. */
  readonly redisId: string;
}
interface OfServer {
  /** Id of the server that it belongs to. */
  readonly serverId: string;
}
interface BackupOfDokploy {
  /** Says that it belongs to Dokploy itself. */
  readonly databaseType: "web-server";
}
interface ScheduleOfDokploy {
  /** Says that it belongs to Dokploy itself. */
  readonly scheduleType: "dokploy-server";
}

const backup = () => (require("../../../provider/resources/backup") as typeof import("../../../provider/resources/backup")).backup.model;
const backupLookup = () => of().objectLookup<GetBackupArgs, GetBackupResult, { readonly [Name in "metadata"]: NonNullable<BackupInputs[Name]> }>("Backup", backup, ["metadata"]);

/** Which backup: by its id, or by what it belongs to, `prefix`, `destinationId` and `serviceName`. */
export type GetBackupArgs = OneOf<ById | (OfPostgres & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMysql & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMariadb & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMongo & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfLibsql & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfCompose & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (BackupOfDokploy & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">)>;
/** The same with outputs. */
export type GetBackupOutputArgs = OneOf<InputsOf<ById | (OfPostgres & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMysql & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMariadb & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMongo & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfLibsql & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfCompose & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (BackupOfDokploy & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">)>>;

/** A backup. */
export interface GetBackupResult extends ById, Shown<BackupInputs, "schedule" | "destinationId" | "prefix" | "enabled" | "includeEncryptionKey", "postgresId" | "mysqlId" | "mariadbId" | "mongoId" | "libsqlId" | "composeId" | "database" | "databaseType" | "serviceName" | "keepLatestCount"> {}

/**
 * A backup that exists in Dokploy: by its id, or by what it belongs to, `prefix`, `destinationId` and `serviceName`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getBackupOutput`. A secret, such as `metadata`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such backup, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getBackup({ postgresId, destinationId });
 * ```
 */
export function getBackup(args: GetBackupArgs, options?: LookupOptions): Promise<GetBackupResult> {
  return now(backupLookup(), args, options);
}

/**
 * A backup that exists in Dokploy: by its id, or by what it belongs to, `prefix`, `destinationId` and `serviceName`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such backup, or several; the message lists what there is
 */
export function getBackupOutput(args: GetBackupOutputArgs, options?: LookupOptions): OutputWith<GetBackupResult, { readonly [Name in "metadata"]: NonNullable<BackupInputs[Name]> }> {
  return later(backupLookup(), args, options);
}

const backupList = () => of().objectsLookup<GetBackupsArgs, GetBackupResult>("Backup", backup);

/** Whose backups. */
export type GetBackupsArgs = OneOf<OfPostgres | OfMysql | OfMariadb | OfMongo | OfLibsql | OfCompose | BackupOfDokploy>;
/** The same with outputs. */
export type GetBackupsOutputArgs = OneOf<InputsOf<OfPostgres | OfMysql | OfMariadb | OfMongo | OfLibsql | OfCompose | BackupOfDokploy>>;

/**
 * All backups of a Postgres database, a MySQL database, a MariaDB database, a MongoDB database, a libSQL database, a compose service or Dokploy itself, each as `getBackup` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const backups = await dokploy.getBackups({ postgresId });
 * ```
 */
export function getBackups(args: GetBackupsArgs, options?: LookupOptions): Promise<readonly GetBackupResult[]> {
  return now(backupList(), args, options);
}

/**
 * All backups of a Postgres database, a MySQL database, a MariaDB database, a MongoDB database, a libSQL database, a compose service or Dokploy itself, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getBackupsOutput(args: GetBackupsOutputArgs, options?: LookupOptions): Output<readonly GetBackupResult[]> {
  return later(backupList(), args, options);
}

const bitbucketProvider = () => (require("../../../provider/resources/bitbucket-provider") as typeof import("../../../provider/resources/bitbucket-provider")).bitbucketProvider.model;
const bitbucketProviderLookup = () => of().objectLookup<GetBitbucketProviderArgs, GetBitbucketProviderResult, { readonly [Name in "apiToken" | "appPassword"]: NonNullable<BitbucketProviderInputs[Name]> }>("BitbucketProvider", bitbucketProvider, ["apiToken","appPassword"]);

/** Which Bitbucket provider: by its id, or by `name`. */
export type GetBitbucketProviderArgs = OneOf<ById | Key<BitbucketProviderInputs, "name">>;
/** The same with outputs. */
export type GetBitbucketProviderOutputArgs = OneOf<InputsOf<ById | Key<BitbucketProviderInputs, "name">>>;

/** A Bitbucket provider. */
export interface GetBitbucketProviderResult extends ById, Shown<BitbucketProviderInputs, "name" | "username" | "workspace", "email"> {}

/**
 * A Bitbucket provider that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getBitbucketProviderOutput`. A secret, such as `apiToken`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such Bitbucket provider, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getBitbucketProvider({ name });
 * ```
 */
export function getBitbucketProvider(args: GetBitbucketProviderArgs, options?: LookupOptions): Promise<GetBitbucketProviderResult> {
  return now(bitbucketProviderLookup(), args, options);
}

/**
 * A Bitbucket provider that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such Bitbucket provider, or several; the message lists what there is
 */
export function getBitbucketProviderOutput(args: GetBitbucketProviderOutputArgs, options?: LookupOptions): OutputWith<GetBitbucketProviderResult, { readonly [Name in "apiToken" | "appPassword"]: NonNullable<BitbucketProviderInputs[Name]> }> {
  return later(bitbucketProviderLookup(), args, options);
}

const bitbucketProviderList = () => of().objectsLookup<object, GetBitbucketProviderResult>("BitbucketProvider", bitbucketProvider);

/**
 * All Bitbucket providers of the server, each as `getBitbucketProvider` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const bitbucketProviders = await dokploy.getBitbucketProviders();
 * ```
 */
export function getBitbucketProviders(options?: LookupOptions): Promise<readonly GetBitbucketProviderResult[]> {
  return now(bitbucketProviderList(), {}, options);
}

/**
 * All Bitbucket providers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getBitbucketProvidersOutput(options?: LookupOptions): Output<readonly GetBitbucketProviderResult[]> {
  return later(bitbucketProviderList(), {}, options);
}

const certificate = () => (require("../../../provider/resources/certificate") as typeof import("../../../provider/resources/certificate")).certificate.model;
const certificateLookup = () => of().objectLookup<GetCertificateArgs, GetCertificateResult, { readonly [Name in "privateKey"]: NonNullable<CertificateInputs[Name]> }>("Certificate", certificate, ["privateKey"]);

/** Which certificate: by its id, or by `name`. */
export type GetCertificateArgs = OneOf<ById | Key<CertificateInputs, "name">>;
/** The same with outputs. */
export type GetCertificateOutputArgs = OneOf<InputsOf<ById | Key<CertificateInputs, "name">>>;

/** A certificate. */
export interface GetCertificateResult extends ById, Shown<CertificateInputs, "name" | "certificateData", "autoRenew" | "serverId"> {}

/**
 * A certificate that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getCertificateOutput`. A secret, such as `privateKey`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such certificate, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getCertificate({ name });
 * ```
 */
export function getCertificate(args: GetCertificateArgs, options?: LookupOptions): Promise<GetCertificateResult> {
  return now(certificateLookup(), args, options);
}

/**
 * A certificate that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such certificate, or several; the message lists what there is
 */
export function getCertificateOutput(args: GetCertificateOutputArgs, options?: LookupOptions): OutputWith<GetCertificateResult, { readonly [Name in "privateKey"]: NonNullable<CertificateInputs[Name]> }> {
  return later(certificateLookup(), args, options);
}

const certificateList = () => of().objectsLookup<object, GetCertificateResult>("Certificate", certificate);

/**
 * All certificates of the server, each as `getCertificate` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const certificates = await dokploy.getCertificates();
 * ```
 */
export function getCertificates(options?: LookupOptions): Promise<readonly GetCertificateResult[]> {
  return now(certificateList(), {}, options);
}

/**
 * All certificates of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getCertificatesOutput(options?: LookupOptions): Output<readonly GetCertificateResult[]> {
  return later(certificateList(), {}, options);
}

const destination = () => (require("../../../provider/resources/destination") as typeof import("../../../provider/resources/destination")).destination.model;
const destinationLookup = () => of().objectLookup<GetDestinationArgs, GetDestinationResult, { readonly [Name in "accessKey" | "secretAccessKey"]: NonNullable<DestinationInputs[Name]> }>("Destination", destination, ["accessKey","secretAccessKey"]);

/** Which destination: by its id, or by `name`. */
export type GetDestinationArgs = OneOf<ById | Key<DestinationInputs, "name">>;
/** The same with outputs. */
export type GetDestinationOutputArgs = OneOf<InputsOf<ById | Key<DestinationInputs, "name">>>;

/** A destination. */
export interface GetDestinationResult extends ById, Shown<DestinationInputs, "name" | "bucket" | "region" | "endpoint" | "additionalFlags", "provider"> {}

/**
 * A destination that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getDestinationOutput`. A secret, such as `accessKey`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such destination, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getDestination({ name });
 * ```
 */
export function getDestination(args: GetDestinationArgs, options?: LookupOptions): Promise<GetDestinationResult> {
  return now(destinationLookup(), args, options);
}

/**
 * A destination that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such destination, or several; the message lists what there is
 */
export function getDestinationOutput(args: GetDestinationOutputArgs, options?: LookupOptions): OutputWith<GetDestinationResult, { readonly [Name in "accessKey" | "secretAccessKey"]: NonNullable<DestinationInputs[Name]> }> {
  return later(destinationLookup(), args, options);
}

const destinationList = () => of().objectsLookup<object, GetDestinationResult>("Destination", destination);

/**
 * All destinations of the server, each as `getDestination` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const destinations = await dokploy.getDestinations();
 * ```
 */
export function getDestinations(options?: LookupOptions): Promise<readonly GetDestinationResult[]> {
  return now(destinationList(), {}, options);
}

/**
 * All destinations of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getDestinationsOutput(options?: LookupOptions): Output<readonly GetDestinationResult[]> {
  return later(destinationList(), {}, options);
}

const domain = () => (require("../../../provider/resources/domain") as typeof import("../../../provider/resources/domain")).domain.model;
const domainLookup = () => of().objectLookup<GetDomainArgs, GetDomainResult>("Domain", domain);

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
  return now(domainLookup(), args, options);
}

/**
 * A domain that exists in Dokploy: by its id, or by what it belongs to, `host` and `path`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such domain, or several; the message lists what there is
 */
export function getDomainOutput(args: GetDomainOutputArgs, options?: LookupOptions): Output<GetDomainResult> {
  return later(domainLookup(), args, options);
}

const domainList = () => of().objectsLookup<GetDomainsArgs, GetDomainResult>("Domain", domain);

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
  return now(domainList(), args, options);
}

/**
 * All domains of an application or a compose service, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getDomainsOutput(args: GetDomainsOutputArgs, options?: LookupOptions): Output<readonly GetDomainResult[]> {
  return later(domainList(), args, options);
}

const giteaProvider = () => (require("../../../provider/resources/gitea-provider") as typeof import("../../../provider/resources/gitea-provider")).giteaProvider.model;
const giteaProviderLookup = () => of().objectLookup<GetGiteaProviderArgs, GetGiteaProviderResult, { readonly [Name in "clientSecret" | "accessToken"]: NonNullable<GiteaProviderInputs[Name]> }>("GiteaProvider", giteaProvider, ["clientSecret","accessToken"]);

/** Which Gitea provider: by its id, or by `name`. */
export type GetGiteaProviderArgs = OneOf<ById | Key<GiteaProviderInputs, "name">>;
/** The same with outputs. */
export type GetGiteaProviderOutputArgs = OneOf<InputsOf<ById | Key<GiteaProviderInputs, "name">>>;

/** A Gitea provider. */
export interface GetGiteaProviderResult extends ById, Shown<GiteaProviderInputs, "name" | "url", "internalUrl" | "clientId" | "redirectUri">, Readonly<Pick<GiteaProviderOutputs, "isConfigured" | "authorizeUrl">> {}

/**
 * A Gitea provider that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getGiteaProviderOutput`. A secret, such as `clientSecret`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such Gitea provider, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getGiteaProvider({ name });
 * ```
 */
export function getGiteaProvider(args: GetGiteaProviderArgs, options?: LookupOptions): Promise<GetGiteaProviderResult> {
  return now(giteaProviderLookup(), args, options);
}

/**
 * A Gitea provider that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such Gitea provider, or several; the message lists what there is
 */
export function getGiteaProviderOutput(args: GetGiteaProviderOutputArgs, options?: LookupOptions): OutputWith<GetGiteaProviderResult, { readonly [Name in "clientSecret" | "accessToken"]: NonNullable<GiteaProviderInputs[Name]> }> {
  return later(giteaProviderLookup(), args, options);
}

const giteaProviderList = () => of().objectsLookup<object, GetGiteaProviderResult>("GiteaProvider", giteaProvider);

/**
 * All Gitea providers of the server, each as `getGiteaProvider` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const giteaProviders = await dokploy.getGiteaProviders();
 * ```
 */
export function getGiteaProviders(options?: LookupOptions): Promise<readonly GetGiteaProviderResult[]> {
  return now(giteaProviderList(), {}, options);
}

/**
 * All Gitea providers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getGiteaProvidersOutput(options?: LookupOptions): Output<readonly GetGiteaProviderResult[]> {
  return later(giteaProviderList(), {}, options);
}

const gitlabProvider = () => (require("../../../provider/resources/gitlab-provider") as typeof import("../../../provider/resources/gitlab-provider")).gitlabProvider.model;
const gitlabProviderLookup = () => of().objectLookup<GetGitlabProviderArgs, GetGitlabProviderResult, { readonly [Name in "clientSecret"]: NonNullable<GitlabProviderInputs[Name]> }>("GitlabProvider", gitlabProvider, ["clientSecret"]);

/** Which GitLab provider: by its id, or by `name`. */
export type GetGitlabProviderArgs = OneOf<ById | Key<GitlabProviderInputs, "name">>;
/** The same with outputs. */
export type GetGitlabProviderOutputArgs = OneOf<InputsOf<ById | Key<GitlabProviderInputs, "name">>>;

/** A GitLab provider. */
export interface GetGitlabProviderResult extends ById, Shown<GitlabProviderInputs, "name" | "url" | "clientId" | "groups", "internalUrl" | "redirectUri">, Readonly<Pick<GitlabProviderOutputs, "isConfigured" | "authorizeUrl">> {}

/**
 * A GitLab provider that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getGitlabProviderOutput`. A secret, such as `clientSecret`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such GitLab provider, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getGitlabProvider({ name });
 * ```
 */
export function getGitlabProvider(args: GetGitlabProviderArgs, options?: LookupOptions): Promise<GetGitlabProviderResult> {
  return now(gitlabProviderLookup(), args, options);
}

/**
 * A GitLab provider that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such GitLab provider, or several; the message lists what there is
 */
export function getGitlabProviderOutput(args: GetGitlabProviderOutputArgs, options?: LookupOptions): OutputWith<GetGitlabProviderResult, { readonly [Name in "clientSecret"]: NonNullable<GitlabProviderInputs[Name]> }> {
  return later(gitlabProviderLookup(), args, options);
}

const gitlabProviderList = () => of().objectsLookup<object, GetGitlabProviderResult>("GitlabProvider", gitlabProvider);

/**
 * All GitLab providers of the server, each as `getGitlabProvider` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const gitlabProviders = await dokploy.getGitlabProviders();
 * ```
 */
export function getGitlabProviders(options?: LookupOptions): Promise<readonly GetGitlabProviderResult[]> {
  return now(gitlabProviderList(), {}, options);
}

/**
 * All GitLab providers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getGitlabProvidersOutput(options?: LookupOptions): Output<readonly GetGitlabProviderResult[]> {
  return later(gitlabProviderList(), {}, options);
}

const mount = () => (require("../../../provider/resources/mount") as typeof import("../../../provider/resources/mount")).mount.model;
const mountLookup = () => of().objectLookup<GetMountArgs, GetMountResult, { readonly [Name in "content"]: NonNullable<MountInputs[Name]> }>("Mount", mount, ["content"]);

/** Which mount: by its id, or by what it belongs to and `mountPath`. */
export type GetMountArgs = OneOf<ById | (OfApplication & Key<MountInputs, "mountPath">) | (OfCompose & Key<MountInputs, "mountPath">) | (OfPostgres & Key<MountInputs, "mountPath">) | (OfMysql & Key<MountInputs, "mountPath">) | (OfMariadb & Key<MountInputs, "mountPath">) | (OfMongo & Key<MountInputs, "mountPath">) | (OfRedis & Key<MountInputs, "mountPath">) | (OfLibsql & Key<MountInputs, "mountPath">)>;
/** The same with outputs. */
export type GetMountOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<MountInputs, "mountPath">) | (OfCompose & Key<MountInputs, "mountPath">) | (OfPostgres & Key<MountInputs, "mountPath">) | (OfMysql & Key<MountInputs, "mountPath">) | (OfMariadb & Key<MountInputs, "mountPath">) | (OfMongo & Key<MountInputs, "mountPath">) | (OfRedis & Key<MountInputs, "mountPath">) | (OfLibsql & Key<MountInputs, "mountPath">)>>;

/** A mount. */
export interface GetMountResult extends ById, Shown<MountInputs, "type" | "mountPath", "applicationId" | "composeId" | "postgresId" | "mysqlId" | "mariadbId" | "mongoId" | "redisId" | "libsqlId" | "volumeName" | "hostPath" | "filePath"> {}

/**
 * A mount that exists in Dokploy: by its id, or by what it belongs to and `mountPath`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getMountOutput`. A secret, such as `content`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such mount, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getMount({ applicationId, mountPath });
 * ```
 */
export function getMount(args: GetMountArgs, options?: LookupOptions): Promise<GetMountResult> {
  return now(mountLookup(), args, options);
}

/**
 * A mount that exists in Dokploy: by its id, or by what it belongs to and `mountPath`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such mount, or several; the message lists what there is
 */
export function getMountOutput(args: GetMountOutputArgs, options?: LookupOptions): OutputWith<GetMountResult, { readonly [Name in "content"]: NonNullable<MountInputs[Name]> }> {
  return later(mountLookup(), args, options);
}

const mountList = () => of().objectsLookup<GetMountsArgs, GetMountResult>("Mount", mount);

/** Whose mounts. */
export type GetMountsArgs = OneOf<OfApplication | OfCompose | OfPostgres | OfMysql | OfMariadb | OfMongo | OfRedis | OfLibsql>;
/** The same with outputs. */
export type GetMountsOutputArgs = OneOf<InputsOf<OfApplication | OfCompose | OfPostgres | OfMysql | OfMariadb | OfMongo | OfRedis | OfLibsql>>;

/**
 * All mounts of an application, a compose service, a Postgres database, a MySQL database, a MariaDB database, a MongoDB database, a Redis database or a libSQL database, each as `getMount` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const mounts = await dokploy.getMounts({ applicationId });
 * ```
 */
export function getMounts(args: GetMountsArgs, options?: LookupOptions): Promise<readonly GetMountResult[]> {
  return now(mountList(), args, options);
}

/**
 * All mounts of an application, a compose service, a Postgres database, a MySQL database, a MariaDB database, a MongoDB database, a Redis database or a libSQL database, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getMountsOutput(args: GetMountsOutputArgs, options?: LookupOptions): Output<readonly GetMountResult[]> {
  return later(mountList(), args, options);
}

const network = () => (require("../../../provider/resources/network") as typeof import("../../../provider/resources/network")).network.model;
const networkLookup = () => of().objectLookup<GetNetworkArgs, GetNetworkResult>("Network", network);

/** Which network: by its id, or by `name` and `serverId`. */
export type GetNetworkArgs = OneOf<ById | Key<NetworkInputs, "name" | "serverId">>;
/** The same with outputs. */
export type GetNetworkOutputArgs = OneOf<InputsOf<ById | Key<NetworkInputs, "name" | "serverId">>>;

/** A network. */
export interface GetNetworkResult extends ById, Shown<NetworkInputs, "name" | "driver" | "internal" | "attachable" | "enableIPv4" | "enableIPv6", "mtu" | "subnets" | "serverId"> {}

/**
 * A network that exists in Dokploy: by its id, or by `name` and `serverId`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getNetworkOutput`.
 *
 * @throws LookupError when there is no such network, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getNetwork({ name });
 * ```
 */
export function getNetwork(args: GetNetworkArgs, options?: LookupOptions): Promise<GetNetworkResult> {
  return now(networkLookup(), args, options);
}

/**
 * A network that exists in Dokploy: by its id, or by `name` and `serverId`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such network, or several; the message lists what there is
 */
export function getNetworkOutput(args: GetNetworkOutputArgs, options?: LookupOptions): Output<GetNetworkResult> {
  return later(networkLookup(), args, options);
}

const networkList = () => of().objectsLookup<object, GetNetworkResult>("Network", network);

/**
 * All networks of the server, each as `getNetwork` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const networks = await dokploy.getNetworks();
 * ```
 */
export function getNetworks(options?: LookupOptions): Promise<readonly GetNetworkResult[]> {
  return now(networkList(), {}, options);
}

/**
 * All networks of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getNetworksOutput(options?: LookupOptions): Output<readonly GetNetworkResult[]> {
  return later(networkList(), {}, options);
}

const notification = () => (require("../../../provider/resources/notification") as typeof import("../../../provider/resources/notification")).notification.model;
const notificationLookup = () => of().objectLookup<GetNotificationArgs, GetNotificationResult>("Notification", notification);

/** Which notification: by its id, or by `name`. */
export type GetNotificationArgs = OneOf<ById | Key<NotificationInputs, "name">>;
/** The same with outputs. */
export type GetNotificationOutputArgs = OneOf<InputsOf<ById | Key<NotificationInputs, "name">>>;

/** A notification. */
export interface GetNotificationResult extends ById, Shown<NotificationInputs, "name" | "appDeploy" | "appBuildError" | "databaseBackup" | "volumeBackup" | "dokployBackup" | "dokployRestart" | "dockerCleanup" | "serverThreshold"> {
  /** Without what is secret. */
  readonly channel: Without<NotificationInputs["channel"], "webhookUrl" | "botToken" | "password" | "apiKey" | "appToken" | "accessToken" | "userKey" | "apiToken" | "endpoint" | "headers">;
}

/**
 * A notification that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getNotificationOutput`.
 *
 * @throws LookupError when there is no such notification, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getNotification({ name });
 * ```
 */
export function getNotification(args: GetNotificationArgs, options?: LookupOptions): Promise<GetNotificationResult> {
  return now(notificationLookup(), args, options);
}

/**
 * A notification that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such notification, or several; the message lists what there is
 */
export function getNotificationOutput(args: GetNotificationOutputArgs, options?: LookupOptions): Output<GetNotificationResult> {
  return later(notificationLookup(), args, options);
}

const notificationList = () => of().objectsLookup<object, GetNotificationResult>("Notification", notification);

/**
 * All notifications of the server, each as `getNotification` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const notifications = await dokploy.getNotifications();
 * ```
 */
export function getNotifications(options?: LookupOptions): Promise<readonly GetNotificationResult[]> {
  return now(notificationList(), {}, options);
}

/**
 * All notifications of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getNotificationsOutput(options?: LookupOptions): Output<readonly GetNotificationResult[]> {
  return later(notificationList(), {}, options);
}

const organization = () => (require("../../../provider/resources/organization") as typeof import("../../../provider/resources/organization")).organization.model;
const organizationLookup = () => of().objectLookup<GetOrganizationArgs, GetOrganizationResult>("Organization", organization);

/** Which organization: by its id, or by `name`. */
export type GetOrganizationArgs = OneOf<ById | Key<OrganizationInputs, "name">>;
/** The same with outputs. */
export type GetOrganizationOutputArgs = OneOf<InputsOf<ById | Key<OrganizationInputs, "name">>>;

/** An organization. */
export interface GetOrganizationResult extends ById, Shown<OrganizationInputs, "name" | "logo", "defaultRole"> {}

/**
 * An organization that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getOrganizationOutput`.
 *
 * @throws LookupError when there is no such organization, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getOrganization({ name });
 * ```
 */
export function getOrganization(args: GetOrganizationArgs, options?: LookupOptions): Promise<GetOrganizationResult> {
  return now(organizationLookup(), args, options);
}

/**
 * An organization that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such organization, or several; the message lists what there is
 */
export function getOrganizationOutput(args: GetOrganizationOutputArgs, options?: LookupOptions): Output<GetOrganizationResult> {
  return later(organizationLookup(), args, options);
}

const organizationList = () => of().objectsLookup<object, GetOrganizationResult>("Organization", organization);

/**
 * All organizations of the server, each as `getOrganization` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const organizations = await dokploy.getOrganizations();
 * ```
 */
export function getOrganizations(options?: LookupOptions): Promise<readonly GetOrganizationResult[]> {
  return now(organizationList(), {}, options);
}

/**
 * All organizations of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getOrganizationsOutput(options?: LookupOptions): Output<readonly GetOrganizationResult[]> {
  return later(organizationList(), {}, options);
}

const patch = () => (require("../../../provider/resources/patch") as typeof import("../../../provider/resources/patch")).patch.model;
const patchLookup = () => of().objectLookup<GetPatchArgs, GetPatchResult, { readonly [Name in "content"]: NonNullable<PatchInputs[Name]> }>("Patch", patch, ["content"]);

/** Which patch: by its id, or by what it belongs to and `filePath`. */
export type GetPatchArgs = OneOf<ById | (OfApplication & Key<PatchInputs, "filePath">) | (OfCompose & Key<PatchInputs, "filePath">)>;
/** The same with outputs. */
export type GetPatchOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<PatchInputs, "filePath">) | (OfCompose & Key<PatchInputs, "filePath">)>>;

/** A patch. */
export interface GetPatchResult extends ById, Shown<PatchInputs, "filePath" | "type" | "enabled", "applicationId" | "composeId"> {}

/**
 * A patch that exists in Dokploy: by its id, or by what it belongs to and `filePath`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getPatchOutput`. A secret, such as `content`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such patch, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getPatch({ applicationId, filePath });
 * ```
 */
export function getPatch(args: GetPatchArgs, options?: LookupOptions): Promise<GetPatchResult> {
  return now(patchLookup(), args, options);
}

/**
 * A patch that exists in Dokploy: by its id, or by what it belongs to and `filePath`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such patch, or several; the message lists what there is
 */
export function getPatchOutput(args: GetPatchOutputArgs, options?: LookupOptions): OutputWith<GetPatchResult, { readonly [Name in "content"]: NonNullable<PatchInputs[Name]> }> {
  return later(patchLookup(), args, options);
}

const patchList = () => of().objectsLookup<GetPatchesArgs, GetPatchResult>("Patch", patch);

/** Whose patches. */
export type GetPatchesArgs = OneOf<OfApplication | OfCompose>;
/** The same with outputs. */
export type GetPatchesOutputArgs = OneOf<InputsOf<OfApplication | OfCompose>>;

/**
 * All patches of an application or a compose service, each as `getPatch` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const patches = await dokploy.getPatches({ applicationId });
 * ```
 */
export function getPatches(args: GetPatchesArgs, options?: LookupOptions): Promise<readonly GetPatchResult[]> {
  return now(patchList(), args, options);
}

/**
 * All patches of an application or a compose service, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getPatchesOutput(args: GetPatchesOutputArgs, options?: LookupOptions): Output<readonly GetPatchResult[]> {
  return later(patchList(), args, options);
}

const port = () => (require("../../../provider/resources/port") as typeof import("../../../provider/resources/port")).port.model;
const portLookup = () => of().objectLookup<GetPortArgs, GetPortResult>("Port", port);

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
  return now(portLookup(), args, options);
}

/**
 * A port that exists in Dokploy: by its id, or by what it belongs to, `publishedPort` and `protocol`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such port, or several; the message lists what there is
 */
export function getPortOutput(args: GetPortOutputArgs, options?: LookupOptions): Output<GetPortResult> {
  return later(portLookup(), args, options);
}

const portList = () => of().objectsLookup<GetPortsArgs, GetPortResult>("Port", port);

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
  return now(portList(), args, options);
}

/**
 * All ports of an application, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getPortsOutput(args: GetPortsOutputArgs, options?: LookupOptions): Output<readonly GetPortResult[]> {
  return later(portList(), args, options);
}

const redirect = () => (require("../../../provider/resources/redirect") as typeof import("../../../provider/resources/redirect")).redirect.model;
const redirectLookup = () => of().objectLookup<GetRedirectArgs, GetRedirectResult>("Redirect", redirect);

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
  return now(redirectLookup(), args, options);
}

/**
 * A redirect that exists in Dokploy: by its id, or by what it belongs to and `regex`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such redirect, or several; the message lists what there is
 */
export function getRedirectOutput(args: GetRedirectOutputArgs, options?: LookupOptions): Output<GetRedirectResult> {
  return later(redirectLookup(), args, options);
}

const redirectList = () => of().objectsLookup<GetRedirectsArgs, GetRedirectResult>("Redirect", redirect);

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
  return now(redirectList(), args, options);
}

/**
 * All redirects of an application, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getRedirectsOutput(args: GetRedirectsOutputArgs, options?: LookupOptions): Output<readonly GetRedirectResult[]> {
  return later(redirectList(), args, options);
}

const registry = () => (require("../../../provider/resources/registry") as typeof import("../../../provider/resources/registry")).registry.model;
const registryLookup = () => of().objectLookup<GetRegistryArgs, GetRegistryResult>("Registry", registry);

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
  return now(registryLookup(), args, options);
}

/**
 * A registry that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such registry, or several; the message lists what there is
 */
export function getRegistryOutput(args: GetRegistryOutputArgs, options?: LookupOptions): Output<GetRegistryResult> {
  return later(registryLookup(), args, options);
}

const registryList = () => of().objectsLookup<object, GetRegistryResult>("Registry", registry);

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
  return now(registryList(), {}, options);
}

/**
 * All registries of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getRegistriesOutput(options?: LookupOptions): Output<readonly GetRegistryResult[]> {
  return later(registryList(), {}, options);
}

const schedule = () => (require("../../../provider/resources/schedule") as typeof import("../../../provider/resources/schedule")).schedule.model;
const scheduleLookup = () => of().objectLookup<GetScheduleArgs, GetScheduleResult, { readonly [Name in "command" | "script"]: NonNullable<ScheduleInputs[Name]> }>("Schedule", schedule, ["command","script"]);

/** Which schedule: by its id, or by what it belongs to and `name`. */
export type GetScheduleArgs = OneOf<ById | (OfApplication & Key<ScheduleInputs, "name">) | (OfCompose & Key<ScheduleInputs, "name">) | (OfServer & Key<ScheduleInputs, "name">) | (ScheduleOfDokploy & Key<ScheduleInputs, "name">)>;
/** The same with outputs. */
export type GetScheduleOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<ScheduleInputs, "name">) | (OfCompose & Key<ScheduleInputs, "name">) | (OfServer & Key<ScheduleInputs, "name">) | (ScheduleOfDokploy & Key<ScheduleInputs, "name">)>>;

/** A schedule. */
export interface GetScheduleResult extends ById, Shown<ScheduleInputs, "name" | "cronExpression" | "shellType" | "enabled", "applicationId" | "composeId" | "serverId" | "timezone" | "scheduleType" | "serviceName" | "description"> {}

/**
 * A schedule that exists in Dokploy: by its id, or by what it belongs to and `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getScheduleOutput`. A secret, such as `command`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such schedule, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getSchedule({ applicationId, name });
 * ```
 */
export function getSchedule(args: GetScheduleArgs, options?: LookupOptions): Promise<GetScheduleResult> {
  return now(scheduleLookup(), args, options);
}

/**
 * A schedule that exists in Dokploy: by its id, or by what it belongs to and `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such schedule, or several; the message lists what there is
 */
export function getScheduleOutput(args: GetScheduleOutputArgs, options?: LookupOptions): OutputWith<GetScheduleResult, { readonly [Name in "command" | "script"]: NonNullable<ScheduleInputs[Name]> }> {
  return later(scheduleLookup(), args, options);
}

const scheduleList = () => of().objectsLookup<GetSchedulesArgs, GetScheduleResult>("Schedule", schedule);

/** Whose schedules. */
export type GetSchedulesArgs = OneOf<OfApplication | OfCompose | OfServer | ScheduleOfDokploy>;
/** The same with outputs. */
export type GetSchedulesOutputArgs = OneOf<InputsOf<OfApplication | OfCompose | OfServer | ScheduleOfDokploy>>;

/**
 * All schedules of an application, a compose service, a server or Dokploy itself, each as `getSchedule` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const schedules = await dokploy.getSchedules({ applicationId });
 * ```
 */
export function getSchedules(args: GetSchedulesArgs, options?: LookupOptions): Promise<readonly GetScheduleResult[]> {
  return now(scheduleList(), args, options);
}

/**
 * All schedules of an application, a compose service, a server or Dokploy itself, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getSchedulesOutput(args: GetSchedulesOutputArgs, options?: LookupOptions): Output<readonly GetScheduleResult[]> {
  return later(scheduleList(), args, options);
}

const security = () => (require("../../../provider/resources/security") as typeof import("../../../provider/resources/security")).security.model;
const securityLookup = () => of().objectLookup<GetSecurityArgs, GetSecurityResult, { readonly [Name in "password"]: NonNullable<SecurityInputs[Name]> }>("Security", security, ["password"]);

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
  return now(securityLookup(), args, options);
}

/**
 * A login that exists in Dokploy: by its id, or by what it belongs to and `username`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such login, or several; the message lists what there is
 */
export function getSecurityOutput(args: GetSecurityOutputArgs, options?: LookupOptions): OutputWith<GetSecurityResult, { readonly [Name in "password"]: NonNullable<SecurityInputs[Name]> }> {
  return later(securityLookup(), args, options);
}

const securityList = () => of().objectsLookup<GetSecuritiesArgs, GetSecurityResult>("Security", security);

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
  return now(securityList(), args, options);
}

/**
 * All logins of an application, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getSecuritiesOutput(args: GetSecuritiesOutputArgs, options?: LookupOptions): Output<readonly GetSecurityResult[]> {
  return later(securityList(), args, options);
}

const server = () => (require("../../../provider/resources/server") as typeof import("../../../provider/resources/server")).server.model;
const serverLookup = () => of().objectLookup<GetServerArgs, GetServerResult, { readonly [Name in "command"]: NonNullable<ServerInputs[Name]> }>("Server", server, ["command"]);

/** Which server: by its id, or by `name`. */
export type GetServerArgs = OneOf<ById | Key<ServerInputs, "name">>;
/** The same with outputs. */
export type GetServerOutputArgs = OneOf<InputsOf<ById | Key<ServerInputs, "name">>>;

/** A server. */
export interface GetServerResult extends ById, Shown<ServerInputs, "name" | "ipAddress" | "port" | "username" | "serverType" | "enableDockerCleanup" | "buildsConcurrency", "description" | "sshKeyId"> {}

/**
 * A server that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getServerOutput`. A secret, such as `command`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such server, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getServer({ name });
 * ```
 */
export function getServer(args: GetServerArgs, options?: LookupOptions): Promise<GetServerResult> {
  return now(serverLookup(), args, options);
}

/**
 * A server that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such server, or several; the message lists what there is
 */
export function getServerOutput(args: GetServerOutputArgs, options?: LookupOptions): OutputWith<GetServerResult, { readonly [Name in "command"]: NonNullable<ServerInputs[Name]> }> {
  return later(serverLookup(), args, options);
}

const serverList = () => of().objectsLookup<object, GetServerResult>("Server", server);

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
  return now(serverList(), {}, options);
}

/**
 * All servers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getServersOutput(options?: LookupOptions): Output<readonly GetServerResult[]> {
  return later(serverList(), {}, options);
}

const sshKey = () => (require("../../../provider/resources/ssh-key") as typeof import("../../../provider/resources/ssh-key")).sshKey.model;
const sshKeyLookup = () => of().objectLookup<GetSshKeyArgs, GetSshKeyResult, Pick<SshKeyOutputs, "privateKey">>("SshKey", sshKey, ["privateKey"]);

/** Which SSH key: by its id, or by `name`. */
export type GetSshKeyArgs = OneOf<ById | Key<SshKeyInputs, "name">>;
/** The same with outputs. */
export type GetSshKeyOutputArgs = OneOf<InputsOf<ById | Key<SshKeyInputs, "name">>>;

/** An SSH key. */
export interface GetSshKeyResult extends ById, Shown<SshKeyInputs, "name", "description">, Readonly<Pick<SshKeyOutputs, "publicKey">> {}

/**
 * An SSH key that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getSshKeyOutput`. A secret, such as `privateKey`, stands beside the result of that alone.
 *
 * @throws LookupError when there is no such SSH key, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getSshKey({ name });
 * ```
 */
export function getSshKey(args: GetSshKeyArgs, options?: LookupOptions): Promise<GetSshKeyResult> {
  return now(sshKeyLookup(), args, options);
}

/**
 * An SSH key that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such SSH key, or several; the message lists what there is
 */
export function getSshKeyOutput(args: GetSshKeyOutputArgs, options?: LookupOptions): OutputWith<GetSshKeyResult, Pick<SshKeyOutputs, "privateKey">> {
  return later(sshKeyLookup(), args, options);
}

const sshKeyList = () => of().objectsLookup<object, GetSshKeyResult>("SshKey", sshKey);

/**
 * All SSH keys of the server, each as `getSshKey` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const sshKeys = await dokploy.getSshKeys();
 * ```
 */
export function getSshKeys(options?: LookupOptions): Promise<readonly GetSshKeyResult[]> {
  return now(sshKeyList(), {}, options);
}

/**
 * All SSH keys of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getSshKeysOutput(options?: LookupOptions): Output<readonly GetSshKeyResult[]> {
  return later(sshKeyList(), {}, options);
}

const tag = () => (require("../../../provider/resources/tag") as typeof import("../../../provider/resources/tag")).tag.model;
const tagLookup = () => of().objectLookup<GetTagArgs, GetTagResult>("Tag", tag);

/** Which tag: by its id, or by `name`. */
export type GetTagArgs = OneOf<ById | Key<TagInputs, "name">>;
/** The same with outputs. */
export type GetTagOutputArgs = OneOf<InputsOf<ById | Key<TagInputs, "name">>>;

/** A tag. */
export interface GetTagResult extends ById, Shown<TagInputs, "name", "color"> {}

/**
 * A tag that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getTagOutput`.
 *
 * @throws LookupError when there is no such tag, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getTag({ name });
 * ```
 */
export function getTag(args: GetTagArgs, options?: LookupOptions): Promise<GetTagResult> {
  return now(tagLookup(), args, options);
}

/**
 * A tag that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such tag, or several; the message lists what there is
 */
export function getTagOutput(args: GetTagOutputArgs, options?: LookupOptions): Output<GetTagResult> {
  return later(tagLookup(), args, options);
}

const tagList = () => of().objectsLookup<object, GetTagResult>("Tag", tag);

/**
 * All tags of the server, each as `getTag` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const tags = await dokploy.getTags();
 * ```
 */
export function getTags(options?: LookupOptions): Promise<readonly GetTagResult[]> {
  return now(tagList(), {}, options);
}

/**
 * All tags of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getTagsOutput(options?: LookupOptions): Output<readonly GetTagResult[]> {
  return later(tagList(), {}, options);
}

const vaultProvider = () => (require("../../../provider/resources/vault-provider") as typeof import("../../../provider/resources/vault-provider")).vaultProvider.model;
const vaultProviderLookup = () => of().objectLookup<GetVaultProviderArgs, GetVaultProviderResult>("VaultProvider", vaultProvider);

/** Which vault provider: by its id, or by `name`. */
export type GetVaultProviderArgs = OneOf<ById | Key<VaultProviderInputs, "name">>;
/** The same with outputs. */
export type GetVaultProviderOutputArgs = OneOf<InputsOf<ById | Key<VaultProviderInputs, "name">>>;

/** A vault provider. */
export interface GetVaultProviderResult extends ById, Shown<VaultProviderInputs, "name" | "assignments"> {
  /** Without what is secret. */
  readonly vault: Without<VaultProviderInputs["vault"], "token" | "clientSecret" | "secretAccessKey" | "serviceToken" | "secretKey">;
}

/**
 * A vault provider that exists in Dokploy: by its id, or by `name`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getVaultProviderOutput`.
 *
 * @throws LookupError when there is no such vault provider, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getVaultProvider({ name });
 * ```
 */
export function getVaultProvider(args: GetVaultProviderArgs, options?: LookupOptions): Promise<GetVaultProviderResult> {
  return now(vaultProviderLookup(), args, options);
}

/**
 * A vault provider that exists in Dokploy: by its id, or by `name`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such vault provider, or several; the message lists what there is
 */
export function getVaultProviderOutput(args: GetVaultProviderOutputArgs, options?: LookupOptions): Output<GetVaultProviderResult> {
  return later(vaultProviderLookup(), args, options);
}

const vaultProviderList = () => of().objectsLookup<object, GetVaultProviderResult>("VaultProvider", vaultProvider);

/**
 * All vault providers of the server, each as `getVaultProvider` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const vaultProviders = await dokploy.getVaultProviders();
 * ```
 */
export function getVaultProviders(options?: LookupOptions): Promise<readonly GetVaultProviderResult[]> {
  return now(vaultProviderList(), {}, options);
}

/**
 * All vault providers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getVaultProvidersOutput(options?: LookupOptions): Output<readonly GetVaultProviderResult[]> {
  return later(vaultProviderList(), {}, options);
}

const volumeBackup = () => (require("../../../provider/resources/volume-backup") as typeof import("../../../provider/resources/volume-backup")).volumeBackup.model;
const volumeBackupLookup = () => of().objectLookup<GetVolumeBackupArgs, GetVolumeBackupResult>("VolumeBackup", volumeBackup);

/** Which volume backup: by its id, or by what it belongs to, `prefix`, `volumeName`, `destinationId` and `serviceName`. */
export type GetVolumeBackupArgs = OneOf<ById | (OfApplication & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfCompose & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfPostgres & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMysql & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMariadb & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMongo & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfRedis & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfLibsql & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">)>;
/** The same with outputs. */
export type GetVolumeBackupOutputArgs = OneOf<InputsOf<ById | (OfApplication & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfCompose & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfPostgres & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMysql & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMariadb & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMongo & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfRedis & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfLibsql & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">)>>;

/** A volume backup. */
export interface GetVolumeBackupResult extends ById, Shown<VolumeBackupInputs, "name" | "volumeName" | "cronExpression" | "destinationId" | "prefix" | "turnOff" | "enabled", "applicationId" | "composeId" | "postgresId" | "mysqlId" | "mariadbId" | "mongoId" | "redisId" | "libsqlId" | "serviceName" | "keepLatestCount"> {}

/**
 * A volume backup that exists in Dokploy: by its id, or by what it belongs to, `prefix`, `volumeName`, `destinationId` and `serviceName`.
 *
 * It is read in every run, also at preview. For one that the same program makes, use the outputs of that resource. With
 * outputs as arguments use `getVolumeBackupOutput`.
 *
 * @throws LookupError when there is no such volume backup, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getVolumeBackup({ applicationId, volumeName, destinationId });
 * ```
 */
export function getVolumeBackup(args: GetVolumeBackupArgs, options?: LookupOptions): Promise<GetVolumeBackupResult> {
  return now(volumeBackupLookup(), args, options);
}

/**
 * A volume backup that exists in Dokploy: by its id, or by what it belongs to, `prefix`, `volumeName`, `destinationId` and `serviceName`. Each argument may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such volume backup, or several; the message lists what there is
 */
export function getVolumeBackupOutput(args: GetVolumeBackupOutputArgs, options?: LookupOptions): Output<GetVolumeBackupResult> {
  return later(volumeBackupLookup(), args, options);
}

const volumeBackupList = () => of().objectsLookup<GetVolumeBackupsArgs, GetVolumeBackupResult>("VolumeBackup", volumeBackup);

/** Whose volume backups. */
export type GetVolumeBackupsArgs = OneOf<OfApplication | OfCompose | OfPostgres | OfMysql | OfMariadb | OfMongo | OfRedis | OfLibsql>;
/** The same with outputs. */
export type GetVolumeBackupsOutputArgs = OneOf<InputsOf<OfApplication | OfCompose | OfPostgres | OfMysql | OfMariadb | OfMongo | OfRedis | OfLibsql>>;

/**
 * All volume backups of an application, a compose service, a Postgres database, a MySQL database, a MariaDB database, a MongoDB database, a Redis database or a libSQL database, each as `getVolumeBackup` gives one, in a fixed order.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when there is no such service
 *
 * @example
 * ```ts
 * const volumeBackups = await dokploy.getVolumeBackups({ applicationId });
 * ```
 */
export function getVolumeBackups(args: GetVolumeBackupsArgs, options?: LookupOptions): Promise<readonly GetVolumeBackupResult[]> {
  return now(volumeBackupList(), args, options);
}

/**
 * All volume backups of an application, a compose service, a Postgres database, a MySQL database, a MariaDB database, a MongoDB database, a Redis database or a libSQL database, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such service
 */
export function getVolumeBackupsOutput(args: GetVolumeBackupsOutputArgs, options?: LookupOptions): Output<readonly GetVolumeBackupResult[]> {
  return later(volumeBackupList(), args, options);
}

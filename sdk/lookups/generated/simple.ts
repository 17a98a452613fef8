// Written by `npm run docs` from the simple objects in provider/resources. Do not edit

import * as resources from "../../../provider/resources";
import type { BackupInputs, BitbucketProviderInputs, CertificateInputs, DestinationInputs, DomainInputs, GiteaProviderInputs, GiteaProviderOutputs, GitlabProviderInputs, GitlabProviderOutputs, MountInputs, NetworkInputs, NotificationInputs, OrganizationInputs, PatchInputs, PortInputs, RedirectInputs, RegistryInputs, ScheduleInputs, SecurityInputs, ServerInputs, SshKeyInputs, SshKeyOutputs, TagInputs, VaultProviderInputs, VolumeBackupInputs } from "../../classes";
import type { InputsOf, OneOf } from "../arguments";
import { outputForm, plainForm } from "../lookup";
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
  /** Value for an object that belongs to Dokploy itself. */
  readonly databaseType: "web-server";
}
interface ScheduleOfDokploy {
  /** Value for an object that belongs to Dokploy itself. */
  readonly scheduleType: "dokploy-server";
}

const backup = () => resources.backup.model;
const backupLookup = () => of().objectLookup<GetBackupArgs, GetBackupResult, { readonly [Name in "metadata"]: NonNullable<BackupInputs[Name]> }>("Backup", backup, ["metadata"]);
const backupList = () => of().objectsLookup<GetBackupsArgs, GetBackupResult>("Backup", backup);

/** Arguments that name a backup. */
export type GetBackupArgs = OneOf<ById | (OfPostgres & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMysql & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMariadb & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfMongo & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfLibsql & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (OfCompose & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">) | (BackupOfDokploy & Key<BackupInputs, "prefix" | "destinationId" | "serviceName">)>;
/** Arguments, each of which may be an output. */
export type GetBackupOutputArgs = InputsOf<GetBackupArgs>;

/** A backup. */
export interface GetBackupResult extends ById, Shown<BackupInputs, "schedule" | "destinationId" | "prefix" | "enabled" | "includeEncryptionKey", "postgresId" | "mysqlId" | "mariadbId" | "mongoId" | "libsqlId" | "composeId" | "database" | "databaseType" | "serviceName" | "keepLatestCount"> {}

/**
 * Returns an existing backup, found by its id, or by `prefix`, `destinationId` and `serviceName` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a backup that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getBackupOutput`. Only its result has secrets, such as `metadata`.
 *
 * @throws LookupError when no such backup exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getBackup({ postgresId, destinationId });
 * ```
 */
export const getBackup = plainForm(backupLookup);

/**
 * Returns the result of {@link getBackup} as an output, with the secret `metadata`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getBackupOutput = outputForm(backupLookup);

/** Argument that names the owner of the backups. */
export type GetBackupsArgs = OneOf<OfPostgres | OfMysql | OfMariadb | OfMongo | OfLibsql | OfCompose | BackupOfDokploy>;
/** Argument, which may be an output. */
export type GetBackupsOutputArgs = InputsOf<GetBackupsArgs>;

/**
 * Returns all backups of a database, a compose service or Dokploy itself, in a fixed order.
 *
 * Each is like a result of `getBackup`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const backups = await dokploy.getBackups({ postgresId });
 * ```
 */
export const getBackups = plainForm(backupList);

/**
 * Returns the result of {@link getBackups} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getBackupsOutput = outputForm(backupList);

const bitbucketProvider = () => resources.bitbucketProvider.model;
const bitbucketProviderLookup = () => of().objectLookup<GetBitbucketProviderArgs, GetBitbucketProviderResult, { readonly [Name in "apiToken" | "appPassword"]: NonNullable<BitbucketProviderInputs[Name]> }>("BitbucketProvider", bitbucketProvider, ["apiToken","appPassword"]);
const bitbucketProviderList = () => of().objectsLookup<object, GetBitbucketProviderResult>("BitbucketProvider", bitbucketProvider);

/** Arguments that name a Bitbucket provider. */
export type GetBitbucketProviderArgs = OneOf<ById | Key<BitbucketProviderInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetBitbucketProviderOutputArgs = InputsOf<GetBitbucketProviderArgs>;

/** A Bitbucket provider. */
export interface GetBitbucketProviderResult extends ById, Shown<BitbucketProviderInputs, "name" | "username" | "workspace", "email"> {}

/**
 * Returns an existing Bitbucket provider, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a Bitbucket provider that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getBitbucketProviderOutput`. Only its result has secrets, such as `apiToken`.
 *
 * @throws LookupError when no such Bitbucket provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getBitbucketProvider({ name });
 * ```
 */
export const getBitbucketProvider = plainForm(bitbucketProviderLookup);

/**
 * Returns the result of {@link getBitbucketProvider} as an output, with its secrets `apiToken` and `appPassword`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getBitbucketProviderOutput = outputForm(bitbucketProviderLookup);

/**
 * Returns all Bitbucket providers in Dokploy, in a fixed order.
 *
 * Each is like a result of `getBitbucketProvider`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const bitbucketProviders = await dokploy.getBitbucketProviders();
 * ```
 */
export const getBitbucketProviders = plainForm(bitbucketProviderList);

/** Returns the result of {@link getBitbucketProviders} as an output. */
export const getBitbucketProvidersOutput = outputForm(bitbucketProviderList);

const certificate = () => resources.certificate.model;
const certificateLookup = () => of().objectLookup<GetCertificateArgs, GetCertificateResult, { readonly [Name in "privateKey"]: NonNullable<CertificateInputs[Name]> }>("Certificate", certificate, ["privateKey"]);
const certificateList = () => of().objectsLookup<object, GetCertificateResult>("Certificate", certificate);

/** Arguments that name a certificate. */
export type GetCertificateArgs = OneOf<ById | Key<CertificateInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetCertificateOutputArgs = InputsOf<GetCertificateArgs>;

/** A certificate. */
export interface GetCertificateResult extends ById, Shown<CertificateInputs, "name" | "certificateData", "autoRenew" | "serverId"> {}

/**
 * Returns an existing certificate, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a certificate that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getCertificateOutput`. Only its result has secrets, such as `privateKey`.
 *
 * @throws LookupError when no such certificate exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getCertificate({ name });
 * ```
 */
export const getCertificate = plainForm(certificateLookup);

/**
 * Returns the result of {@link getCertificate} as an output, with the secret `privateKey`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getCertificateOutput = outputForm(certificateLookup);

/**
 * Returns all certificates in Dokploy, in a fixed order.
 *
 * Each is like a result of `getCertificate`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const certificates = await dokploy.getCertificates();
 * ```
 */
export const getCertificates = plainForm(certificateList);

/** Returns the result of {@link getCertificates} as an output. */
export const getCertificatesOutput = outputForm(certificateList);

const destination = () => resources.destination.model;
const destinationLookup = () => of().objectLookup<GetDestinationArgs, GetDestinationResult, { readonly [Name in "accessKey" | "secretAccessKey"]: NonNullable<DestinationInputs[Name]> }>("Destination", destination, ["accessKey","secretAccessKey"]);
const destinationList = () => of().objectsLookup<object, GetDestinationResult>("Destination", destination);

/** Arguments that name a destination. */
export type GetDestinationArgs = OneOf<ById | Key<DestinationInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetDestinationOutputArgs = InputsOf<GetDestinationArgs>;

/** A destination. */
export interface GetDestinationResult extends ById, Shown<DestinationInputs, "name" | "bucket" | "region" | "endpoint" | "additionalFlags", "provider"> {}

/**
 * Returns an existing destination, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a destination that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getDestinationOutput`. Only its result has secrets, such as `accessKey`.
 *
 * @throws LookupError when no such destination exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getDestination({ name });
 * ```
 */
export const getDestination = plainForm(destinationLookup);

/**
 * Returns the result of {@link getDestination} as an output, with its secrets `accessKey` and `secretAccessKey`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getDestinationOutput = outputForm(destinationLookup);

/**
 * Returns all destinations in Dokploy, in a fixed order.
 *
 * Each is like a result of `getDestination`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const destinations = await dokploy.getDestinations();
 * ```
 */
export const getDestinations = plainForm(destinationList);

/** Returns the result of {@link getDestinations} as an output. */
export const getDestinationsOutput = outputForm(destinationList);

const domain = () => resources.domain.model;
const domainLookup = () => of().objectLookup<GetDomainArgs, GetDomainResult>("Domain", domain);
const domainList = () => of().objectsLookup<GetDomainsArgs, GetDomainResult>("Domain", domain);

/** Arguments that name a domain. */
export type GetDomainArgs = OneOf<ById | (OfApplication & Key<DomainInputs, "host" | "path">) | (OfCompose & Key<DomainInputs, "host" | "path">)>;
/** Arguments, each of which may be an output. */
export type GetDomainOutputArgs = InputsOf<GetDomainArgs>;

/** A domain. */
export interface GetDomainResult extends ById, Shown<DomainInputs, "host" | "path" | "port" | "https" | "certificateType" | "internalPath" | "stripPath" | "middlewares" | "enabled", "applicationId" | "composeId" | "serviceName" | "customCertResolver" | "customEntrypoint"> {}

/**
 * Returns an existing domain, found by its id, or by `host` and `path` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a domain that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getDomainOutput`.
 *
 * @throws LookupError when no such domain exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getDomain({ applicationId, host });
 * ```
 */
export const getDomain = plainForm(domainLookup);

/**
 * Returns the result of {@link getDomain} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getDomainOutput = outputForm(domainLookup);

/** Argument that names the owner of the domains. */
export type GetDomainsArgs = OneOf<OfApplication | OfCompose>;
/** Argument, which may be an output. */
export type GetDomainsOutputArgs = InputsOf<GetDomainsArgs>;

/**
 * Returns all domains of an application or a compose service, in a fixed order.
 *
 * Each is like a result of `getDomain`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const domains = await dokploy.getDomains({ applicationId });
 * ```
 */
export const getDomains = plainForm(domainList);

/**
 * Returns the result of {@link getDomains} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getDomainsOutput = outputForm(domainList);

const giteaProvider = () => resources.giteaProvider.model;
const giteaProviderLookup = () => of().objectLookup<GetGiteaProviderArgs, GetGiteaProviderResult, { readonly [Name in "clientSecret" | "accessToken"]: NonNullable<GiteaProviderInputs[Name]> }>("GiteaProvider", giteaProvider, ["clientSecret","accessToken"]);
const giteaProviderList = () => of().objectsLookup<object, GetGiteaProviderResult>("GiteaProvider", giteaProvider);

/** Arguments that name a Gitea provider. */
export type GetGiteaProviderArgs = OneOf<ById | Key<GiteaProviderInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetGiteaProviderOutputArgs = InputsOf<GetGiteaProviderArgs>;

/** A Gitea provider. */
export interface GetGiteaProviderResult extends ById, Shown<GiteaProviderInputs, "name" | "url" | "clientId", "internalUrl" | "redirectUri">, Readonly<Pick<GiteaProviderOutputs, "isConfigured" | "authorizeUrl">> {}

/**
 * Returns an existing Gitea provider, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a Gitea provider that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getGiteaProviderOutput`. Only its result has secrets, such as `clientSecret`.
 *
 * @throws LookupError when no such Gitea provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getGiteaProvider({ name });
 * ```
 */
export const getGiteaProvider = plainForm(giteaProviderLookup);

/**
 * Returns the result of {@link getGiteaProvider} as an output, with its secrets `clientSecret` and `accessToken`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGiteaProviderOutput = outputForm(giteaProviderLookup);

/**
 * Returns all Gitea providers in Dokploy, in a fixed order.
 *
 * Each is like a result of `getGiteaProvider`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const giteaProviders = await dokploy.getGiteaProviders();
 * ```
 */
export const getGiteaProviders = plainForm(giteaProviderList);

/** Returns the result of {@link getGiteaProviders} as an output. */
export const getGiteaProvidersOutput = outputForm(giteaProviderList);

const gitlabProvider = () => resources.gitlabProvider.model;
const gitlabProviderLookup = () => of().objectLookup<GetGitlabProviderArgs, GetGitlabProviderResult, { readonly [Name in "clientSecret"]: NonNullable<GitlabProviderInputs[Name]> }>("GitlabProvider", gitlabProvider, ["clientSecret"]);
const gitlabProviderList = () => of().objectsLookup<object, GetGitlabProviderResult>("GitlabProvider", gitlabProvider);

/** Arguments that name a GitLab provider. */
export type GetGitlabProviderArgs = OneOf<ById | Key<GitlabProviderInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetGitlabProviderOutputArgs = InputsOf<GetGitlabProviderArgs>;

/** A GitLab provider. */
export interface GetGitlabProviderResult extends ById, Shown<GitlabProviderInputs, "name" | "url" | "clientId" | "groups", "internalUrl" | "redirectUri">, Readonly<Pick<GitlabProviderOutputs, "isConfigured" | "authorizeUrl">> {}

/**
 * Returns an existing GitLab provider, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a GitLab provider that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getGitlabProviderOutput`. Only its result has secrets, such as `clientSecret`.
 *
 * @throws LookupError when no such GitLab provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getGitlabProvider({ name });
 * ```
 */
export const getGitlabProvider = plainForm(gitlabProviderLookup);

/**
 * Returns the result of {@link getGitlabProvider} as an output, with the secret `clientSecret`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGitlabProviderOutput = outputForm(gitlabProviderLookup);

/**
 * Returns all GitLab providers in Dokploy, in a fixed order.
 *
 * Each is like a result of `getGitlabProvider`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const gitlabProviders = await dokploy.getGitlabProviders();
 * ```
 */
export const getGitlabProviders = plainForm(gitlabProviderList);

/** Returns the result of {@link getGitlabProviders} as an output. */
export const getGitlabProvidersOutput = outputForm(gitlabProviderList);

const mount = () => resources.mount.model;
const mountLookup = () => of().objectLookup<GetMountArgs, GetMountResult, { readonly [Name in "content"]: NonNullable<MountInputs[Name]> }>("Mount", mount, ["content"]);
const mountList = () => of().objectsLookup<GetMountsArgs, GetMountResult>("Mount", mount);

/** Arguments that name a mount. */
export type GetMountArgs = OneOf<ById | (OfApplication & Key<MountInputs, "mountPath">) | (OfCompose & Key<MountInputs, "mountPath">) | (OfPostgres & Key<MountInputs, "mountPath">) | (OfMysql & Key<MountInputs, "mountPath">) | (OfMariadb & Key<MountInputs, "mountPath">) | (OfMongo & Key<MountInputs, "mountPath">) | (OfRedis & Key<MountInputs, "mountPath">) | (OfLibsql & Key<MountInputs, "mountPath">)>;
/** Arguments, each of which may be an output. */
export type GetMountOutputArgs = InputsOf<GetMountArgs>;

/** A mount. */
export interface GetMountResult extends ById, Shown<MountInputs, "type" | "mountPath", "applicationId" | "composeId" | "postgresId" | "mysqlId" | "mariadbId" | "mongoId" | "redisId" | "libsqlId" | "volumeName" | "hostPath" | "filePath"> {}

/**
 * Returns an existing mount, found by its id, or by `mountPath` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a mount that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getMountOutput`. Only its result has secrets, such as `content`.
 *
 * @throws LookupError when no such mount exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getMount({ applicationId, mountPath });
 * ```
 */
export const getMount = plainForm(mountLookup);

/**
 * Returns the result of {@link getMount} as an output, with the secret `content`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getMountOutput = outputForm(mountLookup);

/** Argument that names the owner of the mounts. */
export type GetMountsArgs = OneOf<OfApplication | OfCompose | OfPostgres | OfMysql | OfMariadb | OfMongo | OfRedis | OfLibsql>;
/** Argument, which may be an output. */
export type GetMountsOutputArgs = InputsOf<GetMountsArgs>;

/**
 * Returns all mounts of an application, a compose service or a database, in a fixed order.
 *
 * Each is like a result of `getMount`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const mounts = await dokploy.getMounts({ applicationId });
 * ```
 */
export const getMounts = plainForm(mountList);

/**
 * Returns the result of {@link getMounts} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getMountsOutput = outputForm(mountList);

const network = () => resources.network.model;
const networkLookup = () => of().objectLookup<GetNetworkArgs, GetNetworkResult>("Network", network);
const networkList = () => of().objectsLookup<object, GetNetworkResult>("Network", network);

/** Arguments that name a network. */
export type GetNetworkArgs = OneOf<ById | Key<NetworkInputs, "name" | "serverId">>;
/** Arguments, each of which may be an output. */
export type GetNetworkOutputArgs = InputsOf<GetNetworkArgs>;

/** A network. */
export interface GetNetworkResult extends ById, Shown<NetworkInputs, "name" | "driver" | "internal" | "attachable" | "enableIPv4" | "enableIPv6", "mtu" | "subnets" | "serverId"> {}

/**
 * Returns an existing network, found by its id, or by `name` and `serverId`.
 *
 * It is read in every run, including previews. For a network that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getNetworkOutput`.
 *
 * @throws LookupError when no such network exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getNetwork({ name });
 * ```
 */
export const getNetwork = plainForm(networkLookup);

/**
 * Returns the result of {@link getNetwork} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getNetworkOutput = outputForm(networkLookup);

/**
 * Returns all networks in Dokploy, in a fixed order.
 *
 * Each is like a result of `getNetwork`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const networks = await dokploy.getNetworks();
 * ```
 */
export const getNetworks = plainForm(networkList);

/** Returns the result of {@link getNetworks} as an output. */
export const getNetworksOutput = outputForm(networkList);

const notification = () => resources.notification.model;
const notificationLookup = () => of().objectLookup<GetNotificationArgs, GetNotificationResult>("Notification", notification);
const notificationList = () => of().objectsLookup<object, GetNotificationResult>("Notification", notification);

/** Arguments that name a notification. */
export type GetNotificationArgs = OneOf<ById | Key<NotificationInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetNotificationOutputArgs = InputsOf<GetNotificationArgs>;

/** A notification. */
export interface GetNotificationResult extends ById, Shown<NotificationInputs, "name" | "appDeploy" | "appBuildError" | "databaseBackup" | "volumeBackup" | "dokployBackup" | "dokployRestart" | "dockerCleanup" | "serverThreshold"> {
  /** Value without its secrets. */
  readonly channel: Without<NotificationInputs["channel"], "webhookUrl" | "botToken" | "password" | "apiKey" | "appToken" | "accessToken" | "userKey" | "apiToken" | "endpoint" | "headers">;
}

/**
 * Returns an existing notification, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a notification that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getNotificationOutput`.
 *
 * @throws LookupError when no such notification exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getNotification({ name });
 * ```
 */
export const getNotification = plainForm(notificationLookup);

/**
 * Returns the result of {@link getNotification} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getNotificationOutput = outputForm(notificationLookup);

/**
 * Returns all notifications in Dokploy, in a fixed order.
 *
 * Each is like a result of `getNotification`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const notifications = await dokploy.getNotifications();
 * ```
 */
export const getNotifications = plainForm(notificationList);

/** Returns the result of {@link getNotifications} as an output. */
export const getNotificationsOutput = outputForm(notificationList);

const organization = () => resources.organization.model;
const organizationLookup = () => of().objectLookup<GetOrganizationArgs, GetOrganizationResult>("Organization", organization);
const organizationList = () => of().objectsLookup<object, GetOrganizationResult>("Organization", organization);

/** Arguments that name an organization. */
export type GetOrganizationArgs = OneOf<ById | Key<OrganizationInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetOrganizationOutputArgs = InputsOf<GetOrganizationArgs>;

/** An organization. */
export interface GetOrganizationResult extends ById, Shown<OrganizationInputs, "name" | "logo", "defaultRole"> {}

/**
 * Returns an existing organization, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For an organization that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getOrganizationOutput`.
 *
 * @throws LookupError when no such organization exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getOrganization({ name });
 * ```
 */
export const getOrganization = plainForm(organizationLookup);

/**
 * Returns the result of {@link getOrganization} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getOrganizationOutput = outputForm(organizationLookup);

/**
 * Returns all organizations in Dokploy, in a fixed order.
 *
 * Each is like a result of `getOrganization`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const organizations = await dokploy.getOrganizations();
 * ```
 */
export const getOrganizations = plainForm(organizationList);

/** Returns the result of {@link getOrganizations} as an output. */
export const getOrganizationsOutput = outputForm(organizationList);

const patch = () => resources.patch.model;
const patchLookup = () => of().objectLookup<GetPatchArgs, GetPatchResult, { readonly [Name in "content"]: NonNullable<PatchInputs[Name]> }>("Patch", patch, ["content"]);
const patchList = () => of().objectsLookup<GetPatchesArgs, GetPatchResult>("Patch", patch);

/** Arguments that name a patch. */
export type GetPatchArgs = OneOf<ById | (OfApplication & Key<PatchInputs, "filePath">) | (OfCompose & Key<PatchInputs, "filePath">)>;
/** Arguments, each of which may be an output. */
export type GetPatchOutputArgs = InputsOf<GetPatchArgs>;

/** A patch. */
export interface GetPatchResult extends ById, Shown<PatchInputs, "filePath" | "type" | "enabled", "applicationId" | "composeId"> {}

/**
 * Returns an existing patch, found by its id, or by `filePath` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a patch that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getPatchOutput`. Only its result has secrets, such as `content`.
 *
 * @throws LookupError when no such patch exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getPatch({ applicationId, filePath });
 * ```
 */
export const getPatch = plainForm(patchLookup);

/**
 * Returns the result of {@link getPatch} as an output, with the secret `content`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getPatchOutput = outputForm(patchLookup);

/** Argument that names the owner of the patches. */
export type GetPatchesArgs = OneOf<OfApplication | OfCompose>;
/** Argument, which may be an output. */
export type GetPatchesOutputArgs = InputsOf<GetPatchesArgs>;

/**
 * Returns all patches of an application or a compose service, in a fixed order.
 *
 * Each is like a result of `getPatch`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const patches = await dokploy.getPatches({ applicationId });
 * ```
 */
export const getPatches = plainForm(patchList);

/**
 * Returns the result of {@link getPatches} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getPatchesOutput = outputForm(patchList);

const port = () => resources.port.model;
const portLookup = () => of().objectLookup<GetPortArgs, GetPortResult>("Port", port);
const portList = () => of().objectsLookup<GetPortsArgs, GetPortResult>("Port", port);

/** Arguments that name a port. */
export type GetPortArgs = OneOf<ById | (OfApplication & Key<PortInputs, "publishedPort" | "protocol">)>;
/** Arguments, each of which may be an output. */
export type GetPortOutputArgs = InputsOf<GetPortArgs>;

/** A port. */
export interface GetPortResult extends ById, Shown<PortInputs, "applicationId" | "publishedPort" | "targetPort" | "protocol" | "publishMode"> {}

/**
 * Returns an existing port, found by its id, or by `publishedPort` and `protocol` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a port that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getPortOutput`.
 *
 * @throws LookupError when no such port exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getPort({ applicationId, publishedPort });
 * ```
 */
export const getPort = plainForm(portLookup);

/**
 * Returns the result of {@link getPort} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getPortOutput = outputForm(portLookup);

/** Argument that names the owner of the ports. */
export interface GetPortsArgs extends OfApplication {}
/** Argument, which may be an output. */
export type GetPortsOutputArgs = InputsOf<GetPortsArgs>;

/**
 * Returns all ports of an application, in a fixed order.
 *
 * Each is like a result of `getPort`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const ports = await dokploy.getPorts({ applicationId });
 * ```
 */
export const getPorts = plainForm(portList);

/**
 * Returns the result of {@link getPorts} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getPortsOutput = outputForm(portList);

const redirect = () => resources.redirect.model;
const redirectLookup = () => of().objectLookup<GetRedirectArgs, GetRedirectResult>("Redirect", redirect);
const redirectList = () => of().objectsLookup<GetRedirectsArgs, GetRedirectResult>("Redirect", redirect);

/** Arguments that name a redirect. */
export type GetRedirectArgs = OneOf<ById | (OfApplication & Key<RedirectInputs, "regex">)>;
/** Arguments, each of which may be an output. */
export type GetRedirectOutputArgs = InputsOf<GetRedirectArgs>;

/** A redirect. */
export interface GetRedirectResult extends ById, Shown<RedirectInputs, "applicationId" | "regex" | "replacement" | "permanent"> {}

/**
 * Returns an existing redirect, found by its id, or by `regex` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a redirect that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getRedirectOutput`.
 *
 * @throws LookupError when no such redirect exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getRedirect({ applicationId, regex });
 * ```
 */
export const getRedirect = plainForm(redirectLookup);

/**
 * Returns the result of {@link getRedirect} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getRedirectOutput = outputForm(redirectLookup);

/** Argument that names the owner of the redirects. */
export interface GetRedirectsArgs extends OfApplication {}
/** Argument, which may be an output. */
export type GetRedirectsOutputArgs = InputsOf<GetRedirectsArgs>;

/**
 * Returns all redirects of an application, in a fixed order.
 *
 * Each is like a result of `getRedirect`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const redirects = await dokploy.getRedirects({ applicationId });
 * ```
 */
export const getRedirects = plainForm(redirectList);

/**
 * Returns the result of {@link getRedirects} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getRedirectsOutput = outputForm(redirectList);

const registry = () => resources.registry.model;
const registryLookup = () => of().objectLookup<GetRegistryArgs, GetRegistryResult>("Registry", registry);
const registryList = () => of().objectsLookup<object, GetRegistryResult>("Registry", registry);

/** Arguments that name a registry. */
export type GetRegistryArgs = OneOf<ById | Key<RegistryInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetRegistryOutputArgs = InputsOf<GetRegistryArgs>;

/** A registry. */
export interface GetRegistryResult extends ById, Shown<RegistryInputs, "name" | "url" | "username", "imagePrefix" | "serverId"> {}

/**
 * Returns an existing registry, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a registry that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getRegistryOutput`. Dokploy does not show `password`, so the result does not have it.
 *
 * @throws LookupError when no such registry exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getRegistry({ name });
 * ```
 */
export const getRegistry = plainForm(registryLookup);

/**
 * Returns the result of {@link getRegistry} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getRegistryOutput = outputForm(registryLookup);

/**
 * Returns all registries in Dokploy, in a fixed order.
 *
 * Each is like a result of `getRegistry`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const registries = await dokploy.getRegistries();
 * ```
 */
export const getRegistries = plainForm(registryList);

/** Returns the result of {@link getRegistries} as an output. */
export const getRegistriesOutput = outputForm(registryList);

const schedule = () => resources.schedule.model;
const scheduleLookup = () => of().objectLookup<GetScheduleArgs, GetScheduleResult, { readonly [Name in "command" | "script"]: NonNullable<ScheduleInputs[Name]> }>("Schedule", schedule, ["command","script"]);
const scheduleList = () => of().objectsLookup<GetSchedulesArgs, GetScheduleResult>("Schedule", schedule);

/** Arguments that name a schedule. */
export type GetScheduleArgs = OneOf<ById | (OfApplication & Key<ScheduleInputs, "name">) | (OfCompose & Key<ScheduleInputs, "name">) | (OfServer & Key<ScheduleInputs, "name">) | (ScheduleOfDokploy & Key<ScheduleInputs, "name">)>;
/** Arguments, each of which may be an output. */
export type GetScheduleOutputArgs = InputsOf<GetScheduleArgs>;

/** A schedule. */
export interface GetScheduleResult extends ById, Shown<ScheduleInputs, "name" | "cronExpression" | "shellType" | "enabled", "applicationId" | "composeId" | "serverId" | "timezone" | "scheduleType" | "serviceName" | "description"> {}

/**
 * Returns an existing schedule, found by its id, or by `name` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a schedule that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getScheduleOutput`. Only its result has secrets, such as `command`.
 *
 * @throws LookupError when no such schedule exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getSchedule({ applicationId, name });
 * ```
 */
export const getSchedule = plainForm(scheduleLookup);

/**
 * Returns the result of {@link getSchedule} as an output, with its secrets `command` and `script`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getScheduleOutput = outputForm(scheduleLookup);

/** Argument that names the owner of the schedules. */
export type GetSchedulesArgs = OneOf<OfApplication | OfCompose | OfServer | ScheduleOfDokploy>;
/** Argument, which may be an output. */
export type GetSchedulesOutputArgs = InputsOf<GetSchedulesArgs>;

/**
 * Returns all schedules of an application, a compose service, a server or Dokploy itself, in a fixed order.
 *
 * Each is like a result of `getSchedule`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const schedules = await dokploy.getSchedules({ applicationId });
 * ```
 */
export const getSchedules = plainForm(scheduleList);

/**
 * Returns the result of {@link getSchedules} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getSchedulesOutput = outputForm(scheduleList);

const security = () => resources.security.model;
const securityLookup = () => of().objectLookup<GetSecurityArgs, GetSecurityResult, { readonly [Name in "password"]: NonNullable<SecurityInputs[Name]> }>("Security", security, ["password"]);
const securityList = () => of().objectsLookup<GetSecuritiesArgs, GetSecurityResult>("Security", security);

/** Arguments that name a login. */
export type GetSecurityArgs = OneOf<ById | (OfApplication & Key<SecurityInputs, "username">)>;
/** Arguments, each of which may be an output. */
export type GetSecurityOutputArgs = InputsOf<GetSecurityArgs>;

/** A login. */
export interface GetSecurityResult extends ById, Shown<SecurityInputs, "applicationId" | "username"> {}

/**
 * Returns an existing login, found by its id, or by `username` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a login that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getSecurityOutput`. Only its result has secrets, such as `password`.
 *
 * @throws LookupError when no such login exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getSecurity({ applicationId, username });
 * ```
 */
export const getSecurity = plainForm(securityLookup);

/**
 * Returns the result of {@link getSecurity} as an output, with the secret `password`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getSecurityOutput = outputForm(securityLookup);

/** Argument that names the owner of the logins. */
export interface GetSecuritiesArgs extends OfApplication {}
/** Argument, which may be an output. */
export type GetSecuritiesOutputArgs = InputsOf<GetSecuritiesArgs>;

/**
 * Returns all logins of an application, in a fixed order.
 *
 * Each is like a result of `getSecurity`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const securities = await dokploy.getSecurities({ applicationId });
 * ```
 */
export const getSecurities = plainForm(securityList);

/**
 * Returns the result of {@link getSecurities} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getSecuritiesOutput = outputForm(securityList);

const server = () => resources.server.model;
const serverLookup = () => of().objectLookup<GetServerArgs, GetServerResult, { readonly [Name in "command"]: NonNullable<ServerInputs[Name]> }>("Server", server, ["command"]);
const serverList = () => of().objectsLookup<object, GetServerResult>("Server", server);

/** Arguments that name a server. */
export type GetServerArgs = OneOf<ById | Key<ServerInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetServerOutputArgs = InputsOf<GetServerArgs>;

/** A server. */
export interface GetServerResult extends ById, Shown<ServerInputs, "name" | "ipAddress" | "port" | "username" | "serverType" | "enableDockerCleanup" | "buildsConcurrency", "description" | "sshKeyId"> {}

/**
 * Returns an existing server, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a server that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getServerOutput`. Only its result has secrets, such as `command`.
 *
 * @throws LookupError when no such server exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getServer({ name });
 * ```
 */
export const getServer = plainForm(serverLookup);

/**
 * Returns the result of {@link getServer} as an output, with the secret `command`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getServerOutput = outputForm(serverLookup);

/**
 * Returns all servers in Dokploy, in a fixed order.
 *
 * Each is like a result of `getServer`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const servers = await dokploy.getServers();
 * ```
 */
export const getServers = plainForm(serverList);

/** Returns the result of {@link getServers} as an output. */
export const getServersOutput = outputForm(serverList);

const sshKey = () => resources.sshKey.model;
const sshKeyLookup = () => of().objectLookup<GetSshKeyArgs, GetSshKeyResult, Pick<SshKeyOutputs, "privateKey">>("SshKey", sshKey, ["privateKey"]);
const sshKeyList = () => of().objectsLookup<object, GetSshKeyResult>("SshKey", sshKey);

/** Arguments that name an SSH key. */
export type GetSshKeyArgs = OneOf<ById | Key<SshKeyInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetSshKeyOutputArgs = InputsOf<GetSshKeyArgs>;

/** An SSH key. */
export interface GetSshKeyResult extends ById, Shown<SshKeyInputs, "name", "description">, Readonly<Pick<SshKeyOutputs, "publicKey">> {}

/**
 * Returns an existing SSH key, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For an SSH key that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getSshKeyOutput`. Only its result has secrets, such as `privateKey`.
 *
 * @throws LookupError when no such SSH key exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getSshKey({ name });
 * ```
 */
export const getSshKey = plainForm(sshKeyLookup);

/**
 * Returns the result of {@link getSshKey} as an output, with the secret `privateKey`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getSshKeyOutput = outputForm(sshKeyLookup);

/**
 * Returns all SSH keys in Dokploy, in a fixed order.
 *
 * Each is like a result of `getSshKey`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const sshKeys = await dokploy.getSshKeys();
 * ```
 */
export const getSshKeys = plainForm(sshKeyList);

/** Returns the result of {@link getSshKeys} as an output. */
export const getSshKeysOutput = outputForm(sshKeyList);

const tag = () => resources.tag.model;
const tagLookup = () => of().objectLookup<GetTagArgs, GetTagResult>("Tag", tag);
const tagList = () => of().objectsLookup<object, GetTagResult>("Tag", tag);

/** Arguments that name a tag. */
export type GetTagArgs = OneOf<ById | Key<TagInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetTagOutputArgs = InputsOf<GetTagArgs>;

/** A tag. */
export interface GetTagResult extends ById, Shown<TagInputs, "name", "color"> {}

/**
 * Returns an existing tag, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a tag that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getTagOutput`.
 *
 * @throws LookupError when no such tag exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getTag({ name });
 * ```
 */
export const getTag = plainForm(tagLookup);

/**
 * Returns the result of {@link getTag} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getTagOutput = outputForm(tagLookup);

/**
 * Returns all tags in Dokploy, in a fixed order.
 *
 * Each is like a result of `getTag`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const tags = await dokploy.getTags();
 * ```
 */
export const getTags = plainForm(tagList);

/** Returns the result of {@link getTags} as an output. */
export const getTagsOutput = outputForm(tagList);

const vaultProvider = () => resources.vaultProvider.model;
const vaultProviderLookup = () => of().objectLookup<GetVaultProviderArgs, GetVaultProviderResult>("VaultProvider", vaultProvider);
const vaultProviderList = () => of().objectsLookup<object, GetVaultProviderResult>("VaultProvider", vaultProvider);

/** Arguments that name a vault provider. */
export type GetVaultProviderArgs = OneOf<ById | Key<VaultProviderInputs, "name">>;
/** Arguments, each of which may be an output. */
export type GetVaultProviderOutputArgs = InputsOf<GetVaultProviderArgs>;

/** A vault provider. */
export interface GetVaultProviderResult extends ById, Shown<VaultProviderInputs, "name" | "assignments"> {
  /** Value without its secrets. */
  readonly vault: Without<VaultProviderInputs["vault"], "token" | "clientSecret" | "secretAccessKey" | "serviceToken" | "secretKey">;
}

/**
 * Returns an existing vault provider, found by its id, or by `name`.
 *
 * It is read in every run, including previews. For a vault provider that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getVaultProviderOutput`.
 *
 * @throws LookupError when no such vault provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getVaultProvider({ name });
 * ```
 */
export const getVaultProvider = plainForm(vaultProviderLookup);

/**
 * Returns the result of {@link getVaultProvider} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getVaultProviderOutput = outputForm(vaultProviderLookup);

/**
 * Returns all vault providers in Dokploy, in a fixed order.
 *
 * Each is like a result of `getVaultProvider`. They are read in every run, including previews.
 *
 * @throws LookupError when the key cannot see them
 *
 * @example
 * ```ts
 * const vaultProviders = await dokploy.getVaultProviders();
 * ```
 */
export const getVaultProviders = plainForm(vaultProviderList);

/** Returns the result of {@link getVaultProviders} as an output. */
export const getVaultProvidersOutput = outputForm(vaultProviderList);

const volumeBackup = () => resources.volumeBackup.model;
const volumeBackupLookup = () => of().objectLookup<GetVolumeBackupArgs, GetVolumeBackupResult>("VolumeBackup", volumeBackup);
const volumeBackupList = () => of().objectsLookup<GetVolumeBackupsArgs, GetVolumeBackupResult>("VolumeBackup", volumeBackup);

/** Arguments that name a volume backup. */
export type GetVolumeBackupArgs = OneOf<ById | (OfApplication & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfCompose & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfPostgres & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMysql & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMariadb & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfMongo & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfRedis & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">) | (OfLibsql & Key<VolumeBackupInputs, "prefix" | "volumeName" | "destinationId" | "serviceName">)>;
/** Arguments, each of which may be an output. */
export type GetVolumeBackupOutputArgs = InputsOf<GetVolumeBackupArgs>;

/** A volume backup. */
export interface GetVolumeBackupResult extends ById, Shown<VolumeBackupInputs, "name" | "volumeName" | "cronExpression" | "destinationId" | "prefix" | "turnOff" | "enabled", "applicationId" | "composeId" | "postgresId" | "mysqlId" | "mariadbId" | "mongoId" | "redisId" | "libsqlId" | "serviceName" | "keepLatestCount"> {}

/**
 * Returns an existing volume backup, found by its id, or by `prefix`, `volumeName`, `destinationId` and `serviceName` within the object that it belongs to.
 *
 * It is read in every run, including previews. For a volume backup that the same program creates, use the outputs of that resource. To
 * pass outputs as arguments use `getVolumeBackupOutput`.
 *
 * @throws LookupError when no such volume backup exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id } = await dokploy.getVolumeBackup({ applicationId, volumeName, destinationId });
 * ```
 */
export const getVolumeBackup = plainForm(volumeBackupLookup);

/**
 * Returns the result of {@link getVolumeBackup} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getVolumeBackupOutput = outputForm(volumeBackupLookup);

/** Argument that names the owner of the volume backups. */
export type GetVolumeBackupsArgs = OneOf<OfApplication | OfCompose | OfPostgres | OfMysql | OfMariadb | OfMongo | OfRedis | OfLibsql>;
/** Argument, which may be an output. */
export type GetVolumeBackupsOutputArgs = InputsOf<GetVolumeBackupsArgs>;

/**
 * Returns all volume backups of an application, a compose service or a database, in a fixed order.
 *
 * Each is like a result of `getVolumeBackup`. They are read in every run, including previews.
 *
 * @throws LookupError when no such service exists
 *
 * @example
 * ```ts
 * const volumeBackups = await dokploy.getVolumeBackups({ applicationId });
 * ```
 */
export const getVolumeBackups = plainForm(volumeBackupList);

/**
 * Returns the result of {@link getVolumeBackups} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getVolumeBackupsOutput = outputForm(volumeBackupList);

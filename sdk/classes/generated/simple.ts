// Written by `npm run docs` from the simple objects in provider/resources. Do not edit

import type { ResourceOptions } from "../../resource/base";
import type { Inputs, Internal } from "../../resource/inputs";
import type { Outputs } from "../../resource/outputs";
import type { BackupInputs, BitbucketProviderInputs, CertificateInputs, DestinationInputs, DomainInputs, GiteaProviderInputs, GiteaProviderOutputs, GitlabProviderInputs, GitlabProviderOutputs, MountInputs, NetworkInputs, NotificationInputs, OrganizationInputs, PatchInputs, PortInputs, RedirectInputs, RegistryInputs, ScheduleInputs, SecurityInputs, ServerInputs, SshKeyInputs, SshKeyOutputs, TagInputs, VaultProviderInputs, VolumeBackupInputs } from "./simple-inputs";
import { SimpleResource } from "../simple-resource";

export interface BackupArgs extends Inputs<Omit<BackupInputs, Internal>> {}

/**
 * A scheduled backup of a database to a {@link Destination}: a database of Dokploy, one in a compose file, or Dokploy
 * itself. It takes effect as soon as it is saved. Deleting it keeps the files in the bucket.
 *
 * @example
 * ```ts
 * new dokploy.Backup("shop", {
 *   postgresId: db.id, database: db.database, schedule: "0 3 * * *", destinationId: bucket.id, keepLatestCount: 14,
 * });
 * new dokploy.Backup("wiki", {
 *   composeId: wiki.id, serviceName: "db", databaseType: "mariadb", database: "wiki", prefix: "nightly",
 *   metadata: { mariadb: { databaseUser: "wiki", databasePassword: config.requireSecret("wikiPassword") } },
 *   schedule: "30 3 * * *", destinationId: bucket.id,
 * });
 * new dokploy.Backup("dokploy", { databaseType: "web-server", schedule: "0 4 * * SUN", destinationId: bucket.id });
 * ```
 */
export class Backup extends SimpleResource {
  constructor(name: string, args: BackupArgs, options?: ResourceOptions) {
    super("Backup", name, args, options);
  }
}

export interface Backup extends Outputs<Omit<BackupInputs, Internal>> {}

export interface BitbucketProviderArgs extends Inputs<Omit<BitbucketProviderInputs, Internal>> {}

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
export class BitbucketProvider extends SimpleResource {
  constructor(name: string, args: BitbucketProviderArgs, options?: ResourceOptions) {
    super("BitbucketProvider", name, args, options);
  }
}

export interface BitbucketProvider extends Outputs<Omit<BitbucketProviderInputs, Internal>> {}

export interface CertificateArgs extends Inputs<Omit<CertificateInputs, Internal>> {}

/**
 * A TLS certificate of your own with its key, for a whole server. Traefik serves it for the hosts that it names, on
 * domains with `https: true` and `certificateType: "none"`. It takes effect as soon as it is saved. Each preview warns
 * when the certificate has expired or is about to.
 *
 * @example
 * ```ts
 * new dokploy.Certificate("internal", {
 *   name: "internal", certificateData: readFileSync("internal.crt", "utf8"), privateKey: config.requireSecret("internalKey"),
 * });
 * ```
 */
export class Certificate extends SimpleResource {
  constructor(name: string, args: CertificateArgs, options?: ResourceOptions) {
    super("Certificate", name, args, options);
  }
}

export interface Certificate extends Outputs<Omit<CertificateInputs, Internal>> {}

export interface DestinationArgs extends Inputs<Omit<DestinationInputs, Internal>> {}

/**
 * An S3 bucket, or one of a compatible service, that backups are written to. A plan has Dokploy list the bucket, so a
 * key that does not work is an error before anything is saved.
 *
 * Deleting it is refused while backups use it that are not deleted in the same run, since Dokploy would delete them
 * with it.
 *
 * @example
 * ```ts
 * const bucket = new dokploy.Destination("backups", {
 *   name: "backups",
 *   provider: "AWS",
 *   bucket: "acme-backups",
 *   region: "eu-central-1",
 *   endpoint: "https://s3.eu-central-1.amazonaws.com",
 *   accessKey: config.require("s3AccessKey"),
 *   secretAccessKey: config.requireSecret("s3SecretKey"),
 * });
 * new dokploy.Backup("shop", { postgresId: db.id, database: db.database, schedule: "0 3 * * *", destinationId: bucket.id });
 * ```
 */
export class Destination extends SimpleResource {
  constructor(name: string, args: DestinationArgs, options?: ResourceOptions) {
    super("Destination", name, args, options);
  }
}

export interface Destination extends Outputs<Omit<DestinationInputs, Internal>> {}

export interface DomainArgs extends Inputs<Omit<DomainInputs, Internal>> {}

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
export class Domain extends SimpleResource {
  constructor(name: string, args: DomainArgs, options?: ResourceOptions) {
    super("Domain", name, args, options);
  }
}

export interface Domain extends Outputs<Omit<DomainInputs, Internal>> {}

export interface GiteaProviderArgs extends Inputs<Omit<GiteaProviderInputs, Internal>> {}

/**
 * A Gitea or Forgejo server from which applications and compose services are built.
 *
 * With an `accessToken` of Gitea it works at once. Without one it needs an OAuth2 application in Gitea (Settings,
 * Applications) whose redirect URI is `redirectUri`, and a person opens `authorizeUrl` once and agrees. Until then
 * `isConfigured` is false, and nothing can be built from it.
 *
 * @example
 * ```ts
 * const gitea = new dokploy.GiteaProvider("gitea", {
 *   name: "gitea", url: "https://git.example.com", accessToken: config.requireSecret("giteaToken"),
 * });
 * ```
 */
export class GiteaProvider extends SimpleResource {
  constructor(name: string, args: GiteaProviderArgs, options?: ResourceOptions) {
    super("GiteaProvider", name, args, options);
  }
}

export interface GiteaProvider extends Outputs<Omit<GiteaProviderInputs, Internal> & GiteaProviderOutputs> {}

export interface GitlabProviderArgs extends Inputs<Omit<GitlabProviderInputs, Internal>> {}

/**
 * A GitLab server, gitlab.com or one of your own, from which applications and compose services are built.
 *
 * It needs an application in GitLab (User settings, Applications): confidential, with the scopes `api`, `read_user` and
 * `read_repository`. Its redirect URI is `redirectUri` followed by `?gitlabId=` and the id of this resource. A person
 * then opens `authorizeUrl` once and agrees. Until then `isConfigured` is false, and nothing can be built from it.
 *
 * @example
 * ```ts
 * const gitlab = new dokploy.GitlabProvider("gitlab", {
 *   name: "gitlab", clientId: config.require("gitlabClientId"), clientSecret: config.requireSecret("gitlabClientSecret"),
 * });
 * export const openOnce = gitlab.authorizeUrl;
 * ```
 */
export class GitlabProvider extends SimpleResource {
  constructor(name: string, args: GitlabProviderArgs, options?: ResourceOptions) {
    super("GitlabProvider", name, args, options);
  }
}

export interface GitlabProvider extends Outputs<Omit<GitlabProviderInputs, Internal> & GitlabProviderOutputs> {}

export interface MountArgs extends Inputs<Omit<MountInputs, Internal>> {}

/**
 * A volume, a folder of the server, or a file in the containers of a service. A change takes effect with a reload of an
 * application or a deployment of a database, one for all changes that the run makes to the service.
 *
 * The data in a volume or folder is never deleted or copied. After a change of `volumeName` or `hostPath`, the
 * containers see the data in the new place. A file is deleted with its mount.
 *
 * List a file that a compose file mounts in `mounts` of the service. If the containers start without the file, Docker
 * creates a folder at its path, and Dokploy then refuses the file.
 *
 * @example
 * ```ts
 * new dokploy.Mount("uploads", { applicationId: web.id, type: "volume", volumeName: "uploads", mountPath:
 * "/app/uploads" }); new dokploy.Mount("settings", {
 *   applicationId: web.id, type: "file", filePath: "app.toml", mountPath: "/etc/app.toml", content: config.requireSecret("appToml"),
 * });
 * ```
 */
export class Mount extends SimpleResource {
  constructor(name: string, args: MountArgs, options?: ResourceOptions) {
    super("Mount", name, args, options);
  }
}

export interface Mount extends Outputs<Omit<MountInputs, Internal>> {}

export interface NetworkArgs extends Inputs<Omit<NetworkInputs, Internal>> {}

/**
 * A Docker network in addition to the one that all services share, for services that reach each other and no others.
 * Services name it in `networkIds`, services of a compose file in `serviceNetworks`.
 *
 * Docker cannot change a network, so every change replaces it. With a new name, the new network is created first, the
 * services join it, and the old one is deleted last. With the same name, or with overlapping addresses, the old one
 * would have to be deleted first, which is refused while services name it.
 *
 * @example
 * ```ts
 * const inner = new dokploy.Network("inner", { name: "shop-inner", internal: true });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   networkIds: [inner.id],
 * });
 * ```
 */
export class Network extends SimpleResource {
  constructor(name: string, args: NetworkArgs, options?: ResourceOptions) {
    super("Network", name, args, options);
  }
}

export interface Network extends Outputs<Omit<NetworkInputs, Internal>> {}

export interface NotificationArgs extends Inputs<Omit<NotificationInputs, Internal>> {}

/**
 * A channel through which Dokploy notifies people, and the events that it reports there. It reports the events of the
 * whole organization from the moment it is saved. Each channel has its own inputs, and another channel replaces the
 * notification.
 *
 * @example
 * ```ts
 * new dokploy.Notification("ops", {
 *   name: "ops",
 *   channel: { type: "slack", webhookUrl: config.requireSecret("slackWebhook"), channel: "#ops" },
 *   appBuildError: true,
 *   databaseBackup: true,
 * });
 * ```
 */
export class Notification extends SimpleResource {
  constructor(name: string, args: NotificationArgs, options?: ResourceOptions) {
    super("Notification", name, args, options);
  }
}

export interface Notification extends Outputs<Omit<NotificationInputs, Internal>> {}

export interface OrganizationArgs extends Inputs<Omit<OrganizationInputs, Internal>> {}

/**
 * An organization on the same Dokploy, with its own projects, members and keys. The user of the key in the settings
 * owns it. A key works in one organization, so the objects of this one need an {@link ApiKey} of it and a provider with
 * that key.
 *
 * Dokploy deletes an organization with everything in it, and leaves its containers running. Deleting it is therefore
 * refused unless `allowDeletion` is true.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Organization("staging", { name: "Staging" });
 * const key = new dokploy.ApiKey("staging", { name: "pulumi", organizationId: staging.id });
 * const provider = new dokploy.Provider("staging", { url, apiKey: key.key });
 * new dokploy.Project("shop", { name: "shop" }, { provider });
 * ```
 */
export class Organization extends SimpleResource {
  constructor(name: string, args: OrganizationArgs, options?: ResourceOptions) {
    super("Organization", name, args, options);
  }
}

export interface Organization extends Outputs<Omit<OrganizationInputs, Internal>> {}

export interface PatchArgs extends Inputs<Omit<PatchInputs, Internal>> {}

/**
 * A file that Dokploy writes into the code of an application or a compose service, or removes from it, after each clone
 * from git. It replaces the whole file. It takes effect with a deployment: one for all changes that the run makes to
 * the service. A service with an image or a raw compose file has no code to patch.
 *
 * @example
 * ```ts
 * new dokploy.Patch("settings", { applicationId: web.id, filePath: "config/production.json", content: settings });
 * new dokploy.Patch("no-override", { composeId: wiki.id, filePath: "compose.override.yaml", type: "delete" });
 * ```
 */
export class Patch extends SimpleResource {
  constructor(name: string, args: PatchArgs, options?: ResourceOptions) {
    super("Patch", name, args, options);
  }
}

export interface Patch extends Outputs<Omit<PatchInputs, Internal>> {}

export interface PortArgs extends Inputs<Omit<PortInputs, Internal>> {}

/**
 * A port of an application that is published on the servers of the swarm. It takes effect with a reload of the
 * application, one for all ports that a run changes. An application that was never deployed gets it with its first
 * deployment.
 *
 * A service that speaks HTTP needs no port: give it a {@link Domain}.
 *
 * @example
 * ```ts
 * new dokploy.Port("smtp", { applicationId: mail.id, publishedPort: 25, targetPort: 2525, publishMode: "host" });
 * ```
 */
export class Port extends SimpleResource {
  constructor(name: string, args: PortArgs, options?: ResourceOptions) {
    super("Port", name, args, options);
  }
}

export interface Port extends Outputs<Omit<PortInputs, Internal>> {}

export interface RedirectArgs extends Inputs<Omit<RedirectInputs, Internal>> {}

/**
 * A redirect that Traefik answers for an application when the address of a request matches a pattern. It takes effect
 * as soon as it is saved.
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
export class Redirect extends SimpleResource {
  constructor(name: string, args: RedirectArgs, options?: ResourceOptions) {
    super("Redirect", name, args, options);
  }
}

export interface Redirect extends Outputs<Omit<RedirectInputs, Internal>> {}

export interface RegistryArgs extends Inputs<Omit<RegistryInputs, Internal>> {}

/**
 * An image registry with its login, for the whole server. Applications push the images that they build there, and the
 * machines of a cluster pull them. The login for a private image that is not built belongs in the `source` of the
 * application.
 *
 * Dokploy logs in when the registry is created or changed, so a login that does not work is an error. Applications use
 * a change from their next deployment on.
 *
 * @example
 * ```ts
 * const ghcr = new dokploy.Registry("ghcr", {
 *   name: "ghcr", url: "ghcr.io", username: "acme-bot", password: config.requireSecret("ghcrToken"),
 * });
 * new dokploy.Application("api", { environmentId, name: "api", source: { type: "git", url:
 * "https://git.example.com/acme/api.git", branch: "main" }, registryId: ghcr.id }); ```
 */
export class Registry extends SimpleResource {
  constructor(name: string, args: RegistryArgs, options?: ResourceOptions) {
    super("Registry", name, args, options);
  }
}

export interface Registry extends Outputs<Omit<RegistryInputs, Internal>> {}

export interface ScheduleArgs extends Inputs<Omit<ScheduleInputs, Internal>> {}

/**
 * A command that Dokploy runs on a schedule. It runs in the container of an application or of a compose service, or as
 * a script on a server, as root. It takes effect as soon as it is saved. A run fails if the container is not running at
 * that time.
 *
 * @example
 * ```ts
 * new dokploy.Schedule("reports", {
 *   applicationId: web.id, name: "reports", cronExpression: "0 6 * * MON-FRI", timezone: "Europe/Berlin",
 *   command: "node reports.js",
 * });
 * new dokploy.Schedule("cleanup", {
 *   scheduleType: "dokploy-server", name: "cleanup", cronExpression: "0 5 * * SUN", script: "docker image prune --force\n",
 * });
 * ```
 */
export class Schedule extends SimpleResource {
  constructor(name: string, args: ScheduleArgs, options?: ResourceOptions) {
    super("Schedule", name, args, options);
  }
}

export interface Schedule extends Outputs<Omit<ScheduleInputs, Internal>> {}

export interface SecurityArgs extends Inputs<Omit<SecurityInputs, Internal>> {}

/**
 * A login (HTTP basic auth) that Traefik asks for on all domains of an application. Any one of several logins
 * gives access; without a login it is open. A login takes effect as soon as it is saved. An application that lists the login in
 * `security` has it before its first deployment; as a separate resource, it comes after that.
 *
 * While the only login of an application changes, the application is open for a moment, since Dokploy first removes the
 * old login.
 *
 * @example
 * ```ts
 * new dokploy.Security("staff", {
 *   applicationId: web.id, username: "staff", password: config.requireSecret("staffPassword"),
 * });
 * ```
 */
export class Security extends SimpleResource {
  constructor(name: string, args: SecurityArgs, options?: ResourceOptions) {
    super("Security", name, args, options);
  }
}

export interface Security extends Outputs<Omit<SecurityInputs, Internal>> {}

export interface ServerArgs extends Inputs<Omit<ServerInputs, Internal>> {}

/**
 * A further machine, which Dokploy reaches over SSH. One update turns an empty machine with an SSH key into one that
 * runs services. It waits for the machine, checks it, installs missing software, and checks it again. If a run fails or
 * ends early, the next one continues. A change of the connection leads to a new check.
 *
 * Deleting it removes the server from Dokploy, which refuses that while services are on it. Installed software stays on
 * the machine.
 *
 * @example
 * ```ts
 * const worker = new dokploy.Server("worker", { name: "worker", ipAddress: "203.0.113.7", sshKeyId: key.id });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   serverId: worker.id,
 * });
 * ```
 */
export class Server extends SimpleResource {
  constructor(name: string, args: ServerArgs, options?: ResourceOptions) {
    super("Server", name, args, options);
  }
}

export interface Server extends Outputs<Omit<ServerInputs, Internal>> {}

export interface SshKeyArgs extends Inputs<Omit<SshKeyInputs, Internal>> {}

/**
 * A pair of SSH keys, with which Dokploy fetches from git over SSH and reaches other servers. Without `existingKey` it
 * is a new pair (Ed25519): give its `publicKey` to the git host as a deploy key, or to the server.
 *
 * A key never changes: another key is another resource. A key is deleted only when nothing in Dokploy uses it any more.
 *
 * @example
 * ```ts
 * const deployKey = new dokploy.SshKey("deploy", { name: "deploy" });
 * export const publicKey = deployKey.publicKey;
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "git", url: "git@example.com:acme/api.git", branch: "main", sshKeyId: deployKey.id },
 * });
 * ```
 */
export class SshKey extends SimpleResource {
  constructor(name: string, args: SshKeyArgs, options?: ResourceOptions) {
    super("SshKey", name, args, options);
  }
}

export interface SshKey extends Outputs<Omit<SshKeyInputs, Internal> & SshKeyOutputs> {}

export interface TagArgs extends Inputs<Omit<TagInputs, Internal>> {}

/**
 * A tag by which people find projects in Dokploy. It requires Dokploy 0.29.0. A project lists its tags in `tagIds`;
 * deleting a tag removes it from all projects.
 *
 * @example
 * ```ts
 * const live = new dokploy.Tag("live", { name: "live", color: "#16a34a" });
 * new dokploy.Project("shop", { name: "shop", tagIds: [live.id] });
 * ```
 */
export class Tag extends SimpleResource {
  constructor(name: string, args: TagArgs, options?: ResourceOptions) {
    super("Tag", name, args, options);
  }
}

export interface Tag extends Outputs<Omit<TagInputs, Internal>> {}

export interface VaultProviderArgs extends Inputs<Omit<VaultProviderInputs, Internal>> {}

/**
 * A vault from which Dokploy takes secrets when it deploys: HashiCorp Vault (or OpenBao), Infisical, AWS Secrets
 * Manager, Doppler, Azure Key Vault or Scaleway Secret Manager. Variables refer to a secret as
 * `${{vault.<name>.<reference>}}`, so that its value is neither in the program nor in Dokploy. It requires Dokploy
 * 0.30.0 and the key of an owner or admin, but no license.
 *
 * Dokploy does not show the credentials of the vault, so a refresh does not notice a change made by hand. Each update
 * writes them again.
 *
 * @example
 * ```ts
 * const main = new dokploy.VaultProvider("main", {
 *   name: "main",
 *   vault: { type: "hashicorp", url: "https://vault.acme.example", token: config.requireSecret("vaultToken") },
 *   assignments: [{ projectId: shop.id }],
 * });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DB_PASSWORD: pulumi.interpolate`\${{vault.${main.name}.shop/prod:DB_PASSWORD}}` },
 * });
 * ```
 */
export class VaultProvider extends SimpleResource {
  constructor(name: string, args: VaultProviderArgs, options?: ResourceOptions) {
    super("VaultProvider", name, args, options);
  }
}

export interface VaultProvider extends Outputs<Omit<VaultProviderInputs, Internal>> {}

export interface VolumeBackupArgs extends Inputs<Omit<VolumeBackupInputs, Internal>> {}

/**
 * A scheduled backup of a volume to a {@link Destination}: the volume of an application, of a service in a compose
 * file, or of a database. (A {@link Backup} saves a database without stopping it, even while it is in use.) It takes
 * effect as soon as it is saved. Deleting it keeps the files in the bucket.
 *
 * @example
 * ```ts
 * new dokploy.VolumeBackup("uploads", {
 *   applicationId: web.id, name: "uploads", volumeName: "shop-uploads", cronExpression: "0 2 * * *", destinationId: bucket.id,
 *   keepLatestCount: 7,
 * });
 * ```
 */
export class VolumeBackup extends SimpleResource {
  constructor(name: string, args: VolumeBackupArgs, options?: ResourceOptions) {
    super("VolumeBackup", name, args, options);
  }
}

export interface VolumeBackup extends Outputs<Omit<VolumeBackupInputs, Internal>> {}

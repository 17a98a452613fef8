// Written by `npm run docs` from the simple objects in provider/resources. Do not edit

import type { ResourceOptions } from "../../resource/base";
import type { Inputs, Internal } from "../../resource/inputs";
import type { Outputs } from "../../resource/outputs";
import type { BackupInputs, BitbucketProviderInputs, CertificateInputs, DestinationInputs, DomainInputs, GiteaProviderInputs, GiteaProviderOutputs, GitlabProviderInputs, GitlabProviderOutputs, MountInputs, NetworkInputs, NotificationInputs, OrganizationInputs, PatchInputs, PortInputs, RedirectInputs, RegistryInputs, ScheduleInputs, SecurityInputs, ServerInputs, SshKeyInputs, SshKeyOutputs, TagInputs, VaultProviderInputs, VolumeBackupInputs } from "./simple-inputs";
import { SimpleResource } from "../simple-resource";

export interface BackupArgs extends Inputs<Omit<BackupInputs, Internal>> {}

/**
 * Saves a database to a {@link Destination}, again and again: one of Dokploy's, one in a compose file, or Dokploy itself. It
 * works as soon as it is saved. What it has written stays in the bucket when it is deleted.
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
 * An account of Bitbucket, from which applications and compose services are built. It works at once, without a browser.
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
 * A certificate of your own with its key, for a whole server: Traefik shows it to callers of the hosts that it names, on
 * domains with `https: true` and `certificateType: "none"`. It works as soon as it is saved. A preview says when it is about
 * to expire, or has, in each run.
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
 * A bucket of S3, or of what speaks like it, that backups are written to. A plan has Dokploy list the bucket, so a key that
 * does not work is an error before anything is saved.
 *
 * It is not deleted while backups use it that do not go in the same run: Dokploy would delete them with it.
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
 * A host name under which Traefik reaches an application, or one service of a compose file. That of an application works as
 * soon as it is saved; that of a compose service needs a deployment, which is one for all that a run changes around it.
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
 * A Gitea (or Forgejo) from which applications and compose services are built. Either a token of Gitea is given (`accessToken`),
 * and it works at once; or it starts with an OAuth2 application in Gitea (Settings, Applications) whose redirect URI is
 * `redirectUri`, and a person opens `authorizeUrl` once and agrees. Until then `isConfigured` is false, and nothing can be built
 * from it.
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
 * A GitLab, gitlab.com or one of your own, from which applications and compose services are built. It starts with an
 * application in GitLab (User settings, Applications; confidential, scopes `api`, `read_user` and `read_repository`) whose redirect
 * URI is `redirectUri` with `?gitlabId=` and the id of this; then a person opens `authorizeUrl` once and agrees. Until then
 * `isConfigured` is false, and nothing can be built from it.
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
 * A volume, a folder of the server, or a file, in the containers of a service. The change of an application takes effect with
 * a reload, that of a database with a deployment: one for all that a run changes around it.
 *
 * What lies in a volume or in a folder is never deleted, and never copied: with another `volumeName` or `hostPath` the
 * containers see what lies there. A file goes with its mount. A file that a compose file mounts is best listed in `mounts` of the
 * service: where the containers start without it, Docker makes a folder at its path, and Dokploy refuses the file.
 *
 * @example
 * ```ts
 * new dokploy.Mount("uploads", { applicationId: web.id, type: "volume", volumeName: "uploads", mountPath: "/app/uploads" });
 * new dokploy.Mount("settings", {
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
 * A network of Docker beside the one that all services share, for services that are to reach each other and no others.
 * Services name it in `networkIds`, those of a compose file in `serviceNetworks`. Docker changes none: every change makes a new
 * one. With another name that is made first, services are given it, and the old one goes last. With the same name, or with
 * addresses that both have, the old one would have to go first, which is refused while services name it.
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
 * What Dokploy tells people of, and through which channel. It tells of what happens in the whole organisation, from the moment
 * at which it is saved. Each channel takes inputs of its own; another channel makes a new notification.
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
 * An organization: projects, members and keys of its own on the same Dokploy. The user of the key in the settings owns it. A key
 * works in one organization, so what is in this one takes a {@link ApiKey} of it and a provider with that.
 *
 * Dokploy deletes an organization with all that it has, and leaves running what runs: so that is refused unless `allowDeletion`
 * says otherwise.
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
 * A file that Dokploy puts into the code of an application or a compose service, or takes out of it, each time that it has
 * cloned it from git: whole, in the place of the one that is there. It takes effect with a deployment, which is one for all
 * that a run changes around its service. With an image, or a compose file of the program's own, there is no code to patch.
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
export class Redirect extends SimpleResource {
  constructor(name: string, args: RedirectArgs, options?: ResourceOptions) {
    super("Redirect", name, args, options);
  }
}

export interface Redirect extends Outputs<Omit<RedirectInputs, Internal>> {}

export interface RegistryArgs extends Inputs<Omit<RegistryInputs, Internal>> {}

/**
 * A registry of images with its login, for the whole server: applications push what they build there, and the machines of a
 * cluster pull it. A private image that is not built has its login in the application's `source`. Dokploy logs in when the registry
 * is made and when it changes, so a login that does not work is an error. Applications use a change with their next deployment.
 *
 * @example
 * ```ts
 * const ghcr = new dokploy.Registry("ghcr", {
 *   name: "ghcr", url: "ghcr.io", username: "acme-bot", password: config.requireSecret("ghcrToken"),
 * });
 * new dokploy.Application("api", { environmentId, name: "api", source: { type: "git", url: "https://git.example.com/acme/api.git", branch: "main" }, registryId: ghcr.id });
 * ```
 */
export class Registry extends SimpleResource {
  constructor(name: string, args: RegistryArgs, options?: ResourceOptions) {
    super("Registry", name, args, options);
  }
}

export interface Registry extends Outputs<Omit<RegistryInputs, Internal>> {}

export interface ScheduleArgs extends Inputs<Omit<ScheduleInputs, Internal>> {}

/**
 * A command that Dokploy runs again and again: inside the container of an application or of a service in a compose file, or
 * a script on a server, as root. It works as soon as it is saved; a container that does not run at that time is a failed run.
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
 * A pair of SSH keys, with which Dokploy fetches from git over SSH and reaches other servers. Without `existingKey` a new pair
 * (Ed25519) is made: give its `publicKey` to the git host as a deploy key, or to the server. A key never changes: another
 * one is another resource, and this one is only deleted when nothing in Dokploy uses it any more.
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
 * A tag, by which people find projects in Dokploy. It needs Dokploy 0.29.0. A project has it by its input `tagIds`; deleting it
 * takes it away from all of them.
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
 * A vault from which Dokploy takes secrets when it deploys: HashiCorp Vault (or OpenBao), Infisical, AWS Secrets Manager, Doppler,
 * Azure Key Vault or Scaleway's. Variables name one as `${{vault.<name>.<reference>}}`, so that its value stands neither in the
 * program nor in Dokploy. It needs Dokploy 0.30.0 and the key of an owner or admin, and no licence.
 *
 * Dokploy shows no secret of it, so a refresh does not see one that was changed by hand; each update writes it again.
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
 * Saves a volume to a {@link Destination}, again and again: that of an application, of a service in a compose file, or of a
 * database (which a {@link Backup} saves without stopping it, and while it is written to). It works as soon as it is saved.
 * What it has written stays in the bucket when it is deleted.
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

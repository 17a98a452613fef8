// Written by `npm run docs` from the definitions in provider/resources. Do not edit

import type { Inputs, Internal, Listed, Outputs, ResourceOptions } from "../../resource";
import { isOfKind, type Lists } from "../../run";
import type { RootOutputs } from "../database";
import type { ApiKeyInputs, ApiKeyOutputs, ApplicationInputs, ComposeInputs, DeploymentInputs, EnvironmentBlockInputs, EnvironmentInputs, GeneratedSecretInputs, GeneratedSecretOutputs, LibSqlInputs, MariaDbInputs, MemberInputs, MemberOutputs, MongoInputs, MySqlInputs, PostgresInputs, ProjectInputs, ProjectOutputs, RedisInputs, TraefikFileInputs, WebServerSettingsInputs } from "../../../provider/resources";
import type { BackupInputs, BitbucketProviderInputs, CertificateInputs, DestinationInputs, DomainInputs, GiteaProviderInputs, GiteaProviderOutputs, GitlabProviderInputs, GitlabProviderOutputs, MountInputs, NetworkInputs, NotificationInputs, OrganizationInputs, PatchInputs, PortInputs, RedirectInputs, RegistryInputs, ScheduleInputs, SecurityInputs, ServerInputs, SshKeyInputs, SshKeyOutputs, TagInputs, VaultProviderInputs, VolumeBackupInputs } from "./simple-inputs";
import { DokployResource } from "../../resource";
import { ApplicationBase } from "../application";
import { ComposeBase } from "../compose";
import { Database } from "../database";
import { DeploymentBase } from "../deployment";
import { EnvironmentBlockBase } from "../environment-block";
import { Scope } from "../scope";

export interface ApiKeyArgs extends Inputs<Omit<ApiKeyInputs, Internal>> {}

/**
 * An API key of the user whose key is in the settings: for CI, or for another program or stack. Dokploy shows a key
 * only once, so the only copy is in the state of the stack, as a secret.
 *
 * The key has the permissions of its user. It cannot be changed: a change of an input, including `triggers`, makes a
 * new key first. The old key is deleted once everything that uses it has the new one. A refresh drops a key that has
 * expired, and the next update makes another.
 *
 * @example
 * ```ts
 * const ci = new dokploy.ApiKey("ci", { name: "ci", expiresInDays: 90, triggers: { quarter: "2026-4" } });
 * new github.ActionsSecret("dokploy", { repository: "api", secretName: "DOKPLOY_API_KEY", plaintextValue: ci.key });
 * ```
 */
export class ApiKey extends DokployResource {
  constructor(name: string, args: ApiKeyArgs, options?: ResourceOptions) {
    super("ApiKey", name, args, options);
  }

  static override isInstance(value: unknown): value is ApiKey {
    return isOfKind("ApiKey", value);
  }
}

export interface ApiKey extends Outputs<Omit<ApiKeyInputs, Internal | keyof DokployResource> & ApiKeyOutputs> {}

export interface ApplicationArgs extends Inputs<Listed<Omit<ApplicationInputs, Internal>, Lists<"Application">>> {}

/**
 * An application: one image, pulled or built from code, that runs as a service of Docker Swarm.
 *
 * Creating or changing it saves the configuration, deploys once if the change needs it, and waits until that deployment
 * ends. When the deployment fails, `pulumi up` fails with the end of its log, and the next `pulumi up` deploys again.
 *
 * @example
 * ```ts
 * const api = new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { LOG_LEVEL: "info", DATABASE_URL: config.requireSecret("databaseUrl") },
 *   resources: { memoryLimit: "512MiB", cpuLimit: 0.5 },
 *   healthCheck: { path: "/health", port: 3000, interval: "10s" },
 *   domains: [{ host: "api.acme.dev", port: 3000, https: true, certificateType: "letsencrypt" }],
 * });
 * export const host = api.appName;
 * ```
 *
 * @example Adopt an application that was made in Dokploy's web interface
 * ```ts
 * new dokploy.Application(
 *   "api",
 *   { environmentId: shop.defaultEnvironmentId, name: "api", source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" } },
 *   { import: "PQqzqTGCVtx0St2SA3vCi" },
 * );
 * ```
 */
export class Application extends ApplicationBase {
  constructor(name: string, args: ApplicationArgs, options?: ResourceOptions) {
    super("Application", name, args, options);
  }

  static override isInstance(value: unknown): value is Application {
    return isOfKind("Application", value);
  }
}

export interface Application extends Outputs<Omit<ApplicationInputs, Internal | keyof ApplicationBase>> {}

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
export class Backup extends DokployResource {
  constructor(name: string, args: BackupArgs, options?: ResourceOptions) {
    super("Backup", name, args, options);
  }

  static override isInstance(value: unknown): value is Backup {
    return isOfKind("Backup", value);
  }
}

export interface Backup extends Outputs<Omit<BackupInputs, Internal | keyof DokployResource>> {}

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
export class BitbucketProvider extends DokployResource {
  constructor(name: string, args: BitbucketProviderArgs, options?: ResourceOptions) {
    super("BitbucketProvider", name, args, options);
  }

  static override isInstance(value: unknown): value is BitbucketProvider {
    return isOfKind("BitbucketProvider", value);
  }
}

export interface BitbucketProvider extends Outputs<Omit<BitbucketProviderInputs, Internal | keyof DokployResource>> {}

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
export class Certificate extends DokployResource {
  constructor(name: string, args: CertificateArgs, options?: ResourceOptions) {
    super("Certificate", name, args, options);
  }

  static override isInstance(value: unknown): value is Certificate {
    return isOfKind("Certificate", value);
  }
}

export interface Certificate extends Outputs<Omit<CertificateInputs, Internal | keyof DokployResource>> {}

export interface ComposeArgs extends Inputs<Listed<Omit<ComposeInputs, Internal>, Lists<"Compose">>> {}

/**
 * A compose service: the containers of one compose file, or a Swarm stack.
 *
 * Deleting it keeps named volumes, unless `deleteVolumes` is set. Dokploy always deletes its folder `../files`, so do
 * not keep data there. A raw compose file is checked at preview: a mistake that would make the deployment fail
 * is an error with line and column, and advice is a warning (docs/everyday/compose-checks.md).
 *
 * @example
 * ```ts
 * new dokploy.Compose("cache", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "cache",
 *   source: dokploy.composeFile("services/cache/compose.yaml"),
 *   env: { REDIS_PASSWORD: config.requireSecret("redisPassword") },
 * });
 * ```
 */
export class Compose extends ComposeBase {
  constructor(name: string, args: ComposeArgs, options?: ResourceOptions) {
    super("Compose", name, args, options);
  }

  static override isInstance(value: unknown): value is Compose {
    return isOfKind("Compose", value);
  }
}

export interface Compose extends Outputs<Omit<ComposeInputs, Internal | keyof ComposeBase>> {}

export interface DeploymentArgs extends Inputs<Omit<DeploymentInputs, Internal>, { target: Application | Compose }> {}

/**
 * A deployment of a service that happens when a trigger changes. It separates deployments from the
 * configuration, for instance to deploy production by hand, or to apply several changes with one deployment.
 *
 * Give the other resources of the service `deploy: false`, so that only this deployment happens. Deleting it changes
 * nothing in Dokploy.
 *
 * @example
 * ```ts
 * const block = new dokploy.EnvironmentBlock("api", { target: api, env, deploy: false });
 * new dokploy.Deployment("api", {
 *   target: api, // or { applicationId: "PQqzqTGCVtx0St2SA3vCi" }
 *   triggers: { commit: process.env.GITHUB_SHA ?? "", env: pulumi.jsonStringify(block.env) },
 * }, { dependsOn: block });
 * ```
 *
 * @example A service that another program manages, with each commit
 * ```ts
 * new dokploy.Deployment("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   triggers: { commit: config.require("commit") },
 * });
 * ```
 */
export class Deployment extends DeploymentBase {
  constructor(name: string, args: DeploymentArgs, options?: ResourceOptions) {
    super("Deployment", name, args, options);
  }

  static override isInstance(value: unknown): value is Deployment {
    return isOfKind("Deployment", value);
  }
}

export interface Deployment extends Outputs<Omit<DeploymentInputs, Internal | keyof DeploymentBase>> {}

export interface DestinationArgs extends Inputs<Omit<DestinationInputs, Internal>> {}

/**
 * An S3 bucket, or one of a compatible service, that backups are written to. A plan makes Dokploy list the bucket, so a
 * key that does not work is an error before anything is saved.
 *
 * It is not deleted while backups use it, unless the same run deletes these too, since Dokploy would delete them with
 * it.
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
export class Destination extends DokployResource {
  constructor(name: string, args: DestinationArgs, options?: ResourceOptions) {
    super("Destination", name, args, options);
  }

  static override isInstance(value: unknown): value is Destination {
    return isOfKind("Destination", value);
  }
}

export interface Destination extends Outputs<Omit<DestinationInputs, Internal | keyof DokployResource>> {}

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
export class Domain extends DokployResource {
  constructor(name: string, args: DomainArgs, options?: ResourceOptions) {
    super("Domain", name, args, options);
  }

  static override isInstance(value: unknown): value is Domain {
    return isOfKind("Domain", value);
  }
}

export interface Domain extends Outputs<Omit<DomainInputs, Internal | keyof DokployResource>> {}

export interface EnvironmentArgs extends Inputs<Omit<EnvironmentInputs, Internal>> {}

/**
 * An environment of a project, in addition to the `production` that Dokploy creates with the project.
 *
 * It is never deleted while it has services.
 *
 * @example
 * ```ts
 * const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging" });
 * ```
 */
export class Environment extends Scope {
  constructor(name: string, args: EnvironmentArgs, options?: ResourceOptions) {
    super("Environment", name, args, options);
  }

  static override isInstance(value: unknown): value is Environment {
    return isOfKind("Environment", value);
  }
}

export interface Environment extends Outputs<Omit<EnvironmentInputs, Internal | keyof Scope>> {}

export interface EnvironmentBlockArgs extends Inputs<Omit<EnvironmentBlockInputs, Internal>, { target: Application | Compose | Project | Environment | Postgres | MySql | MariaDb | Mongo | Redis | LibSql }> {}

/**
 * The environment variables of an existing application, compose service, database, project or environment.
 *
 * A change saves the variables, deploys the service and waits for that deployment. The deployment of a database
 * replaces its container and keeps its data. Variables of a project or environment are shared: services that refer to
 * them get a change with their next deployment, or at once with `redeployReferrers: true`.
 *
 * Deleting the block removes its variables and nothing else, which takes effect at the next deployment. When a service
 * of the same program is deleted in the same run, its variables are deleted with it.
 *
 * @example Exactly these variables
 * ```ts
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   env: dokploy.loadEnv("envs/test/api.yaml"),
 * });
 * ```
 *
 * @example A resource of the same program as the target
 * ```ts
 * new dokploy.EnvironmentBlock("api", { target: api, env: { LOG_LEVEL: "info" } });
 * ```
 *
 * @example Only some variables, while all others stay as they are
 * ```ts
 * new dokploy.EnvironmentBlock("api-flags", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   mode: "additive",
 *   env: { FEATURE_CHECKOUT: "on" },
 * });
 * ```
 *
 * @example Shared variables of a project, which services refer to as `${{project.REGION}}`
 * ```ts
 * new dokploy.EnvironmentBlock("shared", {
 *   target: { projectId: "V9VfiH7szxFcPmioIh70t" },
 *   mode: "additive",
 *   env: { REGION: "eu" },
 *   redeployReferrers: true,
 * });
 * ```
 *
 * @example Variables of a database, in addition to those that Dokploy sets
 * ```ts
 * new dokploy.EnvironmentBlock("orders-db", {
 *   target: { postgresId: "oWoDTREuc8bwh1UYwU8Bv" },
 *   env: { TZ: "UTC" },
 * });
 * ```
 */
export class EnvironmentBlock extends EnvironmentBlockBase {
  constructor(name: string, args: EnvironmentBlockArgs, options?: ResourceOptions) {
    super("EnvironmentBlock", name, args, options);
  }

  static override isInstance(value: unknown): value is EnvironmentBlock {
    return isOfKind("EnvironmentBlock", value);
  }
}

export interface EnvironmentBlock extends Outputs<Omit<EnvironmentBlockInputs, Internal | keyof EnvironmentBlockBase>> {}

export interface GeneratedSecretArgs extends Inputs<Omit<GeneratedSecretInputs, Internal>> {}

/**
 * A random secret, such as the key that signs sessions. It is made once, at the first update, and stays: no preview, refresh
 * or deployment makes it again. The only copies are in the state of the stack, as a secret, and in the variables that get it.
 * With the resource, the value is lost.
 *
 * In files of variables, `SESSION_KEY: !generate` declares it.
 *
 * @example
 * ```ts
 * const sessionKey = new dokploy.GeneratedSecret("session-key", { length: 64 });
 * new dokploy.EnvironmentBlock("api", {
 *   target: { applicationId: "PQqzqTGCVtx0St2SA3vCi" },
 *   env: { SESSION_KEY: sessionKey.value },
 * });
 * ```
 *
 * @example A token that another secret signs
 * ```ts
 * const jwtSecret = new dokploy.GeneratedSecret("jwt-secret", { format: "base64", bytes: 48 });
 * const anonKey = new dokploy.GeneratedSecret("anon-key", {
 *   format: "jwt",
 *   signingKey: jwtSecret.value,
 *   payload: JSON.stringify({ role: "anon", iss: "shop" }),
 * });
 * ```
 */
export class GeneratedSecret extends DokployResource {
  constructor(name: string, args: GeneratedSecretArgs, options?: ResourceOptions) {
    super("GeneratedSecret", name, args, options);
  }

  static override isInstance(value: unknown): value is GeneratedSecret {
    return isOfKind("GeneratedSecret", value);
  }
}

export interface GeneratedSecret extends Outputs<Omit<GeneratedSecretInputs, Internal | keyof DokployResource> & GeneratedSecretOutputs> {}

export interface GiteaProviderArgs extends Inputs<Omit<GiteaProviderInputs, Internal>> {}

/**
 * A Gitea or Forgejo server from which applications and compose services are built.
 *
 * With an `accessToken` of Gitea it works at once. Without one it needs an OAuth2 application in Gitea (Settings,
 * Applications) whose redirect URI is `redirectUri`, and a person must open `authorizeUrl` once and approve. Until then
 * `isConfigured` is false, and nothing can be built from it. A change from one to the other removes the former
 * credential from Dokploy.
 *
 * @example
 * ```ts
 * const gitea = new dokploy.GiteaProvider("gitea", {
 *   name: "gitea", url: "https://git.example.com", accessToken: config.requireSecret("giteaToken"),
 * });
 * ```
 */
export class GiteaProvider extends DokployResource {
  constructor(name: string, args: GiteaProviderArgs, options?: ResourceOptions) {
    super("GiteaProvider", name, args, options);
  }

  static override isInstance(value: unknown): value is GiteaProvider {
    return isOfKind("GiteaProvider", value);
  }
}

export interface GiteaProvider extends Outputs<Omit<GiteaProviderInputs, Internal | keyof DokployResource> & GiteaProviderOutputs> {}

export interface GitlabProviderArgs extends Inputs<Omit<GitlabProviderInputs, Internal>> {}

/**
 * A GitLab server, gitlab.com or one of your own, from which applications and compose services are built.
 *
 * It needs an application in GitLab (User settings, Applications): confidential, with the scopes `api`, `read_user` and
 * `read_repository`. Its redirect URI is `redirectUri` followed by `?gitlabId=` and the id of this resource. A person
 * must then open `authorizeUrl` once and approve. Until then `isConfigured` is false, and nothing can be built from it.
 *
 * @example
 * ```ts
 * const gitlab = new dokploy.GitlabProvider("gitlab", {
 *   name: "gitlab", clientId: config.require("gitlabClientId"), clientSecret: config.requireSecret("gitlabClientSecret"),
 * });
 * export const openOnce = gitlab.authorizeUrl;
 * ```
 */
export class GitlabProvider extends DokployResource {
  constructor(name: string, args: GitlabProviderArgs, options?: ResourceOptions) {
    super("GitlabProvider", name, args, options);
  }

  static override isInstance(value: unknown): value is GitlabProvider {
    return isOfKind("GitlabProvider", value);
  }
}

export interface GitlabProvider extends Outputs<Omit<GitlabProviderInputs, Internal | keyof DokployResource> & GitlabProviderOutputs> {}

export interface LibSqlArgs extends Inputs<Listed<Omit<LibSqlInputs, Internal>, Lists<"LibSql">>> {}

/**
 * A libSQL server with its own volume. Dokploy chooses its image. As for {@link Postgres}, a change that would make a
 * new, empty database is refused.
 *
 * @example
 * ```ts
 * const db = new dokploy.LibSql("edge", { environmentId: shop.defaultEnvironmentId, name: "edge", user: "edge" });
 * ```
 */
export class LibSql extends Database {
  constructor(name: string, args: LibSqlArgs, options?: ResourceOptions) {
    super("LibSql", name, args, options);
  }

  static override isInstance(value: unknown): value is LibSql {
    return isOfKind("LibSql", value);
  }
}

export interface LibSql extends Outputs<Omit<LibSqlInputs, Internal | keyof Database>> {}

export interface MariaDbArgs extends Inputs<Listed<Omit<MariaDbInputs, Internal>, Lists<"MariaDb">>> {}

/**
 * A MariaDB database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.MariaDb("blog-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "blog-db",
 *   database: "blog",
 *   user: "blog",
 *   image: "mariadb:11.4",
 * });
 * ```
 */
export class MariaDb extends Database {
  constructor(name: string, args: MariaDbArgs, options?: ResourceOptions) {
    super("MariaDb", name, args, options);
  }

  static override isInstance(value: unknown): value is MariaDb {
    return isOfKind("MariaDb", value);
  }
}

export interface MariaDb extends Outputs<Omit<MariaDbInputs, Internal | keyof Database | keyof RootOutputs>>, RootOutputs {}

export interface MemberArgs extends Inputs<Omit<MemberInputs, Internal>> {}

/**
 * The permissions of a member of the organization, and the objects that the member sees. It creates no account
 * and invites nobody: the person joins by an invitation or single sign-on. Inputs that are left out are not touched.
 * Deleting the resource leaves the member unchanged.
 *
 * @example
 * ```ts
 * new dokploy.Member("ana", {
 *   email: "ana@acme.example", role: "member",
 *   may: { createServices: true, deleteServices: false },
 *   sees: { projectIds: [shop.id], environmentIds: [shop.defaultEnvironmentId] },
 * });
 * ```
 */
export class Member extends DokployResource {
  constructor(name: string, args: MemberArgs, options?: ResourceOptions) {
    super("Member", name, args, options);
  }

  static override isInstance(value: unknown): value is Member {
    return isOfKind("Member", value);
  }
}

export interface Member extends Outputs<Omit<MemberInputs, Internal | keyof DokployResource> & MemberOutputs> {}

export interface MongoArgs extends Inputs<Listed<Omit<MongoInputs, Internal>, Lists<"Mongo">>> {}

/**
 * A MongoDB database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.Mongo("events", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "events",
 *   user: "events",
 *   image: "mongo:8",
 * });
 * ```
 */
export class Mongo extends Database {
  constructor(name: string, args: MongoArgs, options?: ResourceOptions) {
    super("Mongo", name, args, options);
  }

  static override isInstance(value: unknown): value is Mongo {
    return isOfKind("Mongo", value);
  }
}

export interface Mongo extends Outputs<Omit<MongoInputs, Internal | keyof Database>> {}

export interface MountArgs extends Inputs<Omit<MountInputs, Internal>> {}

/**
 * A volume, a folder of the server, or a file in the containers of a service. A change takes effect with a reload of an
 * application or a deployment of a database, one for all changes that the run makes to the service.
 *
 * The data in a volume or folder is never deleted or copied. After a change of `volumeName` or `hostPath`, the
 * containers see the data in the new place. A file is deleted with its mount.
 *
 * If a compose file mounts such a file, list it in `mounts` of the service. If the containers start without the file,
 * Docker creates a folder at its path, and Dokploy then refuses the file.
 *
 * @example
 * ```ts
 * new dokploy.Mount("uploads", { applicationId: web.id, type: "volume", volumeName: "uploads", mountPath: "/app/uploads" });
 * new dokploy.Mount("settings", {
 *   applicationId: web.id, type: "file", filePath: "app.toml", mountPath: "/etc/app.toml", content: config.requireSecret("appToml"),
 * });
 * ```
 */
export class Mount extends DokployResource {
  constructor(name: string, args: MountArgs, options?: ResourceOptions) {
    super("Mount", name, args, options);
  }

  static override isInstance(value: unknown): value is Mount {
    return isOfKind("Mount", value);
  }
}

export interface Mount extends Outputs<Omit<MountInputs, Internal | keyof DokployResource>> {}

export interface MySqlArgs extends Inputs<Listed<Omit<MySqlInputs, Internal>, Lists<"MySql">>> {}

/**
 * A MySQL database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.MySql("shop-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "shop-db",
 *   database: "shop",
 *   user: "shop",
 *   image: "mysql:8.4",
 * });
 * ```
 */
export class MySql extends Database {
  constructor(name: string, args: MySqlArgs, options?: ResourceOptions) {
    super("MySql", name, args, options);
  }

  static override isInstance(value: unknown): value is MySql {
    return isOfKind("MySql", value);
  }
}

export interface MySql extends Outputs<Omit<MySqlInputs, Internal | keyof Database | keyof RootOutputs>>, RootOutputs {}

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
export class Network extends DokployResource {
  constructor(name: string, args: NetworkArgs, options?: ResourceOptions) {
    super("Network", name, args, options);
  }

  static override isInstance(value: unknown): value is Network {
    return isOfKind("Network", value);
  }
}

export interface Network extends Outputs<Omit<NetworkInputs, Internal | keyof DokployResource>> {}

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
export class Notification extends DokployResource {
  constructor(name: string, args: NotificationArgs, options?: ResourceOptions) {
    super("Notification", name, args, options);
  }

  static override isInstance(value: unknown): value is Notification {
    return isOfKind("Notification", value);
  }
}

export interface Notification extends Outputs<Omit<NotificationInputs, Internal | keyof DokployResource>> {}

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
export class Organization extends DokployResource {
  constructor(name: string, args: OrganizationArgs, options?: ResourceOptions) {
    super("Organization", name, args, options);
  }

  static override isInstance(value: unknown): value is Organization {
    return isOfKind("Organization", value);
  }
}

export interface Organization extends Outputs<Omit<OrganizationInputs, Internal | keyof DokployResource>> {}

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
export class Patch extends DokployResource {
  constructor(name: string, args: PatchArgs, options?: ResourceOptions) {
    super("Patch", name, args, options);
  }

  static override isInstance(value: unknown): value is Patch {
    return isOfKind("Patch", value);
  }
}

export interface Patch extends Outputs<Omit<PatchInputs, Internal | keyof DokployResource>> {}

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
export class Port extends DokployResource {
  constructor(name: string, args: PortArgs, options?: ResourceOptions) {
    super("Port", name, args, options);
  }

  static override isInstance(value: unknown): value is Port {
    return isOfKind("Port", value);
  }
}

export interface Port extends Outputs<Omit<PortInputs, Internal | keyof DokployResource>> {}

export interface PostgresArgs extends Inputs<Listed<Omit<PostgresInputs, Internal>, Lists<"Postgres">>> {}

/**
 * A PostgreSQL database with its own volume.
 *
 * Creating or changing it saves the configuration and deploys it: Dokploy pulls the image and starts a new container,
 * and `pulumi up` waits until it runs. The data stays when a change is made in place. A change that would make a new,
 * empty database is refused unless `allowReplacementOf` names it, and so is an image that cannot read the existing
 * data. Deleting the database leaves its volume on the server.
 *
 * @example
 * ```ts
 * const db = new dokploy.Postgres("shop-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "shop-db",
 *   database: "shop",
 *   user: "shop",
 *   image: "postgres:18",
 * });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: db.connectionUrl },
 * });
 * ```
 */
export class Postgres extends Database {
  constructor(name: string, args: PostgresArgs, options?: ResourceOptions) {
    super("Postgres", name, args, options);
  }

  static override isInstance(value: unknown): value is Postgres {
    return isOfKind("Postgres", value);
  }
}

export interface Postgres extends Outputs<Omit<PostgresInputs, Internal | keyof Database>> {}

export interface ProjectArgs extends Inputs<Omit<ProjectInputs, Internal>> {}

/**
 * A project, which groups environments and their services. Its name is unique on the server, so include the name of the
 * stack when several stacks share a server.
 *
 * It is never deleted while it has services, since Dokploy would leave their containers running without an owner.
 *
 * @example
 * ```ts
 * const shop = new dokploy.Project("shop", { name: `shop-${pulumi.getStack()}`, env: { REGION: "eu" } });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 * });
 * ```
 */
export class Project extends Scope {
  constructor(name: string, args: ProjectArgs, options?: ResourceOptions) {
    super("Project", name, args, options);
  }

  static override isInstance(value: unknown): value is Project {
    return isOfKind("Project", value);
  }
}

export interface Project extends Outputs<Omit<ProjectInputs, Internal | keyof Scope> & ProjectOutputs> {}

export interface RedirectArgs extends Inputs<Omit<RedirectInputs, Internal>> {}

/**
 * A redirect by Traefik for requests to an application whose address matches a pattern. It takes effect
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
export class Redirect extends DokployResource {
  constructor(name: string, args: RedirectArgs, options?: ResourceOptions) {
    super("Redirect", name, args, options);
  }

  static override isInstance(value: unknown): value is Redirect {
    return isOfKind("Redirect", value);
  }
}

export interface Redirect extends Outputs<Omit<RedirectInputs, Internal | keyof DokployResource>> {}

export interface RedisArgs extends Inputs<Listed<Omit<RedisInputs, Internal>, Lists<"Redis">>> {}

/**
 * A Redis database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const cache = new dokploy.Redis("cache", { environmentId: shop.defaultEnvironmentId, name: "cache" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { REDIS_URL: cache.connectionUrl },
 * });
 * ```
 */
export class Redis extends Database {
  constructor(name: string, args: RedisArgs, options?: ResourceOptions) {
    super("Redis", name, args, options);
  }

  static override isInstance(value: unknown): value is Redis {
    return isOfKind("Redis", value);
  }
}

export interface Redis extends Outputs<Omit<RedisInputs, Internal | keyof Database>> {}

export interface RegistryArgs extends Inputs<Omit<RegistryInputs, Internal>> {}

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
export class Registry extends DokployResource {
  constructor(name: string, args: RegistryArgs, options?: ResourceOptions) {
    super("Registry", name, args, options);
  }

  static override isInstance(value: unknown): value is Registry {
    return isOfKind("Registry", value);
  }
}

export interface Registry extends Outputs<Omit<RegistryInputs, Internal | keyof DokployResource>> {}

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
export class Schedule extends DokployResource {
  constructor(name: string, args: ScheduleArgs, options?: ResourceOptions) {
    super("Schedule", name, args, options);
  }

  static override isInstance(value: unknown): value is Schedule {
    return isOfKind("Schedule", value);
  }
}

export interface Schedule extends Outputs<Omit<ScheduleInputs, Internal | keyof DokployResource>> {}

export interface SecurityArgs extends Inputs<Omit<SecurityInputs, Internal>> {}

/**
 * A login (HTTP basic auth) that Traefik requires on all domains of an application. Any one of several logins gives
 * access; without a login the application is open. A login takes effect as soon as it is saved. An application that
 * lists the login in `security` has it before its first deployment; as a separate resource, it comes after that.
 *
 * While the only login of an application changes, the application is open for a moment, since Dokploy first removes the
 * old login.
 *
 * @example
 * ```ts
 * new dokploy.Security("staff", { applicationId: web.id, username: "staff", password:
 * config.requireSecret("staffPassword"), });
 * ```
 */
export class Security extends DokployResource {
  constructor(name: string, args: SecurityArgs, options?: ResourceOptions) {
    super("Security", name, args, options);
  }

  static override isInstance(value: unknown): value is Security {
    return isOfKind("Security", value);
  }
}

export interface Security extends Outputs<Omit<SecurityInputs, Internal | keyof DokployResource>> {}

export interface ServerArgs extends Inputs<Omit<ServerInputs, Internal>> {}

/**
 * Another machine, which Dokploy reaches over SSH. One update turns an empty machine with an SSH key into one that
 * runs services. It waits for the machine, checks it, installs missing software, and checks it again. If a run fails or
 * ends early, the next one continues where it stopped. A change of the connection triggers a new check.
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
export class Server extends DokployResource {
  constructor(name: string, args: ServerArgs, options?: ResourceOptions) {
    super("Server", name, args, options);
  }

  static override isInstance(value: unknown): value is Server {
    return isOfKind("Server", value);
  }
}

export interface Server extends Outputs<Omit<ServerInputs, Internal | keyof DokployResource>> {}

export interface SshKeyArgs extends Inputs<Omit<SshKeyInputs, Internal>> {}

/**
 * An SSH key pair, which Dokploy uses to fetch from git over SSH and to reach other servers. Without `existingKey` it
 * is a new pair (Ed25519): give its `publicKey` to the git host as a deploy key, or to the server.
 *
 * A key never changes in place: another key replaces the resource. A key is deleted only when nothing in Dokploy uses
 * it any more.
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
export class SshKey extends DokployResource {
  constructor(name: string, args: SshKeyArgs, options?: ResourceOptions) {
    super("SshKey", name, args, options);
  }

  static override isInstance(value: unknown): value is SshKey {
    return isOfKind("SshKey", value);
  }
}

export interface SshKey extends Outputs<Omit<SshKeyInputs, Internal | keyof DokployResource> & SshKeyOutputs> {}

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
export class Tag extends DokployResource {
  constructor(name: string, args: TagArgs, options?: ResourceOptions) {
    super("Tag", name, args, options);
  }

  static override isInstance(value: unknown): value is Tag {
    return isOfKind("Tag", value);
  }
}

export interface Tag extends Outputs<Omit<TagInputs, Internal | keyof DokployResource>> {}

export interface TraefikFileArgs extends Inputs<Omit<TraefikFileInputs, Internal>> {}

/**
 * A whole file of Traefik's dynamic configuration, for routers, middlewares and certificates that Dokploy has no other
 * place for. Traefik reads it as soon as it is saved. A file that Dokploy writes itself is refused. So is an existing
 * file, unless the option `import` names it by its path.
 *
 * Deleting it empties the file, since Dokploy has no call that removes one.
 *
 * @example
 * ```ts
 * new dokploy.TraefikFile("headers", {
 *   path: "dynamic/headers.yml",
 *   content: "http:\n  middlewares:\n    hsts:\n      headers:\n        stsSeconds: 31536000\n",
 * });
 * new dokploy.Domain("shop", { applicationId: web.id, host: "shop.example.com", middlewares: ["hsts@file"] });
 * ```
 */
export class TraefikFile extends DokployResource {
  constructor(name: string, args: TraefikFileArgs, options?: ResourceOptions) {
    super("TraefikFile", name, args, options);
  }

  static override isInstance(value: unknown): value is TraefikFile {
    return isOfKind("TraefikFile", value);
  }
}

export interface TraefikFile extends Outputs<Omit<TraefikFileInputs, Internal | keyof DokployResource>> {}

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
export class VaultProvider extends DokployResource {
  constructor(name: string, args: VaultProviderArgs, options?: ResourceOptions) {
    super("VaultProvider", name, args, options);
  }

  static override isInstance(value: unknown): value is VaultProvider {
    return isOfKind("VaultProvider", value);
  }
}

export interface VaultProvider extends Outputs<Omit<VaultProviderInputs, Internal | keyof DokployResource>> {}

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
export class VolumeBackup extends DokployResource {
  constructor(name: string, args: VolumeBackupArgs, options?: ResourceOptions) {
    super("VolumeBackup", name, args, options);
  }

  static override isInstance(value: unknown): value is VolumeBackup {
    return isOfKind("VolumeBackup", value);
  }
}

export interface VolumeBackup extends Outputs<Omit<VolumeBackupInputs, Internal | keyof DokployResource>> {}

export interface WebServerSettingsArgs extends Inputs<Omit<WebServerSettingsInputs, Internal>> {}

/**
 * The settings of Dokploy's own web server, for the whole server: its host name and certificate, cleanup, and the
 * number of deployments at the same time. They exist once, so only one stack can manage them. The resource adopts the
 * existing settings, and an input that is left out is not touched. It needs the API key of the owner or an admin.
 *
 * Deleting the resource only removes it from the state: all settings stay as they are.
 *
 * @example
 * ```ts
 * new dokploy.WebServerSettings("dokploy", {
 *   host: "dokploy.example.com",
 *   https: true,
 *   certificateType: "letsencrypt",
 *   letsEncryptEmail: "ops@example.com",
 *   buildsConcurrency: 2,
 * });
 * ```
 */
export class WebServerSettings extends DokployResource {
  constructor(name: string, args: WebServerSettingsArgs, options?: ResourceOptions) {
    super("WebServerSettings", name, args, options);
  }

  static override isInstance(value: unknown): value is WebServerSettings {
    return isOfKind("WebServerSettings", value);
  }
}

export interface WebServerSettings extends Outputs<Omit<WebServerSettingsInputs, Internal | keyof DokployResource>> {}

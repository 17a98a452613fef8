import * as pulumi from "@pulumi/pulumi";
import {
  type Application,
  type ApplicationArgs,
  Backup,
  type Database,
  type MariaDb,
  type MySql,
  type Postgres,
  serviceClasses,
  VolumeBackup,
} from "../classes";
import { movedFromOther, ProgramError, typeInRun, typesOfComponent } from "../run";

const databaseKinds: readonly string[] = ["postgres", "mysql", "mariadb"];

/** Database of a {@link WebApp}. */
export interface WebAppDatabase {
  /** Kind of the database. */
  kind: "postgres" | "mysql" | "mariadb";
  /** Image with its tag. Default: that of the kind, such as `postgres:18`; give one to decide on upgrades yourself. */
  image?: pulumi.Input<string>;
  /** Variable of the application with the address of the database, which is secret. Default: `DATABASE_URL`. */
  variable?: string;
  /** Memory limit of its container. Default: `1GiB`. */
  memoryLimit?: pulumi.Input<string>;
  /**
   * Name of this database, `<name>-db`, to allow a change that replaces it with a new, empty one, such as another `kind`.
   * The volume with the data stays on the server, unused. Default: such a change is refused.
   */
  allowReplacementOf?: pulumi.Input<string>;
}

/** Backups of a {@link WebApp}. */
export interface WebAppBackup {
  /** Id of the Destination that the files are written to. */
  destinationId: pulumi.Input<string>;
  /** Cron expression, in the time zone of the Dokploy server. Default: `0 3 * * *`. */
  schedule?: pulumi.Input<string | undefined>;
  /** Number of files to keep of the database, and of each volume. Default: 14. */
  keepLatestCount?: pulumi.Input<number | undefined>;
}

type Taken = "name" | "source" | "domains";

export interface WebAppArgs extends Omit<ApplicationArgs, Taken> {
  /** Name in Dokploy. Default: the name of the resource. */
  name?: pulumi.Input<string>;
  /** Image with its tag. */
  image: pulumi.Input<string>;
  /** Host name under which it is served, with HTTPS and a certificate of Let's Encrypt. */
  host: pulumi.Input<string>;
  /** Port that the container listens on. Default: 3000. */
  port?: pulumi.Input<number>;
  /**
   * Path whose response has a status from 200 to 299 when the container is healthy, such as `/health`. Required unless
   * the input `healthCheck` of an application is given.
   */
  healthPath?: pulumi.Input<string>;
  /** Database of its own. Its address is a secret variable of the application. Default: none. */
  database?: WebAppDatabase;
  /**
   * Backups of the database and of each volume in `mounts`: one of them is required with it. Default: none, of which a
   * plan warns for a database.
   */
  backup?: WebAppBackup;
}

/**
 * A web application as most teams want one: an image behind a host name with HTTPS, a health check, a memory limit, and
 * if wanted a release command, a database, volumes and backups. Its parts are ordinary resources: an
 * {@link Application}, a database, a {@link Backup} and a {@link VolumeBackup} for each volume. All other inputs are those
 * of an application. The memory limit is `512MiB` unless `resources` says otherwise.
 *
 * The database has the name `<name>-db`; its database and its user have the name of the resource. The option
 * `protect: true` protects all parts, so no run deletes the database.
 *
 * @example
 * ```ts
 * const web = new dokploy.WebApp("shop", {
 *   environmentId: shop.defaultEnvironmentId,
 *   image: "ghcr.io/acme/shop:1.4.2",
 *   host: "shop.example.com",
 *   healthPath: "/health",
 *   release: "npm run migrate",
 *   database: { kind: "postgres", image: "postgres:18" },
 *   mounts: [{ type: "volume", volumeName: "shop-uploads", mountPath: "/app/uploads" }],
 *   backup: { destinationId: bucket.id },
 * });
 * export const url = web.url;
 * ```
 */
export class WebApp extends pulumi.ComponentResource {
  /** Application, with its domain. */
  readonly application: Application;
  /** Database; undefined without one. */
  readonly database: Database | undefined;
  /** Address under which it is served: `https://shop.example.com`. */
  readonly url: pulumi.Output<string>;
  /** Id of the application in Dokploy. */
  readonly applicationId: pulumi.Output<string>;
  /** Name of the application inside Docker: the host name under which other services reach it. */
  readonly appName: pulumi.Output<string>;

  constructor(name: string, args: WebAppArgs, options?: pulumi.ComponentResourceOptions) {
    super(typeInRun(types), name, {}, movedFromOther(types, options ?? {}));
    const { image, host, port = 3000, healthPath, database, backup, ...others } = args;
    const { healthCheck, resources = { memoryLimit: "512MiB" } } = others;
    if ((healthPath === undefined) === (healthCheck === undefined)) {
      throw new ProgramError(
        `WebApp "${name}": ${healthPath === undefined ? "healthPath is missing" : "healthPath and healthCheck exclude each other"}. ` +
          'Give the path that responds when the application is healthy, such as healthPath: "/health".',
      );
    }
    const volumes = backup ? volumesIn(name, args.mounts) : [];
    if (backup && database === undefined && volumes.length === 0) {
      throw new ProgramError(
        `WebApp "${name}": backup has nothing to save. Give a database, or a volume in mounts, or leave backup out.`,
      );
    }
    this.database = database && this.declareDatabase(name, args.environmentId, database);
    this.application = new serviceClasses.application(
      name,
      {
        ...others,
        name: others.name ?? name,
        healthCheck: healthPath === undefined ? healthCheck : { path: healthPath, port },
        resources,
        source: { type: "docker", image },
        domains: [{ host, port, https: true, certificateType: "letsencrypt" }],
        ...(this.database && database ? { env: withAddress(name, others.env, database, this.database) } : {}),
      },
      { parent: this },
    );
    if (backup) this.declareBackups(name, database, volumes, backup);
    this.url = pulumi.interpolate`https://${host}`;
    this.applicationId = this.application.id;
    this.appName = this.application.appName;
    const { url, applicationId, appName } = this;
    this.registerOutputs({ url, applicationId, appName });
  }

  /**
   * Returns an address under which other services reach the application inside Docker.
   *
   * @example
   * ```ts
   * const env = { SHOP_URL: web.internalUrl(3000) }; // http://shop-4kq2ax:3000
   * ```
   */
  internalUrl(...args: Parameters<Application["internalUrl"]>): pulumi.Output<string> {
    return this.application.internalUrl(...args);
  }

  private declareDatabase(
    name: string,
    environmentId: pulumi.Input<string>,
    { kind, image, memoryLimit = "1GiB", allowReplacementOf }: WebAppDatabase,
  ): Postgres | MySql | MariaDb {
    if (!databaseKinds.includes(kind)) {
      const kinds = databaseKinds.map((each) => JSON.stringify(each)).join(", ");
      throw new ProgramError(
        `WebApp "${name}": database.kind must be one of ${kinds}. Declare any other database yourself.`,
      );
    }
    const login = loginOf(name);
    const inputs = {
      environmentId,
      name: `${name}-db`,
      ...{ database: login, user: login },
      ...{ image, resources: { memoryLimit }, allowReplacementOf },
    };
    return new serviceClasses[kind](`${name}-db`, inputs, { parent: this });
  }

  private declareBackups(
    name: string,
    database: WebAppDatabase | undefined,
    volumes: readonly string[],
    backup: WebAppBackup,
  ): void {
    const { destinationId } = backup;
    const schedule = pulumi.output(backup.schedule).apply((given = "0 3 * * *") => given);
    const keepLatestCount = pulumi.output(backup.keepLatestCount).apply((given = 14) => given);
    const options = { parent: this };
    if (this.database && database) {
      const inputs = { [`${database.kind}Id`]: this.database.id, database: loginOf(name) };
      new Backup(`${name}-db`, { ...inputs, destinationId, schedule, keepLatestCount }, options);
    }
    for (const volumeName of volumes) {
      const inputs = { applicationId: this.application.id, name: volumeName, volumeName };
      const timing = { destinationId, cronExpression: schedule, keepLatestCount };
      new VolumeBackup(`${name}-${volumeName}`, { ...inputs, ...timing }, options);
    }
  }
}

const types = typesOfComponent("WebApp");

/** Returns the name of the database, and of its user: a word of SQL. */
function loginOf(name: string): string {
  return name.replace(/\W+/g, "_");
}

/** Adds the address of the database to the variables, each of which stays as public or secret as it is. */
function withAddress(
  name: string,
  env: WebAppArgs["env"],
  { variable = "DATABASE_URL" }: WebAppDatabase,
  { connectionUrl }: Database,
): ApplicationArgs["env"] {
  const added = (variables: object | undefined) => {
    if (variables !== undefined && Object.hasOwn(variables, variable)) {
      throw new ProgramError(
        `WebApp "${name}": env gives ${variable}, which is the address of its database. Remove it from env, or give ` +
          "database.variable another name.",
      );
    }
    return { ...variables, [variable]: connectionUrl };
  };
  return isPlain(env) ? added(env) : pulumi.output(env).apply(added);
}

function isPlain<T>(input: pulumi.Input<T>): input is T {
  return !pulumi.Output.isInstance(input) && !(input instanceof Promise);
}

/**
 * Returns the names of the volumes in mounts.
 *
 * @throws ProgramError where they are not known before the run, since each gets a resource
 */
function volumesIn(name: string, mounts: WebAppArgs["mounts"]): string[] {
  if (mounts === undefined) return [];
  const unknown = new ProgramError(
    `WebApp "${name}": with backup, each volume gets a VolumeBackup, so mounts and their volumeName must be plain values ` +
      "and not outputs. Give plain values, or declare each VolumeBackup yourself and leave backup out.",
  );
  if (!isPlain(mounts)) throw unknown;
  return Object.values(mounts as object).flatMap((mount: { type?: unknown; volumeName?: unknown }) => {
    if (typeof mount?.type !== "string") throw unknown;
    if (mount.type !== "volume") return [];
    if (typeof mount.volumeName !== "string") throw unknown;
    return [mount.volumeName];
  });
}

import { z } from "zod";
import { isRecord, isUnknown } from "../../packages/values";
import { savedDatabases, tableOf } from "../dokploy";
import { field, simple } from "../engine";
import { id } from "../schema";
import { isSameFolder, placed, SAME_FOLDER } from "./backups/places";
import { backupsOfDokploy, WEB_SERVER } from "./backups/web-server";
import { ownerRule, serviceNameRule } from "./checks/rules";
import { cron } from "./types/cron";
import { composeServiceName, savedName, savedPassword } from "./types/text-types";

const savedDatabase = savedName("database");
const user = savedName("user");

/** Kind of object that a backup saves. */
const databaseKind = z.enum([...savedDatabases, WEB_SERVER]);

/** Login to a database in a compose file, by the kind of database. */
const composeLogin = z.strictObject({
  /** Login to Postgres: only a user, since Postgres asks for no password inside the container. */
  postgres: z
    .strictObject({
      /** User of the database. */
      databaseUser: user,
    })
    .optional(),
  /** Login to MySQL: the password of `root`. */
  mysql: z
    .strictObject({
      /** Password of `root`. Secret. */
      databaseRootPassword: savedPassword,
    })
    .optional(),
  /** Login to MariaDB: a user and its password. */
  mariadb: z
    .strictObject({
      /** User of the database. */
      databaseUser: user,
      /** Password of the user. Secret. */
      databasePassword: savedPassword,
    })
    .optional(),
  /** Login to MongoDB: a user and its password. */
  mongo: z
    .strictObject({
      /** User of the database. */
      databaseUser: user,
      /** Password of the user. Secret. */
      databasePassword: savedPassword,
    })
    .optional(),
});

const inCompose: readonly unknown[] = Object.keys(composeLogin.shape);

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
export const backup = simple({
  kind: "Backup",
  router: "backup",
  parents: { ...tableOf(savedDatabases, () => "separate" as const), compose: "separate" },
  key: ["prefix", "destinationId", "serviceName"],
  clash: (one, other) => isSameFolder(one, other) && SAME_FOLDER,
  label: ({ prefix = "/", destinationId, serviceName }) =>
    `${prefix} in ${destinationId}${serviceName === undefined ? "" : ` of ${serviceName}`}`,
  all: (parent, api) => (parent ? undefined : backupsOfDokploy(api).then(({ backups }) => backups)),
  create: async (columns, parent, { api }) => ({
    enabled: true,
    prefix: "/",
    databaseType: parent?.kind ?? WEB_SERVER,
    backupType: parent?.kind === "compose" ? "compose" : "database",
    database: parent?.kind === "libsql" ? "iku.db" : "dokploy",
    ...(parent ? {} : { userId: (await backupsOfDokploy(api)).id }),
    ...columns,
  }),
  inputs: {
    /** Cron expression such as `0 3 * * *`, in the time zone of the Dokploy server. */
    schedule: cron,
    /** Id of the {@link Destination} that the files are written to. */
    destinationId: id,
    /**
     * Folder in the bucket, below the folder of the service; unique among the backups of the service to this
     * destination. Default: `/`.
     */
    prefix: placed.prefix,
    /** Name of the database within the service. Not needed for libSQL or for Dokploy itself, which have only one. */
    database: field(savedDatabase.optional(), {}),
    /**
     * Kind of database; required for one in a compose file. `web-server` is Dokploy itself, with its database and its
     * files. Otherwise it follows from the id of the database.
     */
    databaseType: field(databaseKind.optional(), { alone: WEB_SERVER }),
    /** Name of the service in the compose file; required with `composeId`, and not allowed without it. */
    serviceName: field(composeServiceName, { default: null }),
    /**
     * Login to the database in the compose file; required with `composeId`, and not allowed without it. Dokploy stores
     * it as given. Secret.
     */
    metadata: field(composeLogin, { default: null, secret: true }),
    /** Number of files to keep; each backup deletes the older ones. Default: all. */
    keepLatestCount: placed.keepLatestCount,
    /** True when it runs on schedule; `false` only keeps its settings. Default: true. */
    enabled: field(z.boolean(), { default: true }),
    /**
     * True when a backup of Dokploy itself includes the key that decrypts the variables in it. Without the key they
     * cannot be restored on another server; with it, anyone who has the file can read them. Default: true.
     */
    includeEncryptionKey: field(z.boolean(), { default: true }),
  },
  rules: {
    database: ({ database, databaseType, libsqlId }) =>
      database === undefined &&
      libsqlId === undefined &&
      databaseType !== WEB_SERVER &&
      "is missing: the service may have several databases",
    databaseType: (inputs) => {
      const { composeId, databaseType } = inputs;
      if (composeId === undefined) return ownerRule(databaseType, inputs, savedDatabases);
      if (isUnknown(databaseType)) return false;
      return !inCompose.includes(databaseType) && `is needed for a compose service: ${inCompose.join(", ")}`;
    },
    serviceName: serviceNameRule,
    metadata: ({ composeId, databaseType, metadata }) =>
      composeId !== undefined
        ? inCompose.includes(databaseType) && loginProblem(databaseType, metadata)
        : metadata !== undefined &&
          "is only for a compose service: Dokploy knows the logins of its own databases",
    includeEncryptionKey: ({ databaseType, includeEncryptionKey }) =>
      includeEncryptionKey !== undefined &&
      databaseType !== WEB_SERVER &&
      "is only for the backup of Dokploy itself",
  },
});

/** Returns the mistake in the login for a database of this kind, if there is one. */
function loginProblem(databaseType: unknown, login: unknown): string | undefined {
  if (isUnknown(login) || isUnknown(databaseType)) return undefined;
  if (login === undefined)
    return `is missing: Dokploy needs the login of the ${String(databaseType)} in the service`;
  if (!isRecord(login)) return undefined;
  const given = Object.keys(login).filter((kind) => login[kind] !== undefined);
  if (given.length === 1 && given[0] === databaseType) return undefined;
  return (
    `must have only the login of a ${String(databaseType)}, since databaseType says so: { ` +
    `${String(databaseType)}: { … } }`
  );
}

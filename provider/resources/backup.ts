import { z } from "zod";
import { backupRules } from "../backups/backup-rules";
import { composeLogin, databaseKind, savedDatabase } from "../backups/login";
import { isSameFolder, placed, SAME_FOLDER } from "../backups/places";
import { backupsOfDokploy, WEB_SERVER } from "../backups/web-server";
import { savedDatabases, tableOf } from "../dokploy/kinds";
import { cron } from "../schema/cron";
import { id } from "../schema/fields";
import { composeServiceName } from "../schema/text-types";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

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
  rules: backupRules,
});

import { z } from "zod";
import { backupRules } from "../backups/backup-rules";
import { composeLogin, databaseKind, savedDatabase } from "../backups/login";
import { composeServiceName, placed } from "../backups/places";
import { webServer } from "../backups/web-server";
import { cron } from "../schema/cron";
import { id } from "../schema/fields";
import { simple } from "../simple/resource";
import { field } from "../simple/spec";

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
export const backup = simple({
  kind: "Backup",
  router: "backup",
  parents: ["postgres", "mysql", "mariadb", "mongo", "libsql", "compose"],
  alone: webServer,
  apart: true,
  key: ["prefix", "destinationId", "serviceName"],
  twins: "would lie in one folder, where each deletes the files of the other that are too old for it",
  label: ({ prefix = "/", destinationId, serviceName }) =>
    `${prefix} in ${destinationId}${serviceName === undefined ? "" : ` of ${serviceName}`}`,
  sends: (parent) => ({
    enabled: true,
    prefix: "/",
    databaseType: parent ?? webServer.value,
    backupType: parent === "compose" ? "compose" : "database",
    database: parent === "libsql" ? "iku.db" : "dokploy",
  }),
  inputs: {
    /** When: a cron expression such as `0 3 * * *`, in the time zone of the Dokploy server. */
    schedule: cron,
    /** Id of the {@link Destination} that it is written to. */
    destinationId: id,
    /** Folder in the bucket, below that of the service. No other backup of the service to there may have it. Default: `/`. */
    prefix: placed.prefix,
    /** Name of the database within the service. A libSQL database has one, and Dokploy itself too, so they need none. */
    database: field(savedDatabase.optional(), {}),
    /**
     * What kind of database it is: needed for one in a compose file. `web-server` is Dokploy itself, its database and its
     * files. Others are what their id says.
     */
    databaseType: field(databaseKind.optional(), {}),
    /** The service in the compose file; only with `composeId`, and needed there. */
    serviceName: field(composeServiceName, { default: null }),
    /** The login in the service; only with `composeId`, and needed there. Dokploy keeps it as it is. Secret. */
    metadata: field(composeLogin, { default: null, secret: true }),
    /** How many files stay; those before are deleted after each backup. Default: all. */
    keepLatestCount: placed.keepLatestCount,
    /** Whether it runs; `false` keeps its settings. Default: true. */
    enabled: field(z.boolean(), { default: true }),
    /**
     * Whether the backup of Dokploy itself has the key that opens the variables in it: without it nobody can restore them on
     * another server, with it whoever has the file can read them. Default: true.
     */
    includeEncryptionKey: field(z.boolean(), { default: true }),
  },
  rules: backupRules,
});

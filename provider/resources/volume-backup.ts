import { z } from "zod";
import { composeServiceName, placed } from "../backups/places";
import { refuseRemoteVolume, volumeClash } from "../backups/volumes";
import { cron } from "../schema/cron";
import { id, text } from "../schema/fields";
import { simple } from "../simple/resource";
import { serviceNameRule } from "../simple/rules";
import { field } from "../simple/spec";

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
export const volumeBackup = simple({
  kind: "VolumeBackup",
  router: "volumeBackups",
  parents: ["application", "compose", "postgres", "mysql", "mariadb", "mongo", "redis", "libsql"],
  listing: { call: "list", input: (volumeBackupType, id) => ({ id, volumeBackupType }) },
  apart: true,
  key: ["prefix", "volumeName", "destinationId", "serviceName"],
  twins: "would lie in one folder, where each deletes the files of the other that are too old for it",
  label: ({ volumeName, prefix = "/", destinationId, serviceName }) =>
    `${prefix} of ${volumeName} in ${destinationId}${serviceName === undefined ? "" : ` of ${serviceName}`}`,
  sends: (parent) => ({ enabled: true, prefix: "/", serviceType: parent }),
  clash: volumeClash,
  look: refuseRemoteVolume,
  inputs: {
    /** Name in Dokploy. */
    name: text,
    /** The volume, as Docker calls it: for one in a compose file with the name of the project before it. */
    volumeName: z
      .string()
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
        "is not the name of a volume: letters, digits and _ . - after a letter or digit",
      ),
    /** When: a cron expression such as `0 2 * * *`, in the time zone of the Dokploy server. */
    cronExpression: cron,
    /** Id of the {@link Destination} that it is written to. */
    destinationId: id,
    /** Folder in the bucket, below that of the service. Default: `/`. */
    prefix: placed.prefix,
    /** The service in the compose file; only with `composeId`, and needed there. */
    serviceName: field(composeServiceName, { default: null }),
    /** Stop the service while its volume is saved; not for databases. Default: false. */
    turnOff: field(z.boolean(), { default: false }),
    /** How many files stay; those before are deleted after each backup. Default: all. */
    keepLatestCount: placed.keepLatestCount,
    /** Whether it runs; `false` keeps its settings. Default: true. */
    enabled: field(z.boolean(), { default: true }),
  },
  rules: {
    serviceName: serviceNameRule,
    turnOff: ({ turnOff, applicationId, composeId }) =>
      turnOff === true &&
      applicationId === undefined &&
      composeId === undefined &&
      "is for applications and compose services: the backup of a database would fail with it",
  },
});

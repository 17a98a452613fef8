import { z } from "zod";
import { visible } from "../../packages/text";
import { isUnknown } from "../../packages/values";
import { callAny, callDatabase, type DatabaseKind, databaseKinds, serviceKinds, tableOf } from "../dokploy";
import { field, simple } from "../engine";
import { CheckFailedError, type Problem } from "../errors";
import { type Context, type Planned, type Row, withChecks } from "../lifecycle";
import { id, nonEmptyText } from "../schema";
import { type Folder, isSameFolder, placed, SAME_FOLDER } from "./backups/places";
import { serviceNameRule } from "./checks/rules";
import { cron } from "./types/cron";
import { composeServiceName } from "./types/text-types";

const base = simple({
  kind: "VolumeBackup",
  router: "volumeBackups",
  parents: tableOf(serviceKinds, () => "separate" as const),
  key: ["prefix", "volumeName", "destinationId", "serviceName"],
  label: ({ volumeName, prefix = "/", destinationId, serviceName }) =>
    `${prefix} of ${volumeName} in ${destinationId}${serviceName === undefined ? "" : ` of ${serviceName}`}`,
  all: (parent, api) =>
    parent &&
    (callAny(api, "volumeBackups.list", { id: parent.id, volumeBackupType: parent.kind }) as Promise<Row[]>),
  create: (columns, parent) => ({ enabled: true, prefix: "/", serviceType: parent?.kind, ...columns }),
  clash: volumeClash,
  inputs: {
    /** Name in Dokploy. */
    name: nonEmptyText,
    /** Name of the volume in Docker; for a compose file it begins with the name of the project. */
    volumeName: z
      .string()
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
        "is not the name of a volume: a letter or digit, then letters, digits and _ . -",
      ),
    /** Cron expression such as `0 2 * * *`, in the time zone of the Dokploy server. */
    cronExpression: cron,
    /** Id of the {@link Destination} that the files are written to. */
    destinationId: id,
    /** Folder in the bucket, below that of the service. Default: `/`. */
    prefix: placed.prefix,
    /** Name of the service in the compose file; required with `composeId`, and not allowed without it. */
    serviceName: field(composeServiceName, { default: null }),
    /** True to stop the service while its volume is saved; not for databases. Default: false. */
    turnOff: field(z.boolean(), { default: false }),
    /** Number of files to keep; each backup deletes the older ones. Default: all. */
    keepLatestCount: placed.keepLatestCount,
    /** True when it runs on schedule; `false` only keeps its settings. Default: true. */
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
export const volumeBackup = withChecks(base, { preview: refuseRemoteVolume });

/** Inputs that say where the files of a volume are. */
interface Place extends Folder {
  readonly volumeName?: unknown;
}

/**
 * Returns the reason why two backups of volumes cannot share a folder. Files are found by the name of the volume and a
 * hyphen, so those of `data-old` begin like those of `data`.
 */
function volumeClash(mine: Place, theirs: Place): string | false {
  const [one, two] = [mine.volumeName, theirs.volumeName];
  if (!isSameFolder(mine, theirs) || typeof one !== "string" || typeof two !== "string" || isUnknown(one))
    return false;
  if (one === two) return SAME_FOLDER;
  const [short, long] = one.length < two.length ? [one, two] : [two, one];
  if (!long.startsWith(`${short}-`)) return false;
  return (
    `in one folder Dokploy counts the files of "${visible(long)}" as files of "${visible(short)}", and deletes ` +
    "them when there are too many: give one of the two another prefix"
  );
}

/**
 * Refuses a database on another server, since Dokploy saves the volumes of databases only on its own machine.
 *
 * @throws CheckFailedError for such a database, since Dokploy would save an empty volume
 */
async function refuseRemoteVolume(
  inputs: Readonly<Partial<Record<`${DatabaseKind}Id`, unknown>>>,
  { reads }: Pick<Context, "reads">,
  { changes }: Planned,
): Promise<Problem[]> {
  const kind = databaseKinds.find((each) => inputs[`${each}Id`] !== undefined);
  const id = kind && inputs[`${kind}Id`];
  const isChanged = changes.some(({ input }) => input === `${kind}Id`);
  if (kind === undefined || typeof id !== "string" || isUnknown(id) || !isChanged) return [];
  const { serverId } = await callDatabase(reads, kind, id, "one", {});
  if (typeof serverId !== "string") return [];
  const reason =
    "is on another server, and Dokploy backs up volumes of databases only on its own machine: it would create an " +
    "empty volume there and back that up. Use a Backup";
  throw new CheckFailedError([{ property: `${kind}Id`, reason }]);
}

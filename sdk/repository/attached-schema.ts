import { z } from "zod";
import { type ServiceKind, savedDatabases } from "../../provider/dokploy";
import { backup, schedule, volumeBackup } from "../../provider/resources";
import { id, nonEmptyText } from "../../provider/schema";

/** Objects that belong to a service and are separate resources. They are deleted before the destination that they use. */

const destination = {
  /**
   * Name of the destination that the files are written to: one that the program gives to the repository in
   * `destinations`, or one in Dokploy.
   */
  destination: nonEmptyText.optional(),
  /** Id of the destination that the files are written to, instead of its name. */
  destinationId: id.optional(),
};

/** Inputs that name the owner, which is the service. */
const owners = { ...idsOf(["compose", ...savedDatabases]), import: true } as const;

function idsOf<K extends ServiceKind>(kinds: readonly K[]): Record<`${K}Id`, true> {
  return Object.fromEntries(kinds.map((kind) => [`${kind}Id`, true])) as Record<`${K}Id`, true>;
}

const inCompose = { databaseType: true, serviceName: true, metadata: true } as const;

const ofCompose = backup.schema
  .omit({ ...owners, destinationId: true, includeEncryptionKey: true })
  .extend(destination);
const ofDatabase = ofCompose.omit(inCompose).extend({
  /** Name of the database within the service. Default: the service's own `database`. */
  database: nonEmptyText.optional(),
});

const volumeOfCompose = volumeBackup.schema
  .omit({ ...owners, applicationId: true, redisId: true, destinationId: true })
  .extend(destination);
const volumeOfDatabase = volumeOfCompose.omit({ serviceName: true, turnOff: true }).extend({
  /** Name of the volume in Docker. Default: the volume with the data. */
  volumeName: nonEmptyText.optional(),
});

const inContainer = schedule.schema
  .omit({
    applicationId: true,
    composeId: true,
    serverId: true,
    import: true,
    scheduleType: true,
    script: true,
  })
  .extend({
    /** Command that runs in the container. */
    command: nonEmptyText,
  });

const lists = <B extends z.ZodType, V extends z.ZodType>(backups: B, volumeBackups: V) => ({
  /** Backups of the service, each with the inputs of a {@link Backup}. All but one need their own `prefix`. */
  backups: z.array(backups).optional(),
  /** Backups of its volumes, each with the inputs of a {@link VolumeBackup} and its own `name`. */
  volumeBackups: z.array(volumeBackups).optional(),
});

/** Schemas of these objects for each kind of service. */
export const attachedSchemas = {
  application: {
    /** Backups of its volumes, each with the inputs of a {@link VolumeBackup} and its own `name`. */
    volumeBackups: z.array(volumeOfCompose.omit({ serviceName: true })).optional(),
    /** Commands that run in its container on a schedule, each with the inputs of a {@link Schedule}. */
    schedules: z.array(inContainer.omit({ serviceName: true })).optional(),
  },
  compose: {
    ...lists(ofCompose, volumeOfCompose),
    /** Commands that run in its containers on a schedule, each with the inputs of a {@link Schedule}. */
    schedules: z.array(inContainer).optional(),
  },
  database: lists(ofDatabase, volumeOfDatabase),
  redis: {
    /** Backups of its volumes, each with the inputs of a {@link VolumeBackup} and its own `name`. */
    volumeBackups: z.array(volumeOfDatabase).optional(),
  },
};

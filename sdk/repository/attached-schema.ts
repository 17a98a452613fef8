import { z } from "zod";
import { backup } from "../../provider/resources/backup";
import { schedule } from "../../provider/resources/schedule";
import { volumeBackup } from "../../provider/resources/volume-backup";
import { id, text } from "../../provider/schema/fields";

/** What belongs to a service, and is a resource of its own beside it: it goes by itself, before what it is written to. */

const destination = {
  /**
   * Name of the destination that it is written to: one that the program gives to the repository as `destinations`, or one that
   * is in Dokploy. Or its `destinationId`.
   */
  destination: text.optional(),
  /** Id of the destination that it is written to, instead of its name. */
  destinationId: id.optional(),
};

/** The service says whose it is. */
const owners = {
  composeId: true,
  postgresId: true,
  mysqlId: true,
  mariadbId: true,
  mongoId: true,
  libsqlId: true,
  import: true,
} as const;
const inCompose = { databaseType: true, serviceName: true, metadata: true } as const;

const ofCompose = backup.schema
  .omit({ ...owners, destinationId: true, includeEncryptionKey: true })
  .extend(destination);
const ofDatabase = ofCompose.omit(inCompose).extend({
  /** Name of the database within the service. Default: the service's own `database`. */
  database: text.optional(),
});

const volumeOfCompose = volumeBackup.schema
  .omit({ ...owners, applicationId: true, redisId: true, destinationId: true })
  .extend(destination);
const volumeOfDatabase = volumeOfCompose.omit({ serviceName: true, turnOff: true }).extend({
  /** The volume, as Docker calls it. Default: the one that holds the data. */
  volumeName: text.optional(),
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
    /** The command that runs in the container. */
    command: text,
  });

const lists = <B extends z.ZodType, V extends z.ZodType>(backups: B, volumeBackups: V) => ({
  /** Its backups, each with the inputs of a {@link Backup}. Each has a `prefix` of its own, but for one. */
  backups: z.array(backups).optional(),
  /** Backups of its volumes, each with the inputs of a {@link VolumeBackup}. Each has a `name` of its own. */
  volumeBackups: z.array(volumeBackups).optional(),
});

/** For each kind of service. */
export const attachedSchemas = {
  application: {
    /** Backups of its volumes, each with the inputs of a {@link VolumeBackup}. Each has a `name` of its own. */
    volumeBackups: z.array(volumeOfCompose.omit({ serviceName: true })).optional(),
    /** Commands that run in its container again and again, each with the inputs of a {@link Schedule}. */
    schedules: z.array(inContainer.omit({ serviceName: true })).optional(),
  },
  compose: {
    ...lists(ofCompose, volumeOfCompose),
    /** Commands that run in its containers again and again, each with the inputs of a {@link Schedule}. */
    schedules: z.array(inContainer).optional(),
  },
  database: lists(ofDatabase, volumeOfDatabase),
  redis: {
    /** Backups of its volumes, each with the inputs of a {@link VolumeBackup}. Each has a `name` of its own. */
    volumeBackups: z.array(volumeOfDatabase).optional(),
  },
};

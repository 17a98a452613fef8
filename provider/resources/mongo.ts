import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, fixed, head, password, settings, sqlName, tail } from "../databases/fields";
import { otherMajor } from "../databases/images";
import { imageName, keptIn } from "../schema/fields";
import { listOf } from "../simple/lists";
import { mount } from "./mount";

const { field } = keptIn<"mongo">();

export const mongoSchema = z.strictObject({
  ...head,
  /** Its root user. A change would make a new, empty database. */
  user: field(sqlName, fixed("databaseUser")),
  /**
   * Password of the user. Secret. A change is made in the running database, and then deployed. Default: a random one, which
   * stands in `connectionUrl`.
   */
  password: field(password.optional(), { ...deploys("databasePassword"), secret: true }),
  /** Run as a replica set of one, which transactions need. A change would make a new, empty database. Default: false. */
  replicaSets: field(z.boolean().optional(), fixed("replicaSets", false)),
  /** Image with its tag. Default: `mongo:8` (Dokploy's own default does not exist); of one that is there already, what it has. */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved before
   * the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none is
   * touched.
   */
  mounts: listOf(mount, "mongo"),
  ...tail,
});

export type MongoInputs = z.infer<typeof mongoSchema>;

export const mongo = databaseDefinition<MongoInputs>({
  kind: "Mongo",
  database: "mongo",
  schema: mongoSchema,
  image: "mongo:8",
  creation: ({ user, replicaSets }) => ({ databaseUser: user, replicaSets: replicaSets ?? false }),
  checkImage: ({ dockerImage }, image) => otherMajor("MongoDB", dockerImage, image),
  // Dokploy up to 0.29 takes what an update leaves out for false.
  resets: ["replicaSets"],
});

import { z } from "zod";
import { listOf } from "../engine";
import { withChecks } from "../lifecycle";
import { keptIn } from "../schema";
import { database } from "./databases/definition";
import { deploys, fixed, head, password, settings, sqlName, tail } from "./databases/fields";
import { imageCheck, otherMajor } from "./databases/images";
import { mount } from "./mount";
import { imageName } from "./types/addresses";

const { field } = keptIn<"mongo">();

export const mongoSchema = z.strictObject({
  ...head,
  /** Root user of the database. A change would replace the database with a new, empty one. */
  user: field(sqlName, fixed("databaseUser")),
  /**
   * Password of the user. Secret. A change is made in the running database, and then deployed. Default: a random one,
   * which is part of `connectionUrl`. When removed from the program, it stays as it is.
   */
  password: field(password.optional(), { ...deploys("databasePassword"), secret: true }),
  /**
   * True to run a replica set of one, which transactions need. A change would replace the database with a new, empty
   * one. Default: false.
   */
  replicaSets: field(z.boolean().optional(), fixed("replicaSets", false)),
  /**
   * Image with its tag. Default: `mongo:8` (Dokploy's own default does not exist); an adopted database keeps its image.
   * When removed from the program, it stays as it is.
   */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "mongo"),
  ...tail,
});

export type MongoInputs = z.infer<typeof mongoSchema>;

const base = database<MongoInputs>({
  kind: "Mongo",
  schema: mongoSchema,
  create: ({ databaseUser, replicaSets = false }) => ({ dockerImage: "mongo:8", databaseUser, replicaSets }),
});

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
export const mongo = withChecks(base, {
  preview: imageCheck("mongo", ({ dockerImage }, image) => otherMajor("MongoDB", dockerImage, image)),
});

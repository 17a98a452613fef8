import { z } from "zod";
import { listOf } from "../engine";
import { withChecks } from "../lifecycle";
import { keptIn } from "../schema";
import { database } from "./databases/definition";
import { deploys, head, settings, sqlLogins, tail } from "./databases/fields";
import { imageCheck, otherMajor } from "./databases/images";
import { mount } from "./mount";
import { imageName } from "./types/addresses";

const { field } = keptIn<"mysql">();

export const mysqlSchema = z.strictObject({
  ...head,
  ...sqlLogins,
  /**
   * Image with its tag. Default: `mysql:8`; an adopted database keeps its image. When removed from the program, it
   * stays as it is.
   */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "mysql"),
  ...tail,
});

export type MySqlInputs = z.infer<typeof mysqlSchema>;

const base = database<MySqlInputs>({
  kind: "MySql",
  schema: mysqlSchema,
  create: ({ databaseName, databaseUser, databaseRootPassword }) => ({
    dockerImage: "mysql:8",
    databaseName,
    databaseUser,
    databaseRootPassword,
  }),
});

/**
 * A MySQL database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.MySql("shop-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "shop-db",
 *   database: "shop",
 *   user: "shop",
 *   image: "mysql:8.4",
 * });
 * ```
 */
export const mysql = withChecks(base, {
  preview: imageCheck("mysql", ({ dockerImage }, image) => otherMajor("MySQL", dockerImage, image)),
});

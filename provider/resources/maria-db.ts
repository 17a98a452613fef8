import { z } from "zod";
import { listOf } from "../engine";
import { withChecks } from "../lifecycle";
import { keptIn } from "../schema";
import { database } from "./databases/definition";
import { deploys, head, settings, sqlLogins, tail } from "./databases/fields";
import { imageCheck, otherMajor } from "./databases/images";
import { mount } from "./mount";
import { imageName } from "./types/addresses";

const { field } = keptIn<"mariadb">();

export const mariadbSchema = z.strictObject({
  ...head,
  ...sqlLogins,
  /**
   * Image with its tag. Default: `mariadb:11` (Dokploy's own default does not exist); an adopted database keeps its
   * image. When removed from the program, it stays as it is.
   */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "mariadb"),
  ...tail,
});

export type MariaDbInputs = z.infer<typeof mariadbSchema>;

const base = database<MariaDbInputs>({
  kind: "MariaDb",
  schema: mariadbSchema,
  create: ({ databaseName, databaseUser, databaseRootPassword }) => ({
    dockerImage: "mariadb:11",
    databaseName,
    databaseUser,
    databaseRootPassword,
  }),
});

/**
 * A MariaDB database with its own volume. As for {@link Postgres}, a change that would make a new, empty database is
 * refused. An older version of the image is refused too; a newer one leads to a warning, since there is no way back.
 *
 * @example
 * ```ts
 * const db = new dokploy.MariaDb("blog-db", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "blog-db",
 *   database: "blog",
 *   user: "blog",
 *   image: "mariadb:11.4",
 * });
 * ```
 */
export const mariadb = withChecks(base, {
  preview: imageCheck("mariadb", ({ dockerImage }, image) => otherMajor("MariaDB", dockerImage, image)),
  check: ({ user }) =>
    user === "root"
      ? [{ property: "user", reason: "is created in addition to the user root, so it needs another name" }]
      : [],
});

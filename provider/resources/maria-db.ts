import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, head, settings, sqlLogins, tail } from "../databases/fields";
import { otherMajor } from "../databases/images";
import { imageName, keptIn } from "../schema/fields";
import { listOf } from "../simple/lists";
import { mount } from "./mount";

const { field } = keptIn<"mariadb">();

export const mariadbSchema = z.strictObject({
  ...head,
  ...sqlLogins,
  /** Image with its tag. Default: `mariadb:11` (Dokploy's own default does not exist); of one that is there already, what it has. */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved before
   * the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none is
   * touched.
   */
  mounts: listOf(mount, "mariadb"),
  ...tail,
});

export type MariaDbInputs = z.infer<typeof mariadbSchema>;

export const mariadb = databaseDefinition<MariaDbInputs>({
  kind: "MariaDb",
  database: "mariadb",
  schema: mariadbSchema,
  image: "mariadb:11",
  creation: ({ database, user, rootPassword }) => ({
    databaseName: database,
    databaseUser: user,
    ...(rootPassword === undefined ? {} : { databaseRootPassword: rootPassword }),
  }),
  check: ({ user }) =>
    user === "root"
      ? [{ property: "user", reason: "is made beside the user root, so it needs another name" }]
      : [],
  checkImage: ({ dockerImage }, image) => otherMajor("MariaDB", dockerImage, image),
});

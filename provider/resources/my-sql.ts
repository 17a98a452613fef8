import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, head, settings, sqlLogins, tail } from "../databases/fields";
import { otherMajor } from "../databases/images";
import { imageName, keptIn } from "../schema/fields";
import { listOf } from "../simple/lists";
import { mount } from "./mount";

const { field } = keptIn<"mysql">();

export const mysqlSchema = z.strictObject({
  ...head,
  ...sqlLogins,
  /** Image with its tag. Default: `mysql:8`; of one that is there already, what it has. */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved before
   * the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none is
   * touched.
   */
  mounts: listOf(mount, "mysql"),
  ...tail,
});

export type MySqlInputs = z.infer<typeof mysqlSchema>;

export const mysql = databaseDefinition<MySqlInputs>({
  kind: "MySql",
  database: "mysql",
  schema: mysqlSchema,
  image: "mysql:8",
  creation: ({ database, user, rootPassword }) => ({
    databaseName: database,
    databaseUser: user,
    ...(rootPassword === undefined ? {} : { databaseRootPassword: rootPassword }),
  }),
  checkImage: ({ dockerImage }, image) => otherMajor("MySQL", dockerImage, image),
});

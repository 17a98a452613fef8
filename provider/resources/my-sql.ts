import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, head, settings, sqlLogins, tail } from "../databases/fields";
import { otherMajor } from "../databases/images";
import { mysqlParts } from "../parts";
import { imageName, keptIn } from "../schema/fields";

const { field } = keptIn<"mysql">();

export const mysqlSchema = z.strictObject({
  ...head,
  ...sqlLogins,
  /** Image with its tag. Default: `mysql:8`; of one that is there already, what it has. */
  image: field(imageName.optional(), deploys("dockerImage")),
  ...settings,
  ...mysqlParts,
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

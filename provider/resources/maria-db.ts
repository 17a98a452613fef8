import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, fixed, head, password, settings, sqlName, tail } from "../databases/fields";
import { otherMajor } from "../databases/images";
import { keptIn, text } from "../schema/fields";

const { field } = keptIn<"mariadb">();

export const mariadbSchema = z.strictObject({
  ...head,
  /** Name of the database that is made with it. A change would make a new, empty one. */
  database: field(sqlName, fixed("databaseName")),
  /** Its user. A change would make a new, empty database. */
  user: field(sqlName, fixed("databaseUser")),
  /**
   * Password of the user. Secret. A change is made in the running database, and then deployed. Default: a random one, which
   * stands in `connectionUrl`.
   */
  password: field(password.optional(), { ...deploys("databasePassword"), secret: true }),
  /** Password of the user `root`. Secret. Changed in the same way. Default: a random one, which Dokploy shows. */
  rootPassword: field(password.optional(), { ...deploys("databaseRootPassword"), secret: true }),
  /** Image with its tag. Default: `mariadb:11` (Dokploy's own default does not exist); of one that is there already, what it has. */
  image: field(text.optional(), deploys("dockerImage")),
  ...settings,
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

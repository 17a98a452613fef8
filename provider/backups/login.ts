import { z } from "zod";
import { savedDatabases } from "../dokploy/kinds";
import { isRecord, isUnknown } from "../pulumi/unknown";
import { savedName, savedPassword } from "../schema/text-types";

export const savedDatabase = savedName("database");
const user = savedName("user");

/** Kind of object that a backup saves. */
export const databaseKind = z.enum([...savedDatabases, "web-server"]);

/** Login to a database in a compose file, by the kind of database. */
export const composeLogin = z.strictObject({
  /** Login to Postgres: only a user, since Postgres asks for no password inside the container. */
  postgres: z
    .strictObject({
      /** User of the database. */
      databaseUser: user,
    })
    .optional(),
  /** Login to MySQL: the password of `root`. */
  mysql: z
    .strictObject({
      /** Password of `root`. Secret. */
      databaseRootPassword: savedPassword,
    })
    .optional(),
  /** Login to MariaDB: a user and its password. */
  mariadb: z
    .strictObject({
      /** User of the database. */
      databaseUser: user,
      /** Password of the user. Secret. */
      databasePassword: savedPassword,
    })
    .optional(),
  /** Login to MongoDB: a user and its password. */
  mongo: z
    .strictObject({
      /** User of the database. */
      databaseUser: user,
      /** Password of the user. Secret. */
      databasePassword: savedPassword,
    })
    .optional(),
});

/** Returns the mistake in the login for a database of this kind, if there is one. */
export function loginProblem(databaseType: unknown, login: unknown): string | undefined {
  if (isUnknown(login) || isUnknown(databaseType)) return undefined;
  if (login === undefined)
    return `is missing: Dokploy needs the login of the ${String(databaseType)} in the service`;
  if (!isRecord(login)) return undefined;
  const given = Object.keys(login).filter((kind) => login[kind] !== undefined);
  if (given.length === 1 && given[0] === databaseType) return undefined;
  return (
    `must have only the login of a ${String(databaseType)}, since databaseType says so: { ` +
    `${String(databaseType)}: { … } }`
  );
}

import { z } from "zod";
import { isRecord, isUnknown } from "../pulumi/unknown";
import { text } from "../schema/fields";

/** What a backup saves. */
export const databaseKind = z.enum(["postgres", "mysql", "mariadb", "mongo", "libsql", "web-server"]);

/** The login with which a database in a compose file is saved, by what that is. */
export const composeLogin = z.strictObject({
  /** Of Postgres: its user, who needs no password inside the container. */
  postgres: z.strictObject({ databaseUser: text }).optional(),
  /** Of MySQL: the password of `root`. */
  mysql: z.strictObject({ databaseRootPassword: text }).optional(),
  /** Of MariaDB: a user and its password. */
  mariadb: z.strictObject({ databaseUser: text, databasePassword: text }).optional(),
  /** Of MongoDB: a user and its password. */
  mongo: z.strictObject({ databaseUser: text, databasePassword: text }).optional(),
});

/** What is wrong with the login of a database of this kind, if something is. */
export function loginProblem(databaseType: unknown, login: unknown): string | undefined {
  if (isUnknown(login) || isUnknown(databaseType)) return undefined;
  if (login === undefined)
    return `is missing: it has the login of the ${String(databaseType)} in the service`;
  if (!isRecord(login)) return undefined;
  const given = Object.keys(login).filter((kind) => login[kind] !== undefined);
  if (given.length === 1 && given[0] === databaseType) return undefined;
  return `needs the login of a ${String(databaseType)}, as databaseType says, and no other: { ${String(databaseType)}: { … } }`;
}

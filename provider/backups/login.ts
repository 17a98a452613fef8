import { z } from "zod";
import { isRecord, isUnknown } from "../pulumi/unknown";
import { text } from "../schema/fields";

/** Dokploy writes names and passwords as they are into the shell command of a backup: one that breaks it would fail each night. */
const name = (what: string) =>
  z
    .string()
    .regex(
      /^[^\s'"`$\\;&|<>()*?{}[\]~#!]+$/,
      `is no name of a ${what} that Dokploy can save: it stands in a command of the shell, which takes a blank, a quote and the like for its own`,
    );
export const savedDatabase = name("database");
const user = name("user");
const password = text.regex(
  /^[^'"`$\\\r\n\0]+$/,
  "has a quote, $, `, \\ or a line end, which the shell would take for its own where Dokploy logs in",
);

/** What a backup saves. */
export const databaseKind = z.enum(["postgres", "mysql", "mariadb", "mongo", "libsql", "web-server"]);

/** The login with which a database in a compose file is saved, by what that is. */
export const composeLogin = z.strictObject({
  /** Of Postgres: its user, who needs no password inside the container. */
  postgres: z.strictObject({ databaseUser: user }).optional(),
  /** Of MySQL: the password of `root`. */
  mysql: z.strictObject({ databaseRootPassword: password }).optional(),
  /** Of MariaDB: a user and its password. */
  mariadb: z.strictObject({ databaseUser: user, databasePassword: password }).optional(),
  /** Of MongoDB: a user and its password. */
  mongo: z.strictObject({ databaseUser: user, databasePassword: password }).optional(),
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

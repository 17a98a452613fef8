import { randomInt } from "node:crypto";
import { visible } from "../../../packages/text";
import {
  type Api,
  callAny,
  DATABASES,
  type DatabaseDetail,
  type DatabaseKind,
  DokployError,
} from "../../dokploy";
import { UserError } from "../../errors";
import { traits } from "../../schema";
import { neverRan } from "./has-run";
import { saveBackupsAgain } from "./schedules";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
/** Letters of a password, each one of 56: 185 bits. */
const LENGTH = 32;

/** Returns a random password for a database to which the program gives none. */
export function newPassword(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** Columns with passwords, each with its login of the database. */
const logins = { databasePassword: "user", databaseRootPassword: "root" } as const;

/**
 * Changes passwords in the database itself, which Dokploy then also stores. Changing only Dokploy's row would give
 * them to the next deployment, but not to the data, which keeps its first passwords. Two need only a deployment: libSQL
 * reads its password at every start, and a database that never ran reads it at its first one.
 *
 * @param columns columns to save
 * @returns the columns that remain to be saved
 * @throws UserError when the database does not run, so that the passwords cannot be changed
 */
export async function changePasswords(
  kind: DatabaseKind,
  id: string,
  columns: Readonly<Record<string, unknown>>,
  row: DatabaseDetail,
  api: Api,
): Promise<Record<string, unknown>> {
  if (kind === "libsql") return { ...columns };
  const { databasePassword, databaseRootPassword, ...remaining } = columns;
  const given = { databasePassword, databaseRootPassword };
  for (const [column, login] of Object.entries(logins)) {
    const password = given[column as keyof typeof given];
    if (password === undefined) continue;
    const type = DATABASES[kind].hasRoot ? { type: login } : {};
    try {
      await callAny(api, `${kind}.changePassword`, { [`${kind}Id`]: id, password, ...type });
    } catch (error) {
      // Dokploy restores its row when the command in the container fails.
      if (!(error instanceof DokployError) || error.status !== 500) throw error;
      if (isNotRunning(error) && (await neverRan(kind, id, row, api))) return { ...columns };
      throw new UserError(notChanged(kind, id, row, error));
    }
  }
  if (Object.values(given).some((password) => password !== undefined)) await saveBackupsAgain(row, api);
  return remaining;
}

function isNotRunning({ said = "" }: DokployError): boolean {
  return said.includes("No running container");
}

function notChanged(
  kind: DatabaseKind,
  id: string,
  { name, databaseName, databaseUser }: Pick<DatabaseDetail, "name" | "databaseName" | "databaseUser">,
  error: DokployError,
): string {
  const what = `The password of the ${traits[kind].noun} "${visible(name)}" (${id}) is not changed, and nothing else was saved`;
  if (isNotRunning(error)) {
    return (
      `${what}: Dokploy changes it in the running database, and this one is not running. Start it in Dokploy, and ` +
      "run `pulumi up` again."
    );
  }
  const isElsewhere = kind === "postgres" && databaseName !== databaseUser;
  const why = isElsewhere
    ? `Dokploy 0.30 looks for a database with the name of the user (${visible(databaseUser ?? "")}), which does ` +
      "not exist"
    : "the command in its container failed";
  return (
    `${what}: Dokploy changes it in the running database, and ${why}. Change it there by hand, then in Dokploy ` +
    "(General, internal credentials), and set the same password in the program."
  );
}

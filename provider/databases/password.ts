import { randomInt } from "node:crypto";
import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import { DokployError } from "../dokploy/errors";
import type { DatabaseDetail, DatabaseKind } from "../dokploy/rows";
import { UserError } from "../errors/problem";
import { traits } from "../schema/kinds";
import { saveBackupsAgain } from "./schedules";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
/** 32 of 56 letters: 185 bits. */
const LENGTH = 32;

/** A password for a database to which the program gives none. */
export function newPassword(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** The columns of passwords, and which login of the database each is of. */
const logins = { databasePassword: "user", databaseRootPassword: "root" } as const;

/**
 * Changes passwords in the database itself, which Dokploy then keeps as well. In Dokploy's row alone they would be those of
 * the next deployment, and not those of the data, which are made once.
 *
 * @param columns what is to be saved
 * libSQL reads its password at every start, so a deployment is all that it needs.
 *
 * @returns the columns that are left to save
 * @throws UserError when the database does not run, so that nobody can change them
 */
export async function changePasswords(
  kind: DatabaseKind,
  id: string,
  columns: Readonly<Record<string, unknown>>,
  row: Pick<DatabaseDetail, "name" | "databaseName" | "databaseUser" | "backups">,
  api: Api,
): Promise<Record<string, unknown>> {
  if (kind === "libsql") return { ...columns };
  const { databasePassword, databaseRootPassword, ...left } = columns;
  const given = { databasePassword, databaseRootPassword };
  for (const [column, login] of Object.entries(logins)) {
    const password = given[column as keyof typeof given];
    if (password === undefined) continue;
    const type = kind === "mysql" || kind === "mariadb" ? { type: login } : {};
    try {
      await api.call(`${kind}.changePassword`, { [`${kind}Id`]: id, password, ...type } as never);
    } catch (error) {
      // Dokploy takes its own row back when the command in the container fails.
      if (!(error instanceof DokployError) || error.status !== 500) throw error;
      throw new UserError(notChanged(kind, id, row, error));
    }
  }
  if (Object.values(given).some((password) => password !== undefined)) await saveBackupsAgain(row, api);
  return left;
}

function notChanged(
  kind: DatabaseKind,
  id: string,
  { name, databaseName, databaseUser }: Pick<DatabaseDetail, "name" | "databaseName" | "databaseUser">,
  { said = "" }: DokployError,
): string {
  const what = `The password of the ${traits[kind].noun} "${visible(name)}" (${id}) is not changed, and nothing else was saved`;
  if (said.includes("No running container")) {
    return `${what}: Dokploy changes it in the running database, and this one does not run. Start it in Dokploy, and run \`pulumi up\` again.`;
  }
  const isElsewhere = kind === "postgres" && databaseName !== databaseUser;
  const why = isElsewhere
    ? `Dokploy 0.30 looks for a database of the user's name (${visible(databaseUser ?? "")}), and there is none`
    : "the command in its container failed";
  return (
    `${what}: Dokploy changes it in the running database, and ${why}. Change it there by hand, then in Dokploy (General, ` +
    "internal credentials), and give the program the same."
  );
}

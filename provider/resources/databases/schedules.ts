import type { Api, DatabaseDetail } from "../../dokploy";
import { Objects } from "../../engine";
import { UserError } from "../../errors";

/**
 * Saves the scheduled backups of a database again, unchanged. Until Dokploy restarts, it makes each backup with the
 * login that the database had when the schedule was saved.
 *
 * @throws UserError when one of them may still have the former login
 */
export async function saveBackupsAgain(
  { backups = [] }: Pick<DatabaseDetail, "backups">,
  api: Api,
): Promise<void> {
  const objects = new Objects("backup");
  for (const backup of backups) {
    // The others get the new login with the update that enables them.
    if (backup["enabled"] !== true) continue;
    try {
      await objects.update(backup, {}, api);
    } catch (error) {
      const { message } = error as Error;
      throw new UserError(
        `The password is changed, and the backup ${objects.idOf(backup)} of the database may still use the former one: ` +
          `${message}\nOpen it in Dokploy (Backups) and save it unchanged.`,
      );
    }
  }
}

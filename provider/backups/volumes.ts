import { visible } from "../../packages/text/visible";
import type { Endpoint } from "../dokploy/endpoints";
import { databaseKinds } from "../dokploy/kinds";
import { CheckFailedError, type Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Planned } from "../lifecycle/entity";
import { isUnknown } from "../pulumi/unknown";
import { isSameFolder, SAME_FOLDER } from "./places";

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns the reason why two backups of volumes cannot share a folder. Files are found by the name of the volume and a
 * hyphen, so those of `data-old` begin like those of `data`.
 */
export function volumeClash(inputs: object, other: object): string | false {
  const [mine, theirs] = [inputs as Values, other as Values];
  const [one, two] = [mine["volumeName"], theirs["volumeName"]];
  if (!isSameFolder(mine, theirs) || typeof one !== "string" || typeof two !== "string" || isUnknown(one))
    return false;
  if (one === two) return SAME_FOLDER;
  const [short, long] = one.length < two.length ? [one, two] : [two, one];
  if (!long.startsWith(`${short}-`)) return false;
  return (
    `in one folder Dokploy counts the files of "${visible(long)}" as files of "${visible(short)}", and deletes ` +
    "them when there are too many: give one of the two another prefix"
  );
}

/**
 * Refuses a database on another server, since Dokploy saves the volumes of databases only on its own machine.
 *
 * @throws CheckFailedError for such a database, since Dokploy would save an empty volume
 */
export async function refuseRemoteVolume(
  inputs: object,
  { reads }: Pick<Context, "reads">,
  { changes }: Planned,
): Promise<Problem[]> {
  const values = inputs as Values;
  const kind = databaseKinds.find((each) => values[`${each}Id`] !== undefined);
  const id = kind && values[`${kind}Id`];
  const isChanged = changes.some(({ input }) => input === `${kind}Id`);
  if (typeof id !== "string" || isUnknown(id) || !isChanged) return [];
  const row = (await reads.call(`${kind}.one` as Endpoint, { [`${kind}Id`]: id } as never)) as Values;
  if (typeof row["serverId"] !== "string") return [];
  const reason =
    "is on another server, and Dokploy backs up volumes of databases only on its own machine: it would create an " +
    "empty volume there and back that up. Use a Backup";
  throw new CheckFailedError([{ property: `${kind}Id`, reason }]);
}

import { visible } from "../../../packages/text";
import type { Api, ServiceKind } from "../../dokploy";

type Row = Readonly<Record<string, unknown>>;

/** Work that Dokploy does at fixed times. Dokploy deletes it with its service. */
export interface Task {
  readonly kind: "Schedule" | "Backup" | "VolumeBackup";
  readonly id: string;
  readonly row: Row;
}

/** A service with the row that its own call returns. */
export interface TaskOwner {
  readonly kind: ServiceKind;
  readonly id: string;
  readonly row: object;
}

/** Lists the schedules of a service. Databases have none. */
export async function schedulesOf({ kind, id }: TaskOwner, api: Api): Promise<Task[]> {
  if (kind !== "application" && kind !== "compose") return [];
  return tasks("Schedule", "scheduleId", await api.call("schedule.list", { id, scheduleType: kind }));
}

/** Lists the backups of a service and those of its volumes. */
export async function backupsOf({ kind, id, row }: TaskOwner, api: Api): Promise<Task[]> {
  const volumes = await api.call("volumeBackups.list", { id, volumeBackupType: kind });
  return [
    ...tasks("Backup", "backupId", (row as Row)["backups"] ?? []),
    ...tasks("VolumeBackup", "volumeBackupId", volumes),
  ];
}

/** Returns the name of a task in messages: `the Schedule nightly`. */
export function nameOfTask({ kind, row }: Task): string {
  return `the ${kind} ${visible(kind === "Backup" ? `of ${row["database"]}` : String(row["name"]))}`;
}

function tasks(kind: Task["kind"], key: string, rows: unknown): Task[] {
  return (rows as readonly Row[]).map((row) => ({ kind, id: String(row[key]), row }));
}

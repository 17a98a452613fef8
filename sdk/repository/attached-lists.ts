/** Lists in `dokploy-app.yaml` whose items become separate resources of a service. */
export const attachedLists = ["backups", "volumeBackups", "schedules"] as const;

/** Kinds of the resources in these lists. */
export const attachedKinds = {
  backups: "Backup",
  volumeBackups: "VolumeBackup",
  schedules: "Schedule",
} as const satisfies Record<(typeof attachedLists)[number], string>;

/** Returns a label that distinguishes an item from the others of its service, and that its resource is named by. */
export function attachedLabel(
  list: (typeof attachedLists)[number],
  item: Readonly<Record<string, unknown>>,
): string {
  if (list !== "backups") return String(item["name"]);
  const { serviceName, prefix } = item;
  const parts = [serviceName, prefix === "/" ? undefined : prefix].filter((part) => part !== undefined);
  return parts.length === 0 ? "backup" : parts.join("/");
}

/** Fields that name an item and its destination. Plans show them, so they must be written in the file. */
export const namingFields = {
  backups: ["serviceName", "prefix", "destination"],
  volumeBackups: ["name", "destination"],
  schedules: ["name"],
} as const satisfies Record<(typeof attachedLists)[number], readonly string[]>;

/** Items of these lists in one service. */
export type Attached = Readonly<
  Partial<Record<(typeof attachedLists)[number], readonly Readonly<Record<string, unknown>>[]>>
>;

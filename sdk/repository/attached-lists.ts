/** Lists in `dokploy-app.yaml` whose items become separate resources of a service. */
export const attachedLists = ["backups", "volumeBackups", "schedules"] as const;

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

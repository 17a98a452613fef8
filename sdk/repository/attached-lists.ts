/** What of a service stands beside it, as resources of their own, by the name of the list in `dokploy-app.yaml`. */
export const attachedLists = ["backups", "volumeBackups", "schedules"] as const;

/** The fields that name each of a list, and what it is written to: plans show them, so they stand in the file. */
export const namingFields = {
  backups: ["serviceName", "prefix", "destination"],
  volumeBackups: ["name", "destination"],
  schedules: ["name"],
} as const satisfies Record<(typeof attachedLists)[number], readonly string[]>;

export type Attached = Readonly<
  Partial<Record<(typeof attachedLists)[number], readonly Readonly<Record<string, unknown>>[]>>
>;

/** What of a service stands beside it, as resources of their own, by the name of the list in `dokploy-app.yaml`. */
export const attachedLists = ["backups", "volumeBackups", "schedules"] as const;

export type Attached = Readonly<
  Partial<Record<(typeof attachedLists)[number], readonly Readonly<Record<string, unknown>>[]>>
>;

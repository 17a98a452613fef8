import { ApiError } from "./errors";
import type { Instance } from "./instance";
import type { DatabaseName, Row } from "./rows";
import { simpleObjects } from "./simple-rows";

/**
 * Checks the server of a new service.
 *
 * @throws ApiError for a server that does not exist
 */
export function assertServer(instance: Instance, serverId: string | null): void {
  if (serverId !== null && instance.connections.get(serverId) !== "server")
    throw new ApiError("UNAUTHORIZED", "You are not authorized to access this server");
}

/** Form of one kind of service in lists of projects and environments. */
interface ServiceKind {
  /** Key of the list. */
  readonly list: string;
  readonly table: "application" | "compose" | DatabaseName;
  readonly id: string;
  readonly status: "applicationStatus" | "composeStatus";
}

function database(name: DatabaseName): ServiceKind {
  return { list: name, table: name, id: `${name}Id`, status: "applicationStatus" };
}

export const serviceKinds: readonly ServiceKind[] = [
  { list: "applications", table: "application", id: "applicationId", status: "applicationStatus" },
  { list: "compose", table: "compose", id: "composeId", status: "composeStatus" },
  database("libsql"),
  database("mariadb"),
  database("mongo"),
  database("mysql"),
  database("postgres"),
  database("redis"),
];

/** Place of a list of services; each shows different columns. */
type View = "project.all" | "project.one" | "environment.one" | "environment.byProjectId";

function columns(view: View, kind: ServiceKind): readonly string[] {
  const own = kind.table === "application" || kind.table === "compose";
  if (view === "project.all") return own ? [kind.id, "name", kind.status] : [kind.id];
  const common = [kind.id, "name", "description", "createdAt", "serverId", kind.status];
  const appName = view === "environment.one" ? [] : ["appName"];
  const hasIcon = view === "project.one" ? kind.table === "application" : own;
  return [...common, ...appName, ...(hasIcon ? ["icon"] : [])];
}

/** Returns the lists `applications`, `compose`, `postgres` … of an environment. */
export function serviceLists(instance: Instance, environmentId: string, view: View): Row {
  return Object.fromEntries(
    serviceKinds.map((kind) => {
      const names = columns(view, kind);
      const rows = servicesOf(instance, kind, environmentId).map((row) => ({
        ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
        ...(view === "project.all" ? {} : { server: null }),
      }));
      return [kind.list, rows];
    }),
  );
}

export function servicesOf(instance: Instance, kind: ServiceKind, environmentId: string): Row[] {
  const rows: Row[] = [...instance.tables[kind.table].values()];
  return rows.filter((row) => row["environmentId"] === environmentId);
}

/** Lists all services by their id, their name in the web interface and that of their containers. */
export function listedServices(instance: Instance): { id: string; name: string; appName: string }[] {
  return serviceKinds.flatMap(({ table, id }) => {
    const rows: Row[] = [...instance.tables[table].values()];
    return rows.map((row) => ({
      id: String(row[id]),
      name: String(row["name"]),
      appName: String(row["appName"]),
    }));
  });
}

export function hasServices(instance: Instance, environmentId: string): boolean {
  return serviceKinds.some((kind) => servicesOf(instance, kind, environmentId).length > 0);
}

/** Returns the backups of a service, with their destinations. */
export function backupsOf(instance: Instance, serviceId: string): Row[] {
  const rows = [...instance.simple("backup").values()];
  return rows.filter((row) => belongsTo(row, serviceId)).map((row) => withDestination(instance, row));
}

/** Returns a backup as lists show it: with its destination, but without the keys. */
function withDestination(instance: Instance, row: Row): Row {
  const found = instance.simple("destination").get(String(row["destinationId"])) ?? {};
  const { accessKey: _1, secretAccessKey: _2, ...destination } = found as Row;
  return { ...row, destination, deployments: [] };
}

/** Starts the containers of a service with these lists, and creates the volumes that they mount. */
export function takeUp(instance: Instance, serviceId: string, lists: Row): void {
  instance.takenUp.set(serviceId, lists);
  for (const { type, volumeName } of (lists["mounts"] ?? []) as Row[])
    if (type === "volume") instance.volumes.use(String(volumeName), serviceId);
}

/** Returns the lists of simple objects in the row of a service: `domains`, `ports` … */
export function simpleLists(instance: Instance, kind: ServiceKind["table"], serviceId: string): Row {
  return Object.fromEntries(
    Object.entries(simpleObjects).flatMap(([router, { list, parents }]) => {
      if (list === undefined || parents[`${kind}Id`] === undefined) return [];
      return [
        [
          list,
          [...instance.simple(router).values()]
            .filter((row) => row[`${kind}Id`] === serviceId)
            .map((row) => ({ ...row })),
        ],
      ];
    }),
  );
}

function belongsTo(row: Row, serviceId: string): boolean {
  return serviceKinds.some(({ id }) => row[id] === serviceId);
}

/** Removes a service's row, and everything that depends on it in the database, the queue and Docker. */
export function removeService(
  instance: Instance,
  table: ServiceKind["table"],
  serviceId: string,
  inDocker: boolean,
  deletesVolumes = false,
): void {
  instance.tables[table].delete(serviceId);
  const children = Object.keys(simpleObjects).map((router) => instance.simple(router));
  for (const rows of children) for (const [id, row] of rows) if (belongsTo(row, serviceId)) rows.delete(id);
  for (const record of instance.deployments.of(serviceId)) instance.deployments.remove(record.deploymentId);
  instance.outcomes.delete(serviceId);
  instance.takenUp.delete(serviceId);
  if (!inDocker) return;
  instance.queue.removeWaiting(serviceId);
  instance.checkouts.delete(serviceId);
  // The whole folder, including `files`, regardless of the option for volumes.
  instance.folders.delete(serviceId);
  instance.files.delete(serviceId);
  instance.builtImages.delete(serviceId);
  instance.containers.remove(serviceId);
  instance.volumes.leave(serviceId, deletesVolumes);
}

/** Returns `environment` as services show it: with its project. */
export function environmentWithProject(instance: Instance, environmentId: string): Row {
  const environment = instance.environment(environmentId);
  return { ...environment, project: { ...instance.project(environment.projectId) } };
}

/** Sets the columns that the caller gave. Other columns stay unchanged. */
export function assign(row: Row, values: Row): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) row[name] = value;
}

export function withoutUndefined(values: Row): Row {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

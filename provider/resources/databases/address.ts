import { DATABASES, type DatabaseDetail, type DatabaseKind } from "../../dokploy";

/** Columns of a row that give the address of the database. */
export type Reached = Pick<
  DatabaseDetail,
  | "appName"
  | "databaseName"
  | "databaseUser"
  | "databasePassword"
  | "databaseRootPassword"
  | "replicaSets"
  | "externalPort"
  | "server"
>;

/**
 * Returns the address inside Docker, which other services of the same network use:
 * `postgresql://shop:…@shop-db-4kq2ax:5432/shop`.
 */
export function connectionUrl(kind: DatabaseKind, row: Reached): string {
  return urlOf(kind, row, `${row.appName}:${DATABASES[kind].port}`);
}

/** Returns the address with the login of `root`; undefined for a database without that user. */
export function rootConnectionUrl(kind: DatabaseKind, row: Reached): string | undefined {
  const { databaseRootPassword: password } = row;
  if (password === undefined) return undefined;
  return urlOf(kind, row, `${row.appName}:${DATABASES[kind].port}`, { user: "root", password });
}

/**
 * Returns the address for clients outside Docker; undefined for a database without a published port.
 *
 * @param dokploy address of Dokploy, on whose machine the database runs unless its row names a server
 */
export function externalUrl(
  kind: DatabaseKind,
  row: Reached,
  dokploy: string | undefined,
): string | undefined {
  const host = row.server?.ipAddress ?? (dokploy === undefined ? undefined : new URL(dokploy).hostname);
  if (!row.externalPort || host === undefined) return undefined;
  return urlOf(
    kind,
    row,
    `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${row.externalPort}`,
  );
}

function urlOf(
  kind: DatabaseKind,
  row: Reached,
  host: string,
  { user, password } = loginOf(kind, row),
): string {
  const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return `${DATABASES[kind].scheme}://${login}@${host}${pathOf(kind, row)}`;
}

/** Returns the login. The image of MySQL makes no second user with the name `root`. */
export function loginOf(
  kind: DatabaseKind,
  { databaseUser, databasePassword, databaseRootPassword }: Reached,
): { user: string; password: string } {
  const user = kind === "redis" ? "default" : (databaseUser ?? "");
  const isRoot = kind === "mysql" && user === "root" && databaseRootPassword !== undefined;
  return { user, password: isRoot ? databaseRootPassword : databasePassword };
}

function pathOf(kind: DatabaseKind, { databaseName, replicaSets }: Reached): string {
  if (kind === "mongo") return replicaSets ? "/?directConnection=true" : "/";
  return databaseName === undefined ? "" : `/${encodeURIComponent(databaseName)}`;
}

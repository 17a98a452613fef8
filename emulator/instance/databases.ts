import type { DatabaseName, DatabaseRow } from "./rows";

/** Kind of database: the inputs of its endpoints, its columns, and the variables of its containers. */
export interface Database {
  readonly name: DatabaseName;
  readonly id: string;
  /** Noun in `<word> not found`. */
  readonly word: string;
  /** Response to an update of an unknown id. */
  readonly updateError: string;
  readonly image: string;
  /** Returns the path where the data volume is mounted. */
  readonly dataPath: (image: string) => string;
  /** Columns of a row in addition to those of all kinds. */
  readonly own: readonly string[];
  /** All columns in the table's order. */
  readonly columns: readonly string[];
  readonly hasBackups: boolean;
  /** Returns the variables that Dokploy sets; in the text they precede the user's own. */
  readonly defaults: (row: DatabaseRow) => readonly (readonly [name: string, value: unknown])[];
}

const swarm = [
  "healthCheckSwarm",
  "restartPolicySwarm",
  "placementSwarm",
  "updateConfigSwarm",
  "rollbackConfigSwarm",
  "modeSwarm",
  "labelsSwarm",
  "networkSwarm",
  "stopGracePeriodSwarm",
  "endpointSpecSwarm",
  "ulimitsSwarm",
  "replicas",
];
const settings = ["dockerImage", "command", "args", "env"];
const resources = ["memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit"];
const networks = ["networkIds", "detachDokployNetwork"];

/** The order of the columns, which the error of a refused update shows, is that of each table. */
export const databases: readonly Database[] = [
  {
    name: "postgres",
    id: "postgresId",
    word: "Postgres",
    updateError: "Error updating Postgres",
    image: "postgres:18",
    dataPath: (image) => {
      const major = /postgres:(\d+)/.exec(image)?.[1];
      return major !== undefined && Number(major) >= 18
        ? `/var/lib/postgresql/${major}/docker`
        : "/var/lib/postgresql/data";
    },
    own: ["databaseName", "databaseUser", "databasePassword"],
    columns: [
      ...["postgresId", "name", "appName", "databaseName", "databaseUser", "databasePassword", "description"],
      ...settings,
      ...["memoryReservation", "externalPort", "memoryLimit", "cpuReservation", "cpuLimit"],
      "applicationStatus",
      ...swarm,
      ...["createdAt", "environmentId", "serverId"],
      ...networks,
    ],
    hasBackups: true,
    defaults: (row) => [
      ["POSTGRES_DB", row.databaseName],
      ["POSTGRES_USER", row.databaseUser],
      ["POSTGRES_PASSWORD", row.databasePassword],
    ],
  },
  {
    name: "mysql",
    id: "mysqlId",
    word: "MySql",
    updateError: "Update: Error updating MySQL",
    image: "mysql:8",
    dataPath: () => "/var/lib/mysql",
    own: ["databaseName", "databaseUser", "databasePassword", "databaseRootPassword"],
    columns: withRootPassword("mysqlId"),
    hasBackups: true,
    defaults: (row) => [
      ...(row.databaseUser === "root"
        ? []
        : ([
            ["MYSQL_USER", row.databaseUser],
            ["MYSQL_PASSWORD", row.databasePassword],
          ] as const)),
      ["MYSQL_DATABASE", row.databaseName],
      ["MYSQL_ROOT_PASSWORD", row.databaseRootPassword],
    ],
  },
  {
    name: "mariadb",
    id: "mariadbId",
    word: "Mariadb",
    updateError: "Update: Error updating Mariadb",
    image: "mariadb:6",
    dataPath: () => "/var/lib/mysql",
    own: ["databaseName", "databaseUser", "databasePassword", "databaseRootPassword"],
    columns: withRootPassword("mariadbId"),
    hasBackups: true,
    defaults: (row) => [
      ["MARIADB_DATABASE", row.databaseName],
      ["MARIADB_USER", row.databaseUser],
      ["MARIADB_PASSWORD", row.databasePassword],
      ["MARIADB_ROOT_PASSWORD", row.databaseRootPassword],
    ],
  },
  {
    name: "mongo",
    id: "mongoId",
    word: "Mongo",
    updateError: "Update: Error updating Mongo",
    image: "mongo:15",
    dataPath: () => "/data/db",
    own: ["databaseUser", "databasePassword", "replicaSets"],
    columns: [
      ...["mongoId", "name", "appName", "description", "databaseUser", "databasePassword"],
      ...settings,
      ...resources,
      ...["externalPort", "applicationStatus"],
      ...swarm,
      ...["createdAt", "environmentId", "serverId", "replicaSets"],
      ...networks,
    ],
    hasBackups: true,
    defaults: (row) => [
      ["MONGO_INITDB_ROOT_USERNAME", row.databaseUser],
      ["MONGO_INITDB_ROOT_PASSWORD", row.databasePassword],
      ...(row.replicaSets ? ([["MONGO_INITDB_DATABASE", "admin"]] as const) : []),
    ],
  },
  {
    name: "redis",
    id: "redisId",
    word: "Redis",
    updateError: "Error updating Redis",
    image: "redis:8",
    dataPath: () => "/data",
    own: ["databasePassword"],
    columns: [
      ...["redisId", "name", "appName", "description", "databasePassword"],
      ...settings,
      ...resources,
      ...["externalPort", "createdAt", "applicationStatus"],
      ...swarm,
      ...["environmentId", "serverId"],
      ...networks,
    ],
    hasBackups: false,
    defaults: (row) => [["REDIS_PASSWORD", row.databasePassword]],
  },
  {
    name: "libsql",
    id: "libsqlId",
    word: "Libsql",
    updateError: "Error updating Libsql",
    image: "ghcr.io/tursodatabase/libsql-server:v0.24.32",
    dataPath: () => "/var/lib/sqld",
    own: ["databaseUser", "databasePassword", "sqldNode", "sqldPrimaryUrl", "enableNamespaces"],
    columns: [
      ...["libsqlId", "name", "appName", "description", "databaseUser", "databasePassword"],
      ...["sqldNode", "sqldPrimaryUrl", "enableNamespaces", "dockerImage", "command", "env"],
      ...resources,
      ...["externalPort", "externalGRPCPort", "externalAdminPort", "applicationStatus"],
      ...swarm.filter((column) => column !== "ulimitsSwarm"),
      ...["createdAt", "environmentId", "serverId"],
      ...networks,
    ],
    hasBackups: true,
    defaults: (row) => [
      ["SQLD_NODE", row.sqldNode],
      [
        "SQLD_HTTP_AUTH",
        `basic:${Buffer.from(`${row.databaseUser}:${row.databasePassword}`).toString("base64")}`,
      ],
    ],
  },
];

function withRootPassword(id: string): string[] {
  return [
    ...[id, "name", "appName", "description", "databaseName", "databaseUser", "databasePassword"],
    "databaseRootPassword",
    ...settings,
    ...resources,
    ...["externalPort", "applicationStatus"],
    ...swarm,
    ...["createdAt", "environmentId", "serverId"],
    ...networks,
  ];
}

/** Returns Dokploy's text of a database's variables: its own first, so that the user's win. */
export function databaseText(database: Database, row: DatabaseRow): string {
  const defaults = database.defaults(row).map(([name, value]) => `${name}="${value}"`);
  const last = row.sqldNode === "replica" ? [`SQLD_PRIMARY_URL="${row.sqldPrimaryUrl}"`] : [];
  return [...defaults, ...(row.env ? [row.env] : []), ...last].join("\n");
}

/**
 * The kinds of services, by Dokploy's names for them in endpoints and ids. All types, ids, parents, targets, nouns and
 * lists of services follow from these tables. The kinds of resources are the files of provider/resources.
 */

/** Columns of the row of a database that hold its login and the settings of its start; each kind has some of them. */
export interface DatabaseLogin {
  databaseName?: string;
  databaseUser?: string;
  databasePassword: string;
  databaseRootPassword?: string;
  replicaSets?: boolean | null;
  sqldNode?: "primary" | "replica";
}

/** Facts about a kind of database, as Dokploy runs it. */
interface DatabaseFacts {
  /** Name of its class. */
  readonly kind: string;
  readonly noun: string;
  /** Scheme of its address. */
  readonly scheme: string;
  /** Port inside Docker. */
  readonly port: number;
  /** Folder in which the image keeps the data. Dokploy mounts a volume there when it creates the database. */
  readonly dataFolder: RegExp;
  /** True when Dokploy backs up its data, and not only its volumes. */
  readonly hasBackups: boolean;
  /** True when it also has a user `root`, which has its own password. */
  readonly hasRoot: boolean;
  /** Returns the variables that Dokploy 0.30 sets in its containers; the user's own come after them and win. */
  variables(row: DatabaseLogin): readonly (readonly [name: string, value: unknown])[];
}

export const DATABASES = {
  postgres: {
    kind: "Postgres",
    noun: "Postgres database",
    scheme: "postgresql",
    port: 5432,
    dataFolder: /^\/var\/lib\/postgresql(?:\/data|\/\d+\/docker)?$/,
    hasBackups: true,
    hasRoot: false,
    variables: (row) => [
      ["POSTGRES_DB", row.databaseName],
      ["POSTGRES_USER", row.databaseUser],
      ["POSTGRES_PASSWORD", row.databasePassword],
    ],
  },
  mysql: {
    kind: "MySql",
    noun: "MySQL database",
    scheme: "mysql",
    port: 3306,
    dataFolder: /^\/var\/lib\/mysql$/,
    hasBackups: true,
    hasRoot: true,
    variables: (row) => [
      ["MYSQL_DATABASE", row.databaseName],
      ["MYSQL_ROOT_PASSWORD", row.databaseRootPassword],
      // The image refuses root as a further user.
      ...(row.databaseUser === "root"
        ? []
        : ([
            ["MYSQL_USER", row.databaseUser],
            ["MYSQL_PASSWORD", row.databasePassword],
          ] as const)),
    ],
  },
  mariadb: {
    kind: "MariaDb",
    noun: "MariaDB database",
    scheme: "mariadb",
    port: 3306,
    dataFolder: /^\/var\/lib\/mysql$/,
    hasBackups: true,
    hasRoot: true,
    variables: (row) => [
      ["MARIADB_DATABASE", row.databaseName],
      ["MARIADB_USER", row.databaseUser],
      ["MARIADB_PASSWORD", row.databasePassword],
      ["MARIADB_ROOT_PASSWORD", row.databaseRootPassword],
    ],
  },
  mongo: {
    kind: "Mongo",
    noun: "MongoDB database",
    scheme: "mongodb",
    port: 27017,
    dataFolder: /^\/data\/db$/,
    hasBackups: true,
    hasRoot: false,
    variables: (row) => [
      ["MONGO_INITDB_ROOT_USERNAME", row.databaseUser],
      ["MONGO_INITDB_ROOT_PASSWORD", row.databasePassword],
      ...(row.replicaSets ? ([["MONGO_INITDB_DATABASE", "admin"]] as const) : []),
    ],
  },
  redis: {
    kind: "Redis",
    noun: "Redis database",
    scheme: "redis",
    port: 6379,
    dataFolder: /^\/data$/,
    hasBackups: false,
    hasRoot: false,
    variables: (row) => [["REDIS_PASSWORD", row.databasePassword]],
  },
  libsql: {
    kind: "LibSql",
    noun: "libSQL database",
    scheme: "http",
    port: 8080,
    dataFolder: /^\/var\/lib\/sqld$/,
    hasBackups: true,
    hasRoot: false,
    variables: (row) => [
      ["SQLD_NODE", row.sqldNode],
      [
        "SQLD_HTTP_AUTH",
        `basic:${Buffer.from(`${row.databaseUser}:${row.databasePassword}`).toString("base64")}`,
      ],
    ],
  },
} as const satisfies Readonly<Record<string, DatabaseFacts>>;

export type DatabaseKind = keyof typeof DATABASES;
export const databaseKinds = Object.keys(DATABASES) as DatabaseKind[];

/** Kinds of databases whose data Dokploy backs up. */
export type SavedDatabase = {
  [K in DatabaseKind]: (typeof DATABASES)[K]["hasBackups"] extends true ? K : never;
}[DatabaseKind];
export const savedDatabases = databaseKinds.filter((kind) => DATABASES[kind].hasBackups) as SavedDatabase[];

/** Kinds of services: everything that runs in containers. */
export const SERVICES = {
  application: { kind: "Application", noun: "application" },
  compose: { kind: "Compose", noun: "compose service" },
  ...DATABASES,
} as const;

export type ServiceKind = keyof typeof SERVICES;
/** Name of the class of a service. */
export type ServiceClass = (typeof SERVICES)[ServiceKind]["kind"];
export const serviceKinds = Object.keys(SERVICES) as ServiceKind[];

/** Returns the volume in which Dokploy keeps the data of a database, by its name inside Docker. */
export function dataVolumeOf(appName: string): string {
  return `${appName}-data`;
}

/** Names of the texts that may hold variables, for rows and inputs. */
export const textFields = ["env", "buildArgs", "buildSecrets"] as const;

/** A service in the row of its environment. */
export interface ListedService {
  readonly kind: ServiceKind;
  readonly id: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** Returns the services in the row of an environment (libSQL databases since Dokploy 0.29.0). */
export function servicesIn(
  environment: object,
  kinds: readonly ServiceKind[] = serviceKinds,
): ListedService[] {
  const lists = environment as Readonly<Record<string, unknown>>;
  return kinds.flatMap((kind) => {
    const rows = lists[kind === "application" ? "applications" : kind];
    if (!Array.isArray(rows)) return [];
    return rows.map((row: ListedService["row"]) => ({ kind, id: String(row[`${kind}Id`]), row }));
  });
}

/** Makes a table with an entry for each of the kinds. */
export function tableOf<K extends ServiceKind, T>(kinds: readonly K[], of: (kind: K) => T): Record<K, T> {
  return Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) as Record<K, T>;
}

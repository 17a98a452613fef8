// Written by `npm run docs` from the databases in provider/resources. Do not edit

import * as resources from "../../../provider/resources";
import type { LibSqlInputs, MariaDbInputs, MongoInputs, MySqlInputs, PostgresInputs, RedisInputs } from "../../../provider/resources";
import type { InputsOf, OneOf } from "../arguments";
import type { ByName, DatabaseAddresses, Place, ServiceResult } from "../host";
import { outputForm, plainForm } from "../lookup";
import type { Shown } from "../object";

const of = () => require("../host") as typeof import("../host");

const libsql = () => resources.libsql;
const libsqlLookup = () => of().databaseLookup<GetLibSqlArgs, GetLibSqlResult, GetLibSqlSecrets>("LibSql", libsql, ["password","connectionUrl","externalUrl"]);

interface ByLibSqlId {
  /** Id of the libSQL database, which is part of the address of its page in Dokploy. */
  readonly libsqlId: string;
}

/** Arguments that name a libSQL database: its id, or its name and place. */
export type GetLibSqlArgs = OneOf<ByLibSqlId | ByName>;
/** Arguments, each of which may be an output. */
export type GetLibSqlOutputArgs = InputsOf<GetLibSqlArgs>;

/** A libSQL database. */
export interface GetLibSqlResult extends ServiceResult, Shown<LibSqlInputs, "user" | "node" | "enableNamespaces" | "networkIds" | "detachDokployNetwork", "serverId" | "primaryUrl" | "externalGrpcPort" | "externalAdminPort" | "healthCheck" | "swarm" | "resources" | "command" | "externalPort"> {
  /** Id of the libSQL database. */
  readonly libsqlId: string;
}

/** Secrets that `getLibSqlOutput` returns with its result. */
export interface GetLibSqlSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * Returns an existing libSQL database, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use `getLibSqlOutput`, whose result also has the secrets: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { libsqlId, appName } = await dokploy.getLibSql({ name: "orders", project: "shop" });
 * ```
 */
export const getLibSql = plainForm(libsqlLookup);

/**
 * Returns the result of {@link getLibSql} as an output, with its secrets `env`, `password`, `connectionUrl` and `externalUrl`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const orders = dokploy.getLibSqlOutput({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * ```
 */
export const getLibSqlOutput = outputForm(libsqlLookup);

const mariadb = () => resources.mariadb;
const mariadbLookup = () => of().databaseLookup<GetMariaDbArgs, GetMariaDbResult, GetMariaDbSecrets>("MariaDb", mariadb, ["password","rootPassword","connectionUrl","externalUrl"]);

interface ByMariaDbId {
  /** Id of the MariaDB database, which is part of the address of its page in Dokploy. */
  readonly mariadbId: string;
}

/** Arguments that name a MariaDB database: its id, or its name and place. */
export type GetMariaDbArgs = OneOf<ByMariaDbId | ByName>;
/** Arguments, each of which may be an output. */
export type GetMariaDbOutputArgs = InputsOf<GetMariaDbArgs>;

/** A MariaDB database. */
export interface GetMariaDbResult extends ServiceResult, Shown<MariaDbInputs, "database" | "user" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "healthCheck" | "swarm" | "resources" | "command" | "externalPort"> {
  /** Id of the MariaDB database. */
  readonly mariadbId: string;
}

/** Secrets that `getMariaDbOutput` returns with its result. */
export interface GetMariaDbSecrets extends DatabaseAddresses {
  readonly password: string;
  readonly rootPassword: string;
}

/**
 * Returns an existing MariaDB database, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use `getMariaDbOutput`, whose result also has the secrets: `env`, `password`, `rootPassword`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { mariadbId, appName } = await dokploy.getMariaDb({ name: "orders", project: "shop" });
 * ```
 */
export const getMariaDb = plainForm(mariadbLookup);

/**
 * Returns the result of {@link getMariaDb} as an output, with its secrets `env`, `password`, `rootPassword`, `connectionUrl` and `externalUrl`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const orders = dokploy.getMariaDbOutput({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * ```
 */
export const getMariaDbOutput = outputForm(mariadbLookup);

const mongo = () => resources.mongo;
const mongoLookup = () => of().databaseLookup<GetMongoArgs, GetMongoResult, GetMongoSecrets>("Mongo", mongo, ["password","connectionUrl","externalUrl"]);

interface ByMongoId {
  /** Id of the MongoDB database, which is part of the address of its page in Dokploy. */
  readonly mongoId: string;
}

/** Arguments that name a MongoDB database: its id, or its name and place. */
export type GetMongoArgs = OneOf<ByMongoId | ByName>;
/** Arguments, each of which may be an output. */
export type GetMongoOutputArgs = InputsOf<GetMongoArgs>;

/** A MongoDB database. */
export interface GetMongoResult extends ServiceResult, Shown<MongoInputs, "user" | "replicaSets" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "healthCheck" | "swarm" | "resources" | "command" | "externalPort"> {
  /** Id of the MongoDB database. */
  readonly mongoId: string;
}

/** Secrets that `getMongoOutput` returns with its result. */
export interface GetMongoSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * Returns an existing MongoDB database, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use `getMongoOutput`, whose result also has the secrets: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { mongoId, appName } = await dokploy.getMongo({ name: "orders", project: "shop" });
 * ```
 */
export const getMongo = plainForm(mongoLookup);

/**
 * Returns the result of {@link getMongo} as an output, with its secrets `env`, `password`, `connectionUrl` and `externalUrl`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const orders = dokploy.getMongoOutput({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * ```
 */
export const getMongoOutput = outputForm(mongoLookup);

const mysql = () => resources.mysql;
const mysqlLookup = () => of().databaseLookup<GetMySqlArgs, GetMySqlResult, GetMySqlSecrets>("MySql", mysql, ["password","rootPassword","connectionUrl","externalUrl"]);

interface ByMySqlId {
  /** Id of the MySQL database, which is part of the address of its page in Dokploy. */
  readonly mysqlId: string;
}

/** Arguments that name a MySQL database: its id, or its name and place. */
export type GetMySqlArgs = OneOf<ByMySqlId | ByName>;
/** Arguments, each of which may be an output. */
export type GetMySqlOutputArgs = InputsOf<GetMySqlArgs>;

/** A MySQL database. */
export interface GetMySqlResult extends ServiceResult, Shown<MySqlInputs, "database" | "user" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "healthCheck" | "swarm" | "resources" | "command" | "externalPort"> {
  /** Id of the MySQL database. */
  readonly mysqlId: string;
}

/** Secrets that `getMySqlOutput` returns with its result. */
export interface GetMySqlSecrets extends DatabaseAddresses {
  readonly password: string;
  readonly rootPassword: string;
}

/**
 * Returns an existing MySQL database, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use `getMySqlOutput`, whose result also has the secrets: `env`, `password`, `rootPassword`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { mysqlId, appName } = await dokploy.getMySql({ name: "orders", project: "shop" });
 * ```
 */
export const getMySql = plainForm(mysqlLookup);

/**
 * Returns the result of {@link getMySql} as an output, with its secrets `env`, `password`, `rootPassword`, `connectionUrl` and `externalUrl`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const orders = dokploy.getMySqlOutput({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * ```
 */
export const getMySqlOutput = outputForm(mysqlLookup);

const postgres = () => resources.postgres;
const postgresLookup = () => of().databaseLookup<GetPostgresArgs, GetPostgresResult, GetPostgresSecrets>("Postgres", postgres, ["password","connectionUrl","externalUrl"]);

interface ByPostgresId {
  /** Id of the Postgres database, which is part of the address of its page in Dokploy. */
  readonly postgresId: string;
}

/** Arguments that name a Postgres database: its id, or its name and place. */
export type GetPostgresArgs = OneOf<ByPostgresId | ByName>;
/** Arguments, each of which may be an output. */
export type GetPostgresOutputArgs = InputsOf<GetPostgresArgs>;

/** A Postgres database. */
export interface GetPostgresResult extends ServiceResult, Shown<PostgresInputs, "database" | "user" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "healthCheck" | "swarm" | "resources" | "command" | "externalPort"> {
  /** Id of the Postgres database. */
  readonly postgresId: string;
}

/** Secrets that `getPostgresOutput` returns with its result. */
export interface GetPostgresSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * Returns an existing Postgres database, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use `getPostgresOutput`, whose result also has the secrets: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { postgresId, appName } = await dokploy.getPostgres({ name: "orders", project: "shop" });
 * ```
 */
export const getPostgres = plainForm(postgresLookup);

/**
 * Returns the result of {@link getPostgres} as an output, with its secrets `env`, `password`, `connectionUrl` and `externalUrl`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const orders = dokploy.getPostgresOutput({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * ```
 */
export const getPostgresOutput = outputForm(postgresLookup);

const redis = () => resources.redis;
const redisLookup = () => of().databaseLookup<GetRedisArgs, GetRedisResult, GetRedisSecrets>("Redis", redis, ["password","connectionUrl","externalUrl"]);

interface ByRedisId {
  /** Id of the Redis database, which is part of the address of its page in Dokploy. */
  readonly redisId: string;
}

/** Arguments that name a Redis database: its id, or its name and place. */
export type GetRedisArgs = OneOf<ByRedisId | ByName>;
/** Arguments, each of which may be an output. */
export type GetRedisOutputArgs = InputsOf<GetRedisArgs>;

/** A Redis database. */
export interface GetRedisResult extends ServiceResult, Shown<RedisInputs, "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "healthCheck" | "swarm" | "resources" | "command" | "externalPort"> {
  /** Id of the Redis database. */
  readonly redisId: string;
}

/** Secrets that `getRedisOutput` returns with its result. */
export interface GetRedisSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * Returns an existing Redis database, found by its id, by its name and its environment, or by its name and its
 * project. In a project, the default environment is searched unless `environment` names another.
 *
 * It is read in every run, including previews. For a database that the same program creates, use the outputs of that resource.
 * To pass outputs as arguments use `getRedisOutput`, whose result also has the secrets: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when no such database exists, or several have the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { redisId, appName } = await dokploy.getRedis({ name: "orders", project: "shop" });
 * ```
 */
export const getRedis = plainForm(redisLookup);

/**
 * Returns the result of {@link getRedis} as an output, with its secrets `env`, `password`, `connectionUrl` and `externalUrl`.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 *
 * @example
 * ```ts
 * const orders = dokploy.getRedisOutput({ name: "orders", project: "shop" });
 * new dokploy.Application("api", {
 *   environmentId: shop.defaultEnvironmentId,
 *   name: "api",
 *   source: { type: "docker", image: "ghcr.io/acme/api:1.4.2" },
 *   env: { DATABASE_URL: orders.connectionUrl },
 * });
 * ```
 */
export const getRedisOutput = outputForm(redisLookup);

/** Arguments that name an environment: its id, or its project and optionally its name. Default: the project's default environment. */
export type GetDatabasesArgs = OneOf<Place>;
/** Arguments, each of which may be an output. */
export type GetDatabasesOutputArgs = InputsOf<GetDatabasesArgs>;

/** A database of an environment. */
export interface GetDatabasesResult {
  /** Name of its class in a program. */
  readonly kind: "LibSql" | "MariaDb" | "Mongo" | "MySql" | "Postgres" | "Redis";
  /** Id in Dokploy. */
  readonly id: string;
  /** Name of the database. */
  readonly name: string;
  /** Description in Dokploy; undefined when it has none. */
  readonly description: string | undefined;
}

const databaseList = () => of().databasesLookup<GetDatabasesArgs, GetDatabasesResult>();

/**
 * Returns all databases of an environment, of every kind, sorted by name.
 *
 * They are read in every run, including previews, with one call. `getPostgres` and its counterparts for other kinds
 * return all properties of one database.
 *
 * @throws LookupError when no such environment exists
 *
 * @example
 * ```ts
 * const databases = await dokploy.getDatabases({ project: "shop", environment: "staging" });
 * ```
 */
export const getDatabases = plainForm(databaseList);

/**
 * Returns the result of {@link getDatabases} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getDatabasesOutput = outputForm(databaseList);

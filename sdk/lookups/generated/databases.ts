// Written by `npm run docs` from the databases in provider/resources. Do not edit

import type { Output } from "@pulumi/pulumi";
import type { LibSqlInputs } from "../../../provider/resources/lib-sql";
import type { MariaDbInputs } from "../../../provider/resources/maria-db";
import type { MongoInputs } from "../../../provider/resources/mongo";
import type { MySqlInputs } from "../../../provider/resources/my-sql";
import type { PostgresInputs } from "../../../provider/resources/postgres";
import type { RedisInputs } from "../../../provider/resources/redis";
import type { InputsOf, OneOf } from "../arguments";
import { type ByName, type DatabaseAddresses, databaseLookup, databasesLookup, type Place, type ServiceResult } from "../host";
import { type LookupOptions, later, now, type OutputWith } from "../lookup";
import type { Shown } from "../object";

const libsql = () => (require("../../../provider/resources/lib-sql") as typeof import("../../../provider/resources/lib-sql")).libsql;
const libsqlLookup = databaseLookup<GetLibSqlArgs, GetLibSqlResult, GetLibSqlSecrets>("LibSql", libsql, ["password","connectionUrl","externalUrl"]);

interface ByLibSqlId {
  /** Id of the libSQL database. It stands in the address of its page in Dokploy. */
  readonly libsqlId: string;
}

/** Which libSQL database: by its id, or by its name and where it is. */
export type GetLibSqlArgs = OneOf<ByLibSqlId | ByName>;
/** The same with outputs. */
export type GetLibSqlOutputArgs = OneOf<InputsOf<ByLibSqlId | ByName>>;

/** A libSQL database. */
export interface GetLibSqlResult extends ServiceResult, Shown<LibSqlInputs, "user" | "node" | "enableNamespaces" | "networkIds" | "detachDokployNetwork", "serverId" | "primaryUrl" | "externalGrpcPort" | "externalAdminPort" | "swarm" | "resources" | "command" | "externalPort"> {
  readonly libsqlId: string;
}

/** What stands beside the result of `getLibSqlOutput`. */
export interface GetLibSqlSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * A libSQL database that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use `getLibSqlOutput`; beside its result stand what is secret: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { libsqlId, appName } = await dokploy.getLibSql({ name: "orders", project: "shop" });
 * ```
 */
export function getLibSql(args: GetLibSqlArgs, options?: LookupOptions): Promise<GetLibSqlResult> {
  return now(libsqlLookup, args, options);
}

/**
 * A libSQL database that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
export function getLibSqlOutput(args: GetLibSqlOutputArgs, options?: LookupOptions): OutputWith<GetLibSqlResult, GetLibSqlSecrets> {
  return later(libsqlLookup, args, options);
}

const mariadb = () => (require("../../../provider/resources/maria-db") as typeof import("../../../provider/resources/maria-db")).mariadb;
const mariadbLookup = databaseLookup<GetMariaDbArgs, GetMariaDbResult, GetMariaDbSecrets>("MariaDb", mariadb, ["password","rootPassword","connectionUrl","externalUrl"]);

interface ByMariaDbId {
  /** Id of the MariaDB database. It stands in the address of its page in Dokploy. */
  readonly mariadbId: string;
}

/** Which MariaDB database: by its id, or by its name and where it is. */
export type GetMariaDbArgs = OneOf<ByMariaDbId | ByName>;
/** The same with outputs. */
export type GetMariaDbOutputArgs = OneOf<InputsOf<ByMariaDbId | ByName>>;

/** A MariaDB database. */
export interface GetMariaDbResult extends ServiceResult, Shown<MariaDbInputs, "database" | "user" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "swarm" | "resources" | "command" | "externalPort"> {
  readonly mariadbId: string;
}

/** What stands beside the result of `getMariaDbOutput`. */
export interface GetMariaDbSecrets extends DatabaseAddresses {
  readonly password: string;
  readonly rootPassword: string;
}

/**
 * A MariaDB database that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use `getMariaDbOutput`; beside its result stand what is secret: `env`, `password`, `rootPassword`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { mariadbId, appName } = await dokploy.getMariaDb({ name: "orders", project: "shop" });
 * ```
 */
export function getMariaDb(args: GetMariaDbArgs, options?: LookupOptions): Promise<GetMariaDbResult> {
  return now(mariadbLookup, args, options);
}

/**
 * A MariaDB database that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
export function getMariaDbOutput(args: GetMariaDbOutputArgs, options?: LookupOptions): OutputWith<GetMariaDbResult, GetMariaDbSecrets> {
  return later(mariadbLookup, args, options);
}

const mongo = () => (require("../../../provider/resources/mongo") as typeof import("../../../provider/resources/mongo")).mongo;
const mongoLookup = databaseLookup<GetMongoArgs, GetMongoResult, GetMongoSecrets>("Mongo", mongo, ["password","connectionUrl","externalUrl"]);

interface ByMongoId {
  /** Id of the MongoDB database. It stands in the address of its page in Dokploy. */
  readonly mongoId: string;
}

/** Which MongoDB database: by its id, or by its name and where it is. */
export type GetMongoArgs = OneOf<ByMongoId | ByName>;
/** The same with outputs. */
export type GetMongoOutputArgs = OneOf<InputsOf<ByMongoId | ByName>>;

/** A MongoDB database. */
export interface GetMongoResult extends ServiceResult, Shown<MongoInputs, "user" | "replicaSets" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "swarm" | "resources" | "command" | "externalPort"> {
  readonly mongoId: string;
}

/** What stands beside the result of `getMongoOutput`. */
export interface GetMongoSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * A MongoDB database that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use `getMongoOutput`; beside its result stand what is secret: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { mongoId, appName } = await dokploy.getMongo({ name: "orders", project: "shop" });
 * ```
 */
export function getMongo(args: GetMongoArgs, options?: LookupOptions): Promise<GetMongoResult> {
  return now(mongoLookup, args, options);
}

/**
 * A MongoDB database that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
export function getMongoOutput(args: GetMongoOutputArgs, options?: LookupOptions): OutputWith<GetMongoResult, GetMongoSecrets> {
  return later(mongoLookup, args, options);
}

const mysql = () => (require("../../../provider/resources/my-sql") as typeof import("../../../provider/resources/my-sql")).mysql;
const mysqlLookup = databaseLookup<GetMySqlArgs, GetMySqlResult, GetMySqlSecrets>("MySql", mysql, ["password","rootPassword","connectionUrl","externalUrl"]);

interface ByMySqlId {
  /** Id of the MySQL database. It stands in the address of its page in Dokploy. */
  readonly mysqlId: string;
}

/** Which MySQL database: by its id, or by its name and where it is. */
export type GetMySqlArgs = OneOf<ByMySqlId | ByName>;
/** The same with outputs. */
export type GetMySqlOutputArgs = OneOf<InputsOf<ByMySqlId | ByName>>;

/** A MySQL database. */
export interface GetMySqlResult extends ServiceResult, Shown<MySqlInputs, "database" | "user" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "swarm" | "resources" | "command" | "externalPort"> {
  readonly mysqlId: string;
}

/** What stands beside the result of `getMySqlOutput`. */
export interface GetMySqlSecrets extends DatabaseAddresses {
  readonly password: string;
  readonly rootPassword: string;
}

/**
 * A MySQL database that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use `getMySqlOutput`; beside its result stand what is secret: `env`, `password`, `rootPassword`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { mysqlId, appName } = await dokploy.getMySql({ name: "orders", project: "shop" });
 * ```
 */
export function getMySql(args: GetMySqlArgs, options?: LookupOptions): Promise<GetMySqlResult> {
  return now(mysqlLookup, args, options);
}

/**
 * A MySQL database that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
export function getMySqlOutput(args: GetMySqlOutputArgs, options?: LookupOptions): OutputWith<GetMySqlResult, GetMySqlSecrets> {
  return later(mysqlLookup, args, options);
}

const postgres = () => (require("../../../provider/resources/postgres") as typeof import("../../../provider/resources/postgres")).postgres;
const postgresLookup = databaseLookup<GetPostgresArgs, GetPostgresResult, GetPostgresSecrets>("Postgres", postgres, ["password","connectionUrl","externalUrl"]);

interface ByPostgresId {
  /** Id of the Postgres database. It stands in the address of its page in Dokploy. */
  readonly postgresId: string;
}

/** Which Postgres database: by its id, or by its name and where it is. */
export type GetPostgresArgs = OneOf<ByPostgresId | ByName>;
/** The same with outputs. */
export type GetPostgresOutputArgs = OneOf<InputsOf<ByPostgresId | ByName>>;

/** A Postgres database. */
export interface GetPostgresResult extends ServiceResult, Shown<PostgresInputs, "database" | "user" | "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "swarm" | "resources" | "command" | "externalPort"> {
  readonly postgresId: string;
}

/** What stands beside the result of `getPostgresOutput`. */
export interface GetPostgresSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * A Postgres database that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use `getPostgresOutput`; beside its result stand what is secret: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { postgresId, appName } = await dokploy.getPostgres({ name: "orders", project: "shop" });
 * ```
 */
export function getPostgres(args: GetPostgresArgs, options?: LookupOptions): Promise<GetPostgresResult> {
  return now(postgresLookup, args, options);
}

/**
 * A Postgres database that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
export function getPostgresOutput(args: GetPostgresOutputArgs, options?: LookupOptions): OutputWith<GetPostgresResult, GetPostgresSecrets> {
  return later(postgresLookup, args, options);
}

const redis = () => (require("../../../provider/resources/redis") as typeof import("../../../provider/resources/redis")).redis;
const redisLookup = databaseLookup<GetRedisArgs, GetRedisResult, GetRedisSecrets>("Redis", redis, ["password","connectionUrl","externalUrl"]);

interface ByRedisId {
  /** Id of the Redis database. It stands in the address of its page in Dokploy. */
  readonly redisId: string;
}

/** Which Redis database: by its id, or by its name and where it is. */
export type GetRedisArgs = OneOf<ByRedisId | ByName>;
/** The same with outputs. */
export type GetRedisOutputArgs = OneOf<InputsOf<ByRedisId | ByName>>;

/** A Redis database. */
export interface GetRedisResult extends ServiceResult, Shown<RedisInputs, "networkIds" | "detachDokployNetwork", "serverId" | "image" | "args" | "swarm" | "resources" | "command" | "externalPort"> {
  readonly redisId: string;
}

/** What stands beside the result of `getRedisOutput`. */
export interface GetRedisSecrets extends DatabaseAddresses {
  readonly password: string;
}

/**
 * A Redis database that exists in Dokploy: by its id, by its name and its environment, or by its name and its
 * project, there in the default environment unless another is named.
 *
 * It is read in every run, also at preview. For a database that the same program makes, use the outputs of that resource.
 * With outputs as arguments use `getRedisOutput`; beside its result stand what is secret: `env`, `password`, `connectionUrl`, `externalUrl`.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
 *
 * @example
 * ```ts
 * const { redisId, appName } = await dokploy.getRedis({ name: "orders", project: "shop" });
 * ```
 */
export function getRedis(args: GetRedisArgs, options?: LookupOptions): Promise<GetRedisResult> {
  return now(redisLookup, args, options);
}

/**
 * A Redis database that exists in Dokploy, by its id or by its name, each argument of which may be an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such database, or several of the name; the message lists the candidates
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
export function getRedisOutput(args: GetRedisOutputArgs, options?: LookupOptions): OutputWith<GetRedisResult, GetRedisSecrets> {
  return later(redisLookup, args, options);
}

/** Which environment: by its id, or by the name of its project, there the default environment unless another is named. */
export type GetDatabasesArgs = OneOf<Place>;
/** The same with outputs. */
export type GetDatabasesOutputArgs = OneOf<InputsOf<Place>>;

/** A database among those of an environment. */
export interface GetDatabasesResult {
  /** What a program calls its class. */
  readonly kind: "LibSql" | "MariaDb" | "Mongo" | "MySql" | "Postgres" | "Redis";
  /** Its id in Dokploy. */
  readonly id: string;
  readonly name: string;
  /** Undefined when it has none. */
  readonly description: string | undefined;
}

const databaseList = databasesLookup<GetDatabasesArgs, GetDatabasesResult>();

/**
 * All databases of an environment, of every kind, by their names.
 *
 * They are read in every run, also at preview, with one call; `getPostgres` and its like tell all of one.
 *
 * @throws LookupError when there is no such environment
 *
 * @example
 * ```ts
 * const databases = await dokploy.getDatabases({ project: "shop", environment: "staging" });
 * ```
 */
export function getDatabases(args: GetDatabasesArgs, options?: LookupOptions): Promise<readonly GetDatabasesResult[]> {
  return now(databaseList, args, options);
}

/**
 * All databases of an environment, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such environment
 */
export function getDatabasesOutput(args: GetDatabasesOutputArgs, options?: LookupOptions): Output<readonly GetDatabasesResult[]> {
  return later(databaseList, args, options);
}

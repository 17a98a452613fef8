// biome-ignore-all format: written by `npm run docs` from the simple objects in provider/resources; not to be edited

import { domain } from "./resources/domain";
import { mount } from "./resources/mount";
import { patch } from "./resources/patch";
import { port } from "./resources/port";
import { redirect } from "./resources/redirect";
import { security } from "./resources/security";
import { listOf } from "./simple/lists";

/** The inputs of an application that list its parts. */
export const applicationParts = {
  /**
   * The domains of the application, each with the inputs of a {@link Domain}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `host` and `path`.
   */
  domains: listOf(domain, "application"),
  /**
   * The mounts of the application, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "application"),
  /**
   * The patches of the application, each with the inputs of a {@link Patch}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `filePath`.
   */
  patches: listOf(patch, "application"),
  /**
   * The ports of the application, each with the inputs of a {@link Port}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `publishedPort` and `protocol`.
   */
  ports: listOf(port, "application"),
  /**
   * The redirects of the application, each with the inputs of a {@link Redirect}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `regex`.
   */
  redirects: listOf(redirect, "application"),
  /**
   * The logins of the application, each with the inputs of a {@link Security}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `username`.
   */
  security: listOf(security, "application"),
};

/** The inputs of a compose service that list its parts. */
export const composeParts = {
  /**
   * The domains of the compose service, each with the inputs of a {@link Domain}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `host` and `path`.
   */
  domains: listOf(domain, "compose"),
  /**
   * The mounts of the compose service, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "compose"),
  /**
   * The patches of the compose service, each with the inputs of a {@link Patch}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `filePath`.
   */
  patches: listOf(patch, "compose"),
};

/** The inputs of a Postgres database that list its parts. */
export const postgresParts = {
  /**
   * The mounts of the Postgres database, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "postgres"),
};

/** The inputs of a MySQL database that list its parts. */
export const mysqlParts = {
  /**
   * The mounts of the MySQL database, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "mysql"),
};

/** The inputs of a MariaDB database that list its parts. */
export const mariadbParts = {
  /**
   * The mounts of the MariaDB database, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "mariadb"),
};

/** The inputs of a MongoDB database that list its parts. */
export const mongoParts = {
  /**
   * The mounts of the MongoDB database, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "mongo"),
};

/** The inputs of a Redis database that list its parts. */
export const redisParts = {
  /**
   * The mounts of the Redis database, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "redis"),
};

/** The inputs of a libSQL database that list its parts. */
export const libsqlParts = {
  /**
   * The mounts of the libSQL database, each with the inputs of a {@link Mount}: saved before the one deployment. What is taken
   * out of the list is removed; what others made stays. When the list is left out, nothing changes. Its plan and its output name
   * each by its `mountPath`.
   */
  mounts: listOf(mount, "libsql"),
};

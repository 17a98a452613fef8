// Written by `npm run docs` from the databases in provider/resources. Do not edit

import * as kinds from "./kinds";

/** Inputs of each kind of database, by Dokploy's name for it. */
export const databaseSchemas = {
  libsql: kinds.libsqlSchema,
  mariadb: kinds.mariadbSchema,
  mongo: kinds.mongoSchema,
  mysql: kinds.mysqlSchema,
  postgres: kinds.postgresSchema,
  redis: kinds.redisSchema,
};

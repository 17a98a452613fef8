// Written by `npm run docs` from the databases in provider/resources. Do not edit

import { libsqlSchema } from "../resources/lib-sql";
import { mariadbSchema } from "../resources/maria-db";
import { mongoSchema } from "../resources/mongo";
import { mysqlSchema } from "../resources/my-sql";
import { postgresSchema } from "../resources/postgres";
import { redisSchema } from "../resources/redis";

/** Inputs of each kind of database, by Dokploy's name for it. */
export const databaseSchemas = {
  libsql: libsqlSchema,
  mariadb: mariadbSchema,
  mongo: mongoSchema,
  mysql: mysqlSchema,
  postgres: postgresSchema,
  redis: redisSchema,
};

// Written by `npm run docs` from the definitions in provider/resources. Do not edit

import { Application, Compose, LibSql, MariaDb, Mongo, MySql, Postgres, Redis } from "./classes";

/** Class of each kind of service, by Dokploy's name for it. */
export const serviceClasses = {
  application: Application,
  compose: Compose,
  libsql: LibSql,
  mariadb: MariaDb,
  mongo: Mongo,
  mysql: MySql,
  postgres: Postgres,
  redis: Redis,
} as const;

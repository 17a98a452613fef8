// Written by `npm run docs` from the services in provider/resources. Do not edit

import { Application } from "../application";
import { Compose } from "../compose";
import { LibSql } from "../lib-sql";
import { MariaDb } from "../maria-db";
import { Mongo } from "../mongo";
import { MySql } from "../my-sql";
import { Postgres } from "../postgres";
import { Redis } from "../redis";

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

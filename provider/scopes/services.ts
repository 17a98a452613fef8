import { visible } from "../../packages/text/visible";
import type { ServiceLists } from "../dokploy/rows";

/** Returns `application "web" (production)` for every service of an environment. */
export function serviceNames(lists: ServiceLists, environment: string): string[] {
  const kinds = {
    application: lists.applications,
    "compose service": lists.compose,
    Postgres: lists.postgres,
    MySQL: lists.mysql,
    MariaDB: lists.mariadb,
    MongoDB: lists.mongo,
    Redis: lists.redis,
    libSQL: lists.libsql,
  };
  return Object.entries(kinds).flatMap(([kind, services = []]) =>
    services.map(({ name }) => `${kind} "${visible(name)}" (${visible(environment)})`),
  );
}

import type { inputNames } from "../program-checks/generated/input-names";

/** The kinds of resources; state names them, so they are for ever. */
export type Kind = keyof typeof inputNames;

/** The kinds of what runs in containers; Dokploy's names of them are the same in lower case. */
export type ServiceClass = Extract<
  Kind,
  "Application" | "Compose" | "Postgres" | "MySql" | "MariaDb" | "Mongo" | "Redis" | "LibSql"
>;

/** The names of those inputs of a service that list its parts. */
export type Lists<Service extends ServiceClass> = keyof (typeof inputNames)[Service]["lists"];

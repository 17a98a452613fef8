export type { Database, DatabaseClass } from "./database";
export {
  type Application,
  type ApplicationArgs,
  Backup,
  type Compose,
  EnvironmentBlock,
  GeneratedSecret,
  type MariaDb,
  type MySql,
  type Postgres,
  Project,
  Schedule,
  VolumeBackup,
} from "./generated/classes";
export { serviceClasses } from "./generated/service-classes";
export type * from "./generated/simple-inputs";
export { containerHost, internalUrl } from "./internal-url";

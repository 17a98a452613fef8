/**
 * Dokploy as code: what a Pulumi program imports.
 *
 * @packageDocumentation
 */
export { ApiKey, type ApiKeyArgs } from "./api-key";
export { Application, type ApplicationArgs } from "./application";
export type { ResourceOptions } from "./base";
export { Compose, type ComposeArgs } from "./compose";
export { type ComposeFileSource, composeFile } from "./compose-file";
export { Database } from "./database";
export { Deployment, type DeploymentArgs } from "./deployment";
export { DeploymentRepository, type DeploymentRepositoryArgs } from "./deployment-repository";
export { Environment, type EnvironmentArgs } from "./environment";
export { EnvironmentBlock, type EnvironmentBlockArgs } from "./environment-block";
export { FileError } from "./files/source";
export * from "./functions/databases";
export { LookupError } from "./functions/error";
export {
  type GetApplicationArgs,
  type GetApplicationOutputArgs,
  type GetApplicationResult,
  getApplication,
  getApplicationOutput,
} from "./functions/get-application";
export {
  type BackupFile,
  type GetBackupFilesArgs,
  type GetBackupFilesOutputArgs,
  getBackupFiles,
  getBackupFilesOutput,
} from "./functions/get-backup-files";
export {
  type GetComposeArgs,
  type GetComposeOutputArgs,
  type GetComposeResult,
  getCompose,
  getComposeOutput,
} from "./functions/get-compose";
export {
  type GetEnvironmentArgs,
  type GetEnvironmentOutputArgs,
  type GetEnvironmentResult,
  getEnvironment,
  getEnvironmentOutput,
} from "./functions/get-environment";
export {
  type GetProjectArgs,
  type GetProjectOutputArgs,
  type GetProjectResult,
  getProject,
  getProjectOutput,
} from "./functions/get-project";
export * from "./functions/git-providers";
export * from "./functions/github";
export type { OutputWithEnv } from "./functions/host";
export type {
  GetApiKeysResult,
  GetContainersArgs,
  GetContainersOutputArgs,
  GetContainersResult,
  GetDeploymentsArgs,
  GetDeploymentsOutputArgs,
  GetDeploymentsResult,
  GetMembersResult,
  GetSwarmNodesArgs,
  GetSwarmNodesOutputArgs,
  GetSwarmNodesResult,
} from "./functions/look-around";
export type {
  GetTraefikFileArgs,
  GetTraefikFileOutputArgs,
  GetTraefikFileResult,
  GetTraefikFilesArgs,
  GetTraefikFilesOutputArgs,
  GetWebServerSettingsResult,
} from "./functions/look-at-web-server";
export type { LookupOptions } from "./functions/lookup";
export * from "./functions/platform";
export * from "./functions/simple";
export { LibSql, type LibSqlArgs } from "./lib-sql";
export { type EnvPath, type EnvVars, type LoadEnvOptions, loadEnv, loadEnvs } from "./load-env";
export { MariaDb, type MariaDbArgs } from "./maria-db";
export { Member, type MemberArgs } from "./member";
export { Mongo, type MongoArgs } from "./mongo";
export { MySql, type MySqlArgs } from "./my-sql";
export { Postgres, type PostgresArgs } from "./postgres";
export { Project, type ProjectArgs } from "./project";
export { Provider, type ProviderArgs } from "./provider";
export { Redis, type RedisArgs } from "./redis";
export { Service } from "./service";
export * from "./simple";
export { TraefikFile, type TraefikFileArgs } from "./traefik-file";
export { WebServerSettings, type WebServerSettingsArgs } from "./web-server-settings";
